"""The patient pays a part of what is owed, or gets money back.

Lock: the settlement's first row. Invariant: nobody pays more than is owed, nobody gets back more than was paid. The
facility's own receipt number is the key for ever: same content, same answer; other content is refused.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError

from doudi.money import Fen
from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.canonical import fingerprint
from doudi.server.recognition.api import fitting, needed
from doudi.server.settlement import debts_errors as errors
from doudi.server.settlement.debts_data import Channel, DebtMoved
from doudi.server.settlement.models_debts import Debt, DebtMove
from doudi.server.settlement.operations.debts_standing import (
    Move,
    above_zero,
    locked,
    move,
    told,
    within_open,
)
from doudi.words import Words

SERIAL = Words("收款单号", "The receipt number")
REASON = Words("退款原因", "The reason of the refund")


@operation("settlement.pay", remembered=False)
def pay(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    settlement: int,
    sum_fen: Fen,
    channel: Channel,
    serial: str,
) -> DebtMoved:
    """The patient pays at the facility. Of an agreement the oldest part is met first. More than is owed is refused."""
    del key
    above_zero(sum_fen)
    serial = needed(fitting(serial, SERIAL, "serial", 60), SERIAL, "serial")
    request = fingerprint({"settlement": settlement, "sum_fen": sum_fen, "channel": channel})
    debt = locked(actor, settlement)
    if (earlier := _earlier(actor, now, debt, serial, request)) is not None:
        return earlier
    within_open(debt, sum_fen)
    done = _moved(actor, now, debt, Move("paid", sum_fen, channel, serial, request))
    _append("settlement.paid", actor, now, debt, done, channel)
    return done


@operation("settlement.refund", remembered=False)
def refund(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    settlement: int,
    sum_fen: Fen,
    channel: Channel,
    serial: str,
    reason: str,
) -> DebtMoved:
    """Money goes back to the patient: the share became less, the bill is to be reversed. At most what was paid."""
    del key
    above_zero(sum_fen)
    serial = needed(fitting(serial, SERIAL, "serial", 60), SERIAL, "serial")
    reason = needed(reason, REASON, "reason")
    request = fingerprint({"settlement": settlement, "sum_fen": -sum_fen, "channel": channel})
    debt = locked(actor, settlement)
    if (earlier := _earlier(actor, now, debt, serial, request)) is not None:
        return earlier
    if sum_fen > debt.paid_fen - debt.given_fen:
        raise errors.more_than_paid(max(0, debt.paid_fen - debt.given_fen))
    done = _moved(actor, now, debt, Move("paid", -sum_fen, channel, serial, request, reason=reason))
    _append("settlement.refunded", actor, now, debt, done, channel)
    return done


def _earlier(actor: Actor, now: datetime, debt: Debt, serial: str, request: str) -> DebtMoved | None:
    row = DebtMove.objects.filter(facility_id=debt.facility_id, serial=serial).first()
    if row is None:
        return None
    if row.request_sm3 != request:
        raise errors.payment_serial_taken(serial)
    append(
        "settlement.payment_answered_again", actor=actor, at=now, region=debt.region, person=debt.person_id,
        object_kind="settlement", object_id=debt.root_id,
    )  # fmt: skip
    return told(row)


def _moved(actor: Actor, now: datetime, debt: Debt, what: Move) -> DebtMoved:
    try:
        return move(actor, now, debt, what)
    except IntegrityError as fault:  # another settlement's payment took the number at this moment
        if "settlement_move_once" in str(fault):
            raise errors.payment_serial_taken(what.serial) from None
        raise


def _append(event: str, actor: Actor, now: datetime, debt: Debt, done: DebtMoved, channel: str) -> None:
    append(
        event, actor=actor, at=now, region=debt.region, person=debt.person_id, object_kind="settlement",
        object_id=debt.root_id,
        detail={"sum_fen": abs(done.sum_fen), "open_fen": done.open_fen, "channel": channel, "entry": done.entry},
    )  # fmt: skip
