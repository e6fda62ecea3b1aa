"""A debt in equal parts: pure arithmetic for forms. Largest remainder: parts differ by a fen at most and sum exactly."""

from __future__ import annotations

import calendar
from datetime import date

from doudi.money import Fen, allocate
from doudi.server.settlement.debts_data import DuePart


def equal_parts(total: Fen, count: int, first_on: date, months: int = 1) -> tuple[DuePart, ...]:
    """`count` parts, every `months` on the day of `first_on` or the last of a shorter month; none of nothing."""
    fens = allocate(total, [1] * count)
    return tuple(DuePart(_later(first_on, place * months), fen) for place, fen in enumerate(fens) if fen)


def _later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
