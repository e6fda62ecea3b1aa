"""Oversight: the figures of a month or a year under a filter, and today's, live."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from doudi.server.access.api import query
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.regions import KEY_DIGITS, Ranges
from doudi.server.settlement.data_oversight import (
    Face,
    Oversight,
    OversightFilter,
    OversightToday,
    Part,
    Sums,
)
from doudi.server.settlement.queries.oversight_cells import (
    NO_CATEGORY,
    Adding,
    Asked,
    asked_of,
    cells,
    diseases,
    figures,
    read,
    rows_of,
    told_by,
)
from doudi.server.settlement.queries.oversight_diseases import NO_DISEASE
from doudi.server.settlement.queries.oversight_periods import (
    by_day,
    by_month,
    days_of,
    marked,
    months_until,
    same_days,
    shifted,
)
from doudi.server.settlement.queries.oversight_sql import STANDS, measures_of_rows, summed
from doudi.server.settlement.queries.oversight_targets import Kind, targets

YEAR = 12
BELOW = ((10**8, 2), (10**7, 4), (10**5, 6))
"""From how many region keys on a scope is told apart by how many digits; a county and less by townships."""
Groups = dict[str, dict[str, Adding]]


@dataclass(frozen=True, slots=True)
class Time:
    """The time of a filter: its months, its last day (today at the latest), days that changed since they were summed."""

    month: date
    until: date
    months: tuple[date, ...]
    """The twelve that end with it."""
    changed: Mapping[date, bool]

    @property
    def first(self) -> date:
        """The first day that is in."""
        return self.months[0]


def time_of(asked: Asked) -> Time:
    """One statement."""
    month = asked.wanted.month.replace(day=1)
    until = min(clock.today(), shifted(month, 1) - timedelta(days=1))
    changed = marked(asked.ranges, shifted(month, 1 - 2 * YEAR), shifted(month, 1))
    return Time(month, until, months_until(month, YEAR), changed)


@query("settlement.oversight")
def oversight(*, viewer: Actor, wanted: OversightFilter) -> Oversight:
    """The figures of a filter, with what to compare them to. Four statements at most, whatever the size.

    The month is cut off at today; `before` are then the same days of the month before. For a year the trend is 24 months.
    """
    asked = asked_of(viewer, wanted)
    time = time_of(asked)
    year = wanted.span == "year"
    groups = _figures(asked, time)
    whole = _whole(groups["hospital"].values(), groups["other"])
    when: Face = "month" if year else "day"
    trend = (
        *_parts(groups["before" if year else "trend"], lambda key: [key]),
        *(_parts(groups["when"], lambda key: [key]) if year else (Part(time.month.isoformat(), whole),)),
    )
    return Oversight(
        from_date=time.first if year else time.month,
        until=time.until,
        sums=whole,
        before=_joined(groups["before"].values()),
        faces=_faces(groups, when),
        trend=trend,
        targets=targets(asked.ranges, time.until, _kinds(groups)),
        changed_days=sum(1 for day in time.changed if day >= (time.first if year else time.month)),
    )


@query("settlement.oversight_diseases")
def oversight_diseases(*, viewer: Actor, wanted: OversightFilter) -> tuple[Part, ...]:
    """The same settlements by main diagnosis: three characters of ICD-10, `none` without. Three statements at most."""
    asked = asked_of(viewer, wanted)
    time = time_of(asked)
    months = time.months if wanted.span == "year" else (time.month,)
    sources = by_month(months, time.changed, time.until, from_rows=True)
    found: dict[str, Adding] = defaultdict(Adding)
    for row in read(*diseases(asked, sources)):
        found[row["key"] or NO_DISEASE].add(row)
    return tuple(Part(key, adding.sums()) for key, adding in sorted(found.items()))


@query("settlement.oversight_persons")
def oversight_persons(*, viewer: Actor, wanted: OversightFilter) -> int:
    """How many people the settlements of the filter's month are of; each counts once. Two statements at most."""
    asked = asked_of(viewer, wanted)
    month = wanted.month.replace(day=1)
    condition, words = rows_of(asked, month, shifted(month, 1))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(DISTINCT person_id) FROM settlement_settlement WHERE {condition} AND {STANDS}",  # noqa: S608
            words,
        )
        return int(cursor.fetchone()[0])


