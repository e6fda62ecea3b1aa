"""End a recognition: from a day on the person no longer has the category. What was before stays true."""

from __future__ import annotations

from datetime import date, datetime

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.kernel.actor import Actor
from doudi.server.recognition import errors
from doudi.server.recognition.data import Recognition
from doudi.server.recognition.dated import check_period, check_recent, needed, renewed, retire
from doudi.server.recognition.operations.writing import valid_row
from doudi.server.recognition.queries.records import record
from doudi.server.recognition.rules import LATE_DAYS
from doudi.words import Words

REASON = Words("终止原因", "The reason for ending")


@operation("recognition.end")
def end(
    *, actor: Actor, now: datetime, key: str | None, recognition: int, until_date: date, reason: str
) -> Recognition:
    """End it on `until_date`, the first day without it. Further back than `LATE_DAYS`: refused, see `end_late`."""
    del key
    check_recent(until_date, now=now, days=LATE_DAYS, where="until_date")
    return _end(actor, now, recognition, until_date, reason, late=False)


@operation("recognition.end_late")
def end_late(
    *, actor: Actor, now: datetime, key: str | None, recognition: int, until_date: date, reason: str
) -> Recognition:
    """The same however far back: proposed by a clerk, run by the approval of another."""
    del key
    return _end(actor, now, recognition, until_date, reason, late=True)


def _end(
    actor: Actor, now: datetime, number: int, until_date: date, reason: str, *, late: bool
) -> Recognition:
    row = valid_row(number, actor)
    reason = needed(reason, REASON, "reason")
    check_period(row.from_date, until_date)
    if row.until_date is not None and row.until_date <= until_date:
        raise errors.not_earlier(row.until_date)
    retire(row, state="replaced", actor=actor, now=now, reason=reason)
    ended = renewed(row, actor=actor, now=now, state="valid", until_date=until_date, ended_reason=reason)
    ended.save(force_insert=True)
    append(
        "recognition.ended",
        actor=actor,
        at=now,
        region=row.region,
        person=row.person_id,
        object_kind="recognition",
        object_id=ended.pk,
        detail={"category": row.category, "until_date": until_date.isoformat(), "late": late},
    )
    return record(ended)
