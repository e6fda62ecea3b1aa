"""Choosing rows, and deciding what a possible duplicate is. Both only before importing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Q

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.imports.data import AS_NEW, Judgement, Kind, Row
from doudi.server.imports.data_imports import Chosen
from doudi.server.imports.errors import row_not_duplicate
from doudi.server.imports.judging import judged
from doudi.server.imports.models import StagedImport, StagedPart, StagedRow
from doudi.server.imports.operations.locking import locked, task_of
from doudi.server.imports.records import Record, from_json, opened, sealed, to_json
from doudi.server.kernel.actor import Actor

DECIDED_AT_ONCE = 500
CHOOSABLE = (str(Judgement.NEW), str(Judgement.CHANGED))


@operation("imports.choose")
def choose(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    number: int,
    chosen: bool,
    rows: Sequence[int] | None = None,
    judgement: str | None = None,
) -> Chosen:
    """Choose or leave out rows by number, or all new or changed ones; None is every row that can be imported."""
    row, _ = locked(actor, number, "choose", needs_rows=True)
    some = StagedRow.objects.filter(staged=row, judgement__in=CHOOSABLE)
    if rows is not None:
        some = some.filter(number__in=list(rows))
    if judgement is not None:
        some = some.filter(judgement=judgement)
    touched = some.exclude(chosen=chosen).update(chosen=chosen)
    total = StagedRow.objects.filter(staged=row, chosen=True).count()
    append(
        "imports.chosen",
        actor=actor,
        at=now,
        region=row.region,
        object_kind="import",
        object_id=row.pk,
        detail={"chosen": chosen, "touched": touched, "total": total},
    )
    return Chosen(row.pk, touched, total)


@operation("imports.decide")
def decide(
    *, actor: Actor, now: datetime, key: str | None, number: int, rows: Sequence[int], as_number: int
) -> Chosen:
    """Say what possible duplicates are: `AS_NEW`, or the number of one of the row's candidates. They are judged anew.

    A row decided before may be decided otherwise.
    """
    row, kind = locked(actor, number, "choose", needs_rows=True)
    wanted = sorted(set(rows))[:DECIDED_AT_ONCE]
    known = set(
        StagedRow.objects.filter(staged=row, number__in=wanted)
        .filter(Q(judgement=str(Judgement.DUPLICATE)) | Q(decided__isnull=False))
        .values_list("number", flat=True)
    )
    for each in wanted:
        if each not in known:
            raise row_not_duplicate(each)
    _decide(row, kind, actor, now, wanted, as_number)
    _count_again(row)
    total = StagedRow.objects.filter(staged=row, chosen=True).count()
    append(
        "imports.decided",
        actor=actor,
        at=now,
        region=row.region,
        object_kind="import",
        object_id=row.pk,
        detail={"rows": len(wanted), "as_number": as_number},
    )
    return Chosen(row.pk, len(wanted), total)


def _decide(
    row: StagedImport, kind: Kind, actor: Actor, now: datetime, wanted: list[int], as_number: int
) -> None:
    task = task_of(row, kind, actor, now)
    left = set(wanted)
    while left:
        first = min(left)
        part = StagedPart.objects.get(staged=row, holds="rows", first__lte=first, last__gte=first)
        records = [
            from_json(data, (c.name for c in kind.columns)) for data in opened(part.sealed, holds="rows")
        ]
        here = [record for record in records if record.number in left]
        for record in here:
            candidates = {candidate.number for candidate in record.verdict.candidates}
            if as_number != AS_NEW and as_number not in candidates:
                raise row_not_duplicate(record.number)
        judged_now = judged(kind, [Row(r.number, r.values, as_number) for r in here], task)
        fresh = {
            record.number: Record(
                record.number,
                record.values,
                # The candidates stay, so that the decision can be seen and changed.
                type(verdict)(
                    verdict.judgement,
                    verdict.problems,
                    verdict.match,
                    verdict.differences,
                    record.verdict.candidates,
                    verdict.plan,
                ),
                record.cells,
            )
            for record, verdict in zip(here, judged_now, strict=True)
        }
        for record in fresh.values():
            judgement = str(record.verdict.judgement)
            StagedRow.objects.filter(staged=row, number=record.number).update(
                judgement=judgement, decided=as_number, chosen=judgement in CHOOSABLE
            )
        part.sealed = sealed(
            [to_json(fresh.get(record.number, record)) for record in records], region=row.region, holds="rows"
        )
        part.save(update_fields=["sealed"])
        left -= fresh.keys()


def _count_again(row: StagedImport) -> None:
    counted = StagedRow.objects.filter(staged=row).values_list("judgement").annotate(Count("pk"))
    found = dict(counted)
    for judgement in Judgement:
        setattr(row, str(judgement), found.get(str(judgement), 0))
    row.save(update_fields=[str(judgement) for judgement in Judgement])
