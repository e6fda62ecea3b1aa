"""Examining: every row of the file gets its verdict. Nothing outside the import is written. Run by the worker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime

from django.db.models import Count

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.imports.data import BATCH, Judgement
from doudi.server.imports.data_imports import Counts
from doudi.server.imports.errors import no_rows
from doudi.server.imports.judging import Judge, batches
from doudi.server.imports.models import StagedImport, StagedRow
from doudi.server.imports.operations.locking import locked, take, task_of
from doudi.server.imports.operations.map_columns import forget_rows
from doudi.server.imports.operations.storing import store_rows
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import invariant
from doudi.server.kernel.papers.api import fetch
from doudi.server.kernel.sheets.api import ReadRow, open_sheet, read_rows
from doudi.words import Words

Tell = Callable[[int, int], None]
"""Told how many rows are done, of how many."""


@operation("imports.examine_now")
def examine_now(*, actor: Actor, now: datetime, number: int, tell: Tell) -> Counts:
    """Invariant: the five counts add up to the rows read, and the database counts the same."""
    row, kind = locked(actor, number, "examined", needs_rows=True)
    forget_rows(row)
    content = fetch(viewer=actor, paper=row.paper).content
    judge = Judge(kind, task_of(row, kind, actor, now))
    tally: Counter[Judgement] = Counter()
    closing: list[int] = []
    with open_sheet(content, sheet=row.sheet, known=True) as sheet:
        reading = read_rows(
            sheet.rows,
            after=row.layout["rows"][-1],
            mapping=row.mapping,
            columns=kind.columns,
            from_1904=row.layout["from_1904"],
        )
        done = 0
        for batch in batches(_entries(reading, closing), BATCH):
            records = judge.records(batch)
            store_rows(row, records)
            tally.update(record.verdict.judgement for record in records)
            done += len(batch)
            tell(done, max(sheet.height - len(row.layout["rows"]), done))
    if not tally:
        raise no_rows()
    _finish(row, tally, closing, now)
    append(
        "imports.examined",
        actor=actor,
        at=now,
        region=row.region,
        object_kind="import",
        object_id=row.pk,
        detail={"rows": row.rows} | {str(judgement): tally[judgement] for judgement in Judgement},
    )
    chosen = row.new + row.changed
    return Counts(row.rows, row.new, row.changed, row.unchanged, row.refused, row.duplicate, chosen)


def _entries(reading: Iterator[ReadRow], closing: list[int]) -> Iterator[ReadRow]:
    """The rows that are entries; the numbers of closing rows are put aside."""
    for read in reading:
        if read.closing:
            closing.append(read.number)
        else:
            yield read


def _finish(row: StagedImport, tally: Counter[Judgement], closing: list[int], now: datetime) -> None:
    row.rows = tally.total()
    for judgement in Judgement:
        setattr(row, str(judgement), tally[judgement])
    counted = dict(StagedRow.objects.filter(staged=row).values_list("judgement").annotate(Count("pk")))
    invariant(counted == {str(j): n for j, n in tally.items()}, "imports.counts_differ")
    row.notices = [note for note in row.notices if len(note) == 2]
    if closing:
        shown = "、".join(map(str, closing[:10])) + ("…" if len(closing) > 10 else "")
        words = Words(
            f"第 {shown} 行像是合计或填表说明，没有当作名单读取。",
            f"Rows {shown} look like totals or notes and were not read as entries.",
        )
        row.notices.append([words.zh, words.en, "closing"])
    row.examined_at = now
    take(row, "examined")
    row.job = None
    row.save()
