"""One bill tried on what is known: what `trial` shows and `settle` posts, so that the two cannot differ."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from doudi.server.kernel.actor import Actor
from doudi.server.reference.api import facility_names
from doudi.server.settlement import errors
from doudi.server.settlement.data import BillInput, Notice
from doudi.server.settlement.facts import bill_of, catalogue_of, opening_facts, person_facts
from doudi.server.settlement.judging import Judged, judge
from doudi.server.settlement.notices import notices
from doudi.server.settlement.queries.registrations import state_of
from doudi.server.settlement.standing import Standing
from doudi.server.settlement.state import Open, State


@dataclass(frozen=True, slots=True)
class Tried:
    """A bill judged, and what has to be seen before it is settled."""

    judged: Judged
    notices: tuple[Notice, ...]
    stay: str


def try_bill(
    viewer: Actor,
    bill: BillInput,
    standing: Standing,
    state: State,
    *,
    serial: str,
    settled_on: date,
) -> Tried:
    """Judge it after all that came before. What the law refuses is refused here."""
    facility, law = standing.facility, standing.law
    stay = stay_of(bill, standing, state)
    name = f"{facility.code}-{serial}"
    facts = {
        "person": person_facts(standing.gathered),
        "opening": opening_facts(
            state.balances(standing.gathered.opening, law.settler, bill.registration)
        ),
        "bills": [bill_of(bill, standing.gathered, facility, name=name, stay=stay or name, settled_on=settled_on)],
    }  # fmt: skip
    if bill.lines:
        facts["catalogue"] = catalogue_of(bill.lines, bill.admitted_on, standing.prices)
    judged = judge(law.settler, facts)
    total = judged.decision.bill.total
    names = facility_names({one.facility for one in state.past} | {one.facility for one in state.open})
    return Tried(
        judged,
        notices(bill, total, facility.id, law, state, names, judged.answer["explanation"]),
        stay or name,
    )


def stay_of(bill: BillInput, standing: Standing, state: State) -> str:
    """The stay a bill belongs to: its registration's, which must be open here and fit; "": a stay of its own."""
    if bill.registration is None:
        return ""
    found = next((one for one in state.open if one.id == bill.registration), None)
    if found is None:
        closed = state_of(bill.registration)
        raise errors.registration_closed(closed) if closed else errors.unknown_registration()
    if not _fits(found, bill, standing):
        raise errors.registration_differs()
    return f"r{found.id}"


def _fits(found: Open, bill: BillInput, standing: Standing) -> bool:
    return (
        found.facility == standing.facility.id
        and found.care == bill.care
        and found.admitted == bill.admitted_on
    )
