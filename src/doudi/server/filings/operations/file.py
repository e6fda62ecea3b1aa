"""File something for a person: at the county office, or at a facility that has opened the person."""

from __future__ import annotations

from datetime import date, datetime

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.filings import errors
from doudi.server.filings.data import Filing, Terms
from doudi.server.filings.models import Filing as Row
from doudi.server.filings.operations.checking import checked, subject
from doudi.server.filings.queries.records import record
from doudi.server.filings.rules import LATE_DAYS
from doudi.server.kernel.actor import Actor
from doudi.server.recognition.api import (
    check_known,
    check_recent,
    home_of,
    lock_person,
    overlapping,
    records_of,
)


@operation("filings.file")
def file(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    person: int,
    terms: Terms,
    known_since: date | None = None,
) -> Filing:
    """Enter a filing. From further back than `LATE_DAYS`: refused, see `file_late`."""
    del key
    check_recent(terms.from_date, now=now, days=LATE_DAYS, where="from_date")
    return _file(actor, now, person, terms, known_since, late=False)


@operation("filings.file_late")
def file_late(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    person: int,
    terms: Terms,
    known_since: date | None = None,
) -> Filing:
    """The same however far back: proposed by a clerk, run by the approval of another."""
    del key
    return _file(actor, now, person, terms, known_since, late=True)


def _file(
    actor: Actor, now: datetime, person: int, terms: Terms, known_since: date | None, *, late: bool
) -> Filing:
    terms = checked(terms, actor)
    region = home_of(person, actor)
    lock_person(person, region)
    row = Row(
        person_id=person,
        region=region,
        kind=terms.kind,
        subject=subject(terms),
        facility_id=terms.facility,
        target_facility_id=terms.target_facility,
        target_level=terms.target_level,
        disease_code=terms.disease_code,
        third_party_bp=terms.third_party_bp,
        from_date=terms.from_date,
        until_date=terms.until_date,
        reason=terms.reason,
        evidence=terms.evidence,
        paper_id=terms.paper,
        known_since=check_known(known_since, now),
        entered_by=actor.user,
        entered_at=now,
    )
    _check_free(row)
    row.save(force_insert=True)
    append(
        "filings.entered",
        actor=actor,
        at=now,
        region=region,
        person=person,
        object_kind="filing",
        object_id=row.pk,
        detail={"kind": row.kind, "from_date": row.from_date.isoformat(), "late": late},
    )
    return record(row)


def _check_free(row: Row) -> None:
    clash = (
        Row.objects.filter(
            overlapping(row.from_date, row.until_date),
            person_id__in=records_of(row.person_id),
            kind=row.kind,
            subject=row.subject,
            state="valid",
        )
        .order_by("from_date")
        .first()
    )
    if clash is not None:
        raise errors.filed_already(record(clash).kind, clash.from_date, clash.until_date)
