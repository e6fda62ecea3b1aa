"""试算: what settling would do now."""

from __future__ import annotations

from datetime import date

from doudi.policy.payers import Payer
from doudi.server.access.api import query
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.settlement import errors, state
from doudi.server.settlement.data import BillInput, Share, Trial
from doudi.server.settlement.judging import Judged
from doudi.server.settlement.standing import Standing, check, stand
from doudi.server.settlement.trying import Tried, try_bill
from doudi.words import Words

NOT_YET = "trial"
"""The serial of a bill that has none yet."""


@query("settlement.trial")
def trial(
    *, viewer: Actor, bill: BillInput, facility: int | None = None, settled_on: date | None = None
) -> Trial:
    """What each payer, the hospital and the patient would bear, explained. Writes nothing.

    `facility`: for whom no window is (a county officer asks for a hospital); a window tries for its own.
    """
    today = clock.today()
    at = viewer.facility or facility
    if not at:
        raise errors.facility_missing()
    check(bill, today)
    day = settled_on or today
    standing = stand(viewer, bill, at, day)
    one = standing.gathered
    now = state.read(bill.person, one.records, one.household)
    return told(standing, try_bill(viewer, bill, standing, now, serial=NOT_YET, settled_on=day))


def told(standing: Standing, tried: Tried) -> Trial:
    """A trial as it crosses the border."""
    judged, law = tried.judged, standing.law
    decision, parts = judged.decision, judged.decision.bill.parts
    title = law.policy.document.title
    return Trial(
        person=standing.gathered.person,
        policy=law.policy.id,
        policy_hash=law.policy.hash,
        title=Words(title.zh, title.en or law.policy.id),
        total_fen=decision.bill.total,
        in_scope_fen=parts["in_scope"],
        first_pay_fen=parts["first_pay"],
        over_limit_fen=parts["over_limit"],
        own_pay_fen=parts["own_pay"],
        shares=shares_of(standing, judged),
        hospital_fen=decision.hospital,
        patient_fen=decision.patient,
        patient_in_scope_fen=decision.patient_in_scope,
        benefit_year=judged.year,
        notices=tried.notices,
        explanation=judged.answer["explanation"],
        lines=judged.answer.get("lines", []),
    )


def shares_of(standing: Standing, judged: Judged) -> tuple[Share, ...]:
    """Every payer in the order of the policy, those that pay nothing too."""
    decision = judged.decision
    found = []
    for plan in decision.plan.payers:
        form = standing.law.policy.document.payers[plan.index]
        recorded = plan.name in decision.bill.recorded
        found.append(
            Share(plan.name, payer_words(form), form.fund or plan.name, decision.shares[plan.name], recorded)
        )
    return tuple(found)


def payer_words(form: Payer) -> Words:
    """What the policy calls a payer."""
    name = form.payer.replace("_", " ")
    return Words(form.name.zh, form.name.en or name) if form.name is not None else Words(form.payer, name)
