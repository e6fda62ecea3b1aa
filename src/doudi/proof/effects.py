"""Who gains and who loses: the same bills under two policies, added up by payer, category and level.

The aggregation takes plain rows, one a bill, and does not care who computed them: the settler bill by bill, or a batch
of columns. A patient gains where they pay less. A bill that either policy refuses is not compared; it is counted with
its reason, so that compared and refused bills are always all of them.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from doudi.words import Words

NOBODY, UNKNOWN_LEVEL = "none", "unknown"
MOST = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One bill under both policies, amounts in fen; a refusal is its code, with its text where there is one."""

    bill: str
    person: str
    categories: tuple[str, ...]
    level: str
    total: int
    patient_a: int = 0
    patient_b: int = 0
    shares_a: Mapping[str, int] = field(default_factory=dict)
    shares_b: Mapping[str, int] = field(default_factory=dict)
    refusal_a: str | None = None
    refusal_b: str | None = None
    why: Words | None = None
    outside_a: bool = False
    outside_b: bool = False

    @property
    def change(self) -> int:
        """What the patient pays more (or, below zero, less) under B."""
        return self.patient_b - self.patient_a

    @property
    def refused(self) -> bool:
        """Whether either policy refuses the bill."""
        return self.refusal_a is not None or self.refusal_b is not None


@dataclass
class Tally:
    """Bills of one kind: what patients pay under A and B, how many pay less and more, and by how much."""

    bills: int = 0
    total: int = 0
    patient_a: int = 0
    patient_b: int = 0
    gains: int = 0
    gained: int = 0
    losses: int = 0
    lost: int = 0

    @property
    def unchanged(self) -> int:
        """Bills on which the patient pays the same."""
        return self.bills - self.gains - self.losses

    @property
    def change(self) -> int:
        """What patients together pay more (or less) under B."""
        return self.patient_b - self.patient_a

    def add(self, row: Row) -> None:
        """Count a compared bill."""
        self.bills += 1
        self.total += row.total
        self.patient_a += row.patient_a
        self.patient_b += row.patient_b
        if row.change < 0:
            self.gains += 1
            self.gained -= row.change
        elif row.change > 0:
            self.losses += 1
            self.lost += row.change


@dataclass
class RefusedBills:
    """Bills refused for one pair of reasons (None: that policy settles them), with one of them as an example."""

    refusal_a: str | None
    refusal_b: str | None
    example: str
    why: Words | None
    bills: int = 0
    total: int = 0


@dataclass(frozen=True)
class Persons:
    """How many people pay less, more and the same over all their compared bills."""

    gain: int
    lose: int
    same: int


@dataclass(frozen=True)
class Effects:
    """What an amendment does to a set of bills."""

    bills: int
    compared: Tally
    payers: dict[str, tuple[int, int]]
    hospital: tuple[int, int]
    categories: dict[str, Tally]
    levels: dict[str, Tally]
    persons: Persons
    gains: tuple[Row, ...]
    losses: tuple[Row, ...]
    refused: tuple[RefusedBills, ...]
    outside: tuple[int, int]


def effects(rows: Iterable[Row], most: int = MOST) -> Effects:
    """Add up rows in one pass; of the largest gains and losses only `most` are kept. A bill counts in each category."""
    sums = _Sums(most)
    for row in rows:
        sums.add(row)
    return sums.result()


class _Sums:
    """The running sums of one pass."""

    def __init__(self, most: int) -> None:
        self.most, self.bills = most, 0
        self.compared = Tally()
        self.payers: dict[str, list[int]] = {}
        self.hospital, self.outside = [0, 0], [0, 0]
        self.categories: dict[str, Tally] = {}
        self.levels: dict[str, Tally] = {}
        self.persons: dict[str, int] = {}
        self.largest: dict[int, list[tuple[int, int, Row]]] = {-1: [], 1: []}
        self.refused: dict[tuple[str, str], RefusedBills] = {}

    def add(self, row: Row) -> None:
        """Count one bill."""
        self.bills += 1
        self.outside[0] += row.outside_a
        self.outside[1] += row.outside_b
        if row.refused:
            self._refuse(row)
            return
        self.compared.add(row)
        for category in row.categories or (NOBODY,):
            self.categories.setdefault(category, Tally()).add(row)
        self.levels.setdefault(row.level or UNKNOWN_LEVEL, Tally()).add(row)
        self.persons[row.person] = self.persons.get(row.person, 0) + row.change
        for side, (shares, patient) in enumerate(
            ((row.shares_a, row.patient_a), (row.shares_b, row.patient_b))
        ):
            for payer, amount in shares.items():
                self.payers.setdefault(payer, [0, 0])[side] += amount
            self.hospital[side] += row.total - patient - sum(shares.values())
        if row.change and self.most:
            self._keep(row)

    def _keep(self, row: Row) -> None:
        """Among the largest of its side; of equal ones the first."""
        side = 1 if row.change > 0 else -1
        kept, item = self.largest[side], (abs(row.change), -self.bills, row)
        if len(kept) < self.most:
            heapq.heappush(kept, item)
        else:
            heapq.heappushpop(kept, item)

    def _refuse(self, row: Row) -> None:
        key = (row.refusal_a or "", row.refusal_b or "")
        if key not in self.refused:
            self.refused[key] = RefusedBills(row.refusal_a, row.refusal_b, row.bill, row.why)
        self.refused[key].bills += 1
        self.refused[key].total += row.total

    def result(self) -> Effects:
        """Everything added up."""
        changes = self.persons.values()
        gain, lose = sum(change < 0 for change in changes), sum(change > 0 for change in changes)
        gains, losses = (
            tuple(row for _, _, row in sorted(self.largest[side], reverse=True)) for side in (-1, 1)
        )
        return Effects(
            self.bills,
            self.compared,
            {payer: (a, b) for payer, (a, b) in self.payers.items()},
            (self.hospital[0], self.hospital[1]),
            self.categories,
            self.levels,
            Persons(gain, lose, len(self.persons) - gain - lose),
            gains,
            losses,
            tuple(sorted(self.refused.values(), key=lambda one: -one.bills)),
            (self.outside[0], self.outside[1]),
        )
