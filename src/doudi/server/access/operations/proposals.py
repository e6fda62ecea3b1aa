"""Four eyes: one person proposes an operation, another approves it, and it runs in the transaction of the approval.

proposed → approved | refused | withdrawn | expired, and nothing after. The content is what the operation would be called
with; both persons see the same SM3 of it, and the approval names the SM3 it has seen. Who approves, and from which
amount, stands in the operation's rule (`FourEyes`). The approver must still be able to see the region, and the proposer
must still hold a post whose rule allows the operation (ASVS 8.3.3).

Lock: the proposal's row, then whatever the operation locks.
"""

from __future__ import annotations

import json
import typing
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from doudi.server.access.data import Decided, ProposalState
from doudi.server.access.errors import conflict, no_such, not_allowed, refused
from doudi.server.access.guard import FRAME, GUARDED, answer_of, inner_of, operation, run_approved
from doudi.server.access.models import Grant, Proposal, User
from doudi.server.access.posts import actor_of, valid_on
from doudi.server.access.rules import Rule, rule_of
from doudi.server.audit.api import append
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.canonical import canonical, fingerprint
from doudi.server.kernel.clock import business_date
from doudi.server.kernel.sealing import seal, unseal
from doudi.words import Words

PURPOSE = "access.proposal"
PROPOSAL = Words("审批事项", "proposal")


@operation("access.propose")
def propose(
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
    name: str,
    content: dict[str, Any],
    region: int,
    summary: str,
) -> Decided:
    """Propose the operation `name` with `content` (its words but actor, now and key) for a region key in scope.

    `summary` is what lists show: what would be done, without personal data.
    """
    del key
    rule = _rule(name)
    if not rule.allows(actor):
        raise not_allowed(name)
    if region not in actor.ranges:
        raise no_such(Words("行政区划", "region"), "region")
    words = _written(name, _read(name, content))
    amount = words.get(rule.eyes.amount) if rule.eyes.amount else None
    row = Proposal.objects.create(
        operation=name,
        region=region,
        content_sealed=seal(canonical(words), region=region, purpose=PURPOSE),
        content_sm3=fingerprint(words),
        amount_fen=amount,
        summary=summary.strip()[:200],
        proposed_by=actor.user,
        proposer_login=actor.login,
        proposed_at=now,
        expires_at=now + rule.eyes.valid,
    )
    _append("proposed", row, actor, now)
    return Decided(proposal=row.pk, state="proposed")


@operation("access.approve")
def approve(
    *, actor: Actor, now: datetime, key: str | None = None, proposal: int, content_sm3: str
) -> Decided:
    """Approve, and run the operation here and now; `content_sm3` is the SM3 of what the approver has looked at."""
    del key
    row = _to_decide(actor, proposal, now)
    rule = _approver(row, actor)
    plain = unseal(row.content_sealed, purpose=PURPOSE)
    words = json.loads(plain)
    if not row.content_sm3 == content_sm3 == fingerprint(words):
        raise conflict(
            "proposal_differs",
            "审批内容与您查看的不一致。",
            "The content is not what you looked at.",
            where="content_sm3",
        )
    if not _still_entitled(row, rule, now):
        raise conflict(
            "proposer_gone",
            "提交人已不具备该项业务的岗位，不能批准。",
            "The proposer no longer holds a post for this; it cannot be approved.",
        )
    _decide(row, "approved", actor, now, "")
    answer = run_approved(row.operation, actor=actor, now=now, words=_read(row.operation, words))
    kind: TypeAdapter[Any] = TypeAdapter(answer_of(inner_of(row.operation)))
    return Decided(proposal=row.pk, state="approved", answer=kind.dump_json(answer).decode())


@operation("access.refuse")
def refuse(*, actor: Actor, now: datetime, key: str | None = None, proposal: int, reason: str) -> Decided:
    """Refuse, with a reason; nothing is run."""
    del key
    row = _to_decide(actor, proposal, now)
    _approver(row, actor)
    if not reason.strip():
        raise refused("reason_missing", "请写明不予批准的理由。", "Say why it is refused.", where="reason")
    _decide(row, "refused", actor, now, reason)
    return Decided(proposal=row.pk, state="refused")


@operation("access.withdraw")
def withdraw(*, actor: Actor, now: datetime, key: str | None = None, proposal: int) -> Decided:
    """Take back one's own proposal while nobody has decided it."""
    del key
    row = _to_decide(actor, proposal, now)
    if row.proposed_by != actor.user:
        raise refused(
            "not_the_proposer", "只有提交人可以撤回。", "Only the proposer withdraws.", where="proposal"
        )
    _decide(row, "withdrawn", actor, now, "")
    return Decided(proposal=row.pk, state="withdrawn")


