"""From rows as read to verdicts: what cannot be read or is repeated in the file is refused here; the kind judges others.

Every row gets exactly one verdict: that their counts add up begins here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from doudi.server.imports.data import Judgement, Kind, Row, Task, Verdict
from doudi.server.imports.records import Record
from doudi.server.kernel.errors import invariant
from doudi.server.kernel.sheets.api import Problem, ReadRow
from doudi.words import Words

T = TypeVar("T")


@dataclass(slots=True)
class Judge:
    """Judges the rows of one file, batch after batch."""

    kind: Kind
    task: Task
    _first: dict[bytes, int] = field(default_factory=dict)

    def records(self, batch: Sequence[ReadRow]) -> list[Record]:
        """One record for each row, in order."""
        rows = [Row(read.number, read.values) for read in batch if not read.problems]
        verdicts = dict(zip((row.number for row in rows), judged(self.kind, rows, self.task), strict=True))
        return [self._record(read, verdicts.get(read.number)) for read in batch]

    def _record(self, read: ReadRow, verdict: Verdict | None) -> Record:
        if verdict is None:
            verdict = Verdict(Judgement.REFUSED, read.problems)
        elif verdict.judgement != Judgement.REFUSED:
            verdict = self._unless_repeated(Row(read.number, read.values), verdict)
        kept = verdict.judgement in (Judgement.REFUSED, Judgement.DUPLICATE)
        return Record(read.number, read.values, verdict, read.cells if kept else None)

    def _unless_repeated(self, row: Row, verdict: Verdict) -> Verdict:
        same = self.kind.same(row, self.task)
        if same is None:
            return verdict
        first = self._first.setdefault(hashlib.blake2b(same.encode(), digest_size=12).digest(), row.number)
        if first == row.number:
            return verdict
        return Verdict(
            Judgement.REFUSED,
            (Problem("", Words(f"与第 {first} 行重复。", f"Row {first} is about the same.")),),
            verdict.match,
        )


def judged(kind: Kind, rows: Sequence[Row], task: Task) -> list[Verdict]:
    """The kind's verdicts, held to their promises."""
    verdicts = kind.examine(rows, task) if rows else []
    invariant(len(verdicts) == len(rows), f"imports.verdict_missing:{kind.name}")
    for row, verdict in zip(rows, verdicts, strict=True):
        invariant(
            verdict.judgement != Judgement.REFUSED or verdict.problems, "imports.refused_without_problem"
        )
        invariant(
            verdict.judgement != Judgement.CHANGED or verdict.differences,
            "imports.changed_without_difference",
        )
        invariant(
            verdict.judgement != Judgement.DUPLICATE or (verdict.candidates and row.decided is None),
            "imports.duplicate_without_candidate",
        )
    return verdicts


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of `size`."""
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch
