"""How many events each day had, as a small picture: one bar a day, each a link to its day. Plain SVG, nothing inline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from doudi.server.audit.api import DayCount

HEIGHT = 64
STEP = 10
WIDTHS = ((10, 2), (31, 4), (400, 8))
"""Up to how many days a bar is how wide, of its day's ten: a week is not drawn as blocks."""
WIDEST = 92
"""Days that are drawn; of a longer time the last ones."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One day: where its bar stands, and its parts from the bottom up in units of the picture."""

    day: date
    total: int
    turned_away: int
    """Refused or denied."""
    slot: int
    """Where the day's place begins."""
    x: int
    width: int
    y: int
    height: int
    red_height: int

    @property
    def red_y(self) -> int:
        """Where the red part begins: it stands on the ground."""
        return HEIGHT - self.red_height


@dataclass(frozen=True, slots=True)
class Chart:
    """The picture: its width, its bars from the earliest day on, and the sums under it."""

    width: int
    bars: tuple[Bar, ...]
    done: int
    seen: int
    refused: int
    denied: int

    @property
    def total(self) -> int:
        """All events."""
        return self.done + self.seen + self.refused + self.denied


def chart(counts: Iterable[DayCount], first: date, last: date) -> Chart:
    """The days from `first` to `last` (both inside); a day without events has no bar, but its place."""
    by_day = {one.day: one for one in counts}
    shown = max(first, last - timedelta(days=WIDEST - 1))
    days = [shown + timedelta(days=place) for place in range((last - shown).days + 1)]
    tallest = max((_total(one) for one in by_day.values()), default=0) or 1
    width = next(wide for most, wide in WIDTHS if len(days) <= most)
    bars = tuple(_bar(by_day[day], place, width, tallest) for place, day in enumerate(days) if day in by_day)
    return Chart(
        width=STEP * len(days),
        bars=bars,
        done=sum(one.done for one in by_day.values()),
        seen=sum(one.seen for one in by_day.values()),
        refused=sum(one.refused for one in by_day.values()),
        denied=sum(one.denied for one in by_day.values()),
    )


def _total(one: DayCount) -> int:
    return one.done + one.seen + one.refused + one.denied


def _bar(one: DayCount, place: int, width: int, tallest: int) -> Bar:
    total, away = _total(one), one.refused + one.denied
    height = max(2, total * HEIGHT // tallest)
    red = min(height, max(2, away * HEIGHT // tallest)) if away else 0
    slot = place * STEP
    return Bar(one.day, total, away, slot, slot + (STEP - width) // 2, width, HEIGHT - height, height, red)
