"""Candidates for possible duplicates, read from the vault by block and compared in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.db.models import Q, QuerySet

from doudi.server.access.api import query
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.regions import in_ranges
from doudi.server.people.data import NumberKind, PossibleDuplicate
from doudi.server.people.duplicates import Traits, matches, possible_duplicates
from doudi.server.people.models import Person
from doudi.server.people.queries.visible import inside, with_household

MOST = 20_000


def traits_of(row: Person) -> Traits:
    """What is compared of a row; `household_now` where it was annotated."""
    return Traits(
        key=row.pk,
        name=row.name,
        initials=row.initials,
        sex=row.sex,
        birth_date=row.birth_date,
        identified=row.number_kind == NumberKind.ID,
        phone=bytes(row.phone_index) if row.phone_index is not None else None,
        household=getattr(row, "household_now", None),
        village=row.village_code,
    )


def near(
    viewer: Actor, records: Sequence[Traits], *, leave_out: int | None = None
) -> dict[int, list[PossibleDuplicate]]:
    """For the key of each record, the persons in scope it may be. Two queries however many records.

    Whoever has an ID is compared only with persons without one: few, wherever they are born on the same day.
    `leave_out`: an import whose own persons are not candidates.
    """
    if not records:
        return {}
    identified = [one for one in records if one.identified]
    others = [one for one in records if not one.identified]
    rows: dict[int, Person] = {}
    for group, no_id in ((identified, True), (others, False)):
        if group:
            found = _sharing(viewer, group, no_id=no_id)
            if leave_out is not None:
                found = found.exclude(source_import=leave_out)
            rows |= {row.pk: row for row in with_household(found).order_by("pk")[:MOST]}
    known = [traits_of(row) for row in rows.values()]
    # records and persons are numbered apart: a record's own key never equals a person's
    shifted = [_negative(one) for one in records]
    return {-key - 1: alike for key, alike in matches(shifted, known).items()}


def _negative(one: Traits) -> Traits:
    return replace(one, key=-one.key - 1)


def _sharing(viewer: Actor, records: Iterable[Traits], *, no_id: bool) -> QuerySet[Person]:
    group = list(records)
    shared = Q(birth_date__in={one.birth_date for one in group}) | Q(name__in={one.name for one in group})
    phones = {one.phone for one in group if one.phone is not None}
    if phones:
        shared |= Q(phone_index__in=phones)
    rows = Person.objects.filter(in_ranges(viewer.ranges), shared, merged_into__isnull=True)
    return rows.exclude(number_kind=NumberKind.ID.value) if no_id else rows


@query("people.duplicates")
def duplicates(*, viewer: Actor, region_code: int, most: int = 200) -> tuple[PossibleDuplicate, ...]:
    """Possible duplicates inside a division, best first: every person without an ID against all who share a block."""
    rows = with_household(
        Person.objects.filter(
            in_ranges(viewer.ranges), inside(region_code), merged_into__isnull=True
        ).exclude(number_kind=NumberKind.ID.value)
    ).order_by("pk")[:MOST]
    unidentified = [traits_of(row) for row in rows]
    if not unidentified:
        return ()
    found = _sharing(viewer, unidentified, no_id=False)
    known = {row.pk: traits_of(row) for row in with_household(found).order_by("pk")[:MOST]}
    known |= {one.key: one for one in unidentified}
    return tuple(possible_duplicates(list(known.values()))[:most])
