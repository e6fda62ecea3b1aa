"""Reading the trail, under the viewer's scope. Plain functions: access sits above audit, so desks guard them with a rule.

Pages go by the event's number, newest first (`before`), so that a page of an old year costs what the first one does.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import TruncDate

from doudi.server.audit.chain import chain_name
from doudi.server.audit.data import (
    ChainHead,
    DayCount,
    Event,
    SealedPlace,
    Seen,
    TrailFilter,
    TrailPage,
)
from doudi.server.audit.models import AuditEvent, Link, Seal
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.clock import SHANGHAI
from doudi.server.kernel.paging import LARGEST, SIZE
from doudi.server.kernel.regions import Ranges, in_ranges
from doudi.server.kernel.scope import EVERYWHERE, scoped

EVERYTHING = TrailFilter()

Rows = QuerySet[AuditEvent, Any]


def trail(
    viewer: Actor, wanted: TrailFilter = EVERYTHING, *, before: int | None = None, size: int = SIZE
) -> TrailPage:
    """A page of the trail in the viewer's scope, newest first, beginning below the event numbered `before`."""
    size = max(1, min(size, LARGEST))
    with scoped(viewer.scope):
        rows = _narrowed(viewer, wanted)
        if before is not None:
            rows = rows.filter(pk__lt=before)
        found = [event_of(row) for row in rows.order_by("-pk")[: size + 1]]
    return TrailPage(tuple(found[:size]), found[size - 1].id if len(found) > size else None)


def who_saw(viewer: Actor, persons: tuple[int, ...], *, from_day: date | None = None) -> tuple[Seen, ...]:
    """Who met these persons (the numbers merged into one), where and how: latest first. One query, at most 500 lines."""
    with scoped(viewer.scope):
        rows = _narrowed(viewer, TrailFilter(persons=persons, from_day=from_day))
        groups = (
            rows.values("user_id", "login", "facility_id", "event", "outcome")
            .annotate(times=Count("pk"), first_at=Min("at"), last_at=Max("at"))
            .order_by("-last_at", "user_id", "event", "outcome")[:LARGEST]
        )
        return tuple(
            Seen(
                user=group["user_id"],
                login=group["login"],
                facility=group["facility_id"],
                event=group["event"],
                outcome=group["outcome"],
                times=group["times"],
                first_at=group["first_at"],
                last_at=group["last_at"],
            )
            for group in groups
        )


def counts_per_day(viewer: Actor, wanted: TrailFilter) -> tuple[DayCount, ...]:
    """How many events each business date had, latest first; days without any are left out. At most 500 days."""

    def of(outcome: str) -> Count:
        return Count("pk", filter=Q(outcome=outcome))

    with scoped(viewer.scope):
        days = (
            _narrowed(viewer, wanted)
            .annotate(day=TruncDate("at", tzinfo=SHANGHAI))
            .values("day")
            .annotate(done=of("done"), seen=of("seen"), refused=of("refused"), denied=of("denied"))
            .order_by("-day")[:LARGEST]
        )
        return tuple(DayCount(**day) for day in days)


def event(viewer: Actor, number: int) -> Event | None:
    """One event in the viewer's scope."""
    with scoped(viewer.scope):
        row = AuditEvent.objects.filter(_in_scope(viewer, EVERYTHING), pk=number).first()
        return None if row is None else event_of(row)


def sealed_place(viewer: Actor, event: int) -> SealedPlace | None:
    """Where an event stands in its chain; None where it is not sealed yet, or its chain is outside the scope."""
    with scoped(viewer.scope):
        link = Link.objects.filter(pk=event).first()
        if link is None:
            return None
        sealed_at = Seal.objects.filter(pk=link.seal).values_list("sealed_at", flat=True).first()
    name = chain_name(link.region, link.day)
    return SealedPlace(name, link.position, link.seal, sealed_at, bytes(link.hash).hex())


def chain_heads(viewer: Actor, from_day: date) -> tuple[ChainHead, ...]:
    """Where each chain in the viewer's scope stands, of days of sealing from `from_day` on: newest first, at most 500."""
    with scoped(viewer.scope):
        rows = Link.objects.filter(in_ranges(viewer.ranges), day__gte=from_day)
        last = rows.order_by("-day", "region", "-position").distinct("day", "region")[:LARGEST]
        return tuple(
            ChainHead(link.region, link.day, link.position, link.seal, bytes(link.hash).hex())
            for link in last
        )


def _narrowed(viewer: Actor, wanted: TrailFilter) -> Rows:
    rows = AuditEvent.objects.filter(_in_scope(viewer, wanted))
    if wanted.persons:
        rows = rows.filter(person_id__in=wanted.persons)
    if wanted.user is not None:
        rows = rows.filter(user_id=wanted.user)
    if wanted.login:
        rows = rows.filter(login=wanted.login)
    if wanted.events:
        rows = rows.filter(event__in=wanted.events)
    if wanted.outcome is not None:
        rows = rows.filter(outcome=wanted.outcome)
    if wanted.from_day is not None:
        rows = rows.filter(at__gte=_midnight(wanted.from_day))
    if wanted.until_day is not None:
        rows = rows.filter(at__lt=_midnight(wanted.until_day))
    if wanted.region_code is not None:
        rows = rows.filter(_inside(Ranges.of([wanted.region_code])))
    if wanted.facility is not None:
        rows = rows.filter(facility_id=wanted.facility)
    if wanted.object_kind:
        rows = rows.filter(object_kind=wanted.object_kind, object_id=wanted.object_id)
    return rows


def _in_scope(viewer: Actor, wanted: TrailFilter) -> Q:
    """What the policy of the table lets through, said again for the indexes. One's own acts are one's own anywhere."""
    if viewer.ranges == EVERYWHERE or (viewer.user and wanted.user == viewer.user):
        return Q()
    if viewer.ranges.pairs:
        return _inside(viewer.ranges)
    return Q(user_id=viewer.user) if viewer.user else Q(pk__in=[])


def _inside(ranges: Ranges) -> Q:
    """Rows inside some ranges. One county goes by its own index, in the order of the page."""
    condition = in_ranges(ranges)
    if len(ranges.pairs) == 1:
        start, end = ranges.pairs[0]
        if start // 1000 == (end - 1) // 1000:
            return Q(county=start // 1000) & condition
    return condition


def _midnight(day: date) -> datetime:
    """When a business date begins."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def event_of(row: AuditEvent) -> Event:
    """The row as it crosses the border."""
    return Event(
        id=row.pk,
        at=row.at,
        user=row.user_id,
        login=row.login,
        session=row.session,
        event=row.event,
        outcome=row.outcome,
        region=row.region,
        facility=row.facility_id,
        person=row.person_id,
        object_kind=row.object_kind,
        object_id=row.object_id,
        purpose=row.purpose,
        detail=row.detail,
    )
