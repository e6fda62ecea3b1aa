"""Settle files for tests: short to write, or made from random persons and bills."""

from __future__ import annotations

import copy
from datetime import date
from random import Random
from typing import Any

from doudi.engine.answer import answer
from doudi.engine.data import Bill, Person, Span
from doudi.engine.read import read_facts
from doudi.engine.settle import Settler
from doudi.money import format_yuan
from doudi.policy.library import Policy

Json = dict[str, Any]


def a_bill(bill_id: str = "b1", **changes: Any) -> Json:
    """A bill of an inpatient of a county hospital in September 2017."""
    return {
        "id": bill_id,
        "care": "inpatient",
        "facility": {"level": "county", "region": "520203"},
        "admitted": "2017-09-01",
        "discharged": "2017-09-10",
        **changes,
    }


def a_file(*bills: Json, person: Json | None = None, **more: Any) -> Json:
    """A settle file with these bills."""
    return {"person": {"id": "p1", **(person or {})}, "bills": list(bills), **more}


def settled(policy: Policy | Settler, *bills: Json, person: Json | None = None, **more: Any) -> Json:
    """The answer to a file with these bills."""
    settler = policy if isinstance(policy, Settler) else Settler(policy)
    return answer(settler, read_facts(a_file(*bills, person=person, **more)))


def shares(policy: Policy | Settler, *bills: Json, person: Json | None = None, **more: Any) -> list[Json]:
    """What each payer pays on each bill, with `patient` and `hospital`."""
    told = settled(policy, *bills, person=person, **more)["bills"]
    return [{**one["shares"], "patient": one["patient"], "hospital": one["hospital"]} for one in told]


def yuan_sum(amounts: list[str]) -> str:
    """Σ of yuan texts."""
    return format_yuan(sum(int(amount.replace(".", "")) for amount in amounts))


def as_file(person: Person, bills: list[Bill]) -> Json:
    """A settle file that reads back to the same facts."""
    return {
        "person": {
            "id": person.id,
            "born": _day(person.born),
            "sex": person.sex,
            "household": person.household,
            "region": person.region,
            "contract": person.contract,
            "categories": [{"code": holding.code, **_span(holding.span)} for holding in person.categories],
        },
        "bills": [_bill(bill) for bill in bills],
    }


def _bill(bill: Bill) -> Json:
    facility = bill.facility
    return {
        "id": bill.id,
        "stay": bill.stay,
        "care": bill.care,
        "facility": {
            "level": facility.level,
            "grade": facility.grade,
            "designated": facility.designated,
            "region": facility.region,
            "designated_for": list(facility.designated_for),
        },
        "admitted": _day(bill.admitted),
        "discharged": _day(bill.discharged),
        "settled": _day(bill.settled),
        "referred": bill.referred,
        "emergency": bill.emergency,
        "accident": bill.accident,
        "assessed": bill.assessed,
        "channel": bill.channel,
        "filings": [{"kind": filing.kind, **_span(filing.span)} for filing in bill.filings],
        "roster": list(bill.roster),
        "diagnoses": list(bill.diagnoses),
        "procedures": list(bill.procedures),
        "total": format_yuan(bill.total),
        **{part: format_yuan(amount) for part, amount in bill.parts.items()},
        "portions": {name: format_yuan(amount) for name, amount in bill.portions.items()},
        "recorded": {payer: format_yuan(amount) for payer, amount in bill.recorded.items()},
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _span(span: Span) -> Json:
    return {"from": _day(span.begins), "until": _day(span.ends)}


UNORDERED = {"categories", "filings", "roster", "designated_for"}


def shuffled(data: Any, random: Random, key: str = "") -> Any:
    """The same facts with the keys of every object, and lists without order, in another order."""
    if isinstance(data, dict):
        names = list(data)
        random.shuffle(names)
        return {name: shuffled(data[name], random, name) for name in names}
    if isinstance(data, list):
        items = [shuffled(item, random) for item in data]
        if key in UNORDERED:
            random.shuffle(items)
        return items
    return copy.copy(data)
