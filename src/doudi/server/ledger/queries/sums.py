"""What accounts stand at: the sums by day up to a count, and the lines since.

A count (`ledger_count`) says up to which entry its sums and those before it hold the journal. Which count is the last is
read first; counts that come later are left out, so a line is counted once whatever is counted or posted meanwhile.
PostgreSQL is told the number of the entry itself, else it would guess a third of the journal to come after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import connection
from psycopg.sql import SQL

from doudi.server.kernel.reading import once
from doudi.server.ledger.data import AccountView, TrialLine
from doudi.server.ledger.months import later, month_of

EVER, NEVER = date(1, 1, 1), date(9999, 12, 31)

_MARK = "SELECT id, until_entry FROM ledger_count ORDER BY id DESC LIMIT 1"
_MOVED = SQL("""
moved AS (
    SELECT d.account_id, d.posted_on, d.debit_fen, d.credit_fen
      FROM ledger_daysum d JOIN of ON of.id = d.account_id
     WHERE d.count_id <= %(count)s AND d.posted_on >= %(since)s AND d.posted_on < %(until)s
     UNION ALL
    SELECT l.account_id, l.posted_on, greatest(l.fen, 0), greatest(-l.fen, 0)
      FROM ledger_line l JOIN of ON of.id = l.account_id
     WHERE l.entry_id > %(counted)s AND l.posted_on >= %(since)s AND l.posted_on < %(until)s
)""")
"""What moved on the accounts of `of` (a table of the statement) from `since` to `until` (exclusive)."""
_TRIAL = SQL("""
WITH of AS MATERIALIZED (SELECT * FROM ledger_account WHERE region = %(county)s),
{moved},
parts AS (
    SELECT account_id, opening_fen + debit_fen - credit_fen AS opening, 0 AS debit, 0 AS credit
      FROM ledger_closing WHERE period_id = %(base)s
     UNION ALL
    SELECT account_id,
           CASE WHEN posted_on < %(month)s THEN debit_fen - credit_fen ELSE 0 END,
           CASE WHEN posted_on < %(month)s THEN 0 ELSE debit_fen END,
           CASE WHEN posted_on < %(month)s THEN 0 ELSE credit_fen END
      FROM moved
)
SELECT of.id, of.region, of.kind, of.fund, of.facility, sum(opening)::bigint, sum(debit)::bigint, sum(credit)::bigint
  FROM parts JOIN of ON of.id = parts.account_id
 GROUP BY 1, 2, 3, 4, 5
HAVING sum(opening) <> 0 OR sum(debit) <> 0 OR sum(credit) <> 0
 ORDER BY of.kind, of.fund, of.facility
""").format(moved=_MOVED)
_BASE = """
SELECT id, month FROM ledger_period
 WHERE region = %s AND state = 'closed' AND month < %s ORDER BY month DESC LIMIT 1
"""
_MONTHS = SQL("""
WITH of AS MATERIALIZED (
    SELECT * FROM ledger_account
     WHERE kind = ANY (%(kinds)s) AND (%(county)s = 0 OR region = %(county)s)
       AND (%(facility)s = 0 OR facility = %(facility)s)
), {moved}
SELECT of.region, of.kind, of.fund, date_trunc('month', posted_on)::date,
       sum(debit_fen - credit_fen)::bigint
  FROM moved JOIN of ON of.id = moved.account_id
 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
""").format(moved=_MOVED)
_STANDS = SQL("""
WITH of AS MATERIALIZED (SELECT id FROM ledger_account WHERE id = %(account)s), {moved}
SELECT coalesce(sum(debit_fen - credit_fen), 0)::bigint FROM moved
""").format(moved=_MOVED)
_FIRST = """
SELECT (SELECT min(d.earliest) FROM ledger_account a
         CROSS JOIN LATERAL (SELECT min(posted_on) AS earliest FROM ledger_daysum WHERE account_id = a.id) d
         WHERE a.region = %(county)s),
       (SELECT min(l.posted_on) FROM ledger_line l
         WHERE l.entry_id > %(counted)s AND l.region >= %(county)s AND l.region < %(county)s + 1000)
"""


@dataclass(frozen=True, slots=True)
class Mark:
    """The last count, and up to which entry it holds the journal. Nothing counted yet: zeros."""

    count: int = 0
    counted: int = 0


def mark() -> Mark:
    """Read once a page. One statement."""
    return once("ledger.mark", _mark)


def _mark() -> Mark:
    with connection.cursor() as cursor:
        row = cursor.execute(_MARK).fetchone()
    return Mark(*row) if row else Mark()


def _rows(statement: Any, **words: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {**asdict(mark()), **words})
        return list(cursor.fetchall())


def trial_lines(county: int, month: date) -> list[TrialLine]:
    """Every account of the county that ever moved, in `month`. A closed month stands in for all before it."""
    with connection.cursor() as cursor:
        base = cursor.execute(_BASE, [county, month]).fetchone()
    found = _rows(
        _TRIAL,
        county=county,
        month=month,
        base=base[0] if base else 0,
        since=later(base[1]) if base else EVER,
        until=later(month),
    )
    return [TrialLine(AccountView(*row[:5]), *row[5:]) for row in found]


def moved_by_month(
    kinds: Sequence[str], *, county: int = 0, facility: int = 0
) -> list[tuple[int, str, str, date, int]]:
    """County, kind, fund, month and fen (debit above zero) of all accounts of the kinds."""
    return _rows(_MONTHS, kinds=list(kinds), county=county, facility=facility, since=EVER, until=NEVER)


def stands_at(account: int, before: date) -> int:
    """The balance of one account before a day."""
    return int(_rows(_STANDS, account=account, since=EVER, until=before)[0][0])


def first_month(county: int) -> date | None:
    """The first month of a county's books that has a line in it."""
    days = [day for day in _rows(_FIRST, county=county)[0] if day]
    return month_of(min(days)) if days else None
