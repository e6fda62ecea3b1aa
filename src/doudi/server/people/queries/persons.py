"""One person, and lists of persons."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from doudi.server.access.api import query
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.paging import SIZE, Page, page_of
from doudi.server.people import presenting
from doudi.server.people.data import OnPaper, PersonFacts, PersonFilter, PersonSummary, PersonView
from doudi.server.people.models import BankCard, Contact, Person
from doudi.server.people.queries.visible import in_scope, inside, opened, seen, summaries, with_household

LAST_LETTER = "\U0010ffff"


@query("people.person")
def person(*, viewer: Actor, person: int) -> PersonView:
    """A person's page; `person_unknown` outside the scope."""
    row = seen(viewer, person)
    near = with_household(
        Person.objects.filter(Q(pk=row.guardian_id) | Q(guardian_id=row.pk) | Q(merged_into_id=row.pk))
    )
    rows = {other.pk: other for other in near.order_by("pk")}
    others = {pk: presenting.summary(other, viewer) for pk, other in rows.items()}
    return PersonView(
        summary=presenting.summary(row, viewer),
        ethnicity=row.ethnicity,
        disability_category=row.disability_category,
        disability_level=row.disability_level,
        guardian=others.get(row.guardian_id) if row.guardian_id else None,
        wards=tuple(one for pk, one in others.items() if rows[pk].guardian_id == row.pk),
        merged=tuple(one for pk, one in others.items() if rows[pk].merged_into_id == row.pk),
        cards=tuple(
            presenting.card(card, viewer)
            for card in BankCard.objects.filter(person_id=row.pk).order_by("-from_date", "-pk")
        ),
        contacts=tuple(
            presenting.contact(contact, viewer)
            for contact in Contact.objects.filter(person_id=row.pk, ended_at__isnull=True).order_by("pk")
        ),
        created_at=row.created_at,
        created_by=row.created_by,
    )


@query("people.facts")
def person_facts(*, viewer: Actor, person: int) -> PersonFacts:
    """What rules reckon with: sex, birth, status; not for showing."""
    return presenting.facts(seen(viewer, person))


def on_paper(viewer: Actor, person: int) -> OnPaper:
    """Whom a paper handed to the patient names: the whole name, the number masked. For operations that leave a trace."""
    return presenting.on_paper(seen(viewer, person))


@query("people.facts_many")
def many_facts(*, viewer: Actor, persons: tuple[int, ...]) -> dict[int, PersonFacts]:
    """`person_facts` of many; those out of scope are left out."""
    rows = in_scope(viewer).filter(pk__in=persons)
    return {row.pk: presenting.facts(row) for row in rows}


@query("people.persons")
def persons(
    *, viewer: Actor, wanted: PersonFilter | None = None, number: int = 0, size: int = SIZE
) -> Page[PersonSummary]:
    """A page of the persons of the viewer's regions, by region, name and id. Merged records are left out."""
    rows = narrowed(in_scope(viewer), wanted or PersonFilter()).order_by("region", "name", "id")
    found = page_of(rows, lambda row: row, number=number, size=size)
    return Page(summaries(found.items, viewer), found.number, found.size, found.total, found.more)


@query("people.summaries")
def person_summaries(*, viewer: Actor, persons: Iterable[int]) -> dict[int, PersonSummary]:
    """Who some numbers are, for the rows of a list, in two queries; those out of scope are left out."""
    rows = in_scope(viewer).filter(pk__in=set(persons))
    return {one.id: one for one in summaries(list(rows), viewer)}


@query("people.opened_here")
def opened_here(*, viewer: Actor) -> tuple[PersonSummary, ...]:
    """The persons open at the viewer's facility now, by name: at most 200."""
    rows = Person.objects.filter(opened(), merged_into__isnull=True).order_by("name", "id")
    return summaries(list(rows[:200]), viewer)


def narrowed(rows: QuerySet[Person], wanted: PersonFilter) -> QuerySet[Person]:
    """The filter as conditions, each of a kind that indexes serve under row-level security (no LIKE)."""
    if not wanted.merged:
        rows = rows.filter(merged_into__isnull=True)
    if wanted.region_code:
        rows = rows.filter(inside(wanted.region_code))
    if wanted.village_code:
        rows = rows.filter(village_code=wanted.village_code)
    if wanted.name:
        rows = rows.filter(name=wanted.name)
    if wanted.name_prefix:
        rows = rows.filter(name__gte=wanted.name_prefix, name__lt=wanted.name_prefix + LAST_LETTER)
    if wanted.sex:
        rows = rows.filter(sex=wanted.sex)
    if wanted.status:
        rows = rows.filter(status=wanted.status)
    if wanted.household:
        rows = rows.filter(memberships__household_id=wanted.household, memberships__until_date__isnull=True)
    if wanted.at is not None:
        if wanted.age_from is not None:
            rows = rows.filter(birth_date__lte=years_before(wanted.at, wanted.age_from))
        if wanted.age_to is not None:
            rows = rows.filter(birth_date__gt=years_before(wanted.at, wanted.age_to + 1))
    return rows


def years_before(day: date, years: int) -> date:
    """The last date of birth at which somebody is `years` old on `day`; born on 29 February counts from 1 March."""
    year = max(1, day.year - years)
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2, 28)
