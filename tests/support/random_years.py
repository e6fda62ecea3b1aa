"""Random person-years that are hard on an engine, the same for the same seed.

Beyond `support.bills.Maker`: several bills of one stay, bills out of the order of their dates and across the year,
categories, filings and participation that change in mid-year, days without insurance, facts that nobody knows,
balances brought forward, amounts recorded and decided elsewhere, parts of nothing and bills near 10^9 yuan.

    random_year(policy, 7)              a person and three bills or so, as the facts of a file
    some_years(policy, 7, 20)           twenty of them, of twenty persons
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from doudi.engine.data import (
    Balances,
    Bill,
    Event,
    Facility,
    Facts,
    FeeLine,
    Filing,
    Holding,
    Insurance,
    Person,
    Span,
)
from doudi.engine.periods import period_key
from doudi.engine.settle import Settler
from doudi.engine.vocabulary import CARES, CHANNELS, GRADES, LEVELS
from doudi.money import MAX_BILL
from doudi.policy.checks.numbers import scalars_of, values_of
from doudi.policy.conditions import PARTS
from doudi.policy.document import PolicyDocument
from doudi.policy.library import Policy
from doudi.policy.meaning import conditions_of
from support.bills import OPEN, Maker

EDGES = (0, 1, 99, 100, 10_000, 30_001, 100_000, 1_000_000, 3_000_050)
HUGE = MAX_BILL // 4


class YearMaker(Maker):
    """A Maker whose years are crooked; `unknown` in a hundred facts are not given."""

    def __init__(self, policy: Policy, seed: int, unknown: int = 0) -> None:
        super().__init__(policy.document, seed)
        self.unknown = unknown
        names = self.tests_of(self.document, "scheme"), self.tests_of(self.document, "tier")
        self.schemes = [
            *(self.document.schemes or []),
            *names[0],
            *rows_of(self.document, "scheme"),
            "resident",
        ]
        self.tiers = [*names[1], *rows_of(self.document, "tier"), None]
        self.edges = [
            *EDGES,
            *(edge + step for edge in edges_of(self.document) for step in (-1, 0, 1) if edge),
        ]

    @staticmethod
    def tests_of(document: PolicyDocument, key: str) -> list[str]:
        """The values that conditions ask an attribute for."""
        found = (getattr(when, key) or [] for _, when in conditions_of(document))
        return sorted({value for values in found for value in values})

    def chance(self, percent: int) -> bool:
        """True so many times in a hundred."""
        return self.random.randrange(100) < percent

    def known(self, value: Any) -> Any:
        """The value, or None where nobody knows it."""
        return None if self.unknown and self.chance(self.unknown) else value

    def span(self) -> Span:
        """Open, or from or until some day of the policy's time."""
        if self.chance(50):
            return OPEN
        days = sorted(self.first + timedelta(days=self.random.randint(-100, self.days)) for _ in range(2))
        if days[0] == days[1]:
            return OPEN
        return self.random.choice((Span(days[0], None), Span(None, days[1]), Span(days[0], days[1])))

    def person(self, number: int = 0) -> Person:
        """A person whose categories begin and end, sometimes twice, and who may be uninsured for a while."""
        r, plain = self.random, super().person(number)
        held = [Holding(holding.code, self.span()) for holding in plain.categories]
        held += [Holding(held[0].code, self.span())] if held and self.chance(15) else []
        return replace(
            plain,
            id=f"p{number}",
            born=self.known(plain.born),
            household=None if self.chance(20) else f"h{number // 3}",
            region=r.choice((plain.region, plain.region, None)),
            categories=tuple(held),
            insured=self.insurance(),
        )

    def insurance(self) -> tuple[Insurance, ...] | None:
        """Not known, none, one for ever, or two with a gap of some days between them."""
        r, kind = self.random, self.random.randrange(100)
        if kind < 25:
            return None
        if kind < 30:
            return ()
        scheme, tier = r.choice(self.schemes), r.choice(self.tiers)
        if kind < 85:
            return (Insurance(scheme, tier, OPEN),)
        change = self.first + timedelta(days=r.randint(50, max(51, self.days)))
        begins = change + timedelta(days=r.choice((0, 0, 10, 60)))
        other = Insurance(r.choice(self.schemes), r.choice(self.tiers), Span(begins, None))
        return (Insurance(scheme, tier, Span(None, change)), other)

    def amount(self) -> int:
        """An amount in fen: nothing, at an edge of the law, usual, or huge."""
        r, kind = self.random, self.random.randrange(100)
        if kind < 15:
            return 0
        if kind < 40:
            return int(r.choice(self.edges))
        if kind < 97:
            return r.randint(0, r.choice((50_000, 3_000_000, 40_000_000)))
        return r.choice((HUGE, HUGE - 1, r.randint(0, HUGE)))

    def bill(self, number: int, day: date | None = None, **changes: Any) -> Bill:
        """A bill with every attribute, some unknown; now and then with fee lines."""
        r = self.random
        names = tuple(self.document.programmes)
        given: dict[str, Any] = {
            "care": self.known(r.choice((*CARES, "inpatient", "inpatient", "inpatient"))),
            "channel": r.choice(CHANNELS),
            "facility": Facility(
                self.known(r.choice(LEVELS)),
                self.known(r.choice(GRADES)),
                self.known(self.chance(80)),
                self.known(r.choice(self.regions)),
                tuple(name for name in names if self.chance(60)),
            ),
            "filings": tuple(Filing(name, self.span()) for name in self.filings if self.chance(60)),
            "diagnoses": tuple(r.choices(self.diagnoses, k=r.choice((0, 1, 1, 1, 2, 3)))),
            "admission": r.randint(1, 6) if self.chance(8) else None,
            **changes,
        }
        bill = super().bill(number, day, **given)
        bill = replace(bill, settled=bill.discharged + timedelta(days=r.choice((0, 0, 0, 3, 40))))
        return replace(bill, lines=self.lines(bill)) if self.chance(10) else bill

    def lines(self, bill: Bill) -> tuple[FeeLine, ...]:
        """The bill cut into fee lines at random."""
        lines, left = [], dict(bill.parts)
        for index in range(self.random.randint(1, 3)):
            taken = {part: self.random.randint(0, left[part]) for part in PARTS}
            left = {part: left[part] - taken[part] for part in PARTS}
            lines.append(FeeLine(f"l{index}", taken))
        return (*lines, FeeLine("rest", left))

    def recorded(self, parts: dict[str, int]) -> dict[str, int]:
        """Amounts that another system decided, within what is surely left of the parts a payer may draw."""
        chosen: dict[str, int] = {}
        for payer in self.document.payers:
            needed = payer.decided == "elsewhere" and not payer.benefits
            if not (needed or (payer.decided == "elsewhere" and self.chance(40)) or self.chance(3)):
                continue
            if payer.settled == "bill" and payer.decided != "case_by_case":
                chosen[payer.payer] = self.random.choice(
                    (0, parts["in_scope"] // 10, self.random.randint(0, 9))
                )
        return chosen

    def crooked_year(self, number: int, bills: int) -> tuple[Person, list[Bill]]:
        """Bills of about a year in the order of posting, which need not be that of their dates."""
        r = self.random
        start = self.first + timedelta(days=r.randrange(max(1, self.days - 150)))
        last = self.first + timedelta(days=max(1, self.days) - 1)
        made: list[Bill] = []
        for index in range(bills):
            day = min(last, start + timedelta(days=r.randint(0, 60) + index * r.choice((5, 30, 90))))
            bill = self.bill(index, day)
            if made and self.chance(30):
                bill = self.same_stay(made[-1], bill)
            made.append(bill)
        if self.chance(25):
            r.shuffle(made)
        return self.person(number), [replace(bill, path=f"bills[{index}]") for index, bill in enumerate(made)]

    def same_stay(self, before: Bill, bill: Bill) -> Bill:
        """Another bill of the stay before: an interim one, or what came after the new year."""
        discharged = max(before.discharged, min(bill.discharged, before.discharged + timedelta(days=30)))
        settled = discharged + timedelta(days=self.random.choice((0, 0, 5)))
        return replace(bill, stay=before.stay, care=before.care, admitted=before.admitted,
                       discharged=discharged, settled=settled)  # fmt: skip

    def opening(self, policy: Policy, bills: list[Bill]) -> Balances:
        """Now and then balances brought forward in accumulators that the bills will ask for."""
        balances = Balances()
        if not bills or not self.chance(35):
            return balances
        for _, accumulator, _ in Settler(policy).machine()[0].program.accumulators:
            if self.chance(50):
                key = period_key(accumulator, self.random.choice(bills))
                balances.of(accumulator.scope)[accumulator.name] = {key: self.amount()}
        if self.chance(50):
            balances.admissions[str(bills[0].discharged.year)] = self.random.randint(1, 4)
        return balances


def edges_of(document: PolicyDocument) -> list[int]:
    """The amounts of a policy at which something changes: edges of bands, deductibles, caps, tests."""
    found = [
        band.edge for payer in document.payers for benefit in payer.benefits for band in benefit.bands or []
    ]
    found += [
        when.amount.above or when.amount.reaching or 0 for _, when in conditions_of(document) if when.amount
    ]
    for _, value in values_of(document):
        scalars = [scalar for reading in value.readings() for scalar in scalars_of(reading)]
        found += [scalar for scalar in scalars if isinstance(scalar, int) and 0 < scalar <= HUGE]
    return sorted(set(found))


def rows_of(document: PolicyDocument, attribute: str) -> list[str]:
    """The rows that tables by an attribute have."""
    rows: set[str] = set()
    for _, value in values_of(document):
        for reading in value.readings():
            for level, name in enumerate(reading.by or []):
                tables = [reading.rows] if level == 0 else list((reading.rows or {}).values())
                rows |= {
                    row for table in tables if name == attribute and isinstance(table, dict) for row in table
                }
    return sorted(rows)


def random_year(policy: Policy, seed: int, bills: int | None = None, unknown: int | None = None) -> Facts:
    """One person and their bills as the facts of a file; `unknown` in a hundred facts are missing."""
    maker = YearMaker(policy, seed)
    maker.unknown = maker.random.choice((0, 0, 0, 8)) if unknown is None else unknown
    person, year = maker.crooked_year(seed, maker.random.randint(1, 5) if bills is None else bills)
    kinds = sorted({grant.event for grant in policy.document.grants})
    days = [bill.discharged for bill in year]
    events = [Event(kind, day) for kind in kinds for day in days if maker.chance(50)]
    years = sorted({day.year for day in days})
    ends = [one for one in years if policy.document.in_force.until is None] if maker.chance(50) else []
    return Facts(
        person, tuple(year), maker.opening(policy, year), tuple(events), policy.id, tuple(ends),
        tuple(years[:1]) if policy.document.enrolment else (),
    )  # fmt: skip


def some_years(policy: Policy, seed: int, count: int, bills: int | None = None) -> Iterator[Facts]:
    """The years of so many persons; every third shares a household with two others."""
    for number in range(count):
        yield random_year(policy, seed * 1_000_003 + number, bills)
