"""Persons and bills as the tables that the batch engine reads, and the engine for one bill as its judge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pyarrow as pa

from doudi.engine.batch.alone import movements as moved_by
from doudi.engine.batch.ready import Tables, settle_tables
from doudi.engine.data import Balances, Bill, Facts, Person, Span
from doudi.engine.refusals import Refused
from doudi.engine.settle import Settler
from doudi.policy.conditions import PARTS
from doudi.policy.library import Policy
from support.random_years import some_years

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


def one_by_one(settler: Settler, facts: Iterable[Facts], *, movements: bool = False) -> Settled:
    """Every bill settled alone, in the order of a batch: by person or household, settled, then bill id.

    `movements`: also what it adds to each accumulator, as `moved NAME`, zero left out.
    """
    groups: dict[str, list[tuple[Person, Bill]]] = {}
    personal: dict[str, Balances] = {}
    shared = by_household(settler)
    for one in facts:
        group = one.person.household if shared and one.person.household else f"person {one.person.id}"
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
            if movements:
                shares |= {f"moved {name}": fen for name, fen in moved_by(decision).items()}
            settled[bill.id] = shares
    return settled


def crowd(policy: Policy, seed: int, people: int, bills: int = 5, *, openings: bool = False) -> list[Facts]:
    """Random persons of a policy with ids of their own, every third sharing a household with two others."""
    found = []
    for number, one in enumerate(some_years(policy, seed, people, bills)):
        household = f"h{number // 3}" if one.person.household else None
        person = replace(one.person, id=f"p{number}", household=household)
        own = [
            replace(bill, id=f"p{number}-{bill.id}", stay=f"p{number}-{bill.stay}", lines=())
            for bill in one.bills
        ]
        opening = one.opening if openings else Balances()
        if household and number % 3:
            opening = replace(opening, household={})  # the first member brings the household's balances
        found.append(replace(one, person=person, bills=tuple(own), opening=opening))
    return found


def tables_of(facts: Iterable[Facts]) -> Tables:
    """The tables of bills, people and balances of some facts."""
    listed = list(facts)
    opened = [
        {"scope": scope, "owner": owner, "accumulator": name, "period": period, "amount_fen": amount}
        for one in listed
        for scope, owner, accumulators in (
            ("person", one.person.id, {**one.opening.person, "admissions": one.opening.admissions}),
            ("household", one.person.household or one.person.id, one.opening.household),
        )
        for name, periods in accumulators.items()
        for period, amount in periods.items()
    ]
    names = ("scope", "owner", "accumulator", "period")
    schema = pa.schema([*((name, pa.string()) for name in names), ("amount_fen", pa.int64())])
    return Tables(
        bills_table((f.person, f.bills) for f in listed), people_table(f.person for f in listed),
        pa.Table.from_pylist(opened, schema=schema) if opened else None,
    )  # fmt: skip


def by_household(settler: Settler) -> bool:
    """Whether the law keeps accumulators of households."""
    return any(a.scope == "household" for _, a, _ in settler.machine()[0].program.accumulators)


def in_columns(settler: Settler, facts: Iterable[Facts], **how: Any) -> Settled:
    """Every bill settled as columns."""
    done = settle_tables(settler, tables_of(facts), **how)
    found = answers(done.table(), done.rejected)
    for place, bill in enumerate(done.table().column("id").to_pylist()):
        shares = found[bill]
        assert isinstance(shares, dict)
        shares |= {f"moved {name}": int(fen[place]) for name, fen in done.moved.items() if fen[place]}
    return found


def answers(settled: pa.Table, rejected: pa.Table) -> Settled:
    """The tables that a batch gives, by bill."""
    found: Settled = {row["id"]: row["code"] for row in rejected.to_pylist()}
    for row in settled.to_pylist():
        assert row["id"] not in found, "a bill is settled or rejected, never both"
        found[row["id"]] = {
            name.removesuffix("_fen"): amount for name, amount in row.items() if name.endswith("_fen")
        }
    return found


def differences(one: Settled, other: Settled) -> dict[str, Any]:
    """The bills on which two runs differ; two reasons to refuse a bill are no difference."""
    assert one.keys() == other.keys(), "counts add up"
    return {
        bill: (one[bill], other[bill])
        for bill in one
        if one[bill] != other[bill] and not (isinstance(one[bill], str) and isinstance(other[bill], str))
    }
