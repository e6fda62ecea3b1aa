"""Months of accounting, named by their first day."""

from __future__ import annotations

from datetime import date


def month_of(day: date) -> date:
    """The first day of the month of `day`."""
    return day.replace(day=1)


def later(month: date, by: int = 1) -> date:
    """The month `by` months after (before, below zero)."""
    count = month.year * 12 + month.month - 1 + by
    return date(count // 12, count % 12 + 1, 1)


def months_between(first: date, until: date) -> int:
    """How many months from `first` to `until` (exclusive)."""
    return (until.year - first.year) * 12 + until.month - first.month