@operation("access.expire_proposals")
def expire_proposals(*, actor: Actor, now: datetime, key: str | None = None) -> int:
    """Mark what nobody decided in time; a sweep of the server itself. How many."""
    del key
    rows = Proposal.objects.select_for_update().filter(state="proposed", expires_at__lte=now).order_by("pk")
    count = 0
    for row in rows:
        row.state, row.decided_at = "expired", now
        row.save(update_fields=["state", "decided_at"])
        count += 1
    append("access.proposals_expired", actor=actor, at=now, detail={"count": count})
    return count


def _rule(name: str) -> Rule:
    rule = rule_of(name)
    if rule is None or not rule.four_eyes or name not in GUARDED:
        raise no_such(Words("可提交审批的业务", "operation that is proposed"), "name")
    return rule


def _to_decide(actor: Actor, proposal: int, now: datetime) -> Proposal:
    """The row, locked; refused where it is decided already or too old. Outside the scope it is not there."""
    row = Proposal.objects.select_for_update().filter(pk=proposal).first()
    if row is None or row.region not in actor.ranges:
        raise no_such(PROPOSAL, "proposal")
    if row.state != "proposed" or row.expires_at <= now:
        raise conflict(
            "proposal_decided",
            "该事项已办结、已撤回或已过期。",
            "It was decided, withdrawn, or has expired.",
            where="proposal",
        )
    return row


def _approver(row: Proposal, actor: Actor) -> Rule:
    rule = _rule(row.operation)
    if not rule.eyes.approvers & actor.roles:
        raise not_allowed(row.operation)
    if row.proposed_by == actor.user:
        raise refused(
            "not_by_oneself",
            "不能审批自己提交的事项。",
            "Nobody approves their own proposal.",
            where="proposal",
        )
    return rule


def _still_entitled(row: Proposal, rule: Rule, now: datetime) -> bool:
    user = User.objects.filter(pk=row.proposed_by, is_active=True).first()
    if user is None:
        return False
    grants = Grant.objects.filter(valid_on(business_date(now)), user=user, role__in=[*rule.roles])
    actors = [actor_of(user, grant, session="") for grant in grants]
    return any(row.region in actor.ranges and rule.allows(actor) for actor in actors)


def _decide(row: Proposal, state: ProposalState, actor: Actor, now: datetime, reason: str) -> None:
    row.state, row.decided_by, row.decider_login = state, actor.user, actor.login
    row.decided_at, row.decision_reason = now, reason.strip()[:200]
    row.save(update_fields=["state", "decided_by", "decider_login", "decided_at", "decision_reason"])
    _append(state, row, actor, now)


def _append(state: ProposalState, row: Proposal, actor: Actor, now: datetime) -> None:
    append(
        f"access.proposal_{state}",
        actor=actor,
        at=now,
        region=row.region,
        object_kind="proposal",
        object_id=row.pk,
        detail={"operation": row.operation, "proposer": row.proposed_by, "content_sm3": row.content_sm3},
    )


@cache
def _adapters(function: Callable[..., Any]) -> dict[str, TypeAdapter[Any]]:
    hints = typing.get_type_hints(function)
    return {word: TypeAdapter(kind) for word, kind in hints.items() if word not in FRAME | {"return"}}


def _read(name: str, content: dict[str, Any]) -> dict[str, Any]:
    """The words of a call with their types, checked against the operation's own signature; unknown words are refused."""
    function = inner_of(name)
    adapters = _adapters(function)
    missing = set(adapters) - set(content) - set(function.__kwdefaults__ or {})
    if missing or set(content) - set(adapters):
        raise refused(
            "proposal_words",
            "提交审批的内容与该业务所需不符。",
            "The content is not what the operation takes.",
            where=", ".join(sorted(missing | (set(content) - set(adapters)))),
        )
    try:
        return {word: adapters[word].validate_python(value) for word, value in content.items()}
    except ValidationError as fault:
        raise refused(
            "proposal_words",
            "提交审批的内容格式不正确。",
            "A value of the content has the wrong form.",
            where=str(fault.errors()[0]["loc"]),
        ) from None


def _written(name: str, words: dict[str, Any]) -> dict[str, Any]:
    """The words as JSON has them; read again they are the same."""
    adapters = _adapters(inner_of(name))
    return {word: adapters[word].dump_python(value, mode="json") for word, value in words.items()}
