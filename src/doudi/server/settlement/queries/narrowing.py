"""How a filter of settlements becomes conditions that indexes serve under row security, whatever the size of the table.

The current versions are indexed by (region, day) and by (facility, day). A county is twenty regions in one range of keys,
and an index is of little use for "a range of regions and a range of days". So the regions that have settlements are found
first, each by one step through the index, and every read then asks for them one by one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connection

from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.arrays import array
from doudi.server.kernel.reading import once
from doudi.server.kernel.regions import Ranges
from doudi.server.settlement.data_lists import SettlementFilter

_PLACES = """
WITH RECURSIVE found AS (
  SELECT p.until_, (SELECT s.region FROM settlement_settlement s
                     WHERE s.superseded_at IS NULL AND s.region >= p.from_ AND s.region < p.until_
                     ORDER BY s.region LIMIT 1) AS region
    FROM unnest(%(from)s::integer[], %(until)s::integer[]) AS p(from_, until_)
   UNION ALL
  SELECT f.until_, (SELECT s.region FROM settlement_settlement s
                     WHERE s.superseded_at IS NULL AND s.region > f.region AND s.region < f.until_
                     ORDER BY s.region LIMIT 1)
    FROM found f WHERE f.region IS NOT NULL)
SELECT region FROM found WHERE region IS NOT NULL ORDER BY region
"""
_NUMBER = re.compile(r"\d{8}-(\d{8,12})", re.ASCII)
CONDITIONS = {
    "facility": "facility_id = %(facility)s",
    "kind": "kind = %(kind)s",
    "care": "care = %(care)s",
    "level": "level = %(level)s",
    "category": "categories @> ARRAY[%(category)s]::varchar[]",
    "diagnosis": "left(main_diagnosis, length(%(diagnosis)s)) = %(diagnosis)s",
    "patient_from_fen": "patient_fen >= %(patient_from_fen)s",
    "share_from_bp": "total_fen > 0 AND patient_fen * 10000 >= %(share_from_bp)s * total_fen",
    "total_from_fen": "total_fen >= %(total_from_fen)s",
    "payer": "shares ? %(payer)s",
    "registration": "registration_id = %(registration)s",
    "from_date": "settled_on >= %(from_date)s",
    "until_date": "settled_on < %(until_date)s",
}
"""Each fact of a filter as a condition; the texts are ours, what was asked is bound."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A filter for a viewer. `regions`: read these one by one; None: the conditions lead to an index themselves."""

    condition: str
    words: Mapping[str, Any]
    regions: tuple[int, ...] | None


def narrowed(viewer: Actor, wanted: SettlementFilter) -> Narrowed:
    """The conditions of a filter inside the viewer's own scope: region by region, or the facility's own."""
    asked = _days(wanted)
    parts = ["superseded_at IS NULL"]
    words: dict[str, Any] = {}
    for name, condition in CONDITIONS.items():
        value = getattr(asked, name)
        if value not in (None, ""):
            parts.append(condition)
            words[name] = value
    led = bool(asked.persons or asked.number or asked.facility or asked.registration)
    if asked.persons:
        parts.append("person_id = ANY(%(persons)s::bigint[])")
        words["persons"] = array(asked.persons)
    if asked.number:
        parts.append(_number(asked.number, words))
    ranges = viewer.ranges
    if asked.region is not None:
        ranges = _inside(ranges, Ranges.of([asked.region]))
    if viewer.facility:
        parts.append("facility_id = %(own)s")
        words["own"] = viewer.facility
        if asked.region is not None:
            parts.append("region <@ %(ranges)s::int4multirange")
            words["ranges"] = Ranges.of([asked.region]).multirange()
        return Narrowed(" AND ".join(parts), words, None)
    if led:
        parts.append("region <@ %(ranges)s::int4multirange")
        words["ranges"] = ranges.multirange()
        return Narrowed(" AND ".join(parts), words, None)
    regions = once(("settlement.regions", ranges), lambda: _regions(ranges))
    return Narrowed(" AND ".join(parts), words | {"regions": array(regions)}, regions)


def _days(wanted: SettlementFilter) -> SettlementFilter:
    """Without days, and without anything that leads to few rows, the current month."""
    led = wanted.persons or wanted.number or wanted.registration
    if led or wanted.from_date is not None or wanted.until_date is not None:
        return wanted
    return replace(wanted, from_date=month_of(clock.today()))


def month_of(day: date) -> date:
    """Its first day."""
    return day.replace(day=1)


def _number(text: str, words: dict[str, Any]) -> str:
    """A settlement's number, or a facility's own serial."""
    found = _NUMBER.fullmatch(text)
    if found is not None:
        words["root"] = int(found[1])
        return "root_id = %(root)s"
    words["serial"] = text
    return (
        "root_id IN (SELECT f.id FROM settlement_settlement f WHERE f.serial = %(serial)s AND f.version = 1)"
    )


def _inside(ranges: Ranges, wanted: Ranges) -> Ranges:
    """What two scopes have in common."""
    return Ranges.union(
        (max(a, start), min(b, end))
        for a, b in ranges.pairs
        for start, end in wanted.pairs
        if max(a, start) < min(b, end)
    )


def _regions(ranges: Ranges) -> tuple[int, ...]:
    words = {
        "from": array([start for start, _ in ranges.pairs]),
        "until": array([end for _, end in ranges.pairs]),
    }
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, words)
        return tuple(region for (region,) in cursor.fetchall())
