"""Facilities as they stand on a day: what a list shows, and what a bill needs to know of the hospital."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from doudi.server.access.api import query
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.paging import SIZE, Page, page_of
from doudi.server.kernel.regions import Ranges, in_ranges
from doudi.server.reference.data import DesignationView, FacilityHistory, FacilityStandingView, FacilityView
from doudi.server.reference.errors import unknown_facility
from doudi.server.reference.models import Designation, Facility, FacilityStanding
from doudi.server.reference.periods import valid_on
from doudi.server.reference.queries.version import reading, snapshot


@dataclass(frozen=True, slots=True)
class FacilityFilter:
    """What a list of facilities is narrowed by; empty fields do not narrow."""

    ranges: Ranges | None = None
    text: str = ""
    """Part of the name, or the beginning of the code."""
    level: str = ""
    scheme: str = ""
    """Designated for this scheme or programme on the day."""
    kind: str = ""
    """H for hospitals, P for pharmacies."""
    closed: bool = False
    """Also those that are closed, or not yet open, on the day."""


EVERY = FacilityFilter()


@query("reference.facility")
def facility(*, viewer: Actor, facility: int, day: date) -> FacilityView:
    """One facility as it stood on `day`. `NotFound` where there is none."""
    row = _on(Facility.objects.filter(pk=facility), day).first()
    if row is None:
        raise unknown_facility()
    return _view(row)


@query("reference.facility_by_code")
def facility_by_code(*, viewer: Actor, code: str, day: date) -> FacilityView:
    """The same by national code."""
    row = _on(Facility.objects.filter(code=code.strip().upper()), day).first()
    if row is None:
        raise unknown_facility()
    return _view(row)


@query("reference.facilities")
def facilities(
    *, viewer: Actor, day: date, where: FacilityFilter = EVERY, page: int = 0, size: int = SIZE
) -> Page[FacilityView]:
    """Facilities by region and name, as they stood on `day`. Three queries and a count, however many there are."""
    rows = Facility.objects.all()
    if not where.closed:
        rows = rows.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day), opened_on__lte=day)
    if where.ranges is not None:
        rows = rows.filter(in_ranges(where.ranges))
    if where.text:
        rows = rows.filter(Q(name__contains=where.text) | Q(code__startswith=where.text.upper()))
    if where.kind:
        rows = rows.filter(code__startswith=where.kind)
    if where.level:
        held = FacilityStanding.objects.filter(valid_on(day), level=where.level)
        rows = rows.filter(pk__in=held.values("facility"))
    if where.scheme:
        held_for = Designation.objects.filter(valid_on(day), scheme=where.scheme)
        rows = rows.filter(pk__in=held_for.values("facility"))
    return page_of(_on(rows, day).order_by("region", "name", "pk"), _view, number=page, size=size)


@query("reference.facility_history")
def facility_history(*, viewer: Actor, facility: int) -> FacilityHistory:
    """All levels and grades, and all designations, oldest first."""
    standings = FacilityStanding.objects.filter(facility=facility).order_by("from_date")
    designations = Designation.objects.filter(facility=facility).order_by("scheme", "from_date")
    return FacilityHistory(
        standings=tuple(
            FacilityStandingView(row.level, row.grade, row.step, row.from_date, row.until_date)
            for row in standings
        ),
        designations=tuple(
            DesignationView(
                row.pk, row.scheme, row.is_programme, row.from_date, row.until_date, row.end_reason
            )
            for row in designations
        ),
    )


def facility_at(facility: int, day: date) -> FacilityView:
    """`facility` from memory while reference data does not change: what settling asks at each bill."""
    with reading():
        held = snapshot(f"facility:{facility}", lambda: _whole(facility))
    if held is None:
        raise unknown_facility()
    row, standings, designations = held
    row = copy(row)
    row.standing_on_day = [one for one in standings if _holds(one, day)]
    row.designated_on_day = [one for one in designations if _holds(one, day)]
    return _view(row)


def _whole(facility: int) -> tuple[Any, list[FacilityStanding], list[Designation]] | None:
    row = Facility.objects.filter(pk=facility).first()
    if row is None:
        return None
    designations = Designation.objects.filter(facility=facility).order_by("scheme")
    return row, list(FacilityStanding.objects.filter(facility=facility)), list(designations)


def _holds(row: FacilityStanding | Designation, day: date) -> bool:
    return row.from_date <= day and (row.until_date is None or day < row.until_date)


def facility_names(facilities: Iterable[int]) -> dict[int, str]:
    """The names of facilities by number, from memory while reference data does not change."""
    with reading():
        names = snapshot("facilities", lambda: dict(Facility.objects.values_list("pk", "name")))
    return {number: names[number] for number in facilities if number in names}


def _on(rows: QuerySet[Facility], day: date) -> QuerySet[Facility]:
    return rows.prefetch_related(
        Prefetch("standings", FacilityStanding.objects.filter(valid_on(day)), to_attr="standing_on_day"),
        Prefetch(
            "designations",
            Designation.objects.filter(valid_on(day)).order_by("scheme"),
            to_attr="designated_on_day",
        ),
    )


def _view(row: Facility) -> FacilityView:
    standings: list[FacilityStanding] = getattr(row, "standing_on_day")  # noqa: B009 - made by Prefetch
    designated: list[Designation] = getattr(row, "designated_on_day")  # noqa: B009
    standing = standings[0] if standings else None
    return FacilityView(
        id=row.pk,
        code=row.code,
        name=row.name,
        region=row.region,
        level=standing.level if standing else "",
        grade=standing.grade if standing else "",
        step=standing.step if standing else "",
        schemes=tuple(held.scheme for held in designated if not held.is_programme),
        programmes=tuple(held.scheme for held in designated if held.is_programme),
        opened_on=row.opened_on,
        closed_on=row.closed_on,
        is_fictional=row.is_fictional,
    )
