"""Four eyes: what one proposes another approves, the same content, once, in time, and by whom it concerns."""

import json
import threading
from dataclasses import dataclass
from datetime import date

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from doudi.server.access import api, guard, rules
from doudi.server.access.models import Proposal
from doudi.server.access.roles import Role
from doudi.server.audit.api import append
from doudi.server.audit.models import AuditEvent
from doudi.server.kernel.actor import SYSTEM
from doudi.server.kernel.canonical import fingerprint
from doudi.server.kernel.errors import Conflict, Forbidden, NotFound, Refused
from doudi.server.kernel.scope import scoped
from support.actors import (
    DAY,
    LIUZHI,
    LIUZHI_TOWN,
    NOW,
    PROVINCE,
    RONGJIANG,
    RONGJIANG_TOWN,
    account,
    acting,
    actor,
    approver,
)


@dataclass(frozen=True, slots=True)
class Paid:
    person: int
    by: int


@pytest.fixture
def pay(monkeypatch):
    """An operation from 1,000.00 on needs a second person."""
    rule = api.Rule(
        "test.pay",
        frozenset({Role.COUNTY}),
        four_eyes=True,
        eyes=api.FourEyes(amount="amount_fen", from_fen=100_000),
    )
    monkeypatch.setitem(rules._RULES, "test.pay", rule)

    def run(
        *, actor, now, key: str | None = None, person: int, amount_fen: int, day: date, note: str = ""
    ) -> Paid:
        append("test.paid", actor=actor, at=now, region=LIUZHI_TOWN, detail={"amount_fen": amount_fen})
        if note == "broken":
            raise Conflict("broken", guard.second_person("x").words)
        return Paid(person, actor.user)

    yield guard.operation("test.pay")(run)
    del guard.GUARDED["test.pay"]


CONTENT = {"person": 7, "amount_fen": 250_000, "day": date(2026, 11, 25)}


def propose(who, content=CONTENT, *, region=LIUZHI_TOWN, key=None, name="test.pay"):
    return api.propose(
        actor=who, now=NOW, key=key, name=name, content=content, region=region, summary="支付 2,500.00"
    ).proposal


def sm3_of(number, viewer=None):
    return api.proposal(viewer=viewer or approver(), now=NOW, number=number).summary.content_sm3


def approve(who, number, *, now=NOW, sm3=None):
    return api.approve(actor=who, now=now, proposal=number, content_sm3=sm3 or sm3_of(number))


def paid():
    with scoped(SYSTEM.scope):
        return AuditEvent.objects.filter(event="test.paid").count()


@pytest.fixture
def proposer():
    return acting(account("wang", Role.COUNTY))


@pytest.mark.django_db
def test_a_small_amount_runs_and_a_large_one_is_proposed(pay, proposer):
    assert pay(actor=proposer, now=NOW, **{**CONTENT, "amount_fen": 99_999}).by == proposer.user
    for amount in (100_000, -100_000, None):
        with pytest.raises(Conflict, match="needs_second_person"):
            pay(actor=proposer, now=NOW, **{**CONTENT, "amount_fen": amount})
    number = propose(proposer)
    assert paid() == 1
    second = approver()
    decided = approve(second, number)
    assert (decided.state, json.loads(decided.answer)) == ("approved", {"person": 7, "by": second.user})
    assert paid() == 2
    with scoped(SYSTEM.scope):
        [event] = AuditEvent.objects.filter(event="access.proposal_approved")
    assert (event.user_id, event.detail["proposer"]) == (second.user, proposer.user)


@pytest.mark.django_db
def test_nobody_approves_their_own_not_even_with_another_role(pay, proposer):
    number = propose(proposer)
    same = actor(Role.COUNTY_APPROVER, user=proposer.user)
    with pytest.raises(Refused, match="not_by_oneself"):
        approve(same, number)
    with scoped(SYSTEM.scope), pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.update(state="approved", decided_by=proposer.user, decided_at=NOW)
    assert paid() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.COUNTY, Role.HEALTH, Role.OVERSIGHT, Role.SYSTEM_ADMIN, Role.AUDIT])
def test_only_the_approver_s_role_approves(pay, proposer, role):
    number = propose(proposer)
    with pytest.raises(Forbidden):
        approve(actor(role), number)
    assert paid() == 0


@pytest.mark.django_db
def test_what_was_looked_at_is_what_is_approved(pay, proposer):
    number = propose(proposer)
    with pytest.raises(Conflict, match="proposal_differs"):
        approve(approver(), number, sm3=fingerprint({"other": 1}))
    detail = api.proposal(viewer=approver(), now=NOW, number=number)
    assert json.loads(detail.content) == {"person": 7, "amount_fen": 250_000, "day": "2026-11-25"}
    assert fingerprint(json.loads(detail.content)) == detail.summary.content_sm3
    with scoped(SYSTEM.scope):
        row = Proposal.objects.get()
        assert b"250000" not in bytes(row.content_sealed)
    other = propose(proposer, {**CONTENT, "amount_fen": 999_999})
    with scoped(SYSTEM.scope):
        for change in ({"content_sealed": b"x"}, {"proposed_by": 1}, {"operation": "x"}, {"amount_fen": 1}):
            with pytest.raises(ProgrammingError), transaction.atomic():
                Proposal.objects.filter(pk=other).update(**change)


