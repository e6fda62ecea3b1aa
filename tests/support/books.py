"""The books of settlement kept a second time, in plain dictionaries: what the server is held against.

Nothing of the server is imported. The library's engine is asked for the arithmetic of one bill; who belongs together, in
which order bills count, what was used, what a reversal and a re-adjudication change is worked out here once more.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from doudi.engine.data import Balances, Bill, Facility, Holding, Insurance, Person, Span
from doudi.engine.settle import Settler

Place = tuple[str, int, str, str]
"""scope, person or household (a person alone: below zero), name, period."""


@dataclass
class Entry:
    """One bill. `facts`: the categories it was last decided on; `decision`: payer → fen, hospital, patient, moved."""

    number: int
    person: int
    home: int
    bill: Bill
    facts: tuple[Holding, ...]
    shares: dict[str, int] = field(default_factory=dict)
    hospital: int = 0
    patient: int = 0
    moved: dict[Place, int] = field(default_factory=dict)
    alive: bool = True

    @property
    def outcome(self) -> tuple[object, ...]:
        return self.shares, self.hospital, self.patient, self.moved


@dataclass
class Books:
    """Everybody's bills, in the order in which they were posted. `known`: each person's categories as known now."""

    settler: Settler
    insured: tuple[Insurance, ...]
    homes: dict[int, int]
    known: dict[int, list[Holding]] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)

    def settle(self, number: int, person: int, bill: Bill) -> Entry:
        entry = Entry(number, person, self.homes[person], bill, tuple(self.known.get(person, ())))
        self._decide(entry, self.entries)
        self.entries.append(entry)
        return entry

    def reverse(self, number: int) -> list[int]:
        """Take it back; answers which later bills come out otherwise, on the facts they had."""
        at = self._at(number)
        gone = self.entries[at]
        gone.alive, gone.shares, gone.hospital, gone.patient, gone.moved = False, {}, 0, 0, {}
        return [
            later.number
            for place, later in enumerate(self.entries[at + 1 :], at + 1)
            if later.alive and later.home == gone.home and self._again(place, later.facts)
        ]

    def readjudicate(self, person: int) -> list[int]:
        """All bills that are counted with the person's on what is known now; answers which come out otherwise."""
        if all(entry.person != person for entry in self.entries):
            return []
        home = self.homes[person]
        return [
            entry.number
            for place, entry in enumerate(self.entries)
            if entry.alive
            and entry.home == home
            and self._again(place, tuple(self.known.get(entry.person, ())))
        ]

    def used(self) -> dict[Place, int]:
        """The accumulators: the sum of what standing bills moved, zero left out."""
        found: dict[Place, int] = {}
        for entry in self.entries:
            for place, fen in entry.moved.items():
                found[place] = found.get(place, 0) + fen
        return {place: fen for place, fen in found.items() if fen}

    def _again(self, place: int, facts: tuple[Holding, ...]) -> bool:
        entry = self.entries[place]
        before, old = entry.outcome, entry.facts
        entry.facts = facts
        self._decide(entry, self.entries[:place])
        if entry.outcome != before:
            return True
        entry.facts = old  # no new version: what it rests on is what it was decided on
        return False

    def _at(self, number: int) -> int:
        return next(place for place, entry in enumerate(self.entries) if entry.number == number)

    def _decide(self, entry: Entry, earlier: Iterable[Entry]) -> None:
        before = self._balances(entry, earlier)
        person = Person(
            str(entry.person), born=date(1970, 1, 1), sex="M", household=str(entry.home), insured=self.insured,
            categories=entry.facts,
        )  # fmt: skip
        decision, after = self.settler.settle_bill(person, entry.bill, before)
        entry.shares = {payer: fen for payer, fen in decision.shares.items() if fen}
        entry.hospital, entry.patient = decision.hospital, decision.patient
        entry.moved = {}
        for scope, whose in (("person", entry.person), ("household", entry.home)):
            for name, periods in after.of(scope).items():
                for period, fen in periods.items():
                    moved = fen - before.of(scope).get(name, {}).get(period, 0)
                    if moved:
                        entry.moved[scope, whose, name, period] = moved

    def _balances(self, entry: Entry, earlier: Iterable[Entry]) -> Balances:
        found = Balances()
        for one in earlier:
            if not one.alive:
                continue
            for (scope, whose, name, period), fen in one.moved.items():
                if whose == (entry.home if scope == "household" else entry.person):
                    held = found.of(scope).setdefault(name, {})
                    held[period] = held.get(period, 0) + fen
            if one.person == entry.person:
                year = str(self.settler.benefit_year(one.bill))
                if one.bill.stay not in found.stays:
                    found.admissions[year] = found.admissions.get(year, 0) + 1
                    found.stays[one.bill.stay] = found.admissions[year]
        return found


def bill_of(
    number: str, admitted: date, discharged: date, settled: date, in_scope: int, own_pay: int
) -> Bill:
    """An inpatient bill at a county hospital."""
    parts = {"in_scope": in_scope, "first_pay": 0, "over_limit": 0, "own_pay": own_pay}
    at = Facility(level="county", grade="2", designated=True, region="520203")
    return Bill(number, "inpatient", admitted, discharged, settled, parts, at, stay=number)


def holding(code: str, since: date, until: date | None) -> Holding:
    return Holding(code, Span(since, until))


def insurance(since: date) -> Insurance:
    return Insurance("resident", None, Span(since, None))
