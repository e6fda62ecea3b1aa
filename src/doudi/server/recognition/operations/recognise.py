"""Recognise a person: from a day they have a category, on somebody's word and paper."""

from __future__ import annotations

from datetime import date, datetime

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.kernel.actor import Actor
from doudi.server.recognition.data import Recognition, Terms
from doudi.server.recognition.dated import check_known, check_recent, lock_person
from doudi.server.recognition.operations.writing import check_free, row_of
from doudi.server.recognition.persons import home_of
from doudi.server.recognition.queries.records import record
from doudi.server.recognition.rules import LATE_DAYS


@operation("recognition.recognise")
def recognise(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    person: int,
    terms: Terms,
    known_since: date | None = None,
) -> Recognition:
    """Give a person a category. Further back than `LATE_DAYS`: refused, see `recognise_late`."""
    del key
    check_recent(terms.from_date, now=now, days=LATE_DAYS, where="from_date")
    return _recognise(actor, now, person, terms, known_since, late=False)


@operation("recognition.recognise_late")
def recognise_late(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    person: int,
    terms: Terms,
    known_since: date | None = None,
) -> Recognition:
    """The same however far back: proposed by a clerk, run by the approval of another."""
    del key
    return _recognise(actor, now, person, terms, known_since, late=True)


def _recognise(
    actor: Actor, now: datetime, person: int, terms: Terms, known_since: date | None, *, late: bool
) -> Recognition:
    region = home_of(person, actor)
    lock_person(person, region)
    row = row_of(
        terms, person=person, region=region, actor=actor, now=now, known_since=check_known(known_since, now)
    )
    check_free(person, row.category, row.from_date, row.until_date)
    row.save(force_insert=True)
    append(
        "recognition.entered",
        actor=actor,
        at=now,
        region=region,
        person=person,
        object_kind="recognition",
        object_id=row.pk,
        detail={"category": row.category, "from_date": row.from_date.isoformat(), "late": late},
    )
    return record(row)
