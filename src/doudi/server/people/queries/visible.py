"""What a viewer may see of the vault, as a filter: their region ranges, and persons opened for them.

The policies of the database say the same again; the filter lets indexes be used.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

from django.db.models import BigIntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from doudi.server.kernel.actor import Actor
from doudi.server.kernel.compiled import rows_where
from doudi.server.kernel.reading import once
from doudi.server.kernel.regions import KEY_DIGITS, in_ranges, key_range, significant
from doudi.server.people import errors, presenting
from doudi.server.people.data import PersonSummary
from doudi.server.people.models import Membership, Person


@functools.cache
def opened(field: str = "pk") -> Q:
    """Persons opened for the facility, or by broken glass, of the open scope."""
    return Q(**{f"{field}__in": RawSQL("SELECT doudi_opened()", [], output_field=BigIntegerField())})


def with_household(rows: QuerySet[Person]) -> QuerySet[Person]:
    """Adds `household_now`, the number of the current household."""
    now = Membership.objects.filter(person_id=OuterRef("pk"), until_date__isnull=True)
    return rows.annotate(household_now=Subquery(now.values("household_id")[:1]))


def in_scope(viewer: Actor) -> QuerySet[Person]:
    """Persons of the viewer's regions: what lists, searches, counts and exports are made of."""
    return Person.objects.filter(in_ranges(viewer.ranges))


def summaries(rows: Sequence[Person], viewer: Actor) -> tuple[PersonSummary, ...]:
    """Rows as they cross the border, with their households: one query for all, none for the rows a page skips."""
    members = Membership.objects.filter(person_id__in=[row.pk for row in rows], until_date__isnull=True)
    homes = dict(members.values_list("person_id", "household_id"))
    return tuple(presenting.summary(row, viewer, homes.get(row.pk)) for row in rows)


def seen(viewer: Actor, person: int) -> Person:
    """One person in the viewer's regions or opened for them, read once a page; `person_unknown`."""
    wanted = (in_ranges(viewer.ranges) | opened()) & Q(pk=person)
    rows = once(
        ("people.seen", person), lambda: rows_where("people.seen", _with_household, wanted, "pk", most=1)
    )
    if not rows:
        raise errors.person_unknown()
    return rows[0]


def _with_household() -> QuerySet[Person]:
    return with_household(Person.objects.all())


def inside(code: int) -> Q:
    """Rows of a division of any level (12-digit code), village included."""
    if significant(code) > KEY_DIGITS:
        return Q(village_code=code)
    start, end = key_range(code)
    return Q(region__gte=start, region__lt=end)
