"""Random but possible people and bills for a policy: its own categories, diseases, regions, dates, levels."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from doudi.engine.data import Balances, Bill, Facility, Filing, Holding, Person, Span
from doudi.engine.vocabulary import CARES, GRADES, LEVELS
from doudi.policy.document import PolicyDocument
from doudi.policy.library import region_prefix
from doudi.policy.meaning import conditions_of

OPEN = Span(None, None)
_SIZES = (1, 99, 5_000, 80_000, 600_001, 1_200_000, 3_000_050, 12_345_678, 60_000_000, 900_000_099)


class Maker:
    """Makes persons and bills that meet as many of a policy's conditions as chance allows."""

    def __init__(self, document: PolicyDocument, seed: int) -> None:
        self.document, self.random = document, Random(seed)
        groups = document.people.values()
        self.categories = sorted({code for g in groups for code in (*(g.any_ or []), *(g.all_ or []))})
        patterns = [pattern for disease in document.diseases.values() for pattern in disease.icd10]
        self.diagnoses = [pattern.split("-")[0] for pattern in patterns] + ["M17.9"]
        self.procedures = [p.icd9cm3[0].split("-")[0] for p in document.procedures.values()]
        self.filings = sorted({name for _, when in conditions_of(document) for name in when.filing or []})
        self.portions = sorted(
            {b.portion for p in document.payers for b in p.benefits if b.portion and " " not in b.portion}
        )
        self.first = document.in_force.from_
        last = document.in_force.until or self.first.replace(
            year=self.first.year + 3, day=min(28, self.first.day)
        )
        self.days = (last - self.first).days
        prefix = document.pooling_area or region_prefix(document.region) or "52"
        self.regions = [prefix.ljust(6, "0"), f"{prefix[:2]}9900", "990000"]

    def person(self, number: int = 0) -> Person:
        """A person with zero to three of the policy's categories."""
        r = self.random
        codes = r.sample(self.categories, k=min(len(self.categories), r.choice((0, 1, 1, 2, 3))))
        return Person(
            id=f"p{number}",
            born=date(r.randint(1930, 2016), r.randint(1, 12), r.randint(1, 28)),
            sex=r.choice("FM"),
            household=f"h{number}",
            region=self.document.region,
            contract=r.random() < 0.5,
            categories=tuple(Holding(code, OPEN) for code in codes),
        )

    def amount(self) -> int:
        """An amount in fen: small, at an edge, or anything."""
        r = self.random
        return r.choice((0, r.choice(_SIZES), r.randint(0, 3_000_000), r.randint(0, 40_000_000)))

    def bill(self, number: int, day: date | None = None, **changes: Any) -> Bill:
        """A bill within the policy's time."""
        r = self.random
        discharged = day or self.first + timedelta(days=r.randrange(max(1, self.days)))
        admitted = max(self.first, discharged - timedelta(days=r.randint(0, 20)))
        parts = {"in_scope": self.amount(), "first_pay": self.amount(), "over_limit": self.amount() // 7,
                 "own_pay": self.amount()}  # fmt: skip
        if not any(parts.values()):
            parts["in_scope"] = 1
        names = tuple(self.document.programmes)
        facts: dict[str, Any] = {
            "care": r.choice((*CARES[:3], "inpatient", "inpatient")),
            "facility": Facility(
                r.choice(LEVELS),
                r.choice(GRADES),
                r.random() < 0.8,
                r.choice(self.regions),
                names if r.random() < 0.7 else (),
            ),
            "referred": r.random() < 0.6,
            "emergency": r.random() < 0.2,
            "accident": r.random() < 0.05,
            "assessed": r.random() < 0.5,
            "filings": tuple(Filing(name, OPEN) for name in self.filings if r.random() < 0.5),
            "roster": tuple(name for name in names if r.random() < 0.7),
            "diagnoses": (r.choice(self.diagnoses),),
            "procedures": tuple(code for code in self.procedures if r.random() < 0.5),
            "portions": {name: r.randint(0, sum(parts.values())) for name in self.portions},
        }
        facts["recorded"] = self.recorded(parts)
        facts["decisions"] = self.decisions(parts)
        facts.update(changes)
        return Bill(
            id=f"b{number}", stay=f"b{number}", admitted=admitted, discharged=discharged, settled=discharged,
            parts=parts, path=f"bills[{number}]", **facts,
        )  # fmt: skip

    def recorded(self, parts: dict[str, int]) -> dict[str, int]:
        """An amount for each payer that only another system decides; now and then for one that has a rule too."""
        chosen: dict[str, int] = {}
        left = parts["in_scope"]
        for payer in self.document.payers:
            if payer.decided == "elsewhere" and (not payer.benefits or self.random.random() < 0.2):
                chosen[payer.payer] = self.random.randint(0, left) if payer.payer == "basic" else left // 10
                left -= chosen[payer.payer]
        return chosen

    def decisions(self, parts: dict[str, int]) -> dict[str, int]:
        """Now and then a small amount for a payer that decides case by case."""
        chosen: dict[str, int] = {}
        for payer in self.document.payers:
            if payer.decided == "case_by_case" and self.random.random() < 0.3:
                chosen[payer.payer] = min(sum(parts.values()) // 10, 50_000)
        return chosen

    def year(self, number: int, bills: int) -> tuple[Person, list[Bill]]:
        """A person and some bills in order of their dates, none across the year."""
        start = self.first + timedelta(days=self.random.randrange(max(1, self.days - 200)))
        made = []
        for index in range(bills):
            day = start + timedelta(days=self.random.randint(0, 30) + index * 20)
            if day < self.first + timedelta(days=max(1, self.days)):
                made.append(self.bill(index, day))
        return self.person(number), made


def empty() -> Balances:
    """No accumulators yet."""
    return Balances()
