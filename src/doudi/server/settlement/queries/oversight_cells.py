"""The statements of oversight: what a filter finds among the kept sums and the rows, added up in one go.

`cells` are the sums that fit; `base` adds them up over time, and what is asked by place, person or hospital is added up
from there, so that a year costs little more than a month. The past, for comparison, is added up by month alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from doudi.server.kernel.actor import Actor
from doudi.server.kernel.regions import KEY_DIGITS, Ranges
from doudi.server.settlement.data_lists import SettlementFilter
from doudi.server.settlement.data_oversight import OversightFilter, Sums
from doudi.server.settlement.queries.lists import within
from doudi.server.settlement.queries.narrowing import narrowed
from doudi.server.settlement.queries.oversight_diseases import span_of
from doudi.server.settlement.queries.oversight_periods import Sources
from doudi.server.settlement.queries.oversight_sql import (
    COUNTS,
    MEASURES,
    MONEY,
    PAYERS,
    ROW_DISEASE,
    ROW_OTHERS,
    ROW_PARTS,
    SPREAD,
    measures_of_rows,
    summed,
)

NO_CATEGORY = "none"
_OF_CELLS = {
    "facility": "facility_id = %(facility)s",
    "care": "care = %(care)s",
    "level": "level = %(level)s",
    "category": "categories @> ARRAY[%(category)s]::varchar[]",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter as conditions: on the kept sums, and on rows through the lists' own narrowing."""

    viewer: Actor
    wanted: OversightFilter
    ranges: Ranges
    condition: str
    words: Mapping[str, Any]

    @property
    def disease(self) -> bool:
        """Whether days are not kept by what the filter asks."""
        return bool(self.wanted.disease)

    @property
    def light(self) -> bool:
        """Whether the filter asks nothing but where and how."""
        return self.plain and not self.wanted.disease

    @property
    def plain(self) -> bool:
        """The same, whatever the disease."""
        return not (self.wanted.facility or self.wanted.category or self.wanted.level)

    @property
    def counties(self) -> bool:
        """Whether whole counties are asked for."""
        return all(start % 1000 == 0 == end % 1000 for start, end in self.ranges.pairs)


def asked_of(viewer: Actor, wanted: OversightFilter) -> Asked:
    """The conditions of a filter inside the viewer's own scope."""
    ranges = viewer.ranges if wanted.region is None else _inside(viewer.ranges, Ranges.of([wanted.region]))
    words: dict[str, Any] = {
        "ranges": ranges.multirange(),
        "lowest": min((start for start, _ in ranges.pairs), default=0),
        "highest": max((end for _, end in ranges.pairs), default=0),
    }
    parts = ["region >= %(lowest)s", "region < %(highest)s", "region <@ %(ranges)s::int4multirange"]
    for name, condition in _OF_CELLS.items():
        value = getattr(wanted, name)
        if name == "category" and value == NO_CATEGORY:
            parts.append("categories = '{}'")
        elif value:
            parts.append(condition)
            words[name] = value
    span = span_of(wanted.disease)
    if span is not None:
        parts.append("disease BETWEEN %(disease_from)s AND %(disease_to)s")
        words |= {"disease_from": span[0], "disease_to": span[1]}
    return Asked(viewer, wanted, ranges, " AND ".join(parts), words)


def _inside(mine: Ranges, wanted: Ranges) -> Ranges:
    return Ranges.union(
        (max(a, start), min(b, end))
        for a, b in mine.pairs
        for start, end in wanted.pairs
        if max(a, start) < min(b, end)
    )


def cells(
    asked: Asked,
    sources: Sources,
    name: str,
    *,
    light: bool = False,
    disease: bool = False,
    measures: tuple[str, ...] = MEASURES,
) -> tuple[str, dict[str, Any]]:
    """The text of the sums that fit, and its words. `light`: told apart by region and care alone, where that will do.

    `disease`: with the disease as a part, from months and rows.
    """
    words: dict[str, Any] = {**asked.words, **sources.words(name)}
    suffix = "_light" if light and asked.light else ""
    month = f"month{suffix}"
    if disease or asked.disease:
        month = "disease_light" if light and asked.plain and asked.counties else "disease"
    picked = (
        f"begins_on, region, facility_id, care, level, categories, disease, {', '.join(measures)}, others"
    )
    kept = f"SELECT {picked} FROM settlement_periodtotal WHERE {asked.condition}"  # noqa: S608 - our own texts
    texts = [f"{kept} AND grain = '{month}' AND begins_on = ANY(%({name}_months)s::date[])"]
    if sources.days:
        texts.append(f"{kept} AND grain = 'day{suffix}' AND begins_on = ANY(%({name}_days)s::date[])")
    if sources.live:
        rows, more = _rows(asked, sources.live, name, measures)
        texts.append(rows)
        words |= more
    return " UNION ALL ".join(texts), words


def _rows(
    asked: Asked, live: tuple[date, ...], name: str, measures: tuple[str, ...]
) -> tuple[str, dict[str, Any]]:
    condition, words = rows_of(asked, min(live), max(live) + timedelta(days=1))
    for word in words:
        condition = condition.replace(f"%({word})s", f"%({name}_row_{word})s")
    text = f"""
        SELECT settled_on AS begins_on, {ROW_PARTS}, {ROW_DISEASE} AS disease, {measures_of_rows(measures)},
               {ROW_OTHERS} AS others
          FROM settlement_settlement WHERE {condition} AND settled_on = ANY(%({name}_live)s::date[])"""  # noqa: S608
    return text, {f"{name}_row_{word}": value for word, value in words.items()}


