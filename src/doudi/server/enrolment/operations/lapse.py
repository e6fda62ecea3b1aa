"""Let an enrolment lapse: insured until a day, from it on no longer (another scheme, moved away, death)."""

from __future__ import annotations

from datetime import date, datetime

from doudi.server.access.api import operation
from doudi.server.enrolment import errors
from doudi.server.enrolment.data import Enrolment
from doudi.server.enrolment.operations.writing import change, valid_row
from doudi.server.enrolment.rules import LATE_DAYS
from doudi.server.kernel.actor import Actor
from doudi.server.recognition.api import check_period, check_recent, needed
from doudi.words import Words

REASON = Words("停保原因", "The reason for the lapse")


@operation("enrolment.lapse")
def lapse(
    *, actor: Actor, now: datetime, key: str | None, enrolment: int, until_date: date, reason: str
) -> Enrolment:
    """No longer insured from `until_date` on. Further back than `LATE_DAYS`: refused, see `lapse_late`."""
    del key
    check_recent(until_date, now=now, days=LATE_DAYS, where="until_date")
    return _lapse(actor, now, enrolment, until_date, reason, late=False)


@operation("enrolment.lapse_late")
def lapse_late(
    *, actor: Actor, now: datetime, key: str | None, enrolment: int, until_date: date, reason: str
) -> Enrolment:
    """The same however far back: proposed by a clerk, run by the approval of another."""
    del key
    return _lapse(actor, now, enrolment, until_date, reason, late=True)


def _lapse(
    actor: Actor, now: datetime, number: int, until_date: date, reason: str, *, late: bool
) -> Enrolment:
    row = valid_row(number, actor)
    reason = needed(reason, REASON, "reason")
    if row.status != "insured":
        raise errors.wrong_status(row.status, "insured")  # type: ignore[arg-type]
    check_period(row.from_date, until_date)
    if until_date > row.until_date:
        raise errors.ends_before(row.until_date)
    return change(
        row, event="enrolment.lapsed", actor=actor, now=now, reason=reason, late=late,
        status="lapsed", until_date=until_date,
    )  # fmt: skip
