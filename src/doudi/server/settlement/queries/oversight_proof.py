"""The proof of kept sums: a day made anew from the current versions beside what is kept, part by part."""

from __future__ import annotations

from datetime import date

from django.db import connection

from doudi.server.access.api import query
from doudi.server.kernel.actor import Actor
from doudi.server.settlement.data_oversight import DayProof
from doudi.server.settlement.queries.oversight_sql import MEASURES, ROW_PARTS, measures_of_rows, summed

_SAME = " AND ".join(f"k.{name} = r.{name}" for name in ROW_PARTS.split(", "))
_DIFFERENT = " OR ".join(f"k.{name} IS DISTINCT FROM r.{name}" for name in MEASURES)
_CLEAN = "region NOT IN (SELECT region FROM settlement_changedday WHERE changed_on = %(day)s)"
_IN = "region >= %(from)s AND region < %(until)s"
_DAY = f"""
WITH kept AS (SELECT {ROW_PARTS}, {", ".join(MEASURES)} FROM settlement_periodtotal
               WHERE grain = 'day' AND begins_on = %(day)s AND {_IN} AND {_CLEAN}),
made AS (SELECT {ROW_PARTS}, {summed()} FROM (
           SELECT {ROW_PARTS}, {measures_of_rows()} FROM settlement_settlement
            WHERE superseded_at IS NULL AND settled_on = %(day)s AND {_IN} AND {_CLEAN}) m GROUP BY {ROW_PARTS})
SELECT count(*), coalesce(sum(r.bills), 0), coalesce(sum(r.total_fen), 0), count(*) FILTER (WHERE {_DIFFERENT})
  FROM kept k FULL JOIN made r ON {_SAME}"""  # noqa: S608 - our own names


@query("settlement.prove_totals")
def prove_totals(*, viewer: Actor, day: date) -> DayProof:
    """One day in the viewer's regions. Places whose day changed since it was summed are left out: they are not read."""
    parts = bills = total = differing = 0
    with connection.cursor() as cursor:
        for start, end in viewer.ranges.pairs:
            cursor.execute(_DAY, {"day": day, "from": start, "until": end})
            found = [int(one) for one in cursor.fetchone()]
            parts, bills, total, differing = (
                parts + found[0], bills + found[1], total + found[2], differing + found[3],
            )  # fmt: skip
    return DayProof(day=day, parts=parts, bills=bills, total_fen=total, differing=differing)
