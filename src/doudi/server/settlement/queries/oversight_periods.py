"""From which of the kept sums a period is read: whole months, days, and days that are read from their rows.

A month is read whole where none of its kept days changed since it was summed; else day by day; and a day that changed, or
is not kept yet, as today, from its rows. So no figure is ever older than the settlements.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from doudi.server.kernel.arrays import array
from doudi.server.kernel.regions import Ranges

_MARKED = """
SELECT c.changed_on, EXISTS (
         SELECT FROM settlement_periodtotal k
          WHERE k.grain = 'day_light' AND k.begins_on = c.changed_on AND k.region >= %(lowest)s
            AND k.region < %(highest)s AND k.region <@ %(ranges)s::int4multirange)
  FROM (SELECT DISTINCT changed_on FROM settlement_changedday
         WHERE changed_on >= %(from)s AND changed_on < %(until)s AND region <@ %(ranges)s::int4multirange) c"""
"""A day is read from the rows of all regions at once, so that a sum kept for any of them is in the way."""


@dataclass(frozen=True, slots=True)
class Sources:
    """First days of months, days, and days read from rows, as parameters of `oversight_cells`."""

    months: tuple[date, ...] = ()
    days: tuple[date, ...] = ()
    live: tuple[date, ...] = ()

    def __add__(self, other: Sources) -> Sources:
        """Both."""
        return Sources(self.months + other.months, self.days + other.days, self.live + other.live)

    def words(self, prefix: str) -> dict[str, str]:
        """As bound values."""
        return {
            f"{prefix}_{name}": array([day.isoformat() for day in getattr(self, name)])
            for name in ("months", "days", "live")
        }


def shifted(month: date, by: int) -> date:
    """The first day of the month `by` months later."""
    place = month.year * 12 + month.month - 1 + by
    return date(place // 12, place % 12 + 1, 1)


def months_until(last: date, count: int) -> tuple[date, ...]:
    """`count` months that end with `last`, the earliest first."""
    return tuple(shifted(last, by) for by in range(1 - count, 1))


def days_of(month: date, until: date) -> tuple[date, ...]:
    """The days of a month up to `until` (inclusive)."""
    length = monthrange(month.year, month.month)[1]
    return tuple(day for day in (month + timedelta(days=n) for n in range(length)) if day <= until)


def same_days(month: date, until: date) -> tuple[date, ...]:
    """The days of the month before, up to the same day of the month; a whole month against a whole month."""
    before = shifted(month, -1)
    if until >= shifted(month, 1) - timedelta(days=1):
        return days_of(before, shifted(before, 1))
    return tuple(day for day in days_of(before, shifted(before, 1)) if day.day <= until.day)


def marked(ranges: Ranges, from_date: date, until: date) -> dict[date, bool]:
    """The days from `from_date` to `until` (exclusive) that are to be read from rows → whether an older sum is kept.

    One statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _MARKED,
            {
                "from": from_date,
                "until": until,
                "ranges": ranges.multirange(),
                "lowest": min((start for start, _ in ranges.pairs), default=0),
                "highest": max((end for _, end in ranges.pairs), default=0),
            },
        )
        return dict(cursor.fetchall())


def by_day(days: Sequence[date], changed: Mapping[date, bool], *, from_rows: bool) -> Sources:
    """Days as days. `from_rows`: the filter asks what days are not kept by."""
    live = tuple(day for day in days if from_rows or day in changed)
    return Sources(days=tuple(day for day in days if day not in live), live=live)


def by_month(
    months: Iterable[date], changed: Mapping[date, bool], until: date, *, from_rows: bool = False
) -> Sources:
    """Months whole where they may be, with the days that are not kept yet. `from_rows`: others from their rows."""
    found = Sources()
    for month in months:
        mine = {day: kept for day, kept in changed.items() if day.replace(day=1) == month and day <= until}
        if any(mine.values()):
            found += by_day(days_of(month, until), changed, from_rows=from_rows)
        else:
            found += Sources(months=(month,), live=tuple(sorted(mine)))
    return found
