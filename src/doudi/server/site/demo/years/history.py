"""Decided bills of some people as the rows that settling would have written, and the money as postings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from doudi import __version__
from doudi.engine.data import Person
from doudi.engine.periods import benefit_year
from doudi.engine.record import canonical
from doudi.engine.settle import Settler
from doudi.money import format_yuan
from doudi.server.kernel.clock import SHANGHAI
from doudi.server.ledger.data import Amount, Posting
from doudi.server.settlement.packing import pack
from doudi.server.settlement.telling import HISTORY
from doudi.server.site.demo.years.deciding import Decided, facts_of

HOUR = time(10, 30)
IN_BED = ("inpatient", "day_surgery")


@dataclass(slots=True)
class Lived:
    """What has happened to one person so far: accumulators, stays, places in each year."""

    used: dict[tuple[str, str, str], int] = field(default_factory=dict)
    admissions: dict[str, int] = field(default_factory=dict)
    stays: dict[str, int] = field(default_factory=dict)
    places: dict[int, int] = field(default_factory=dict)
    bills: int = 0

    def held(self, household: Lived) -> dict[str, Any]:
        """What is used up to now, in the shape of a settle file's `opening`."""
        names: dict[str, dict[str, dict[str, str]]] = {"person": {}, "household": {}}
        for held in (self, household):
            for (scope, name, period), fen in sorted(held.used.items()):
                names[scope].setdefault(name, {})[period] = format_yuan(fen)
        return {
            "accumulators": names,
            "admissions": dict(self.admissions),
            "stays": dict(sorted(self.stays.items())),
        }


@dataclass(frozen=True, slots=True)
class Whose:
    """A person of the demo as rows name them. `facts`: `person` of the settle file."""

    number: int
    household: int
    region: int
    person: Person
    facts: Mapping[str, Any]


@dataclass(slots=True)
class Written:
    """One bill's row (columns by name), its packed record, its entry."""

    row: dict[str, Any]
    packed: bytes
    posting: Posting


class History:
    """The rows of one county's bills. `funds`: of each payer, as its policy names them."""

    def __init__(self, settler: Settler, scheme: str) -> None:
        """Nothing has happened yet."""
        self.settler, self.scheme = settler, scheme
        document = settler.document
        self.funds = {payer.payer: payer.fund or payer.payer for payer in document.payers}
        self.by_payer = all(benefit.fund is None for payer in document.payers for benefit in payer.benefits)
        self.policy = {"id": settler.policy.id, "hash": settler.policy.hash}
        self.identity = document.identity.as_of
        self.year_of = document.year.as_of or "discharged"
        self.begins = document.year.begins or "01-01"

    def rows(
        self,
        decided: Iterator[Decided],
        people: Sequence[Whose],
        lived: dict[tuple[str, int], Lived],
        first: int,
    ) -> Iterator[Written]:
        """In the order of posting; numbers count from `first`."""
        for number, one in enumerate(decided, first):
            whose = people[one.draft.who]
            yield self._row(
                number,
                one,
                whose,
                _of(lived, "person", whose.number),
                _of(lived, "household", whose.household),
            )

    def _row(self, number: int, one: Decided, whose: Whose, mine: Lived, ours: Lived) -> Written:
        draft, bill = one.draft, one.bill
        insured = [
            held
            for held in whose.facts["insured"]
            if held["from"] <= draft.admitted.isoformat() < held["until"]
        ]
        facts = facts_of(one, {**whose.facts, "insured": insured}, mine.held(ours))
        year = benefit_year(bill.day(self.year_of), self.begins)
        mine.places[year] = place = mine.places.get(year, 0) + 1
        admission = _admit(self.settler, mine, bill.stay, str(year)) if draft.care in IN_BED else None
        for scope, name, period, fen in one.moved:
            held = ours if scope == "household" else mine
            held.used[scope, name, period] = held.used.get((scope, name, period), 0) + fen
        record, sha256 = self._record(one, facts, mine.held(ours))
        mine.bills += 1
        ours.bills += 1
        shares = {payer: fen for payer, fen in one.shares.items() if fen}
        day = bill.day(self.identity)
        row = {
            "id": number, "kind": "settled", "root_id": number, "version": 1, "replaces_id": None,
            "facility_id": draft.hospital.id, "serial": draft.serial, "request_sm3": sha256, "registration_id": None,
            "stay": bill.stay, "person_id": whose.number, "household_id": whose.household, "region": whose.region,
            "scheme": self.scheme, "benefit_year": year, "posted_no": place, "care": draft.care,
            "level": draft.hospital.level, "admitted_on": draft.admitted, "discharged_on": draft.discharged,
            "settled_on": draft.discharged, "posted_on": draft.discharged, "admission": admission,
            "main_diagnosis": draft.diagnosis,
            "categories": "{" + ",".join(sorted(_held(whose.person, day))) + "}",
            "total_fen": bill.total, "in_scope_fen": draft.parts[0], "first_pay_fen": draft.parts[1],
            "over_limit_fen": draft.parts[2], "own_pay_fen": draft.parts[3], "shares": json.dumps(shares),
            "funds": json.dumps([[payer, self.funds[payer], fen] for payer, fen in sorted(shares.items())]),
            "paid_fen": sum(shares.values()), "hospital_fen": one.hospital, "patient_fen": one.patient,
            "patient_in_scope_fen": one.patient_in_scope, "moved": json.dumps(sorted(one.moved)),
            "policy": self.policy["id"], "policy_hash": self.policy["hash"], "decision_sha256": sha256,
            "cause": "bill", "reason": "", "case_id": None, "settled_by": 0,
            "settled_at": datetime.combine(draft.discharged, HOUR, SHANGHAI),
        }  # fmt: skip
        amounts = [Amount("share", self.funds[payer], fen) for payer, fen in sorted(shares.items())]
        amounts += [Amount("hospital", "", one.hospital), Amount("patient", "", one.patient)]
        posting = Posting(
            draft.discharged, whose.region, "settle", [amount for amount in amounts if amount.fen],
            draft.hospital.id, whose.number, "settlement", number,
        )  # fmt: skip
        return Written(row, pack(record), posting)

    def _record(
        self, one: Decided, facts: dict[str, Any], after: dict[str, Any]
    ) -> tuple[dict[str, Any], str]:
        bill = {
            "id": one.bill.id,
            "total": format_yuan(one.bill.total),
            "shares": {payer: format_yuan(fen) for payer, fen in one.shares.items()},
            "hospital": format_yuan(one.hospital),
            "patient": format_yuan(one.patient),
            "patient_in_scope": format_yuan(one.patient_in_scope),
        }
        body = {
            "format": HISTORY,
            "engine": __version__,
            "policy": self.policy,
            "facts": facts,
            "answer": {
                "policy": self.policy,
                "bills": [bill],
                "accumulators": {
                    **after["accumulators"],
                    "admissions": after["admissions"],
                    "stays": after["stays"],
                },
            },
        }
        sha256 = hashlib.sha256(canonical(body)).hexdigest()
        return {**body, "sha256": sha256}, sha256


def _of(lived: dict[tuple[str, int], Lived], scope: str, number: int) -> Lived:
    return lived.setdefault((scope, number), Lived())


def _admit(settler: Settler, mine: Lived, stay: str, year: str) -> int:
    mine.admissions[year] = mine.admissions.get(year, 0) + 1
    mine.stays[settler.stay_key(stay, year)] = mine.admissions[year]
    return mine.admissions[year]


def _held(person: Person, day: date) -> set[str]:
    return {one.code for one in person.categories if one.span.holds(day)}
