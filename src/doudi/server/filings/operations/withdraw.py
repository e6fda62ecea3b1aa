"""Withdraw a filing: as if it had never been, or from a day on. The row stays, with who withdrew it and why."""

from __future__ import annotations

from datetime import date, datetime

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.filings import errors
from doudi.server.filings.data import Filing
from doudi.server.filings.models import Filing as Row
from doudi.server.filings.queries.records import record
from doudi.server.filings.rules import LATE_DAYS
from doudi.server.kernel.actor import Actor
from doudi.server.recognition.api import (
    check_period,
    check_recent,
    lock_person,
    may_write,
    needed,
    renewed,
    retire,
)
from doudi.words import Words

REASON = Words("撤销原因", "The reason for withdrawing")


@operation("filings.withdraw")
def withdraw(
    *, actor: Actor, now: datetime, key: str | None, filing: int, reason: str, until_date: date | None = None
) -> Filing:
    """Withdraw it whole, or end it on `until_date` (the first day without it). A facility withdraws its own only.

    Where days change further back than `LATE_DAYS`: refused, see `withdraw_late`.
    """
    del key
    row = _valid_row(filing, actor)
    check_recent(until_date or row.from_date, now=now, days=LATE_DAYS, where="until_date")
    return _withdraw(actor, now, row, reason, until_date, late=False)


@operation("filings.withdraw_late")
def withdraw_late(
    *, actor: Actor, now: datetime, key: str | None, filing: int, reason: str, until_date: date | None = None
) -> Filing:
    """The same however far back: proposed by a clerk, run by the approval of another."""
    del key
    return _withdraw(actor, now, _valid_row(filing, actor), reason, until_date, late=True)


def _valid_row(number: int, actor: Actor) -> Row:
    row = Row.objects.filter(pk=number).first()
    if row is None or not may_write(row.region, actor):
        raise errors.no_such_filing()
    lock_person(row.person_id, row.region)
    row = Row.objects.select_for_update().get(pk=number)
    if actor.facility and row.facility_id != actor.facility:
        raise errors.not_your_facility()
    if row.state != "valid":
        raise errors.not_valid()
    return row


def _withdraw(
    actor: Actor, now: datetime, row: Row, reason: str, until_date: date | None, *, late: bool
) -> Filing:
    reason = needed(reason, REASON, "reason")
    result = row
    if until_date is None:
        retire(row, state="withdrawn", actor=actor, now=now, reason=reason)
    else:
        check_period(row.from_date, until_date)
        if row.until_date is not None and row.until_date <= until_date:
            raise errors.ends_before(row.until_date)
        retire(row, state="replaced", actor=actor, now=now, reason=reason)
        result = renewed(row, actor=actor, now=now, state="valid", until_date=until_date, ended_reason=reason)
        result.save(force_insert=True)
    append(
        "filings.withdrawn" if until_date is None else "filings.ended",
        actor=actor,
        at=now,
        region=row.region,
        person=row.person_id,
        object_kind="filing",
        object_id=result.pk,
        detail={"kind": row.kind, "late": late},
    )
    return record(result)
