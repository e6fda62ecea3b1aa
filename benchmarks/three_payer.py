"""The three-payer policy by hand in plain Python, and bills for it: what the engine is measured against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from doudi.engine.data import Bill, Facility, Holding, Person, Span

LEVELS = ("township", "county", "city", "province")
DEDUCTIBLE = {"township": 10_000, "county": 30_000, "city": 60_000, "province": 100_000}
RATE = {"township": 9000, "county": 8000, "city": 7000, "province": 6000}
BASIC_CAP = 15_000_000
THRESHOLD = {False: 600_000, True: 300_000}
BANDS = ((0, 5_000_000, 6000), (5_000_000, 10_000_000, 6500), (10_000_000, None, 7500))
CATASTROPHIC_CAP = 30_000_000
AID_RATE = 7000
AID_CAP = 5_000_000


def share(amount: int, rate: int) -> int:
    return (amount * rate + 5000) // 10_000


# Deductible and rate of basic insurance by level and poverty.
TERMS = {
    (level, poor): (share(DEDUCTIBLE[level], 5000), min(10_000, RATE[level] + 1000))
    if poor
    else (DEDUCTIBLE[level], RATE[level])
    for level in LEVELS
    for poor in (False, True)
}


@dataclass
class Year:
    """What one person has used in one year, in fen."""

    basic: int = 0
    scope: int = 0
    catastrophic: int = 0
    assistance: int = 0

    def settle(self, in_scope: int, level: str, poor: bool) -> tuple[int, int, int]:
        """The three payments for one bill."""
        deductible, rate = TERMS[level, poor]
        basic = min(share(max(0, in_scope - deductible), rate), BASIC_CAP - self.basic)
        self.basic += basic
        left = in_scope - basic
        threshold = THRESHOLD[poor]
        paid = self._schedule(self.scope + left, threshold) - self._schedule(self.scope, threshold)
        self.scope += left
        catastrophic = min(paid, left, CATASTROPHIC_CAP - self.catastrophic)
        self.catastrophic += catastrophic
        left -= catastrophic
        assistance = min(share(left, AID_RATE), AID_CAP - self.assistance) if poor else 0
        self.assistance += assistance
        return basic, catastrophic, assistance

    @staticmethod
    def _schedule(x: int, threshold: int) -> int:
        exact = 0
        for low, high, rate in BANDS:
            top = x if high is None else min(x, high)
            exact += max(0, top - max(low, threshold)) * rate
        return (exact + 5000) // 10_000


def years(people: int, seed: int = 1) -> list[tuple[Person, list[Bill]]]:
    """Person-years of 0–6 bills: lognormal costs with a heavy tail of 0.4 %."""
    random = Random(seed)
    made = []
    for number in range(people):
        poor = random.random() < 0.2
        categories = (Holding("registered_poor", Span(None, None)),) if poor else ()
        person = Person(f"p{number}", categories=categories)
        day = date(2017, 1, 5)
        bills = []
        for index in range(random.randint(0, 6)):
            day += timedelta(days=random.randint(1, 50))
            cost = int(random.lognormvariate(12.9, 1.1))
            cost = min(cost * 40 if random.random() < 0.004 else cost, 900_000_000) + 1
            parts = {"in_scope": cost, "first_pay": cost // 20, "over_limit": 0, "own_pay": cost // 10}
            level = random.choice(LEVELS)
            facility = Facility(level, None, True, None)
            bills.append(Bill(f"b{index}", "inpatient", day, day, day, parts, facility, stay=f"b{index}"))
        made.append((person, bills))
    return made
