"""The limits a stay's bill would meet, from the law itself: the compiled policy is run on a bill of the stay.

A limit may depend on who the person is, on the hospital and on the care; so it is not read from the text of the policy
but from the decision on a bill as it would stand today. What counts in it and in which period the decision says too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from doudi.engine.compile.limits import cap_name
from doudi.engine.decision import Decision
from doudi.engine.render.amounts import accumulator as accumulator_words
from doudi.policy import Policy
from doudi.policy.document import PolicyDocument
from doudi.server.kernel.actor import Actor
from doudi.server.settlement.data import BillInput
from doudi.server.settlement.data_holds import LimitRoom
from doudi.server.settlement.models import Registration
from doudi.server.settlement.standing import Standing, law_for, stand
from doudi.server.settlement.state import State
from doudi.server.settlement.trying import try_bill
from doudi.words import Words

Place = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Probe:
    """A bill of the stay as it would stand: what is asked, the person, the hospital and the law."""

    bill: BillInput
    standing: Standing
    settled_on: date


def probe(actor: Actor, row: Registration, expected_on: date, fen: int, today: date) -> Probe:
    """The bill: all of `fen` in scope. What the policy leaves to others, without a rule of its own, is put as nothing."""
    bill = BillInput(
        person=row.person_id, care=row.care, admitted_on=row.admitted_on, discharged_on=expected_on,  # type: ignore[arg-type]
        in_scope_fen=fen, diagnoses=tuple(row.diagnoses), registration=row.pk,
    )  # fmt: skip
    standing = stand(actor, bill, row.facility_id, today)
    document = law_for(standing.gathered, bill, today).policy.document
    elsewhere = {one.payer: 0 for one in document.payers if one.decided == "elsewhere" and not one.benefits}
    if elsewhere:
        bill = BillInput(
            person=bill.person, care=bill.care, admitted_on=bill.admitted_on, discharged_on=expected_on,
            in_scope_fen=fen, diagnoses=bill.diagnoses, registration=row.pk, recorded=elsewhere,
        )  # fmt: skip
    return Probe(bill, standing, max(today, expected_on))


def rooms(actor: Actor, asked: Probe, state: State) -> dict[str, LimitRoom]:
    """The limits that the bill would count in, by name; what the law refuses is refused."""
    standing = asked.standing
    tried = try_bill(actor, asked.bill, standing, state, serial="hold", settled_on=asked.settled_on)
    decision, law = tried.judged.decision, standing.law
    registration = asked.bill.registration
    opening = standing.gathered.opening
    found: dict[str, LimitRoom] = {}
    for name, limit in _limits(law.policy.document, decision):
        scope, period = decision.moved[name]
        place = scope, name, period
        used = opening.of(scope).get(name, {}).get(period, 0) + _used(state, place)
        others, own = _held(state, place, registration)
        least = min(limit, found[name].limit_fen) if name in found else limit
        found[name] = LimitRoom(
            name, limit_words(law.policy, name), scope, period, least, used, others, own
        )  # fmt: skip
    return found


def _used(state: State, place: Place) -> int:
    return state.own.get(place, 0) + state.others.get(place, 0)


def _held(state: State, place: Place, registration: int | None) -> tuple[int, int]:
    """What stands in a place: of other stays, and of the stay itself."""
    standing = [one for one in state.holds if (one.scope, one.name, one.period) == place]
    own = sum(one.fen for one in standing if one.registration == registration)
    return sum(one.fen for one in standing) - own, own


def _limits(document: PolicyDocument, decision: Decision) -> Iterator[tuple[str, int]]:
    """Every cap over time of the benefits that count for the bill: the name it counts in, and its amount."""
    for payer in decision.plan.payers:
        form = document.payers[payer.index]
        for benefit in payer.benefits:
            if not decision.registers[benefit.chosen]:
                continue
            caps = (*form.benefits[benefit.index].cap, *form.cap)
            plans = [one for one in benefit.limits if one.kind == "cap"]
            for cap, plan in zip(caps, plans, strict=True):
                if plan.used is not None:
                    yield cap_name(form, cap), decision.registers[plan.limit]


def each_disease(decision_document: PolicyDocument, name: str) -> bool:
    """Whether a limit has a sum for each disease."""
    for payer in decision_document.payers:
        for caps in (payer.cap, *(benefit.cap for benefit in payer.benefits)):
            for cap in caps:
                form = payer.caps[cap] if isinstance(cap, str) else cap
                if cap_name(payer, cap) == name and form.each is not None:
                    return True
    return False


def limit_words(policy: Policy, name: str) -> Words:
    """What people call what a limit counts."""
    payers = {
        one.payer: {
            "zh": one.name.zh if one.name else one.payer,
            "en": (one.name.en if one.name else None) or one.payer.replace("_", " "),
        }
        for one in policy.document.payers
    }
    return Words(accumulator_words(name, payers, "zh"), accumulator_words(name, payers, "en"))
