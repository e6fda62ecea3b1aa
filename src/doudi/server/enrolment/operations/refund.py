"""Give the premium back: the enrolment never insured anybody (paid twice, insured elsewhere)."""

from __future__ import annotations

from datetime import datetime

from doudi.server.access.api import operation
from doudi.server.enrolment import errors
from doudi.server.enrolment.data import Enrolment
from doudi.server.enrolment.operations.writing import change, valid_row
from doudi.server.enrolment.rules import LATE_DAYS
from doudi.server.kernel.actor import Actor
from doudi.server.recognition.api import check_recent, needed
from doudi.words import Words

REASON = Words("退费原因", "The reason for the refund")


@operation("enrolment.refund")
def refund(*, actor: Actor, now: datetime, key: str | None, enrolment: int, reason: str) -> Enrolment:
    """Refund it. A period that began further back than `LATE_DAYS`: refused, see `refund_late`."""
    del key
    check_recent(valid_row(enrolment, actor).from_date, now=now, days=LATE_DAYS, where="enrolment")
    return _refund(actor, now, enrolment, reason, late=False)


@operation("enrolment.refund_late")
def refund_late(*, actor: Actor, now: datetime, key: str | None, enrolment: int, reason: str) -> Enrolment:
    """The same however far back: proposed by a clerk, run by the approval of another."""
    del key
    return _refund(actor, now, enrolment, reason, late=True)


def _refund(actor: Actor, now: datetime, number: int, reason: str, *, late: bool) -> Enrolment:
    row = valid_row(number, actor)
    reason = needed(reason, REASON, "reason")
    if row.status != "insured":
        raise errors.wrong_status(row.status, "insured")  # type: ignore[arg-type]
    return change(
        row, event="enrolment.refunded", actor=actor, now=now, reason=reason, late=late, status="refunded"
    )