@pytest.mark.django_db
def test_another_county_s_proposal_is_not_there(pay, proposer):
    number = propose(proposer)
    for who in (approver(RONGJIANG),):
        with pytest.raises(NotFound):
            approve(who, number, sm3="x")
        with pytest.raises(NotFound):
            api.refuse(actor=who, now=NOW, proposal=number, reason="x")
        with pytest.raises(NotFound):
            api.proposal(viewer=who, now=NOW, number=number)
        assert api.proposals(viewer=who, now=NOW).items == ()
    with pytest.raises(NotFound):
        propose(proposer, region=RONGJIANG_TOWN)
    assert approve(approver(PROVINCE), number).state == "approved"


@pytest.mark.django_db
def test_a_decision_is_final(pay, proposer):
    number = propose(proposer)
    with pytest.raises(Refused, match="reason_missing"):
        api.refuse(actor=approver(), now=NOW, proposal=number, reason=" ")
    api.refuse(actor=approver(), now=NOW, proposal=number, reason="材料不全")
    for call in (
        lambda: approve(approver(), number),
        lambda: api.refuse(actor=approver(), now=NOW, proposal=number, reason="x"),
        lambda: api.withdraw(actor=proposer, now=NOW, proposal=number),
    ):
        with pytest.raises(Conflict, match="proposal_decided"):
            call()
    [row] = api.proposals(viewer=proposer, now=NOW, waiting=False).items
    assert (row.state, row.reason) == ("refused", "材料不全")


@pytest.mark.django_db
def test_only_the_proposer_withdraws(pay, proposer):
    number = propose(proposer)
    with pytest.raises(Refused, match="not_the_proposer"):
        api.withdraw(actor=actor(Role.COUNTY), now=NOW, proposal=number)
    assert api.withdraw(actor=proposer, now=NOW, proposal=number).state == "withdrawn"


@pytest.mark.django_db
def test_proposals_expire(pay, proposer):
    number = propose(proposer)
    late = NOW + 7 * DAY
    sm3 = sm3_of(number)
    with pytest.raises(Conflict, match="proposal_decided"):
        approve(approver(), number, now=late, sm3=sm3)
    assert api.proposals(viewer=proposer, now=late, waiting=False).items[0].state == "expired"
    assert api.proposals(viewer=proposer, now=late).items == ()
    assert api.expire_proposals(actor=SYSTEM, now=late) == 1
    assert api.expire_proposals(actor=SYSTEM, now=late) == 0


@pytest.mark.django_db
def test_a_proposer_who_lost_the_post_proposes_no_more(pay, proposer):
    number = propose(proposer)
    post = api.posts_of(proposer.user, NOW)[0].number
    api.end_grant(actor=SYSTEM, now=NOW, grant=post, reason="调离")
    with pytest.raises(Conflict, match="proposer_gone"):
        approve(approver(), number)
    assert paid() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content",
    [{}, {**CONTENT, "actor": 1}, {**CONTENT, "now": "x"}, {**CONTENT, "more": 1}, {**CONTENT, "person": "seven"},
     {**CONTENT, "day": "yesterday"}],
)  # fmt: skip
def test_content_is_what_the_operation_takes(pay, proposer, content):
    with pytest.raises(Refused, match="proposal_words"):
        propose(proposer, content)


@pytest.mark.django_db
def test_only_four_eyes_operations_of_one_s_own_rule_are_proposed(pay, proposer):
    for name in ("access.grant", "no.such"):
        with pytest.raises(NotFound):
            propose(proposer, {}, name=name)
    with pytest.raises(Forbidden):
        propose(actor(Role.HEALTH))


@pytest.mark.django_db
def test_an_approval_whose_operation_is_refused_leaves_the_proposal_open(pay, proposer):
    number = propose(proposer, {**CONTENT, "note": "broken"})
    with pytest.raises(Conflict, match="broken"):
        approve(approver(), number)
    assert api.proposals(viewer=proposer, now=NOW).items[0].state == "proposed"
    assert paid() == 0


def test_two_approvals_at_the_same_moment_run_once(fresh_database, pay):
    proposer = acting(account("wang", Role.COUNTY))
    number = propose(proposer)
    sm3, barrier, outcomes = sm3_of(number), threading.Barrier(2), []

    def approving():
        barrier.wait()
        try:
            outcomes.append(approve(approver(LIUZHI), number, sm3=sm3).state)
        except Conflict as refusal:
            outcomes.append(refusal.code)
        connection.close()

    threads = [threading.Thread(target=approving) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["approved", "proposal_decided"]
    assert paid() == 1
    connection.close()
