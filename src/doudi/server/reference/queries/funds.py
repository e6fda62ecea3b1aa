"""Payers and funds of a place on a day. A county's own come before those of its city, its province and the country."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar

from doudi.server.access.api import query
from doudi.server.kernel.actor import Actor
from doudi.server.reference.data import FundView, PayerView
from doudi.server.reference.models import Fund, Payer
from doudi.server.reference.periods import valid_on


class _Placed(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def region(self) -> int: ...


P = TypeVar("P", bound=_Placed)


def regions_above(key: int) -> tuple[int, ...]:
    """Region key of a place, nearest first: township, county, city, province, the country (0)."""
    steps = (key, key // 1000 * 1000, key // 100_000 * 100_000, key // 10_000_000 * 10_000_000, 0)
    return tuple(dict.fromkeys(steps))


@query("reference.funds")
def funds(*, viewer: Actor, region: int, day: date) -> tuple[FundView, ...]:
    """The funds that serve `region` (a region key) on `day`, by code."""
    rows = Fund.objects.filter(valid_on(day), region__in=regions_above(region))
    return nearest(
        FundView(row.pk, row.region, row.code, row.name, row.department, row.from_date, row.until_date)
        for row in rows
    )


@query("reference.payers")
def payers(*, viewer: Actor, region: int, day: date) -> tuple[PayerView, ...]:
    """The payers that serve `region` (a region key) on `day`, by code."""
    rows = Payer.objects.filter(valid_on(day), region__in=regions_above(region))
    return nearest(
        PayerView(row.pk, row.region, row.code, row.name, row.fund, row.from_date, row.until_date)
        for row in rows
    )


def nearest(found: Iterable[P]) -> tuple[P, ...]:
    """For each code the one of the smallest region, whose key has the most significant digits; by code."""
    best: dict[str, P] = {}
    for one in sorted(found, key=lambda row: _size(row.region)):
        best[one.code] = one
    return tuple(best[code] for code in sorted(best))


def _size(region: int) -> int:
    return len(f"{region:09d}".rstrip("0"))
