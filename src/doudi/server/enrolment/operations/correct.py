"""Correct an enrolment that was wrong from the beginning: the row becomes void, what is right takes its place."""

from __future__ import annotations

from datetime import date, datetime

from doudi.server.access.api import operation
from doudi.server.enrolment.data import Enrolment, Terms
from doudi.server.enrolment.models import Enrolment as Row
from doudi.server.enrolment.operations.writing import check_free, row_of, tell, valid_row
from doudi.server.enrolment.queries.records import record
from doudi.server.enrolment.rules import LATE_DAYS
from doudi.server.enrolment.schemes import COUNTED
from doudi.server.kernel.actor import Actor
from doudi.server.recognition.api import check_recent, needed, retire
from doudi.words import Words

REASON = Words("更正原因", "The reason for the correction")


@operation("enrolment.correct")
def correct(
    *, actor: Actor, now: datetime, key: str | None, enrolment: int, terms: Terms | None, reason: str
) -> Enrolment:
    """Void it and put `terms` in its place (None: nothing). Answers the new row, or the void one.

    Where insured days change further back than `LATE_DAYS`: refused, see `correct_late`.
    """
    del key
    first = _first_difference(valid_row(enrolment, actor), terms)
    if first is not None:
        check_recent(first, now=now, days=LATE_DAYS, where="from_date")
    return _correct(actor, now, enrolment, terms, reason, late=False)


@operation("enrolment.correct_late")
def correct_late(
    *, actor: Actor, now: datetime, key: str | None, enrolment: int, terms: Terms | None, reason: str
) -> Enrolment:
    """The same however far back: proposed by a clerk, run by the approval of another."""
    del key
    return _correct(actor, now, enrolment, terms, reason, late=True)


def _first_difference(row: Row, new: Terms | None) -> date | None:
    """The first day on which another insurance results; None where none does."""
    before = (row.scheme, row.tier, row.from_date, row.until_date) if row.status in COUNTED else None
    after = None
    if new is not None and new.status in COUNTED:
        after = (new.scheme, new.tier, new.from_date, new.until_date)
    if before == after:
        return None
    if before is not None and after is not None and before[:3] == after[:3]:
        return min(before[3], after[3])
    return min(period[2] for period in (before, after) if period is not None)


def _correct(
    actor: Actor, now: datetime, number: int, terms: Terms | None, reason: str, *, late: bool
) -> Enrolment:
    row = valid_row(number, actor)
    reason = needed(reason, REASON, "reason")
    retire(row, state="void", actor=actor, now=now, reason=reason)
    result = row
    if terms is not None:
        result = row_of(terms, person=row.person_id, region=row.region, actor=actor, now=now)
        result.replaces, result.changed_reason = row.pk, reason
        check_free(result)
        result.save(force_insert=True)
    event = "enrolment.voided" if terms is None else "enrolment.corrected"
    tell(event, result, actor=actor, now=now, late=late)
    return record(result)
