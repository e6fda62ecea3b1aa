"""Candidates for possible duplicates, read from the vault by block and compared in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import Q, QuerySet

from doudi.server.access.api import query
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.regions import in_ranges
from doudi.server.people.data import NumberKind, PossibleDuplicate
from doudi.server.people.duplicates import (
    Blocks,
    Traits,
    blocks_of,
    matches,
    possible_duplicates,
    shares_block,
)
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


@dataclass(frozen=True, slots=True)
class Unidentified:
    """All persons in scope without an ID, by what they share with others: few, and read once for a whole import.

    `blocks` is None where they are too many to hold; they are then asked for batch by batch.
    """

    blocks: Blocks | None

    @classmethod
    def of(cls, viewer: Actor, *, leave_out: int) -> Unidentified:
        """Read them, without those of the import `leave_out`."""
        rows = Person.objects.filter(in_ranges(viewer.ranges), merged_into__isnull=True)
        rows = rows.exclude(number_kind=NumberKind.ID.value).exclude(source_import=leave_out)
        found = list(with_household(rows).order_by("birth_date", "pk")[: MOST + 1])
        return cls(blocks_of(map(traits_of, found)) if len(found) <= MOST else None)


def near(
    viewer: Actor, records: Sequence[Traits], unidentified: Unidentified, *, leave_out: int
) -> dict[int, list[PossibleDuplicate]]:
    """For the key of each record, the persons in scope it may be. At most two queries however many records.

    Whoever has an ID is compared only with persons without one. `leave_out`: an import whose own persons do not count.
    """
    with_id = [one for one in records if one.identified]
    without = [one for one in records if not one.identified]
    found = _matched(viewer, without, None, leave_out)
    return found | _matched(viewer, with_id, unidentified, leave_out)


def _matched(
    viewer: Actor, records: Sequence[Traits], unidentified: Unidentified | None, leave_out: int
) -> dict[int, list[PossibleDuplicate]]:
    if not records:
        return {}
    blocks = unidentified.blocks if unidentified is not None else None
    if blocks is None:
        rows = _sharing(viewer, records, no_id=unidentified is not None).exclude(source_import=leave_out)
        blocks = blocks_of(map(traits_of, with_household(rows).order_by("pk")[:MOST]))
    # records and persons are numbered apart: a record's own key never equals a person's
    shifted = [_negative(one) for one in records if shares_block(one, blocks)]
    return {-key - 1: alike for key, alike in matches(shifted, blocks).items()}


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
