"""Mark an unpaid enrolment as paid: from then on, or from the beginning of its period, the person is insured."""

from __future__ import annotations

from datetime import date, datetime

from doudi.server.access.api import operation
from doudi.server.enrolment import errors
from doudi.server.enrolment.data import Enrolment
from doudi.server.enrolment.operations.writing import change, valid_row
from doudi.server.enrolment.rules import LATE_DAYS
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.clock import business_date
from doudi.server.recognition.api import check_period, check_recent


@operation("enrolment.pay")
def pay(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    enrolment: int,
    paid_on: date,
    from_date: date | None = None,
) -> Enrolment:
    """Paid on `paid_on`; insured from `from_date`, or from the beginning of the period as entered.

    Insured from further back than `LATE_DAYS`: refused, see `pay_late`.
    """
    del key
    row = valid_row(enrolment, actor)
    check_recent(from_date or row.from_date, now=now, days=LATE_DAYS, where="from_date")
    return _pay(actor, now, enrolment, paid_on, from_date, late=False)


@operation("enrolment.pay_late")
def pay_late(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    enrolment: int,
    paid_on: date,
    from_date: date | None = None,
) -> Enrolment:
    """The same however far back: proposed by a clerk, run by the approval of another."""
    del key
    return _pay(actor, now, enrolment, paid_on, from_date, late=True)


def _pay(
    actor: Actor, now: datetime, number: int, paid_on: date, from_date: date | None, *, late: bool
) -> Enrolment:
    row = valid_row(number, actor)
    if row.status != "unpaid":
        raise errors.wrong_status(row.status, "unpaid")  # type: ignore[arg-type]
    if paid_on > business_date(now):
        raise errors.paid_in_future(paid_on)
    begins = from_date or row.from_date
    check_period(begins, row.until_date)
    return change(
        row, event="enrolment.paid", actor=actor, now=now, reason="", late=late,
        status="insured", paid_on=paid_on, from_date=begins,
    )  # fmt: skip
