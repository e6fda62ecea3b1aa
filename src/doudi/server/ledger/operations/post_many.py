"""Posting many entries: through the same templates as `post`, some thousand of them a statement.

For whoever brings whole years at once: the demonstration county, a takeover from another system, a run of clearing. It is
a part of the caller's transaction like `post`, and the same triggers look at each entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from django.db import DatabaseError, connection

from doudi.server.kernel.actor import Actor
from doudi.server.kernel.arrays import array
from doudi.server.kernel.errors import invariant
from doudi.server.kernel.scope import active_scope
from doudi.server.ledger.data import Posting
from doudi.server.ledger.errors import period_closed
from doudi.server.ledger.operations.post import CLOSED, AccountKey, lines_of, open_accounts

AT_ONCE = 4_000
"""Entries in one statement: its arrays stay small, and what one statement costs is lost among them."""

Places = dict[tuple[int, AccountKey], int]
"""The number of an account by its county and what it is of."""

_BEGIN = "SELECT pg_advisory_xact_lock_shared(8204, 0)"
"""What the trigger of an entry does before its number is given; here the numbers come first."""
_NUMBERS = "SELECT nextval('ledger_entry_id_seq') FROM generate_series(1, %s)"
_POST = """
WITH given AS MATERIALIZED (
    SELECT * FROM unnest(%s::bigint[], %s::int[], %s::date[], %s::text[], %s::int[], %s::bigint[], %s::text[],
                         %s::bigint[], %s::bigint[], %s::smallint[])
        AS g (id, region, posted_on, template, facility, person, source_kind, source_id, back, line_count)
), entered AS (
    INSERT INTO ledger_entry (id, region, posted_on, template, facility, person_id, source_kind, source_id, back_id,
                              line_count, by_user)
    SELECT id, region, posted_on, template, facility, nullif(person, 0), source_kind, source_id, nullif(back, 0),
           line_count, %s
      FROM given ORDER BY id
)
INSERT INTO ledger_line (entry_id, position, account_id, region, facility, person_id, posted_on, fen)
SELECT g.id, l.position, l.account, g.region, g.facility, nullif(g.person, 0), g.posted_on, l.fen
  FROM unnest(%s::bigint[], %s::smallint[], %s::bigint[], %s::bigint[]) AS l (entry, position, account, fen)
  JOIN given g ON g.id = l.entry
 ORDER BY g.id, l.position
"""
_ACCOUNTS = """
SELECT a.id, a.kind, a.fund, a.facility
  FROM unnest(%s::text[], %s::text[], %s::int[]) AS g (kind, fund, facility)
  JOIN ledger_account a ON a.region = %s AND a.kind = g.kind AND a.fund = g.fund AND a.facility = g.facility
"""


def post_many(*, actor: Actor, now: datetime, rows: Iterable[Posting]) -> list[int]:
    """Write the entries; their numbers, ascending in the order given. Each is refused or written as by `post`."""
    del now
    invariant(active_scope() is not None, "ledger.outside_scope")
    numbers: list[int] = []
    places: Places = {}
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN)
    for batch in _batches(rows):
        try:
            numbers += _write(actor, batch, places)
        except DatabaseError as fault:
            if getattr(fault.__cause__, "sqlstate", "") == CLOSED:
                raise period_closed(min(one.posted_on for one in batch)) from fault
            raise
    return numbers


def _batches(rows: Iterable[Posting]) -> Iterator[list[Posting]]:
    given = iter(rows)
    while batch := list(islice(given, AT_ONCE)):
        yield batch


def _write(actor: Actor, batch: Sequence[Posting], places: Places) -> list[int]:
    lines = [lines_of(one.template, one.amounts, one.facility) for one in batch]
    invariant(all(lines), "ledger.nothing_to_post")
    counties = [one.region // 1000 * 1000 for one in batch]
    _find_accounts(places, {(county, key) for county, of in zip(counties, lines, strict=True) for key in of})
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS, [len(batch)])
        numbers = sorted(int(number) for (number,) in cursor.fetchall())
        entries, positions, accounts, fens = [], [], [], []
        for number, county, of in zip(numbers, counties, lines, strict=True):
            for position, (key, fen) in enumerate(of.items(), 1):
                entries.append(number)
                positions.append(position)
                accounts.append(places[county, key])
                fens.append(fen)
        cursor.execute(
            _POST,
            [
                array(numbers),
                array(one.region for one in batch),
                array(one.posted_on.isoformat() for one in batch),
                array(one.template for one in batch),
                array(one.facility for one in batch),
                array(one.person or 0 for one in batch),
                array(one.source_kind for one in batch),
                array(one.source_id for one in batch),
                array(one.back or 0 for one in batch),
                array(len(of) for of in lines),
                actor.user,
                array(entries),
                array(positions),
                array(accounts),
                array(fens),
            ],
        )
        invariant(cursor.rowcount == len(entries), "ledger.lines_missing")
    return numbers


def _find_accounts(places: Places, wanted: set[tuple[int, AccountKey]]) -> None:
    """Learn the numbers of accounts not met before in this call; open those that are missing."""
    for county in sorted({county for county, _ in wanted - places.keys()}):
        for opened in (False, True):
            missing = sorted(key for at, key in wanted - places.keys() if at == county)
            if missing and opened:
                open_accounts(county, missing)
            if missing:
                _look_up(places, county, missing)
    invariant(wanted <= places.keys(), "ledger.account_missing")


def _look_up(places: Places, county: int, keys: Sequence[AccountKey]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _ACCOUNTS,
            [
                array(kind for kind, _, _ in keys),
                array(fund for _, fund, _ in keys),
                array(facility for _, _, facility in keys),
                county,
            ],
        )
        for number, kind, fund, facility in cursor.fetchall():
            places[county, (kind, fund, facility)] = number
