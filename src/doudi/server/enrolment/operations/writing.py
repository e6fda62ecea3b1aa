"""What the verbs share: the valid row under its lock, what must not be twice, the row that is written, its event."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from doudi.server.audit.api import append
from doudi.server.enrolment import errors
from doudi.server.enrolment.data import Enrolment, Terms
from doudi.server.enrolment.models import Enrolment as Row
from doudi.server.enrolment.queries.records import record
from doudi.server.enrolment.schemes import COUNTED, SCHEMES
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.clock import business_date
from doudi.server.recognition.api import (
    check_period,
    fitting,
    lock_person,
    may_write,
    overlapping,
    records_of,
    renewed,
    retire,
)
from doudi.words import Words

SOURCE = Words("资助部门", "Who pays the subsidy")
CATEGORY = Words("资助所依据的类别", "The category of the subsidy")
TIER = Words("缴费档次", "The tier")
EVIDENCE = Words("佐证", "The evidence")
LARGEST_FEN = 100_000_000
"""No premium of a person and year is above a million yuan: a slip of the decimal point."""
LONGEST = timedelta(days=366)


def valid_row(number: int, actor: Actor) -> Row:
    """The row, locked with its person; refused where it is not in scope or no longer valid."""
    row = Row.objects.filter(pk=number).first()
    if row is None or not may_write(row.region, actor):
        raise errors.no_such_enrolment()
    lock_person(row.person_id, row.region)
    row = Row.objects.select_for_update().get(pk=number)
    if row.state != "valid":
        raise errors.not_valid()
    return row


def check_free(row: Row) -> None:
    """Refuse a second enrolment in the scheme and year, and a second basic insurance on any day."""
    others = Row.objects.filter(person_id__in=records_of(row.person_id), state="valid").exclude(pk=row.pk)
    if row.status != "refunded" and (
        others.filter(scheme=row.scheme, year=row.year).exclude(status="refunded").exists()
    ):
        raise errors.enrolled_already(row.scheme, row.year)
    if row.basic and row.status in COUNTED:
        shares_a_day = overlapping(row.from_date, row.until_date) & Q(basic=True, status__in=COUNTED)
        clash = others.filter(shares_a_day).order_by("from_date").first()
        if clash is not None:
            raise errors.insured_elsewhere(
                clash.scheme, clash.insured_region, clash.from_date, clash.until_date
            )


def check_terms(terms: Terms, today: date) -> None:
    """Refuse what cannot be: an unknown scheme, a period beside its year, sums that do not fit, payment to come."""
    if terms.scheme not in SCHEMES:
        raise errors.no_such_scheme(terms.scheme)
    check_period(terms.from_date, terms.until_date)
    first, next_first = date(terms.year, 1, 1), date(terms.year + 1, 1, 1)
    too_long = terms.until_date - terms.from_date > LONGEST
    if too_long or terms.from_date >= next_first or terms.until_date <= first:
        raise errors.period_beside_year(terms.year)
    if not 0 <= terms.premium_fen <= LARGEST_FEN:
        raise errors.wrong_money("premium_fen")
    if not 0 <= terms.subsidy_fen <= terms.premium_fen:
        raise errors.wrong_money("subsidy_fen")
    if terms.subsidy_fen and not terms.subsidy_source.strip():
        raise errors.subsidy_without_source()
    if terms.paid_on is not None and terms.paid_on > today:
        raise errors.paid_in_future(terms.paid_on)


def row_of(
    terms: Terms, *, person: int, region: int, actor: Actor, now: datetime, known_since: date | None = None
) -> Row:
    """An unsaved row of checked terms."""
    check_terms(terms, business_date(now))
    return Row(
        person_id=person,
        region=region,
        insured_region=county_of(region if terms.insured_region is None else terms.insured_region),
        scheme=terms.scheme,
        basic=SCHEMES[terms.scheme].basic,
        tier=fitting(terms.tier, TIER, "tier", 40),
        year=terms.year,
        from_date=terms.from_date,
        until_date=terms.until_date,
        status=terms.status,
        premium_fen=terms.premium_fen,
        subsidy_fen=terms.subsidy_fen,
        subsidy_source=fitting(terms.subsidy_source, SOURCE, "subsidy_source", 60),
        subsidy_category=fitting(terms.subsidy_category, CATEGORY, "subsidy_category", 60),
        paid_on=terms.paid_on,
        evidence=fitting(terms.evidence, EVIDENCE, "evidence"),
        known_since=known_since or business_date(now),
        entered_by=actor.user,
        entered_at=now,
    )


def county_of(region: int) -> int:
    """The region key of the county that a region key lies in."""
    return region // 1000 * 1000


def change(
    row: Row, *, event: str, actor: Actor, now: datetime, reason: str, late: bool, **changes: Any
) -> Enrolment:
    """Retire the row and add one with `changes`, checked against the person's other enrolments."""
    retire(row, state="replaced", actor=actor, now=now, reason=reason)
    fresh = renewed(row, actor=actor, now=now, state="valid", changed_reason=reason, **changes)
    check_free(fresh)
    fresh.save(force_insert=True)
    tell(event, fresh, actor=actor, now=now, late=late)
    return record(fresh)


def tell(event: str, row: Row, *, actor: Actor, now: datetime, late: bool) -> None:
    """Put the event into the trail."""
    append(
        event,
        actor=actor,
        at=now,
        region=row.region,
        person=row.person_id,
        object_kind="enrolment",
        object_id=row.pk,
        detail={"scheme": row.scheme, "year": row.year, "status": row.status, "late": late},
    )
