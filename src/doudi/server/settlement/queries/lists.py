"""Lists of settlements, each by its current version, and what a list adds up to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import connection

from doudi.server.access.api import query
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.paging import COUNTED_UP_TO, LARGEST, LAST, SIZE, Page
from doudi.server.settlement.data import SettlementRow, number_of
from doudi.server.settlement.data_lists import SettlementFilter, SettlementSums
from doudi.server.settlement.queries.narrowing import Narrowed, narrowed

COLUMNS = (
    "id", "root_id", "kind", "version", "facility_id", "serial", "person_id", "region", "scheme", "benefit_year",
    "posted_no", "care", "level", "admitted_on", "discharged_on", "settled_on", "settled_at", "main_diagnosis",
    "categories", "total_fen", "in_scope_fen", "shares", "paid_fen", "hospital_fen", "patient_fen", "policy", "cause",
    "reason",
)  # fmt: skip
LISTED = ", ".join(COLUMNS)
LATEST = "ORDER BY settled_on DESC, root_id DESC"
CHUNK = 2000


@query("settlement.settlements")
def settlements(
    *, viewer: Actor, wanted: SettlementFilter | None = None, number: int = 0, size: int = SIZE
) -> Page[SettlementRow]:
    """A page of settlements, the latest day first: of the viewer's regions, or of their facility. At most three reads."""
    number, size = max(0, min(number, LAST)), max(1, min(size, LARGEST))
    asked = narrowed(viewer, wanted or SettlementFilter())
    start = number * size
    items = _read(asked, LATEST, size, start)
    if 0 < len(items) < size or (not items and start == 0):
        return Page(items, number, size, start + len(items))
    total = _counted(asked)
    if total > COUNTED_UP_TO:
        return Page(items, number, size, max(COUNTED_UP_TO, start + len(items)), more=True)
    return Page(items, number, size, total)


@query("settlement.sums")
def sums(*, viewer: Actor, wanted: SettlementFilter | None = None) -> SettlementSums:
    """What the whole list adds up to, by payer too. One read."""
    asked = narrowed(viewer, wanted or SettlementFilter())
    with connection.cursor() as cursor:
        cursor.execute(_sums(asked), asked.words)
        *told, shares = cursor.fetchone()
    found: Mapping[str, int] = loaded(shares) or {}
    ordered = dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))
    count, reversed_count, persons, total, in_scope, paid, hospital, patient = (int(one or 0) for one in told)
    return SettlementSums(count, reversed_count, persons, total, in_scope, paid, hospital, patient, ordered)


@query("settlement.export")
def export(
    *, viewer: Actor, wanted: SettlementFilter, after: int = 0, after_day: date | None = None
) -> tuple[SettlementRow, ...]:
    """The next settlements for an export, by day and number after those of the last row; `CHUNK` at most."""
    asked = narrowed(viewer, wanted)
    if after_day is not None:
        condition = (
            f"{asked.condition} AND settled_on >= %(day)s AND (settled_on, root_id) > (%(day)s, %(after)s)"
        )
        asked = Narrowed(condition, {**asked.words, "day": after_day, "after": after}, asked.regions)
    return _read(asked, "ORDER BY settled_on, root_id", CHUNK, 0)


def _read(asked: Narrowed, order: str, size: int, start: int) -> tuple[SettlementRow, ...]:
    """One page. Region by region each index gives its own first rows; of these the first of all are taken."""
    if asked.regions is None:
        text = f"SELECT {LISTED} FROM settlement_settlement WHERE {asked.condition} {order}"  # noqa: S608 - our own texts
    else:
        text = f"""
            SELECT s.* FROM unnest(%(regions)s::integer[]) AS p(place), LATERAL (
              SELECT {LISTED} FROM settlement_settlement WHERE region = p.place AND {asked.condition}
              {order} LIMIT %(until)s) s
            {order}"""  # noqa: S608
    words = {**asked.words, "start": start, "size": size, "until": start + size}
    with connection.cursor() as cursor:
        cursor.execute(f"{text} OFFSET %(start)s LIMIT %(size)s", words)
        return tuple(row_of(dict(zip(COLUMNS, row, strict=True))) for row in cursor.fetchall())


def within(asked: Narrowed) -> str:
    """The condition of reads that take all rows: the regions as a list, each a step into the index."""
    return (
        asked.condition
        if asked.regions is None
        else f"region = ANY(%(regions)s::integer[]) AND {asked.condition}"
    )


def _counted(asked: Narrowed) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM settlement_settlement WHERE {within(asked)} LIMIT %(most)s) x",  # noqa: S608
            {**asked.words, "most": COUNTED_UP_TO + 1},
        )
        return int(cursor.fetchone()[0])


def _sums(asked: Narrowed) -> str:
    return f"""
        WITH found AS MATERIALIZED (
          SELECT kind, person_id, total_fen, in_scope_fen, paid_fen, hospital_fen, patient_fen, shares
            FROM settlement_settlement WHERE {within(asked)}),
        standing AS (SELECT * FROM found WHERE kind <> 'reversed')
        SELECT (SELECT count(*) FROM found), (SELECT count(*) FROM found WHERE kind = 'reversed'),
               count(DISTINCT person_id), sum(total_fen), sum(in_scope_fen), sum(paid_fen), sum(hospital_fen),
               sum(patient_fen),
               (SELECT json_object_agg(payer, fen) FROM (
                  SELECT each.key AS payer, sum(each.value::bigint) AS fen
                    FROM standing, jsonb_each_text(standing.shares) AS each GROUP BY each.key) by_payer)
          FROM standing"""  # noqa: S608


def row_of(row: Mapping[str, Any]) -> SettlementRow:
    """The columns of a version as they cross the border."""
    return SettlementRow(
        settlement=row["root_id"],
        number=number_of(row["root_id"], row["settled_on"]),
        kind=row["kind"],
        version=row["version"],
        facility=row["facility_id"],
        serial=row["serial"],
        person=row["person_id"],
        region=row["region"],
        scheme=row["scheme"],
        benefit_year=row["benefit_year"],
        posted_no=row["posted_no"],
        care=row["care"],
        level=row["level"],
        admitted_on=row["admitted_on"],
        discharged_on=row["discharged_on"],
        settled_on=row["settled_on"],
        settled_at=row["settled_at"],
        main_diagnosis=row["main_diagnosis"],
        categories=tuple(row["categories"]),
        total_fen=row["total_fen"],
        in_scope_fen=row["in_scope_fen"],
        shares=loaded(row["shares"]),
        paid_fen=row["paid_fen"],
        hospital_fen=row["hospital_fen"],
        patient_fen=row["patient_fen"],
        policy=row["policy"],
        cause=row["cause"],
        reason=row["reason"],
    )


def loaded(value: Any) -> Any:
    """JSON of the database, which the driver may leave as text."""
    return json.loads(value) if isinstance(value, str) else value