@query("settlement.oversight_today")
def oversight_today(*, viewer: Actor, wanted: OversightFilter) -> OversightToday:
    """Today under a filter (its month is not asked), from the rows. One statement."""
    day = clock.today()
    asked = asked_of(viewer, wanted)
    condition, words = rows_of(asked, day, day + timedelta(days=1))
    text = f"""
        WITH found AS MATERIALIZED (SELECT * FROM settlement_settlement WHERE {condition})
        SELECT 'today', (SELECT count(DISTINCT person_id) || '|' || coalesce(max(id), 0) FROM found),
               care = 'inpatient', {summed()} FROM (SELECT care, {measures_of_rows()} FROM found) r GROUP BY 3"""  # noqa: S608
    adding, told = Adding(), "0|0"
    for row in read(text, words):
        adding.add(row)
        told = row["key"]
    persons, last = told.split("|")
    return OversightToday(day, adding.sums(), int(persons), int(last))


def _figures(asked: Asked, time: Time) -> Groups:
    """One statement: what is asked, and light sums of what it is told by or compared to."""
    changed, until, rows = time.changed, time.until, asked.disease
    if asked.wanted.span == "year":
        now = by_month(time.months, changed, until, from_rows=rows)
        earlier = months_until(shifted(time.month, -YEAR), YEAR)
        past = {
            ("when", "month"): now,
            ("before", "month"): by_month(earlier, changed, until, from_rows=rows),
        }
    else:
        now = by_month([time.month], changed, until, from_rows=rows)
        past = {
            ("when", "day"): by_day(days_of(time.month, until), changed, from_rows=rows),
            ("before", "month"): by_day(same_days(time.month, until), changed, from_rows=rows),
            ("trend", "month"): by_month(time.months[:-1], changed, until, from_rows=rows),
        }
    text, words = cells(asked, now, "now")
    told = []
    for (origin, period), sources in past.items():
        one, more = cells(asked, sources, origin, light=True)
        told.append(told_by(origin, period, one))
        words |= more
    found: Groups = defaultdict(lambda: defaultdict(Adding))
    for row in read(figures(text, " UNION ALL ".join(told), digits=_digits(asked.ranges)), words):
        found[row["face"]][row["key"]].add(row)
    return found


def _digits(ranges: Ranges) -> int:
    """The digits of the places one level below the ranges: cities of a province, counties of a city, townships."""
    widest = max((end - start for start, end in ranges.pairs), default=1)
    return next((digits for width, digits in BELOW if widest >= width), KEY_DIGITS)


def _joined(parts: Iterable[Adding]) -> Sums:
    whole = Adding()
    for part in parts:
        whole.join(part)
    return whole.sums()


def _whole(parts: Iterable[Adding], others: dict[str, Adding]) -> Sums:
    """All of it, with the payers that have no column by their names."""
    whole = Adding()
    for part in parts:
        whole.join(part)
    whole.others = {payer: one.whole["bills"] for payer, one in sorted(others.items())}
    return whole.sums()


def _faces(groups: Groups, step: Face) -> dict[Face, tuple[Part, ...]]:
    kinds = groups["kind"]
    return {
        step: _parts(groups["when"], lambda key: [key]),
        "region": _parts(groups["place"], lambda key: [key]),
        "facility": _parts(groups["hospital"], lambda key: [key]),
        "care": _parts(kinds, lambda key: [key.split("|")[0]]),
        "level": _parts(kinds, lambda key: [key.split("|")[1]]),
        "category": _parts(kinds, lambda key: [one or NO_CATEGORY for one in key.split("|")[2:]]),
    }


def _kinds(groups: Groups) -> list[Kind]:
    found = []
    for key, adding in groups["kind"].items():
        care, level, *categories = key.split("|")
        found.append(Kind(care, level, frozenset(filter(None, categories)), adding.sums()))
    return found


def _parts(groups: dict[str, Adding], keys: Callable[[str], list[str]]) -> tuple[Part, ...]:
    """Groups under other keys; one with several keys counts in each."""
    found: dict[str, Adding] = defaultdict(Adding)
    for key, adding in groups.items():
        for one in keys(key):
            found[one].join(adding)
    return tuple(Part(key, adding.sums()) for key, adding in sorted(found.items()))
