"""Working days: holidays, make-up days, and years nobody has announced yet."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.server.reference.api import add_working_days, is_working_day, working_days_between
from doudi.server.reference.calendar import LAST_KNOWN

DAYS = st.integers(0, 9_000).map(lambda number: date(2004, 6, 1) + timedelta(days=number))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 10, 1), False),  # National Day, a Thursday
        (date(2026, 10, 10), True),  # a Saturday made up for it
        (date(2026, 2, 17), False),  # the first day of the Spring Festival
        (date(2024, 2, 4), True),  # a Sunday made up for it
        (date(2011, 12, 31), True),  # a Saturday, by the notice for 2012
        (date(2026, 11, 2), True),
        (date(2026, 11, 1), False),
    ],
)
def test_known_days(day: date, works: bool) -> None:
    assert is_working_day(day).is_working is works
    assert not is_working_day(day).assumed


@pytest.mark.parametrize("day", [LAST_KNOWN + timedelta(days=1), date(2003, 5, 1), date(2040, 1, 1)])
def test_beyond_the_notices_weekdays_are_assumed(day: date) -> None:
    answer = is_working_day(day)
    assert answer.assumed
    assert answer.is_working is (day.weekday() < 5)


def test_ten_working_days_over_the_national_holiday() -> None:
    assert add_working_days(date(2026, 9, 28), 5).day == date(2026, 10, 10)
    assert working_days_between(date(2026, 10, 1), date(2026, 10, 8)).days == 0
    found = add_working_days(date(2026, 12, 20), 20)
    assert (found.day, found.assumed) == (date(2027, 1, 15), True)


@given(DAYS, st.integers(1, 60))
def test_counting_and_adding_agree(start: date, days: int) -> None:
    end = add_working_days(start, days).day
    assert is_working_day(end).is_working
    assert working_days_between(start + timedelta(days=1), end + timedelta(days=1)).days == days
    assert add_working_days(start, 0).day == start


@given(DAYS, st.integers(1, 60))
def test_going_back_finds_the_same_distance(start: date, days: int) -> None:
    end = add_working_days(start, -days).day
    assert working_days_between(end, start).days == days
    assert working_days_between(start, end).days == 0
