"""Sums of the days that changed are made anew, from the current versions and nothing else.

First the marks are taken away, then the rows are read: a version that commits between the two has a mark of its own,
which stays, and its day is changed still. So a day without a mark has sums that are right, whatever runs beside.
A month is always the sum of the days that are kept; today is not kept: it is read from its rows.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection

from doudi.server.kernel.arrays import array
from doudi.server.kernel.clock import business_date
from doudi.server.kernel.locks import Alone
from doudi.server.kernel.scope import EVERYWHERE, Scope, scoped
from doudi.server.settlement.queries.oversight_sql import (
    MEASURES,
    PARTS,
    ROW_DISEASE,
    ROW_OTHERS,
    ROW_PARTS,
    added,
    measures_of_rows,
)

AT_ONCE = 31
"""Days a transaction sums: a month of a whole history that was loaded."""

_DAYS = """
SELECT DISTINCT changed_on FROM settlement_changedday WHERE changed_on < %s ORDER BY 1 LIMIT %s"""
_TAKEN = """
WITH taken AS (DELETE FROM settlement_changedday WHERE changed_on = ANY(%s::date[]) RETURNING region, changed_on)
SELECT DISTINCT region, changed_on FROM taken ORDER BY 1, 2"""
_PAIRS = "unnest(%(regions)s::integer[], %(days)s::date[]) AS p (place, begins)"
_CLEAR = f"""
DELETE FROM settlement_periodtotal t USING {_PAIRS}
 WHERE t.region = p.place AND t.begins_on = p.begins AND t.grain = ANY(%(grains)s::text[])"""  # noqa: S608


def _rows(disease: str, ends: str, condition: str = "true") -> str:
    """The current versions of each place from the day its period begins until it ends.

    `OFFSET 0` has each place and period read through the index; left to itself PostgreSQL reads the whole table.
    """
    return f"""
SELECT %(grain)s::text AS grain, p.begins AS begins_on, r.*
  FROM {_PAIRS}, LATERAL (
    SELECT {ROW_PARTS}, {disease} AS disease, {measures_of_rows()}, {ROW_OTHERS} AS others
      FROM settlement_settlement s
     WHERE s.region = p.place AND s.settled_on >= p.begins AND s.settled_on < {ends} AND s.superseded_at IS NULL
       AND {condition}
    OFFSET 0) r"""  # noqa: S608


def _kept(grain: str, *, light: bool) -> str:
    """The kept sums of a period's days (`day`), or of the period itself; `light` without what they are narrowed by."""
    parts = "region, 0 AS facility_id, care, '' AS level, '{}'::varchar[] AS categories, '' AS disease"
    begins = f"t.begins_on = ANY({_DAYS_OF})" if grain == "day" and not light else "t.begins_on = p.begins"
    return f"""
SELECT %(grain)s::text AS grain, p.begins AS begins_on, {parts if light else ", ".join(PARTS)}, {", ".join(MEASURES)},
       others
  FROM {_PAIRS} JOIN settlement_periodtotal t ON t.region = p.place AND t.grain = '{grain}' AND {begins}"""  # noqa: S608


_DAYS_OF = """ARRAY(
  SELECT generate_series(p.begins, p.begins + interval '1 month' - interval '1 day', '1 day')::date)"""
_IS_KEPT = """EXISTS (SELECT FROM settlement_periodtotal k
  WHERE k.grain = 'day_light' AND k.begins_on = s.settled_on AND k.region = s.region)"""
DAYS = {"day": added(_rows("''", "p.begins + 1")), "day_light": added(_kept("day", light=True))}
MONTHS = {
    "month": added(_kept("day", light=False)),
    "month_light": added(_kept("month", light=True)),
    "disease": added(_rows(ROW_DISEASE, "(p.begins + interval '1 month')::date", _IS_KEPT)),
}
"""Grain → the statement that adds it up, in this order."""
COUNTIES = {
    "disease_light": added(f"""
SELECT %(grain)s::text AS grain, p.begins AS begins_on, p.place AS region, 0 AS facility_id, care, '' AS level,
       '{{}}'::varchar[] AS categories, disease, {", ".join(MEASURES)}, others
  FROM {_PAIRS} JOIN settlement_periodtotal t ON t.grain = 'disease' AND t.begins_on = p.begins
   AND t.region >= p.place AND t.region < p.place + 1000""")  # noqa: S608
}
"""What is kept by county: of all its places, whichever of them changed."""


def total_days(*, now: datetime) -> int:
    """Sum the oldest changed days, at most `AT_ONCE`, in one transaction. Answers how many days; 0: nothing was left."""
    with scoped(Scope(EVERYWHERE)), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [Alone.TOTALLING])
        cursor.execute(_DAYS, [business_date(now), AT_ONCE])
        days = [day for (day,) in cursor.fetchall()]
        if not days:
            return 0
        cursor.execute(_TAKEN, [array([day.isoformat() for day in days])])
        pairs: list[tuple[int, date]] = cursor.fetchall()
        _made_anew(cursor, pairs, DAYS)
        months = {(region, day.replace(day=1)) for region, day in pairs}
        _made_anew(cursor, sorted(months), MONTHS)
        _made_anew(cursor, sorted({(region // 1000 * 1000, month) for region, month in months}), COUNTIES)
        return len(days)


def _made_anew(cursor: object, pairs: list[tuple[int, date]], texts: dict[str, str]) -> None:
    words = {
        "regions": array([region for region, _ in pairs]),
        "days": array([day.isoformat() for _, day in pairs]),
    }
    cursor.execute(_CLEAR, words | {"grains": array(texts)})  # type: ignore[attr-defined]
    for grain, text in texts.items():
        cursor.execute(text, words | {"grain": grain})  # type: ignore[attr-defined]
