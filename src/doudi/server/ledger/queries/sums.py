"""What accounts stand at: the sums by day up to a count, and the lines since.

A count (`ledger_count`) says up to which entry its sums and those before it hold the journal. Which count is the last is
read first; counts that come later are left out, so a line is counted once whatever is counted or posted meanwhile.
PostgreSQL is told the number of the entry and those of the accounts themselves: it need not guess how many there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import connection
from psycopg.sql import SQL

from doudi.server.kernel.arrays import array
from doudi.server.kernel.reading import once
from doudi.server.ledger.data import AccountView, TrialLine
from doudi.server.ledger.months import later, month_of

EVER, NEVER = date(1, 1, 1), date(9999, 12, 31)

_MARK = "SELECT id, until_entry FROM ledger_count ORDER BY id DESC LIMIT 1"
_MOVED = SQL("""
SELECT account_id, {bucket}, sum(debit_fen)::bigint, sum(credit_fen)::bigint
  FROM (
    SELECT account_id, posted_on, debit_fen, credit_fen FROM ledger_daysum
     WHERE account_id = ANY (%(accounts)s::bigint[]) AND count_id <= %(count)s
       AND posted_on >= %(since)s AND posted_on < %(until)s
     UNION ALL
    SELECT account_id, posted_on, greatest(fen, 0), greatest(-fen, 0) FROM ledger_line
     WHERE account_id = ANY (%(accounts)s::bigint[]) AND entry_id > %(counted)s
       AND posted_on >= %(since)s AND posted_on < %(until)s
  ) moved
 GROUP BY 1, 2
""")
"""What moved on some accounts from `since` to `until` (exclusive), in buckets of days."""
_IN_MONTH = _MOVED.format(bucket=SQL("posted_on >= %(month)s"))
_BY_MONTH = _MOVED.format(bucket=SQL("date_trunc('month', posted_on)::date"))
_ACCOUNTS = """
SELECT id, region, kind, fund, facility FROM ledger_account
 WHERE (%(county)s = 0 OR region = %(county)s) AND (%(facility)s = 0 OR facility = %(facility)s)
   AND (cardinality(%(kinds)s::text[]) = 0 OR kind = ANY (%(kinds)s::text[]))
 ORDER BY kind, fund, facility, region
"""
_BASE = """
SELECT p.month, c.account_id, c.opening_fen + c.debit_fen - c.credit_fen
  FROM ledger_period p JOIN ledger_closing c ON c.period_id = p.id
 WHERE p.region = %(county)s AND p.state = 'closed'
   AND p.month = (SELECT max(month) FROM ledger_period
                   WHERE region = %(county)s AND state = 'closed' AND month < %(month)s)
"""
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
    closed = _rows(_BASE, county=county, month=month)
    opening = {account: fen for _, account, fen in closed}
    since = later(closed[0][0]) if closed else EVER
    accounts = _accounts(county=county)
    debit: dict[int, int] = {}
    credit: dict[int, int] = {}
    words = {
        "accounts": array(one.id for one in accounts),
        "since": since,
        "until": later(month),
        "month": month,
    }
    for account, inside, left, right in _rows(_IN_MONTH, **words):
        if inside:
            debit[account], credit[account] = left, right
        else:
            opening[account] = opening.get(account, 0) + left - right
    lines = (
        TrialLine(one, opening.get(one.id, 0), debit.get(one.id, 0), credit.get(one.id, 0))
        for one in accounts
    )
    return [line for line in lines if line.opening_fen or line.debit_fen or line.credit_fen]


def moved_by_month(
    kinds: Sequence[str], *, county: int = 0, facility: int = 0
) -> list[tuple[AccountView, date, int]]:
    """Account, month and fen (debit above zero) of all accounts of the kinds."""
    accounts = {one.id: one for one in _accounts(kinds, county, facility)}
    moved = _rows(_BY_MONTH, accounts=array(accounts), since=EVER, until=NEVER)
    return [(accounts[account], month, debit - credit) for account, month, debit, credit in moved]


def stands_at(account: int, before: date) -> int:
    """The balance of one account before a day."""
    words = {"accounts": array([account]), "since": EVER, "until": before, "month": EVER}
    return sum(debit - credit for _, _, debit, credit in _rows(_IN_MONTH, **words))


def _accounts(kinds: Sequence[str] = (), county: int = 0, facility: int = 0) -> list[AccountView]:
    """By kind, fund and facility. Their numbers are told to the next statement, so that no plan has to guess them."""
    found = _rows(_ACCOUNTS, kinds=array(kinds), county=county, facility=facility)
    return [AccountView(*row) for row in found]


def first_month(county: int) -> date | None:
    """The first month of a county's books that has a line in it."""
    days = [day for day in _rows(_FIRST, county=county)[0] if day]
    return month_of(min(days)) if days else None
