"""Holds as people see them, and how much of each limit a stay could still hold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from django.db.models import Q, QuerySet

from doudi.server.access.api import query
from doudi.server.entitlement.api import policies_at
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.clock import SHANGHAI
from doudi.server.kernel.paging import SIZE, Page, page_of
from doudi.server.kernel.reading import once
from doudi.server.kernel.regions import in_ranges
from doudi.server.people.api import same_person_ids
from doudi.server.settlement import errors, state
from doudi.server.settlement.data_holds import HoldFilter, HoldView, LimitRoom
from doudi.server.settlement.limits import limit_words, probe, rooms
from doudi.server.settlement.models import Hold, Registration
from doudi.words import Words


@query("settlement.holds")
def holds(
    *, viewer: Actor, wanted: HoldFilter | None = None, number: int = 0, size: int = SIZE
) -> Page[HoldView]:
    """A page of holds: of the viewer's regions, or of their facility. Standing ones first by their last day."""
    asked = wanted or HoldFilter()
    rows = narrowed(viewer, asked)
    standing = asked.state == "held" or asked.due_by is not None
    order = ("expires_on", "id") if standing else ("-held_at", "-id")
    found = page_of(rows.order_by(*order), lambda row: row, number=number, size=size)
    return Page(views(found.items), found.number, found.size, found.total, found.more)


@query("settlement.limit_rooms")
def limit_rooms(
    *, viewer: Actor, registration: int, expected_on: date | None = None
) -> tuple[LimitRoom, ...]:
    """The limits a bill of an open registration would meet, with what is free of each: what a hold can ask for."""
    row = Registration.objects.filter(pk=registration).first()
    if row is None:
        raise errors.unknown_registration()
    if row.state != "open":
        raise errors.registration_closed(row.state)
    today = clock.today()
    asked = probe(viewer, row, expected_on or max(today, row.admitted_on), 1_000_000_00, today)
    one = asked.standing.gathered
    return tuple(rooms(viewer, asked, state.read(row.person_id, one.records, one.household)).values())


def narrowed(viewer: Actor, wanted: HoldFilter) -> QuerySet[Hold]:
    """The filter inside the viewer's own scope."""
    here = Q(facility_id=viewer.facility) if viewer.facility else in_ranges(viewer.ranges)
    rows = Hold.objects.filter(here)
    if wanted.state is not None:
        rows = rows.filter(state=wanted.state)
    if wanted.facility is not None:
        rows = rows.filter(facility_id=wanted.facility)
    if wanted.person is not None:
        rows = rows.filter(person_id__in=same_person_ids(wanted.person))
    if wanted.registration is not None:
        rows = rows.filter(registration_id=wanted.registration)
    if wanted.due_by is not None:
        rows = rows.filter(state="held", expires_on__lte=wanted.due_by)
    if wanted.expired_since is not None:
        since = datetime.combine(wanted.expired_since, time(), SHANGHAI)
        rows = rows.filter(state="expired", ended_at__gte=since)
    return rows


def views(rows: Iterable[Hold]) -> tuple[HoldView, ...]:
    """Rows as they cross the border, with the words of their limits: the policies of a region are asked once."""
    return tuple(
        HoldView(
            hold=row.pk,
            facility=row.facility_id,
            serial=row.serial,
            registration=row.registration_id,
            person=row.person_id,
            region=row.region,
            scope=row.scope,
            name=row.name,
            words=_words(row.region // 1000 * 1000, row.name),
            period=row.period,
            held_fen=row.held_fen,
            posted_fen=row.posted_fen,
            expires_on=row.expires_on,
            state=row.state,  # type: ignore[arg-type]
            settlement=row.settlement_id,
            held_at=row.held_at,
            ended_at=row.ended_at,
            end_reason=row.end_reason,
        )
        for row in rows
    )


def _words(county: int, name: str) -> Words:
    policies = once(("settlement.policies", county), lambda: policies_at(county, clock.today()))
    for policy in policies:
        found = limit_words(policy, name)
        if found.zh != name:
            return found
    return Words(name, name.replace("_", " "))
