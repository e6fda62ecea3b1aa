"""Drafts put before the law: by the engine for one bill, or as columns by the batch engine; the answers are the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from doudi.engine.data import Balances, Bill, Facility, Person
from doudi.engine.periods import period_key
from doudi.engine.program import Accumulator
from doudi.engine.refusals import Refused
from doudi.engine.settle import Settler
from doudi.money import format_yuan
from doudi.policy.conditions import PARTS
from doudi.server.site.demo.years.drawing import Draft

Moved = list[tuple[str, str, str, int]]


@dataclass(slots=True)
class Decided:
    """What a draft comes to, in fen. `shares`: every payer; `moved`: scope, name, period, fen."""

    draft: Draft
    bill: Bill
    shares: dict[str, int]
    hospital: int
    patient: int
    patient_in_scope: int
    moved: Moved


def bill_of(draft: Draft) -> Bill:
    """The bill as the engine takes it."""
    at = draft.hospital
    facility = Facility(at.level, at.grade, True, at.area, at.programmes)
    return Bill(
        id=draft.name, stay=draft.name, care=draft.care, admitted=draft.admitted, discharged=draft.discharged,
        settled=draft.discharged, parts=dict(zip(PARTS, draft.parts, strict=True)), facility=facility,
        diagnoses=(draft.diagnosis,),
    )  # fmt: skip


def one_by_one(settler: Settler, people: Sequence[Person], drafts: Sequence[Draft]) -> Iterator[Decided]:
    """Each draft in its place; what the law refuses is left out."""
    person: dict[int, Balances] = {}
    household: dict[str, dict[str, dict[str, int]]] = {}
    for draft in ordered(drafts):
        whose = people[draft.who]
        balances = person.get(draft.who) or Balances()
        balances.household = household.get(whose.household or whose.id, {})
        bill = bill_of(draft)
        try:
            decision, after = settler.settle_bill(whose, bill, balances)
        except Refused:
            continue
        person[draft.who], household[whose.household or whose.id] = after, after.household
        registers = decision.registers
        moved: Moved = [
            (a.scope, a.name, period_key(a, bill), registers[now] - registers[before])
            for before, a, now in decision.compiled.program.accumulators
            if registers[now] != registers[before]
        ]
        yield Decided(
            draft,
            bill,
            decision.shares,
            decision.hospital,
            decision.patient,
            decision.patient_in_scope,
            moved,
        )


def ordered(drafts: Sequence[Draft]) -> list[Draft]:
    """In the order in which the centre posted them: the day, then the name."""
    return sorted(drafts, key=lambda draft: (draft.discharged, draft.name))


def in_columns(settler: Settler, people: Sequence[Person], drafts: Sequence[Draft]) -> Iterator[Decided]:
    """The same by the batch engine."""
    from doudi.engine.batch import Tables, settle_tables
    from doudi.server.site.demo.years.columns import bills_table, people_table

    done = settle_tables(
        settler, Tables(bills_table(drafts, [one.id for one in people]), people_table(people)), movements=True
    )
    moved = {name: fen.tolist() for name, fen in done.moved.items()}
    amounts = {name: fen.tolist() for name, fen in done.amounts.items()}
    left = moved.pop("left in_scope", [0] * len(done.rows))
    sums = _sums(settler, moved)
    names = done.table().column("id").to_pylist()
    by_name = {draft.name: draft for draft in drafts}
    payers = [name for name in amounts if name not in ("hospital", "patient")]
    found = sorted((by_name[name].discharged, name, place) for place, name in enumerate(names))
    for _, name, place in found:
        draft = by_name[name]
        bill = bill_of(draft)
        yield Decided(
            draft, bill, {payer: amounts[payer][place] for payer in payers}, amounts["hospital"][place],
            amounts["patient"][place], left[place],
            [(a.scope, a.name, period_key(a, bill), fen[place]) for a, fen in sums if fen[place]],
        )  # fmt: skip


def _sums(settler: Settler, moved: dict[str, list[int]]) -> list[tuple[Accumulator, list[int]]]:
    program = settler.machine()[0].program
    return [(a, moved[a.name]) for _, a, _ in program.accumulators if a.name in moved]


def facts_of(decided: Decided, person: dict[str, Any], opening: dict[str, Any]) -> dict[str, Any]:
    """The settle file of a decided draft, in the shape that settling freezes."""
    draft, at = decided.draft, decided.draft.hospital
    bill: dict[str, Any] = {
        "id": draft.name,
        "stay": draft.name,
        "care": draft.care,
        "facility": {
            "level": at.level,
            "grade": at.grade,
            "designated": True,
            "region": at.area,
            "designated_for": list(at.programmes),
        },
        "admitted": draft.admitted.isoformat(),
        "discharged": draft.discharged.isoformat(),
        "settled": draft.discharged.isoformat(),
        "referred": False,
        "emergency": False,
        "accident": False,
        "assessed": False,
        "filings": [],
        "diagnoses": [draft.diagnosis],
        "procedures": [],
        "portions": {},
        "recorded": {},
        **{part: format_yuan(fen) for part, fen in zip(PARTS, draft.parts, strict=True)},
    }
    return {"person": person, "opening": opening, "bills": [bill]}