def rows_of(asked: Asked, from_date: date, until: date) -> tuple[str, dict[str, Any]]:
    """The condition of the rows of some days (`until` exclusive) that fit, and its words."""
    wanted = asked.wanted
    category = "" if wanted.category == NO_CATEGORY else wanted.category
    found = narrowed(
        asked.viewer,
        SettlementFilter(
            from_date=from_date, until_date=until, facility=wanted.facility, region=wanted.region, care=wanted.care,
            level=wanted.level, category=category,
        ),
    )  # fmt: skip
    condition, words = within(found), dict(found.words)
    if wanted.category == NO_CATEGORY:
        condition += " AND categories = '{}'"
    if wanted.region is not None:
        condition += " AND region <@ %(within)s::int4multirange"
        words["within"] = asked.ranges.multirange()
    span = span_of(wanted.disease)
    if span is not None:
        condition += f" AND {ROW_DISEASE} BETWEEN %(disease_from)s AND %(disease_to)s"
        words |= {"disease_from": span[0], "disease_to": span[1]}
    return condition, words


_SUMMED = summed()
_BY = {
    "place": "{place}",
    "hospital": "facility_id::text",
    "kind": "care || '|' || level || '|' || array_to_string(categories, '|')",
}
NAMES = ("face", "key", "stay", *MEASURES)
OF_DISEASES = (*COUNTS, *MONEY[:5])
"""What is told of a disease: not by which payer."""


def figures(now: str, past: str, *, digits: int) -> str:
    """The whole statement: by place, hospital and kind from `base`, what `past` tells by its own periods, other payers.

    `digits`: how many digits of a region key name the places that are told apart. `past`: `origin`, `period`, and cells.
    """
    width = 10 ** (KEY_DIGITS - digits)
    place = f"(region / {width}::bigint * {width}::bigint * 1000)::text"
    faces = " UNION ALL ".join(
        f"SELECT '{face}', {key.replace('{place}', place)}, care = 'inpatient', {_SUMMED} FROM base GROUP BY 2, 3"  # noqa: S608
        for face, key in _BY.items()
    )
    blank = ", ".join(["0"] * (len(MEASURES) - 1))
    return f"""
        WITH cells AS MATERIALIZED ({now}),
        base AS MATERIALIZED (SELECT region, facility_id, level, care, categories, {_SUMMED} FROM cells
                               GROUP BY region, facility_id, level, care, categories)
        {faces}
        UNION ALL SELECT origin, period::text, care = 'inpatient', {_SUMMED} FROM ({past}) p GROUP BY 1, 2, 3
        UNION ALL SELECT 'other', each.key, false, sum(each.value::bigint)::bigint, {blank}
                    FROM (SELECT others FROM cells WHERE others IS NOT NULL) c, jsonb_each_text(c.others) AS each
                   GROUP BY each.key"""  # noqa: S608


def told_by(origin: str, period: str, text: str) -> str:
    """Cells as a part of the past: `period` is `begins_on` or the first day of its month."""
    column = "begins_on" if period == "day" else "date_trunc('month', begins_on)::date"
    measures = ", ".join(MEASURES)
    return f"SELECT '{origin}' AS origin, {column} AS period, care, {measures} FROM ({text}) {origin}_cells"  # noqa: S608


def diseases(asked: Asked, sources: Sources) -> tuple[str, dict[str, Any]]:
    """The statement of sums by disease."""
    text, words = cells(asked, sources, "sick", light=True, disease=True, measures=OF_DISEASES)
    return (
        f"SELECT 'disease', disease, care = 'inpatient', {summed(OF_DISEASES)} FROM ({text}) c GROUP BY 2, 3",  # noqa: S608
        words,
    )


def read(text: str, words: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Its rows by name; a measure that was not asked is absent."""
    with connection.cursor() as cursor:
        cursor.execute(text, words)
        for row in cursor.fetchall():
            yield dict(zip(NAMES, row, strict=False))


class Adding:
    """Rows of sums that become one `Sums`."""

    def __init__(self) -> None:
        self.whole = dict.fromkeys(MEASURES, 0)
        self.stays = dict.fromkeys(MEASURES, 0)
        self.others: dict[str, int] = {}

    def add(self, row: Mapping[str, Any]) -> None:
        """One more row; `stay`: it is of stays alone."""
        for into in (self.whole, self.stays) if row["stay"] else (self.whole,):
            for name in MEASURES:
                into[name] += row.get(name) or 0

    def join(self, other: Adding) -> None:
        """All of another, but its payers by name."""
        for into, more in ((self.whole, other.whole), (self.stays, other.stays)):
            for name in MEASURES:
                into[name] += more[name]

    def sums(self) -> Sums:
        """What they add up to; what payers without a column paid is `other` unless it is known by name."""
        whole, stays = self.whole, self.stays
        payers = {payer: whole[f"{payer}_fen"] for payer in PAYERS if whole[f"{payer}_fen"]}
        paid = whole["total_fen"] - whole["hospital_fen"] - whole["patient_fen"]
        payers |= self.others
        rest = paid - sum(payers.values())
        if rest:
            payers["other"] = rest
        return Sums(
            **{name: whole[name] for name in (*COUNTS, *MONEY[:5])},
            payers=payers,
            inpatient_bills=stays["bills"],
            inpatient_total_fen=stays["total_fen"],
            inpatient_in_scope_fen=stays["in_scope_fen"],
            inpatient_patient_fen=stays["patient_fen"],
            inpatient_patient_in_scope_fen=stays["patient_in_scope_fen"],
            spread=(stays[SPREAD[0]], stays[SPREAD[1]], stays[SPREAD[2]]),
        )
