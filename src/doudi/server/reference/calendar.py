"""Working days of China: weekends, public holidays and the make-up days of the State Council's yearly notices.

The notices come from the package `chinesecalendar`, which knows the years up to the last one published. For days beyond
it nobody can know the holidays; then weekdays count as working days and the answer says that this is assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from chinese_calendar.constants import holidays, workdays  # type: ignore[import-untyped]

FIRST_KNOWN = min(*holidays, *workdays).replace(month=1, day=1)
LAST_KNOWN = max(*holidays, *workdays).replace(month=12, day=28)
"""The first and the last day of which all is known. The last days of a December may be moved by the notice of the next
year (Saturday 2011-12-31 was a working day by the notice for 2012): not known before that is published."""
SATURDAY = 5
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingDay:
    """Whether a day is a working day; `assumed` where only the weekday could be looked at."""

    is_working: bool
    assumed: bool


@dataclass(frozen=True, slots=True)
class DayFound:
    """The day that was counted to; `assumed` where any day on the way was."""

    day: date
    assumed: bool


@dataclass(frozen=True, slots=True)
class DaysCounted:
    """How many working days; `assumed` where any of the days was."""

    days: int
    assumed: bool


def is_working_day(day: date) -> WorkingDay:
    """Whether offices work on `day`."""
    if day in workdays:
        return WorkingDay(is_working=True, assumed=False)
    if day in holidays:
        return WorkingDay(is_working=False, assumed=False)
    return WorkingDay(is_working=day.weekday() < SATURDAY, assumed=not FIRST_KNOWN <= day <= LAST_KNOWN)


def add_working_days(start: date, days: int) -> DayFound:
    """The `days`-th working day after `start`, which itself does not count; before it for a negative number.

    0 gives `start` itself, working day or not.
    """
    step = DAY if days >= 0 else -DAY
    day, left, assumed = start, abs(days), False
    while left:
        day += step
        answer = is_working_day(day)
        assumed |= answer.assumed
        left -= answer.is_working
    return DayFound(day, assumed)


def working_days_between(start: date, until: date) -> DaysCounted:
    """How many working days from `start` (inclusive) until `until` (exclusive); 0 where `until` is not later."""
    span = range((until - start).days)
    answers = [is_working_day(start + DAY * number) for number in span]
    return DaysCounted(
        sum(answer.is_working for answer in answers), any(answer.assumed for answer in answers)
    )
