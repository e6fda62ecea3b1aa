"""Counting the journal into sums by account and day, up to an entry below which nothing is still to come.

Numbers of entries are given before the commit, so a lower number may appear after a higher one. A transaction shares a
lock on the journal before its first entry has a number (`ledger_entry_numbered`). So once those that held the lock when
the highest entry was seen hold it no more, no entry up to it is still to come; nobody waits for the count meanwhile.
Where one of them is long (years being brought in) this run counts nothing, and the next does.

Lock: one count at a time. Invariant: every entry is in one count.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from doudi.server.access.api import operation
from doudi.server.audit import api as audit
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.locks import Within
from doudi.server.ledger.data import Summed

TRIES, PAUSE = 20, 0.05
"""A settlement is over in a few milliseconds; a second is waited, a twentieth at a time."""

_HIGHEST = """
SELECT coalesce((SELECT max(id) FROM ledger_entry), 0), coalesce((SELECT max(until_entry) FROM ledger_count), 0)
"""
_POSTING = """
SELECT coalesce(array_agg(virtualtransaction), '{}') FROM pg_locks
 WHERE locktype = 'advisory' AND classid = %s AND pid <> pg_backend_pid()
   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_SUM = """
WITH counted AS (
    INSERT INTO ledger_count (until_entry, lines, at)
    SELECT %(until)s, (SELECT count(*) FROM ledger_line WHERE entry_id > %(after)s AND entry_id <= %(until)s), %(now)s
    RETURNING id, lines
), summed AS (
    INSERT INTO ledger_daysum (count_id, account_id, region, facility, posted_on, debit_fen, credit_fen)
    SELECT c.id, a.id, a.region, a.facility, l.posted_on, sum(greatest(l.fen, 0)), sum(greatest(-l.fen, 0))
      FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id CROSS JOIN counted c
     WHERE l.entry_id > %(after)s AND l.entry_id <= %(until)s
     GROUP BY c.id, a.id, a.region, a.facility, l.posted_on
)
SELECT lines FROM counted
"""


@operation("ledger.sum_days")
def sum_days(*, actor: Actor, now: datetime, key: None = None) -> Summed:
    """Count what was posted since the last count. Running it again adds nothing."""
    del key
    lines = 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [Within.SUMMING])
        until, after = cursor.execute(_HIGHEST).fetchone()
        over = until > after and _over()
        if over:
            words = {"until": until, "after": after, "now": now}
            lines = int(cursor.execute(_SUM, words).fetchone()[0])
    summed = Summed(until if over else after, lines, until > after and not over)
    audit.append(
        "ledger.days_summed",
        actor=actor,
        at=now,
        object_kind="ledger",
        detail={"lines": lines, "until_entry": summed.until_entry},
    )
    return summed


def _over() -> bool:
    """Whether who posts now has ended; waits a little for it. Who begins meanwhile has higher numbers."""
    with connection.cursor() as cursor:
        begun = set(cursor.execute(_POSTING, [Within.POSTING]).fetchone()[0])
        for _ in range(TRIES if begun else 0):
            begun &= set(cursor.execute(_POSTING, [Within.POSTING]).fetchone()[0])
            if not begun:
                break
            cursor.execute("SELECT pg_sleep(%s)", [PAUSE])
    return not begun
