"""What the three verbs share: the valid row under its lock, what must not overlap, the row that is written."""

from __future__ import annotations

from datetime import date, datetime

from doudi.server.kernel.actor import Actor
from doudi.server.kernel.clock import business_date
from doudi.server.recognition import errors
from doudi.server.recognition.categories import category_title, excluded_by, known_categories
from doudi.server.recognition.data import STATE_WORDS, Terms
from doudi.server.recognition.dated import check_period, fitting, lock_person, needed, overlapping
from doudi.server.recognition.models import Recognition as Row
from doudi.server.recognition.persons import may_write, records_of
from doudi.words import Words

DEPARTMENT = Words("认定部门", "The department")
EVIDENCE = Words("佐证（文号、名单或材料名称）", "The evidence (number or name of the paper)")


def valid_row(number: int, actor: Actor) -> Row:
    """The row, locked with its person; refused where it is not in scope or no longer valid."""
    row = Row.objects.filter(pk=number).first()
    if row is None or not may_write(row.region, actor):
        raise errors.no_such_recognition()
    lock_person(row.person_id, row.region)
    row = Row.objects.select_for_update().get(pk=number)
    if row.state != "valid":
        raise errors.not_valid(STATE_WORDS["void" if row.state == "void" else "replaced"])
    return row


def check_free(person: int, category: str, from_date: date, until_date: date | None) -> None:
    """Refuse a period that shares a day with the same category, or with one that excludes it."""
    exclusions = excluded_by(category)
    clash = (
        Row.objects.filter(
            overlapping(from_date, until_date),
            person_id__in=records_of(person),
            category__in=[category, *exclusions],
            state="valid",
        )
        .order_by("from_date")
        .first()
    )
    if clash is None:
        return
    if clash.category == category:
        raise errors.already_recognised(category, clash.from_date, clash.until_date)
    raise errors.excluded(exclusions[clash.category], category, clash.category, clash.from_date)


def row_of(
    terms: Terms,
    *,
    person: int,
    region: int,
    actor: Actor,
    now: datetime,
    known_since: date | None = None,
) -> Row:
    """An unsaved row of checked terms. The department is the one that vouches for the category unless stated."""
    if terms.category not in known_categories():
        raise errors.no_such_category(terms.category)
    check_period(terms.from_date, terms.until_date)
    department = fitting(terms.source_department, DEPARTMENT, "source_department", 80)
    return Row(
        person_id=person,
        region=region,
        category=terms.category,
        from_date=terms.from_date,
        until_date=terms.until_date,
        known_since=known_since or business_date(now),
        household_id=terms.household,
        source_department=department or category_title(terms.category).department,
        evidence=needed(terms.evidence, EVIDENCE, "evidence"),
        paper_id=terms.paper,
        entered_by=actor.user,
        entered_at=now,
    )
