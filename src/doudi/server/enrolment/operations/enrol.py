"""Enrol a person in a scheme for a year: paid already, or still to be paid."""

from __future__ import annotations

from datetime import date, datetime

from doudi.server.access.api import operation
from doudi.server.enrolment.data import Enrolment, Terms
from doudi.server.enrolment.operations.writing import check_free, row_of, tell
from doudi.server.enrolment.queries.records import record
from doudi.server.enrolment.rules import LATE_DAYS
from doudi.server.enrolment.schemes import COUNTED
from doudi.server.kernel.actor import Actor
from doudi.server.recognition.api import check_known, check_recent, home_of, lock_person


@operation("enrolment.enrol")
def enrol(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    person: int,
    terms: Terms,
    known_since: date | None = None,
) -> Enrolment:
    """Enter an enrolment. Insured from further back than `LATE_DAYS`: refused, see `enrol_late`."""
    del key
    if terms.status in COUNTED:
        check_recent(terms.from_date, now=now, days=LATE_DAYS, where="from_date")
    return _enrol(actor, now, person, terms, known_since, late=False)


@operation("enrolment.enrol_late")
def enrol_late(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    person: int,
    terms: Terms,
    known_since: date | None = None,
) -> Enrolment:
    """The same however far back: proposed by a clerk, run by the approval of another."""
    del key
    return _enrol(actor, now, person, terms, known_since, late=True)


def _enrol(
    actor: Actor, now: datetime, person: int, terms: Terms, known_since: date | None, *, late: bool
) -> Enrolment:
    region = home_of(person, actor)
    lock_person(person, region)
    known = check_known(known_since, now)
    row = row_of(terms, person=person, region=region, actor=actor, now=now, known_since=known)
    check_free(row)
    row.save(force_insert=True)
    tell("enrolment.entered", row, actor=actor, now=now, late=late)
    return record(row)
