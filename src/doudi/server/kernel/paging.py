"""One page of a list, and how many there are: counted exactly up to a limit, so that a list of 500,000 opens at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import models

T = TypeVar("T")
M = TypeVar("M", bound=models.Model)

COUNTED_UP_TO = 10_000
SIZE = 50
LARGEST = 500
LAST = 10**9
"""No page has a higher number: what PostgreSQL skips must fit 64 bits, whatever stood in an address."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Items `number * size` (from 0) and on. `total` is exact unless `more`, which says "at least this many"."""

    items: tuple[T, ...]
    number: int
    size: int
    total: int
    more: bool = False

    @property
    def has_next(self) -> bool:
        """Whether another page follows."""
        return self.more or (self.number + 1) * self.size < self.total


def page_of(
    rows: models.QuerySet[M, Any], make: Callable[[M], T], *, number: int = 0, size: int = SIZE
) -> Page[T]:
    """Read one page of an ordered queryset; `make` turns a row into what crosses the border."""
    number, size = max(0, min(number, LAST)), max(1, min(size, LARGEST))
    start = number * size
    items = tuple(make(row) for row in rows[start : start + size])
    if 0 < len(items) < size or (not items and start == 0):
        return Page(items, number, size, start + len(items))
    total = rows.order_by()[: COUNTED_UP_TO + 1].values("pk").count()
    if total > COUNTED_UP_TO:
        return Page(items, number, size, max(COUNTED_UP_TO, start + len(items)), more=True)
    return Page(items, number, size, total)
