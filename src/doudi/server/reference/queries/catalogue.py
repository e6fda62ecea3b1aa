"""Catalogues on a day, and what insurance says of an item there: class, first pay, price ceiling.

Each of the three may be ruled by the county, its city, its province or the country; the nearest region that says
something is taken, and within it the rule for the very scheme or grade before the rule for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Q

from doudi.server.access.api import query
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.paging import SIZE, Page, page_of
from doudi.server.reference.data import ItemPrice, ItemView
from doudi.server.reference.models import CatalogueItem, FirstPay, ItemClass, PriceCeiling
from doudi.server.reference.periods import valid_on
from doudi.server.reference.queries.funds import regions_above

GRADE_OF_LEVEL = {"village": "1", "township": "1", "county": "2", "city": "3", "province": "3"}
"""The grade whose ceiling serves a facility without a grade. Assumed: ceilings know 一级及以下, 二级, 三级 only
(dictionary `hilist_lmtpric_type`), and an ungraded hospital must fall under one of them."""


def ceiling_grade(level: str, grade: str) -> str:
    """The grade whose price ceilings hold for a facility of this level and grade; "" where neither is known."""
    return grade or GRADE_OF_LEVEL.get(level, "")


@query("reference.items")
def items(
    *, viewer: Actor, day: date, text: str = "", list_type: str = "", page: int = 0, size: int = SIZE
) -> Page[ItemView]:
    """Items valid on `day`: code beginning with `text`, or name containing it."""
    rows = CatalogueItem.objects.filter(valid_on(day))
    if list_type:
        rows = rows.filter(list_type=list_type)
    if text:
        rows = rows.filter(Q(code__startswith=text.upper()) | Q(name__contains=text))
    return page_of(rows.order_by("list_type", "code"), _view, number=page, size=size)


@query("reference.price_of")
def price_of(
    *,
    viewer: Actor,
    codes: Sequence[str],
    day: date,
    region: int,
    scheme: str = "",
    level: str = "",
    grade: str = "",
) -> dict[str, ItemPrice]:
    """What insurance of `region` (a region key) says on `day` of each code that names an item: four queries in all.

    A stay that spans a change of the catalogue asks once for each day its lines were used on.
    """
    places = regions_above(region)
    wanted = set(codes)
    held = (valid_on(day), Q(code__in=wanted), Q(region__in=places))
    classes = _nearest(ItemClass.objects.filter(*held), places)
    rates = _nearest(FirstPay.objects.filter(*held, scheme__in=("", scheme)), places, "scheme")
    fitting = ("", ceiling_grade(level, grade))
    ceilings = _nearest(PriceCeiling.objects.filter(*held, grade__in=fitting), places, "grade")
    found = {}
    for item in CatalogueItem.objects.filter(valid_on(day), code__in=wanted):
        kind, rate, ceiling = (rules.get(item.code) for rules in (classes, rates, ceilings))
        found[item.code] = ItemPrice(
            code=item.code,
            name=item.name,
            list_type=item.list_type,
            item_class=kind.item_class if kind else None,
            class_region=kind.region if kind else None,
            first_pay_bp=rate.rate_bp if rate else 0,
            first_pay_region=rate.region if rate else None,
            ceiling_fen=ceiling.ceiling_fen if ceiling else None,
            ceiling_region=ceiling.region if ceiling else None,
        )
    return found


def _nearest(rows: Iterable[Any], places: Sequence[int], special: str = "") -> dict[str, Any]:
    """By code the rule of the nearest region, the special one before the one for all."""
    order = {place: -number for number, place in enumerate(places)}
    best: dict[str, Any] = {}
    for row in sorted(rows, key=lambda row: (order[row.region], bool(special and getattr(row, special)))):
        best[row.code] = row
    return best


def _view(row: CatalogueItem) -> ItemView:
    return ItemView(
        code=row.code,
        list_type=row.list_type,
        name=row.name,
        specification=row.specification,
        unit=row.unit,
        maker=row.maker,
        from_date=row.from_date,
        until_date=row.until_date,
        is_fictional=row.is_fictional,
    )
