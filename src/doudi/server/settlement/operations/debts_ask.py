"""A hospital asks the county to write a debt off or to handle the case: a facility proposes nothing for a region itself.

asked → granted (by the act itself) | declined (by the county) | withdrawn (by the hospital). Lock: the settlement's first
row when asking, the request's row after.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from doudi.money import Fen
from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.kernel.actor import Actor
from doudi.server.recognition.api import needed
from doudi.server.settlement import debts_errors as errors
from doudi.server.settlement.debts_data import Asked, AskKind
from doudi.server.settlement.models_debts import Debt, DebtAsk
from doudi.server.settlement.operations.debts_standing import above_zero, locked, within_open
from doudi.words import Words

REASON = Words("申请理由", "The reason")
ANSWER = Words("不予办理的理由", "Why not")


@operation("settlement.ask")
def ask(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    settlement: int,
    kind: AskKind,
    sum_fen: Fen,
    reason: str,
) -> Asked:
    """Ask for it. One request of a kind at a time for a bill."""
    del key
    above_zero(sum_fen)
    reason = needed(reason, REASON, "reason")
    debt = locked(actor, settlement)
    within_open(debt, sum_fen)
    row = DebtAsk(
        root_id=debt.root_id, region=debt.region, facility_id=debt.facility_id, person_id=debt.person_id, kind=kind,
        fen=sum_fen, reason=reason, asked_by=actor.user, asked_login=actor.login, asked_at=now,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as fault:
        if "settlement_ask_one" in str(fault):
            raise errors.asked_already() from None
        raise
    _append("settlement.asked", actor, now, row)
    return Asked(row.pk, row.state)


@operation("settlement.decline_ask")
def decline_ask(*, actor: Actor, now: datetime, key: str | None, ask: int, answer: str) -> Asked:
    """The county says no, and why."""
    del key
    return _ended(actor, now, _waiting(ask), "declined", needed(answer, ANSWER, "answer"))


@operation("settlement.withdraw_ask")
def withdraw_ask(*, actor: Actor, now: datetime, key: str | None, ask: int) -> Asked:
    """The hospital takes it back."""
    del key
    row = _waiting(ask)
    if row.facility_id != actor.facility:
        raise errors.unknown_ask()
    return _ended(actor, now, row, "withdrawn", "")


def granted(debt: Debt, kind: AskKind, now: datetime) -> None:
    """What was asked is done: part of the operation that did it."""
    DebtAsk.objects.filter(root_id=debt.root_id, kind=kind, state="asked").update(
        state="granted", ended_at=now
    )


def _waiting(ask: int) -> DebtAsk:
    row = DebtAsk.objects.select_for_update().filter(pk=ask, state="asked").first()
    if row is None:
        raise errors.unknown_ask()
    return row


def _ended(actor: Actor, now: datetime, row: DebtAsk, state: str, answer: str) -> Asked:
    row.state, row.answer, row.ended_at = state, answer, now
    row.save(update_fields=["state", "answer", "ended_at"])
    _append(f"settlement.ask_{state}", actor, now, row)
    return Asked(row.pk, state)


def _append(event: str, actor: Actor, now: datetime, row: DebtAsk) -> None:
    append(
        event, actor=actor, at=now, region=row.region, person=row.person_id, object_kind="settlement",
        object_id=row.root_id, detail={"kind": row.kind, "sum_fen": row.fen},
    )  # fmt: skip
