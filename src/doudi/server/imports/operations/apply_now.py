"""Applying: the chosen rows are written in one transaction. Run by the worker.

Three passes over the chosen rows, so that what was shown is what is done, and what is done is what was read:
each batch is judged again under locks, and another verdict than was shown stops everything; it is written; and at the end
all of it is judged once more and must be UNCHANGED. Any fault on the way leaves nothing behind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.imports.data import BATCH, Change, Judgement, Kind, Row, Verdict
from doudi.server.imports.data_imports import Applied
from doudi.server.imports.errors import stale
from doudi.server.imports.judging import batches, judged
from doudi.server.imports.models import ImportChange, StagedImport, StagedPart, StagedRow
from doudi.server.imports.operations.examine_now import Tell
from doudi.server.imports.operations.locking import locked, take, task_of
from doudi.server.imports.operations.storing import store_changes
from doudi.server.imports.records import from_json, opened, same_verdict, values_from
from doudi.server.imports.retention import KEPT
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.canonical import sm3
from doudi.server.kernel.errors import invariant

PARTS_AT_ONCE = 4


@operation("imports.apply_now")
def apply_now(*, actor: Actor, now: datetime, number: int, tell: Tell) -> Applied:
    """Lock: the import's row, then one import of a kind in a county at a time. Invariant: every chosen row is written."""
    row, kind = locked(actor, number, "applied", needs_rows=True)
    _one_at_a_time(row)
    chosen = StagedRow.objects.filter(staged=row, chosen=True).count()
    task = task_of(row, kind, actor, now, locking=True)
    did: Counter[str] = Counter()
    done = 0
    for batch in batches(_chosen(row, kind), BATCH):
        rows = [each for each, _ in batch]
        fresh = judged(kind, rows, task)
        _as_shown(batch, fresh)
        changes = kind.apply(list(zip(rows, fresh, strict=True)), task)
        _complete(rows, changes)
        store_changes(row, changes, after=did.total())
        did.update(change.did for change in changes)
        done += len(rows)
        tell(done, 2 * chosen)
    invariant(done == chosen, "imports.rows_lost")
    _verify(row, kind, actor, now, chosen, tell)
    invariant(ImportChange.objects.filter(staged=row).count() == did.total(), "imports.changes_lost")
    take(row, "applied")
    row.applied_rows, row.applied_by, row.applied_at = chosen, actor.user, now
    row.until_at, row.job = now + KEPT, None
    row.save()
    append(
        "imports.applied",
        actor=actor,
        at=now,
        region=row.region,
        object_kind="import",
        object_id=row.pk,
        detail={"kind": row.kind, "rows": chosen, "made": did["made"], "changed": did["changed"]},
    )
    return Applied(row.pk, chosen, did["made"], did["changed"])


def _one_at_a_time(row: StagedImport) -> None:
    """Two lists of one kind and county written at once would each judge without seeing the other."""
    digest = sm3(b"imports", row.kind.encode(), str(row.region // 1000).encode())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest[:8], "big", signed=True)])


def _chosen(row: StagedImport, kind: Kind) -> Iterator[tuple[Row, Verdict]]:
    """The chosen rows with the verdicts that were shown, in the order of the file."""
    names = [column.name for column in kind.columns]
    for data, decided in _kept(row):
        record = from_json(data, names)
        yield Row(record.number, record.values, decided), record.verdict


def _chosen_rows(row: StagedImport, kind: Kind) -> Iterator[Row]:
    """The chosen rows alone."""
    names = [column.name for column in kind.columns]
    for data, decided in _kept(row):
        yield Row(data[0], values_from(data[1], names), decided)


def _kept(row: StagedImport) -> Iterator[tuple[list[Any], int | None]]:
    for part in StagedPart.objects.filter(staged=row, holds="rows").order_by("first").iterator(PARTS_AT_ONCE):
        wanted = dict(
            StagedRow.objects.filter(
                staged=row, number__gte=part.first, number__lte=part.last, chosen=True
            ).values_list("number", "decided")
        )
        if wanted:
            for data in opened(part.sealed, holds="rows"):
                if data[0] in wanted:
                    yield data, wanted[data[0]]


def _as_shown(batch: list[tuple[Row, Verdict]], fresh: list[Verdict]) -> None:
    other = [
        row.number for (row, shown), now in zip(batch, fresh, strict=True) if not same_verdict(shown, now)
    ]
    if other:
        raise stale(other)


def _complete(rows: list[Row], changes: list[Change]) -> None:
    """Every row has a change, and no other row has one."""
    invariant(
        {row.number for row in rows} == {change.row for change in changes}, "imports.row_without_change"
    )


def _verify(row: StagedImport, kind: Kind, actor: Actor, now: datetime, chosen: int, tell: Tell) -> None:
    """Judge what was written: a row that would still make or change something was not written as it was read.

    Without locks: what is read is ours until the end, written or locked by this transaction.
    """
    task = task_of(row, kind, actor, now)
    done = 0
    for batch in batches(_chosen_rows(row, kind), BATCH):
        verdicts = judged(kind, batch, task)
        for each, verdict in zip(batch, verdicts, strict=True):
            invariant(verdict.judgement == Judgement.UNCHANGED, f"imports.not_as_read:{row.pk}:{each.number}")
        done += len(batch)
        tell(chosen + done, 2 * chosen)
