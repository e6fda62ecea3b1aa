"""The sealer: takes what has been committed for certain, in the order of transactions, and adds it to the chains.

A number is given to an event before its transaction commits, so a lower number may appear after a higher one. Each event
therefore carries its transaction (`txid`), and a batch takes the window of transactions from where the last one ended up
to the oldest that still runs: all in it are over, none can appear in it later. A long transaction holds sealing back; it
never makes it skip. Transactions are numbered for the whole cluster; one that runs is passed over only where its lock
shows that it belongs to another database, which cannot write here. One sealer runs at a time (an advisory lock), in a
transaction of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection

from doudi.server.audit import chain
from doudi.server.audit.data import Sealed
from doudi.server.kernel.actor import SYSTEM
from doudi.server.kernel.canonical import canonical
from doudi.server.kernel.clock import business_date
from doudi.server.kernel.locks import Alone
from doudi.server.kernel.scope import scoped

BATCH = 50_000
"""Events of a batch, about: a transaction is never split."""
CHUNK = 5_000

_LAST = "SELECT number, until_txid, hash, day FROM audit_seal ORDER BY number DESC LIMIT 1"
_OVER = """
SELECT coalesce(
    (SELECT min(x::text::bigint) FROM pg_snapshot_xip(pg_current_snapshot()) AS x
      WHERE NOT EXISTS (
          SELECT FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
           WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.granted AND l.transactionid = x::xid
             AND a.datid <> (SELECT oid FROM pg_database WHERE datname = current_database()))),
    pg_snapshot_xmax(pg_current_snapshot())::text::bigint)"""
_WINDOW = "e.txid >= %s::text::xid8 AND e.txid < %s::text::xid8"
_NTH = (
    f"SELECT e.txid::text::bigint FROM audit_auditevent e WHERE {_WINDOW} ORDER BY e.txid OFFSET %s LIMIT 1"  # noqa: S608
)
_EVENTS = f"SELECT {chain.SELECTED} FROM audit_auditevent e WHERE {_WINDOW} ORDER BY e.txid, e.id"  # noqa: S608
_HEADS = """
SELECT DISTINCT ON (region) region, position, hash FROM audit_link
 WHERE day = %s AND region = ANY(%s) ORDER BY region, position DESC"""
_ALL_HEADS = """
SELECT DISTINCT ON (region) region, position, hash FROM audit_link
 WHERE day = %s ORDER BY region, position DESC"""
_LINKS = """
INSERT INTO audit_link (event, region, day, position, hash, seal)
SELECT u.*, %s FROM unnest(%s::bigint[], %s::integer[], %s::date[], %s::bigint[], %s::bytea[]) AS u"""
_SEAL = """
INSERT INTO audit_seal (number, sealed_at, day, from_txid, until_txid, events, heads, hash)
VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb, %s)"""
_OPEN_DAYS = """
SELECT DISTINCT day FROM audit_seal
 WHERE day < %s AND day > coalesce((SELECT max(day) FROM audit_dayhead), '-infinity') ORDER BY day"""
_LAST_DAY = "SELECT hash FROM audit_dayhead ORDER BY day DESC LIMIT 1"
_DAY = "INSERT INTO audit_dayhead (day, chains, events, hash) VALUES (%s, %s, %s, %s)"


def seal(*, now: datetime, batch: int = BATCH) -> Sealed:
    """Seal all that is over, a transaction a batch; where another sealer is at work, nothing."""
    seals = events = 0
    while True:
        with scoped(SYSTEM.scope, durable=True):
            count = _seal_batch(now, batch)
        if not count:
            return Sealed(seals, events)
        seals, events = seals + 1, events + count


def _seal_batch(now: datetime, size: int) -> int:
    """One batch: how many events it sealed, 0 where nothing was to be sealed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [Alone.SEALING])
        if cursor.fetchone() != (True,):
            return 0
        cursor.execute(_LAST)
        number, start, previous, last_day = cursor.fetchone() or (0, 0, chain.FIRST_SEAL, date.min)
        day = max(business_date(now), last_day)
        _close_days(cursor, day)
        end = _window(cursor, start, size)
        if end is None:
            return 0
        batch = _Batch(number + 1, day)
        for rows in _chunks(_EVENTS, [start, end]):
            batch.add(cursor, rows)
        heads = chain.stated(batch.touched())
        digest = chain.seal_hash(
            bytes(previous), number=number + 1, sealed_at=now, day=day, window=(start, end), heads=heads
        )
        values = [number + 1, now, day, start, end, batch.events, canonical(heads).decode(), digest]
        cursor.execute(_SEAL, values)
        return batch.events


def _window(cursor: Any, start: int, size: int) -> int | None:
    """Where the batch that begins at transaction `start` ends (exclusive); None where it would be empty."""
    cursor.execute(_OVER)
    (over,) = cursor.fetchone()
    cursor.execute(_NTH, [start, over, 0])
    first = cursor.fetchone()
    if first is None:
        return None
    cursor.execute(_NTH, [start, over, size])
    beyond = cursor.fetchone()
    return int(over) if beyond is None else max(int(beyond[0]), int(first[0]) + 1)


@dataclass(slots=True)
class _Batch:
    """The chains of a batch as they grow."""

    number: int
    day: date
    heads: dict[int, chain.Head] = field(default_factory=dict)
    grown: set[int] = field(default_factory=set)
    events: int = 0

    def touched(self) -> list[tuple[int, chain.Head]]:
        return [(region, self.heads[region]) for region in self.grown]

    def add(self, cursor: Any, rows: list[chain.Row]) -> None:
        """Link some events and write the links."""
        regions = {chain.county_key(row["region"]) for row in rows}
        if unknown := sorted(regions - self.heads.keys()):
            self.heads |= {region: (0, chain.beginning(region, self.day)) for region in unknown}
            cursor.execute(_HEADS, [self.day, unknown])
            self.heads |= {region: (at, bytes(digest)) for region, at, digest in cursor.fetchall()}
        self.grown |= regions
        links: list[tuple[int, int, date, int, bytes]] = []
        for row in rows:
            region = chain.county_key(row["region"])
            position, previous = self.heads[region]
            digest = chain.link_hash(previous, region, self.day, position + 1, row)
            self.heads[region] = (position + 1, digest)
            links.append((row["id"], region, self.day, position + 1, digest))
        cursor.execute(_LINKS, [self.number, *map(list, zip(*links, strict=True))])
        self.events += len(rows)


def _close_days(cursor: Any, today: date) -> None:
    """Give every ended day its head of heads."""
    cursor.execute(_OPEN_DAYS, [today])
    for (day,) in cursor.fetchall():
        cursor.execute(_LAST_DAY)
        row = cursor.fetchone()
        cursor.execute(_ALL_HEADS, [day])
        heads = [(region, (position, bytes(digest))) for region, position, digest in cursor.fetchall()]
        digest = chain.day_hash(chain.FIRST_DAY if row is None else bytes(row[0]), day, heads)
        cursor.execute(_DAY, [day, len(heads), sum(position for _, (position, _) in heads), digest])


def _chunks(statement: str, values: list[Any]) -> Iterator[list[chain.Row]]:
    """Rows of a query that stays on the server, some thousand at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, values)
        while rows := cursor.fetchmany(CHUNK):
            yield [chain.row_of(row) for row in rows]
