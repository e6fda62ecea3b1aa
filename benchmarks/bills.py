"""Synthetic bills as columns: fast, seeded, in pieces that end with a person.

A person has 0–6 bills in each of two years; costs are lognormal with a heavy tail of 0.4 %. The rows are sorted by
person, year and date (the date itself is no column: the order of the rows is the order of the bills). A bill is
24 bytes. Every piece of people has a generator of its own, so a small set is the beginning of a large one and no more
than one piece is held beside the result.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from benchmarks import three_payer as law
from benchmarks.three_payer import LEVELS
from doudi.engine.data import Bill, Facility, Holding, Person, Span

PEOPLE = 1 << 16
YEARS = (2016, 2017)
MOST_BILLS = 6
POOR = 0.2
TAIL = 0.004
LARGEST = 900_000_000

Row = TypeVar("Row", bound="Rows")
Columns = tuple[NDArray[np.int64], ...]
Cut = tuple[int, int]


@dataclass(frozen=True)
class Rows:
    """Columns of equal length, sorted by `person` and `year`."""

    person: NDArray[np.int32]
    year: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.person)

    def columns(self) -> dict[str, NDArray[Any]]:
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def part(self, start: int, stop: int) -> Self:
        """The rows from `start` to before `stop`, as views."""
        return type(self)(**{name: column[start:stop] for name, column in self.columns().items()})

    @classmethod
    def piece(cls, seed: int, number: int) -> Self:
        """The rows of one piece of people; the same for the same seed and number."""
        raise NotImplementedError

    def first(self, rows: int) -> Self:
        """About `rows` rows from the beginning that end with a person."""
        return self.part(0, person_end(self.person, rows))

    def cuts(self, parts: int) -> list[Cut]:
        """The rows in about equal stretches, none of which parts the bills of a person."""
        edges = [person_end(self.person, len(self) * part // parts) for part in range(1, parts + 1)]
        return [(low, high) for low, high in zip([0, *edges], edges, strict=False) if low < high]


def person_end(person: NDArray[np.int32], row: int) -> int:
    """The first row at or after `row` where another person begins."""
    if row <= 0 or row >= len(person):
        return max(0, min(row, len(person)))
    return int(np.searchsorted(person, person[row - 1], side="right"))


@dataclass(frozen=True)
class Bills(Rows):
    """Bills for the three-payer policy: amounts in fen, `level` 0–3 from township to province."""

    level: NDArray[np.int8]
    poor: NDArray[np.int8]
    in_scope: NDArray[np.int64]
    total: NDArray[np.int64]

    @classmethod
    def piece(cls, seed: int, number: int) -> Self:
        """The bills of one piece of people."""
        draw = np.random.Generator(np.random.SFC64([seed, number]))
        person, year, _ = people_and_years(draw, number)
        poor = (draw.random(PEOPLE) < POOR).astype(np.int8)[person - number * PEOPLE]
        level = draw.integers(0, len(LEVELS), len(person), np.int8)
        in_scope = costs(draw, len(person))
        rest = in_scope * draw.integers(0, 30, len(person), np.int8) // 100
        return cls(person, year, level, poor, in_scope, in_scope + rest)


def people_and_years(
    draw: np.random.Generator, number: int
) -> tuple[NDArray[np.int32], NDArray[np.int16], NDArray[np.int8]]:
    """Person, year and the place of the bill in that year (from 0) of every row of a piece."""
    counts = draw.integers(0, MOST_BILLS + 1, PEOPLE * len(YEARS), np.int8)
    ids = np.repeat(np.arange(number * PEOPLE, (number + 1) * PEOPLE, dtype=np.int32), len(YEARS))
    ends = np.cumsum(counts, dtype=np.int64)
    places = np.arange(ends[-1]) - np.repeat(ends - counts, counts)
    years = np.tile(np.array(YEARS, np.int16), PEOPLE)
    return np.repeat(ids, counts), np.repeat(years, counts), places.astype(np.int8)


def costs(draw: np.random.Generator, rows: int) -> NDArray[np.int64]:
    """Costs in fen: median 4,000 yuan, a few in a thousand forty times as large."""
    cost = np.exp(draw.standard_normal(rows) * 1.1 + 12.9)
    cost[draw.random(rows) < TAIL] *= 40
    return np.minimum(cost, LARGEST).astype(np.int64) + 1


def pieces(kind: type[Row], rows: int, seed: int = 1) -> Iterator[Row]:
    """Pieces one after the other, `rows` rows together; the last person may lack later bills."""
    number = 0
    while rows > 0:
        piece = kind.piece(seed, number)
        piece = piece.part(0, min(rows, len(piece)))
        yield piece
        rows, number = rows - len(piece), number + 1


def generate(kind: type[Row], rows: int, seed: int = 1) -> Row:
    """Exactly `rows` rows in one set of columns."""
    joined: dict[str, NDArray[Any]] = {}
    start = 0
    for piece in pieces(kind, rows, seed):
        stop = start + len(piece)
        for name, column in piece.columns().items():
            joined.setdefault(name, np.empty(rows, column.dtype))[start:stop] = column
        start = stop
    return kind(**joined)


def edges(rows: int = 3_000) -> Bills:
    """Amounts around every number of the law, in one order and another; poor on one bill and not on the next."""
    numbers = {*law.DEDUCTIBLE.values(), *law.THRESHOLD.values(), law.BASIC_CAP, 5_000, 15_000}
    numbers |= {low for low, _, _ in law.BANDS}
    amounts = sorted({max(0, number + step) for number in numbers for step in (-1, 0, 1)} | {2, LARGEST + 1})
    draw = np.random.Generator(np.random.SFC64(7))
    places = np.arange(rows)
    in_scope = draw.choice(np.array(amounts, np.int64), rows)
    return Bills(
        (places // (2 * MOST_BILLS)).astype(np.int32),
        (YEARS[0] + places // MOST_BILLS % 2).astype(np.int16),
        draw.integers(0, len(LEVELS), rows, np.int8),
        draw.integers(0, 2, rows, np.int8),
        in_scope,
        in_scope + 7,
    )


def as_objects(bills: Bills) -> Iterator[tuple[Person, list[Bill]]]:
    """The same bills as a person and a list of bills each, for settling them one by one."""
    for low, high in persons(bills):
        poor = bool(bills.poor[low])
        categories = (Holding("registered_poor", Span(None, None)),) if poor else ()
        made = [_bill(bills, row, row - low) for row in range(low, high)]
        yield Person(f"p{bills.person[low]}", categories=categories), made


def persons(rows: Rows) -> Iterator[Cut]:
    """The stretch of rows of every person."""
    starts = np.flatnonzero(np.diff(rows.person, prepend=-1))
    yield from zip(starts.tolist(), [*starts[1:].tolist(), len(rows)], strict=True)


def day_of(year: int, place: int) -> date:
    """A day for the bill at a place among a person's bills: later places have later days."""
    return date(year, 1, 5) + timedelta(days=25 * place)


def _bill(bills: Bills, row: int, place: int) -> Bill:
    day = day_of(int(bills.year[row]), place)
    in_scope = int(bills.in_scope[row])
    parts = {
        "in_scope": in_scope,
        "first_pay": 0,
        "over_limit": 0,
        "own_pay": int(bills.total[row]) - in_scope,
    }
    facility = Facility(LEVELS[bills.level[row]], None, True, None)
    return Bill(f"b{place}", "inpatient", day, day, day, parts, facility, stay=f"b{place}")
