"""Rivals side by side: every round runs each of them once, so that a busy moment hits all alike.

A rival is a row: a name and a function from columns of bills to columns of int64 results in the order of the bills.
The results are compared by SHA-256 with the reference in every round before a time counts; a rival that differs ends
the run. A slow rival may take fewer bills (its rate is per bill all the same) and runs fewer rounds.
"""

from __future__ import annotations

import gc
import hashlib
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from statistics import median
from typing import Any

import numpy as np

from benchmarks.bills import Columns, Rows

ROUNDS = 7
SLOW_SECONDS, SLOW_ROUNDS = 3, 2
WARM_ROWS = 10_000
EPSILON = 1e-9


class Differs(SystemExit):
    """A rival's results are not those of the reference: the run ends with status 1."""


def always() -> str | None:
    """A rival that needs nothing: there is no reason why it cannot run."""
    return None


def as_they_are(bills: Any) -> Any:
    """A rival that starts from the columns of bills."""
    return bills


@dataclass(frozen=True)
class Row:
    """One rival: bills in, results out.

    `limit`: at most so many bills; `missing`: why it cannot run here; `prepare`: done once before it is timed, its
    answer goes to `settle` in place of the bills (what it leaves out of the time belongs into the note).
    """

    name: str
    settle: Callable[[Any], Columns]
    limit: int | None = None
    note: str = ""
    missing: Callable[[], str | None] = always
    compared: bool = True
    prepare: Callable[[Any], Any] = as_they_are


@dataclass
class Job:
    """Something to time, and what its result must pass before the time counts."""

    name: str
    work: Callable[[], Any]
    check: Callable[[Any], None] = lambda _: None
    items: int = 1
    note: str = ""
    seconds: list[float] = field(default_factory=list)

    @property
    def best(self) -> float:
        return max(min(self.seconds), EPSILON)

    @property
    def median(self) -> float:
        return max(median(self.seconds), EPSILON)

    def rate(self, seconds: float) -> float:
        """Items a second."""
        return self.items / seconds

    def due(self, number: int, rounds: int) -> bool:
        """Whether to run in this round: a slow job runs in the first rounds only."""
        slow = bool(self.seconds) and min(self.seconds) > SLOW_SECONDS
        return number < (min(rounds, SLOW_ROUNDS) if slow else rounds)


def told(text: str) -> None:
    """Progress, for the person who waits."""
    print(text, file=sys.stderr, flush=True)


def interleave(jobs: Sequence[Job], rounds: int = ROUNDS) -> None:
    """A B C … A B C …; the check of a result is not part of its time."""
    for number in range(rounds):
        for job in jobs:
            if not job.due(number, rounds):
                continue
            gc.collect()
            start = time.perf_counter()
            result = job.work()
            seconds = time.perf_counter() - start
            job.check(result)
            job.seconds.append(seconds)
            if seconds > SLOW_SECONDS:
                told(f"  {job.name}: {seconds:.1f} s")
            del result
        told(f"  round {number + 1} of {rounds}")


def digests(columns: Columns, rows: int | None = None) -> tuple[str, ...]:
    """SHA-256 of each column, or of its beginning."""

    def digest(column: np.ndarray) -> str:
        if column.dtype != np.int64:
            raise Differs(f"results are {column.dtype}, not int64")
        return hashlib.sha256(np.ascontiguousarray(column[:rows]).data).hexdigest()

    with ThreadPoolExecutor(2) as pool:
        return tuple(pool.map(digest, columns))


def fingerprint(columns: Columns) -> str:
    """One short digest over all columns."""
    return hashlib.sha256("".join(digests(columns)).encode()).hexdigest()[:16]


def equal(name: str, expected: tuple[str, ...], rows: int | None = None) -> Callable[[Columns], None]:
    """A check that ends the run unless every column (or its first `rows`) is the expected one."""

    def check(columns: Columns) -> None:
        if len(columns) != len(expected):
            raise Differs(f"{name}: {len(columns)} columns, not {len(expected)}")
        found = digests(columns, rows)
        wrong = [
            number for number, pair in enumerate(zip(expected, found, strict=True)) if pair[0] != pair[1]
        ]
        if wrong:
            raise Differs(f"{name}: differs from the reference in columns {wrong}")

    return check


def spoil(columns: Columns) -> None:
    """Make results wrong again once they are checked, so that old ones cannot pass for the next ones."""
    for column in columns:
        if column.flags.writeable:
            column[::1000] = -1


Edges = tuple[Rows, Columns]


@dataclass
class Reference:
    """Results known to be right for the first rows; beyond them rivals over equally many bills must agree."""

    expected: Columns
    agreed: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def check(self, row: Row, rows: int) -> Callable[[Columns], None]:
        """What the results of a row over the first `rows` bills must pass."""
        known = min(rows, len(self.expected[0]))
        first = equal(row.name, digests(self.expected, known), known)

        def check(columns: Columns) -> None:
            if len(columns[0]) != rows:
                raise Differs(f"{row.name}: {len(columns[0])} results for {rows} bills")
            first(columns)
            if known < rows:
                found = digests(columns)
                equal(row.name, self.agreed.setdefault(rows, found))(columns)
            spoil(columns)

        return check if row.compared else lambda _: None


def side_by_side(
    data: Rows, rows: Sequence[Row], expected: Columns, rounds: int = ROUNDS, edges: Edges | None = None
) -> tuple[list[Job], list[tuple[Row, str]]]:
    """The rows timed over the data, and those that cannot run here with the reason.

    Before that every row settles a few bills, to be warm, and the edge cases, which must be right as well.
    """
    jobs, absent, reference = [], [], Reference(expected)
    for row in rows:
        if (reason := row.missing()) is not None:
            absent.append((row, reason))
            continue
        told(f"  {row.name}: warming up")
        warm = data.first(WARM_ROWS)
        reference.check(row, len(warm))(row.settle(row.prepare(warm)))
        if edges is not None and row.compared:
            equal(f"{row.name}, edge cases", digests(edges[1]))(row.settle(row.prepare(edges[0])))
        mine = data if row.limit is None or row.limit >= len(data) else data.first(row.limit)
        work = partial(row.settle, row.prepare(mine))
        jobs.append(Job(row.name, work, reference.check(row, len(mine)), len(mine), row.note))
    interleave(jobs, rounds)
    return jobs, absent
