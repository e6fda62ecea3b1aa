"""Posting one entry: a plain function for use inside an operation's transaction, like `audit.append`.

Amounts become lines through the template; lines on one account are added up; what is zero is left out. Entry and lines
are one statement, which finds the accounts by what they are of, so that no number of an account is kept anywhere that
could grow old. Where an account is not there yet, or is another hospital's and out of sight (a reversal that changes a
later bill elsewhere), the statement writes nothing; the database is asked for the numbers, opening what is missing, and
it is said again with them: three statements for the first entry on an account, one for every other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import DatabaseError, connection

from doudi.server.kernel.actor import Actor
from doudi.server.kernel.arrays import array
from doudi.server.kernel.errors import invariant
from doudi.server.kernel.scope import active_scope
from doudi.server.ledger.data import Amount
from doudi.server.ledger.errors import period_closed
from doudi.server.ledger.templates import COLUMNS

CLOSED = "DL001"
"""The SQLSTATE of the trigger that keeps closed months (`migrations/0002_protect.py`)."""

AccountKey = tuple[str, str, int]
"""Kind, fund ("" none), facility (0 none)."""

_FOUND = """
WITH found AS (
    SELECT a.id, g.fen, g.place
      FROM unnest(%(kinds)s::text[], %(funds)s::text[], %(facilities)s::int[], %(fens)s::bigint[])
           WITH ORDINALITY AS g (kind, fund, facility, fen, place)
      JOIN ledger_account a ON a.region = %(county)s AND a.kind = g.kind AND a.fund = g.fund
       AND a.facility = g.facility
)"""
_KNOWN = """
WITH found AS (
    SELECT * FROM unnest(%(accounts)s::bigint[], %(fens)s::bigint[]) WITH ORDINALITY AS g (id, fen, place)
)"""
_WRITE = """, entered AS (
    INSERT INTO ledger_entry (region, posted_on, template, facility, person_id, source_kind, source_id, back_id,
                              line_count, by_user)
    SELECT %(region)s, %(posted_on)s, %(template)s, %(facility)s, %(person)s, %(source_kind)s, %(source_id)s,
           %(back)s, %(count)s, %(user)s
     WHERE (SELECT count(*) FROM found) = %(count)s
    RETURNING id
), written AS (
    INSERT INTO ledger_line (entry_id, position, account_id, region, facility, person_id, posted_on, fen)
    SELECT e.id, f.place, f.id, %(region)s, %(facility)s, %(person)s, %(posted_on)s, f.fen
      FROM entered e CROSS JOIN found f
)
SELECT id FROM entered
"""
_POST, _POST_KNOWN = _FOUND + _WRITE, _KNOWN + _WRITE
_NUMBERS = """
SELECT account FROM ledger_accounts_for_posting(%s, %s::text[], %s::text[], %s::int[]) ORDER BY place
"""
_OPEN = """
INSERT INTO ledger_account (region, kind, fund, facility)
SELECT %s, g.kind, g.fund, g.facility
  FROM unnest(%s::text[], %s::text[], %s::int[]) AS g (kind, fund, facility)
 ORDER BY 2, 3, 4
ON CONFLICT DO NOTHING
"""


def post(
    *,
    actor: Actor,
    now: datetime,
    posted_on: date,
    region: int,
    template: str,
    amounts: Sequence[Amount],
    facility: int = 0,
    person: int | None = None,
    source_kind: str = "",
    source_id: int = 0,
    back: int | None = None,
) -> int:
    """Write one entry; its number. `region`: any region key; the accounts are those of its county.

    `back`: the entry it takes back or corrects. Whoever has nothing to post does not call: an entry without a line is a
    fault. Raises `Conflict` (`period_closed`) where the month is closed.
    """
    del now  # the database says when an entry was written
    invariant(active_scope() is not None, "ledger.outside_scope")
    lines = lines_of(template, amounts, facility)
    invariant(lines, "ledger.nothing_to_post")
    county, keys = region // 1000 * 1000, list(lines)
    words: dict[str, int | str | date | None] = {
        "kinds": array(kind for kind, _, _ in keys),
        "funds": array(fund for _, fund, _ in keys),
        "facilities": array(of for _, _, of in keys),
        "fens": array(lines.values()),
        "county": county,
        "region": region,
        "posted_on": posted_on,
        "template": template,
        "facility": facility,
        "person": person,
        "source_kind": source_kind,
        "source_id": source_id,
        "back": back,
        "count": len(lines),
        "user": actor.user,
    }
    try:
        with connection.cursor() as cursor:
            number = cursor.execute(_POST, words).fetchone()
            if number is None:
                words["accounts"] = array(_numbers(county, keys))
                number = cursor.execute(_POST_KNOWN, words).fetchone()
    except DatabaseError as fault:
        if getattr(fault.__cause__, "sqlstate", "") == CLOSED:
            raise period_closed(posted_on) from fault
        raise
    invariant(number is not None, "ledger.account_missing")
    return int(number[0])


def lines_of(template: str, amounts: Sequence[Amount], facility: int) -> dict[AccountKey, int]:
    """What is written on which account, in the order of the template; accounts that get nothing are left out."""
    invariant(template in COLUMNS, "ledger.template_unknown")
    columns = COLUMNS[template]
    sums: dict[AccountKey, int] = {}
    for amount in amounts:
        invariant(amount.column in columns, "ledger.column_unknown")
        invariant(type(amount.fen) is int, "ledger.not_whole_fen")
        column = columns[amount.column]
        invariant(bool(amount.fund) == column.of_fund, "ledger.fund_needed_or_not")
        for kind, coefficient in column.parts:
            invariant(facility or not kind.of_facility, "ledger.facility_needed")
            key = (kind.code, amount.fund if kind.of_fund else "", facility if kind.of_facility else 0)
            sums[key] = sums.get(key, 0) + coefficient * amount.fen
    return {key: fen for key, fen in sums.items() if fen}


def _numbers(county: int, keys: Sequence[AccountKey]) -> list[int]:
    """The numbers of accounts, in their order, whoever's they are; missing ones are opened."""
    with connection.cursor() as cursor:
        cursor.execute(
            _NUMBERS,
            [
                county,
                array(kind for kind, _, _ in keys),
                array(fund for _, fund, _ in keys),
                array(facility for _, _, facility in keys),
            ],
        )
        return [int(number) for (number,) in cursor.fetchall()]


def open_accounts(county: int, keys: Sequence[AccountKey]) -> None:
    """Open the accounts that are missing. Whoever opens the same ones waits for the other's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            _OPEN,
            [
                county,
                array(kind for kind, _, _ in keys),
                array(fund for _, fund, _ in keys),
                array(facility for _, _, facility in keys),
            ],
        )
