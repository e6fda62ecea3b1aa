"""Correct a recognition that was wrong from the beginning: the row becomes void, what is right takes its place."""

from __future__ import annotations

from datetime import date, datetime

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.kernel.actor import Actor
from doudi.server.recognition.data import Recognition, Terms
from doudi.server.recognition.dated import check_recent, needed, retire
from doudi.server.recognition.models import Recognition as Row
from doudi.server.recognition.operations.writing import check_free, row_of, valid_row
from doudi.server.recognition.queries.records import record
from doudi.server.recognition.rules import LATE_DAYS
from doudi.words import Words

REASON = Words("更正原因", "The reason for the correction")


@operation("recognition.correct")
def correct(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    recognition: int,
    terms: Terms | None,
    reason: str,
) -> Recognition:
    """Void it and put `terms` in its place (None: nothing). Answers the new row, or the void one.

    A correction reaches back to the first day on which the two differ; further than `LATE_DAYS`: see `correct_late`.
    """
    del key
    row = valid_row(recognition, actor)
    first = _first_difference(row, terms)
    if first is not None:
        check_recent(first, now=now, days=LATE_DAYS, where="from_date")
    return _correct(actor, now, row, terms, reason, late=False)


@operation("recognition.correct_late")
def correct_late(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    recognition: int,
    terms: Terms | None,
    reason: str,
) -> Recognition:
    """The same however far back: proposed by a clerk, run by the approval of another."""
    del key
    return _correct(actor, now, valid_row(recognition, actor), terms, reason, late=True)


def _first_difference(row: Row, new: Terms | None) -> date | None:
    """The first day whose answer changes; None where only words change."""
    if new is None or new.category != row.category:
        return row.from_date if new is None else min(row.from_date, new.from_date)
    if new.from_date != row.from_date:
        return min(row.from_date, new.from_date)
    ends = [end for end in (row.until_date, new.until_date) if end is not None]
    return min(ends) if row.until_date != new.until_date else None


def _correct(
    actor: Actor, now: datetime, row: Row, terms: Terms | None, reason: str, *, late: bool
) -> Recognition:
    reason = needed(reason, REASON, "reason")
    retire(row, state="void", actor=actor, now=now, reason=reason)
    result = row
    if terms is not None:
        result = row_of(terms, person=row.person_id, region=row.region, actor=actor, now=now)
        check_free(row.person_id, result.category, result.from_date, result.until_date)
        result.replaces = row.pk
        result.save(force_insert=True)
    append(
        "recognition.corrected" if terms is not None else "recognition.voided",
        actor=actor,
        at=now,
        region=row.region,
        person=row.person_id,
        object_kind="recognition",
        object_id=result.pk,
        detail={"category": result.category, "void": row.pk, "late": late},
    )
    return record(result)
