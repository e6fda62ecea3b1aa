"""Persons and bills as the tables that the batch engine reads, and the engine for one bill as its judge."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from doudi.engine.data import Balances, Bill, Facts, Person, Span
from doudi.engine.refusals import Refused
from doudi.engine.settle import Settler
from doudi.policy.conditions import PARTS

SPAN = [("from", pa.date32()), ("until", pa.date32())]
PEOPLE = pa.schema(
    [
        ("id", pa.string()),
        ("born", pa.date32()),
        ("household", pa.string()),
        ("region", pa.string()),
        ("contract", pa.bool_()),
        ("insured", pa.list_(pa.struct([("scheme", pa.string()), ("tier", pa.string()), *SPAN]))),
        ("categories", pa.list_(pa.struct([("code", pa.string()), *SPAN]))),
    ]
)
BILL = [
    ("id", pa.string()),
    ("person", pa.string()),
    ("stay", pa.string()),
    *((name, pa.string()) for name in ("care", "level", "grade", "channel", "facility_region")),
    *((name, pa.bool_()) for name in ("designated", "referred", "emergency", "accident", "assessed")),
    *((name, pa.list_(pa.string())) for name in ("designated_for", "roster", "diagnoses", "procedures")),
    *((name, pa.date32()) for name in ("admitted", "discharged", "settled")),
    ("admission", pa.int32()),
    ("filings", pa.list_(pa.struct([("kind", pa.string()), *SPAN]))),
    *((f"{part}_fen", pa.int64()) for part in PARTS),
]

Settled = dict[str, dict[str, int] | str]
"""By bill: what each share came to, or the code of the refusal."""


def span(one: Span) -> dict[str, Any]:
    return {"from": one.begins, "until": one.ends}


def people_table(people: Iterable[Person]) -> pa.Table:
    rows = [
        {
            "id": p.id, "born": p.born, "household": p.household, "region": p.region, "contract": p.contract,
            "insured": None if p.insured is None
            else [{"scheme": i.scheme, "tier": i.tier, **span(i.span)} for i in p.insured],
            "categories": [{"code": h.code, **span(h.span)} for h in p.categories],
        }
        for p in people
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=PEOPLE)


def bills_table(years: Iterable[tuple[Person, Iterable[Bill]]]) -> pa.Table:
    rows = [_row(person, bill) for person, bills in years for bill in bills]
    more = sorted({name for row in rows for name in row} - {name for name, _ in BILL})
    return pa.Table.from_pylist(rows, schema=pa.schema([*BILL, *((name, pa.int64()) for name in more)]))


def _row(person: Person, bill: Bill) -> dict[str, Any]:
    f = bill.facility
    return {
        "id": bill.id, "person": person.id, "stay": bill.stay, "care": bill.care, "level": f.level,
        "grade": f.grade, "channel": bill.channel, "facility_region": f.region, "designated": f.designated,
        "referred": bill.referred, "emergency": bill.emergency, "accident": bill.accident,
        "assessed": bill.assessed, "designated_for": list(f.designated_for), "roster": list(bill.roster),
        "diagnoses": list(bill.diagnoses), "procedures": list(bill.procedures), "admitted": bill.admitted,
        "discharged": bill.discharged, "settled": bill.settled, "admission": bill.admission,
        "filings": [{"kind": one.kind, **span(one.span)} for one in bill.filings],
        **{f"{part}_fen": bill.parts[part] for part in PARTS},
        **{f"portion.{name}_fen": amount for name, amount in bill.portions.items()},
        **{f"recorded.{payer}_fen": amount for payer, amount in bill.recorded.items()},
        **{f"decided.{payer}_fen": amount for payer, amount in bill.decisions.items()},
    }  # fmt: skip


def one_by_one(settler: Settler, facts: Iterable[Facts], *, by_household: bool) -> Settled:
    """Every bill settled alone, in the order of a batch: by person or household, settled, then bill id."""
    groups: dict[str, list[tuple[Person, Bill]]] = {}
    personal: dict[str, Balances] = {}
    for one in facts:
        group = one.person.household if by_household and one.person.household else f"person {one.person.id}"
        groups.setdefault(group, []).extend((one.person, bill) for bill in one.bills)
        personal[one.person.id] = one.opening.copy()
    settled: Settled = {}
    for members in groups.values():
        household: dict[str, dict[str, int]] = {}
        for person in {p.id for p, _ in members}:
            for name, keys in personal[person].household.items():
                household.setdefault(name, {}).update(keys)
        for person, bill in sorted(members, key=lambda pair: (pair[1].settled, pair[1].id)):
            balances = personal[person.id]
            balances.household = household
            try:
                decision, after = settler.settle_bill(person, bill, balances)
            except Refused as why:
                settled[bill.id] = why.code
                continue
            household, personal[person.id] = after.household, after
            shares = {**decision.shares, "hospital": decision.hospital, "patient": decision.patient}
            settled[bill.id] = shares
    return settled
