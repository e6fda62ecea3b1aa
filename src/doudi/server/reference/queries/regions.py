"""Divisions: what a code was on a day, what it is now, its path, and the names that lists show.

Down to townships the whole tree is kept in memory under the version of reference data (some 3,000 rows with a county's
townships, 44,000 with all of China's); villages are read by their code.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import F, QuerySet

from doudi.server.access.api import query
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.paging import SIZE, Page, page_of
from doudi.server.kernel.regions import LEVEL_DIGITS, significant
from doudi.server.reference.data import REGION_LEVELS, RegionName, RegionView, Reorganised
from doudi.server.reference.errors import unknown_region
from doudi.server.reference.models import Region, RegionChange
from doudi.server.reference.periods import valid_on
from doudi.server.reference.queries.version import reading, snapshot

Times = tuple[tuple[date, date | None, str], ...]
"""The names a code had, oldest first."""


def level_of(code: int) -> str:
    """`province`, `city`, `county`, `township`, `village`; `country` for 0."""
    return REGION_LEVELS[significant(code)]


def county_of(key: int) -> int:
    """The 12-digit code of the county in which region key `key` lies."""
    return key // 1000 * 1_000_000


def code_of(key: int) -> int:
    """The 12-digit code that region key `key` is made of."""
    return key * 1000


def ancestors(code: int) -> tuple[int, ...]:
    """The codes from province down to `code`, by its digits. Municipalities have no city: their `xx01` level is left out
    where no such division exists (`region_path`).
    """
    digits = significant(code)
    return tuple(code // 10 ** (12 - level) * 10 ** (12 - level) for level in LEVEL_DIGITS if level <= digits)


@query("reference.region")
def region(*, viewer: Actor, code: int, day: date) -> RegionView:
    """The division that `code` named on `day`. `NotFound` where it named none."""
    row = Region.objects.filter(valid_on(day), code=code).first()
    if row is None:
        raise unknown_region(code, day)
    return _view(row)


@query("reference.region_history")
def region_history(*, viewer: Actor, code: int) -> tuple[RegionView, ...]:
    """All that `code` ever named, oldest first."""
    return tuple(_view(row) for row in Region.objects.filter(code=code).order_by("from_date"))


@query("reference.region_changes")
def region_changes(*, viewer: Actor, code: int) -> tuple[Reorganised, ...]:
    """The reorganisations in which `code` was predecessor or successor, oldest first."""
    rows = RegionChange.objects.filter(predecessor_code=code) | RegionChange.objects.filter(
        successor_code=code
    )
    return tuple(
        Reorganised(row.predecessor_code, row.successor_code, row.on_date, row.basis)
        for row in rows.order_by("on_date", "predecessor_code", "successor_code")
    )


@query("reference.region_now")
def region_now(*, viewer: Actor, code: int, day: date, written: date | None = None) -> tuple[RegionView, ...]:
    """What the division that `code` named when it was `written` is on `day`; in order of code.

    Itself, or what it was merged into, split into or renumbered as since. Empty where it was abolished without a
    successor. Without `written` the last division is meant that had the code by `day`: codes are sometimes used again.
    """
    first = Region.objects.filter(code=code, from_date__lte=written or day).order_by("-from_date").first()
    open_rows, reached = [first] if first is not None else [], []
    while open_rows:
        row = open_rows.pop()
        if row.until_date is None or row.until_date > day:
            reached.append(row)
            continue
        after = RegionChange.objects.filter(predecessor_code=row.code, on_date=row.until_date)
        codes = after.values_list("successor_code", flat=True)
        open_rows.extend(Region.objects.filter(code__in=list(codes), from_date=row.until_date))
    return tuple(
        _view(row) for row in sorted({row.pk: row for row in reached}.values(), key=lambda row: row.code)
    )


@query("reference.regions")
def regions(
    *, viewer: Actor, day: date, parent: int | None = None, name: str = "", page: int = 0, size: int = SIZE
) -> Page[RegionView]:
    """Divisions valid on `day`: the children of `parent` (0: provinces; None: all), with `name` in their name."""
    rows: QuerySet[Region] = Region.objects.filter(valid_on(day))
    if parent is not None:
        rows = rows.filter(parent_code=parent or None)
    if name:
        rows = rows.filter(name__contains=name)
    return page_of(rows.order_by("code"), _view, number=page, size=size)


def region_path(code: int, day: date | None = None) -> tuple[RegionName, ...]:
    """Province, city, county, township, village of `code`, as they were called on `day`, or by their newest names."""
    with reading():
        names = _tree()
        known = {step: names[step] for step in ancestors(code) if step in names}
        if code not in known and significant(code) == LEVEL_DIGITS[-1]:
            known.update(_read([code]))
        path = ((step, _name_on(times, day)) for step, times in known.items())
        return tuple(RegionName(step, name, level_of(step)) for step, name in path if name)


def region_names(codes: Iterable[int], day: date | None = None) -> dict[int, str]:
    """The names of many codes; a code that names nothing is left out. One query for all villages, none for the others."""
    wanted = set(codes)
    with reading():
        names = _tree()
        known = {code: names[code] for code in wanted if code in names}
        villages = [code for code in wanted - set(known) if significant(code) == LEVEL_DIGITS[-1]]
        known.update(_read(villages))
    return {code: name for code, times in known.items() if (name := _name_on(times, day))}


def divisions_known() -> bool:
    """Whether any division is entered: false in a new installation before its starting data."""
    with reading():
        return bool(_tree())


def _name_on(times: Times, day: date | None) -> str:
    if day is None:
        return times[-1][2]
    return next((name for start, end, name in times if start <= day and (end is None or day < end)), "")


def _tree() -> dict[int, Times]:
    return snapshot(
        "regions", lambda: _times(Region.objects.annotate(village=F("code") % 1000).filter(village=0))
    )


def _read(codes: list[int]) -> dict[int, Times]:
    return _times(Region.objects.filter(code__in=codes)) if codes else {}


def _times(rows: QuerySet[Region]) -> dict[int, Times]:
    found: dict[int, Times] = {}
    for code, start, end, name in rows.order_by("code", "from_date").values_list(
        "code", "from_date", "until_date", "name"
    ):
        found[code] = (*found.get(code, ()), (start, end, name))
    return found


def _view(row: Region) -> RegionView:
    return RegionView(
        code=row.code,
        name=row.name,
        level=level_of(row.code),
        parent_code=row.parent_code,
        from_date=row.from_date,
        until_date=row.until_date,
        source=row.source,
        is_fictional=row.is_fictional,
    )
