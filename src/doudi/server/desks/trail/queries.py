"""The reads of the audit desk, each with a rule of its own: the trail's own functions carry none."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from doudi.server.access.api import query
from doudi.server.audit import api as audit
from doudi.server.audit.api import DayCount, Seen, TrailFilter, TrailPage
from doudi.server.desks.trail.data import EventView, SealingState
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.clock import business_date
from doudi.server.kernel.errors import NotFound
from doudi.server.kernel.paging import SIZE
from doudi.server.people.api import same_person_ids
from doudi.words import Words

EVERYTHING = TrailFilter()
LONGEST = 400
"""Days that may be counted at once: a little more than a year."""
CHAINS_OF = timedelta(days=7)


@query("trail.events")
def events(
    *, viewer: Actor, wanted: TrailFilter = EVERYTHING, before: int | None = None, size: int = SIZE
) -> TrailPage:
    """A page of the trail in the viewer's region, newest first."""
    return audit.trail(viewer, wanted, before=before, size=size)


@query("trail.event")
def event(*, viewer: Actor, number: int) -> EventView:
    """One event: who, when, where, what, why, and its place in its chain."""
    found = audit.event(viewer, number)
    if found is None:
        raise NotFound(
            "event_absent",
            Words("没有找到这条记录。", "There is no such event."),
            remedy=Words("请从审计轨迹的列表中打开。", "Open it from the list of the trail."),
            where="number",
        )
    return EventView(found, audit.sealed_place(viewer, number))


@query("trail.counts")
def counts(
    *, viewer: Actor, from_day: date, until_day: date, wanted: TrailFilter = EVERYTHING
) -> tuple[DayCount, ...]:
    """How many events of each outcome each day had, at most 400 days; the days of `wanted` give way to the two given."""
    start = max(from_day, until_day - timedelta(days=LONGEST))
    return audit.counts_per_day(viewer, within(wanted, start, until_day))


def within(wanted: TrailFilter, from_day: date, until_day: date) -> TrailFilter:
    """The same filter for other days."""
    return TrailFilter(
        persons=wanted.persons, user=wanted.user, login=wanted.login, events=wanted.events,
        outcome=wanted.outcome, from_day=from_day, until_day=until_day, region_code=wanted.region_code,
        facility=wanted.facility, object_kind=wanted.object_kind, object_id=wanted.object_id,
    )  # fmt: skip


@query("trail.who_saw")
def who_saw(*, viewer: Actor, person: int, from_day: date | None = None) -> tuple[Seen, ...]:
    """Who met this person, where, how often, last when; a person of several merged records is one."""
    return audit.who_saw(viewer, same_person_ids(person) or (person,), from_day=from_day)


@query("trail.verification")
def verification(*, viewer: Actor, now: datetime) -> SealingState:
    """How sealing stands, with the chains of the viewer's region of the last seven days."""
    lag = audit.sealing_lag(now)
    return SealingState(
        lag=lag,
        late=audit.sealing_is_late(now),
        witness=audit.head(viewer),
        chains=audit.chain_heads(viewer, business_date(now) - CHAINS_OF),
    )
