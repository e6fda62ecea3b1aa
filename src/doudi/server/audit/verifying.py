"""Verifying: the trail is read once, batch by batch, and every place where it is not what was sealed is told.

Memory holds the heads of one day's chains, one batch on the server's side and a bounded list of findings. After a finding
the stored hash is taken for granted, so that one tampered row is told once. What is sealed while verifying runs is left
for the next time: what is verified ends at the last batch there was at the beginning.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from doudi.server.audit import chain, told
from doudi.server.audit.data import Finding, Verification, Witness
from doudi.server.audit.mismatches import Mismatch, sorted_out
from doudi.server.kernel.actor import SYSTEM
from doudi.server.kernel.scope import scoped

MOST = 1_000
"""Findings told in full; beyond, they are counted."""
MOST_MISMATCHES = 200
"""Mismatches kept to tell reordered events from changed ones: each is compared with each."""

_LAST = """
SELECT number, until_txid, (SELECT max(day) FROM audit_dayhead) FROM audit_seal ORDER BY number DESC LIMIT 1"""
_SEALS = f"""
SELECT number, {chain.SEALED_AT}, day, from_txid, until_txid, heads::text, hash FROM audit_seal
 WHERE number <= %s ORDER BY number"""  # noqa: S608 - no input in the text
_LINKS = f"""
SELECT l.region, l.day, l.position, l.hash, l.event, {chain.SELECTED}
  FROM audit_link l LEFT JOIN audit_auditevent e ON e.id = l.event
 WHERE l.seal = %s ORDER BY l.region, l.position"""  # noqa: S608 - no input in the text
_DAY = "SELECT hash FROM audit_dayhead WHERE day = %s"
_STRAY_LINKS = """
SELECT l.region, l.day, l.position, l.event, l.seal FROM audit_link l
 WHERE NOT EXISTS (SELECT FROM audit_seal s WHERE s.number = l.seal) ORDER BY l.seal, l.region, l.position"""
_STRAY_EVENTS = """
SELECT e.id FROM audit_auditevent e
 WHERE e.txid < %s::text::xid8 AND NOT EXISTS (SELECT FROM audit_link l WHERE l.event = e.id) ORDER BY e.id"""
_UNSEALED = "SELECT count(*) FROM audit_auditevent e WHERE e.txid >= %s::text::xid8"


def verify(
    *, witnesses: Iterable[Witness] = (), progress: Callable[[int], None] | None = None, most: int = MOST
) -> Verification:
    """Go through the whole trail; `witnesses` are heads kept outside, without which a cut tail cannot show.

    `progress` is told how many events were gone through.
    """
    with scoped(SYSTEM.scope):
        walk = _Walk(most, {one.seal: one for one in witnesses}, progress)
        with connection.cursor() as cursor:
            cursor.execute(_LAST)
            last, until, walk.closed = cursor.fetchone() or (0, 0, None)
            for seal in _rows(_SEALS, [last]):
                walk.seal(_Seal(*seal))
            walk.end_day(None)
            for region, day, position, event, number in _rows(_STRAY_LINKS, []):
                walk.find(told.link_without_seal(chain.chain_name(region, day), position, event, number))
            for (event,) in _rows(_STRAY_EVENTS, [until]):
                walk.find(told.event_without_link(event))
            cursor.execute(_UNSEALED, [until])
            row = cursor.fetchone()
        walk.settle(last)
    return walk.verification(unsealed=0 if row is None else int(row[0]))


@dataclass(frozen=True, slots=True)
class _Seal:
    number: int
    sealed_at: str
    day: date
    start: int
    until: int
    stated: str
    hash: bytes

    @property
    def heads(self) -> list[Any]:
        """Where the chains it touched stand, as it says; nothing where it says nothing that can be read."""
        try:
            heads = json.loads(self.stated)
            return [
                [int(region), int(position), str(bytes.fromhex(digest).hex())]
                for region, position, digest in heads
            ]
        except (TypeError, ValueError):
            return []


@dataclass(slots=True)
class _Walk:
    """Where the verifier is."""

    most: int
    witnesses: dict[int, Witness]
    progress: Callable[[int], None] | None
    seals: int = 0
    events: int = 0
    days: int = 0
    found: int = 0
    findings: list[Finding] = field(default_factory=list)
    mismatches: list[Mismatch] = field(default_factory=list)
    number: int = 0
    until: int = 0
    previous: bytes = chain.FIRST_SEAL
    day: date | None = None
    closed: date | None = None
    last_day: bytes = chain.FIRST_DAY
    heads: dict[int, chain.Head] = field(default_factory=dict)

    def find(self, finding: Finding) -> None:
        self.found += 1
        if len(self.findings) < self.most:
            self.findings.append(finding)

    def seal(self, seal: _Seal) -> None:
        """One batch: its place in the chain of batches, its links, and whether they end where it says."""
        if seal.day != self.day:
            self.end_day(seal.day)
        if seal.number != self.number + 1:
            self.find(told.seals_missing(self.number + 1, seal.number - 1))
        elif seal.start != self.until or bytes(seal.hash) != self._expected(seal):
            self.find(told.seal_changed(seal.number))
        self._witness(seal)
        self.number, self.until, self.previous = seal.number, seal.until, bytes(seal.hash)
        self.seals += 1
        grown = {self._link(seal, link) for link in _rows(_LINKS, [seal.number])}
        stated = {region: (position, bytes.fromhex(digest)) for region, position, digest in seal.heads}
        for region in sorted(grown | stated.keys()):
            self._compare(seal, region, stated.get(region))
        if self.progress is not None:
            self.progress(self.events)

    def _expected(self, seal: _Seal) -> bytes:
        window = (seal.start, seal.until)
        return chain.seal_hash(
            self.previous,
            number=seal.number,
            sealed_at=seal.sealed_at,
            day=seal.day,
            window=window,
            heads=seal.heads,
        )

    def _link(self, seal: _Seal, link: Any) -> int:
        """One link: dense position, its event there, and its hash."""
        region, day, position, digest, event, *values = link
        digest, name = bytes(digest), chain.chain_name(region, day)
        at, previous = self.heads.get(region) or (0, chain.beginning(region, day))
        self.heads[region] = (position, digest)
        self.events += 1
        if day != seal.day:
            self.find(told.link_of_another_day(name, position, event, seal.number))
        elif position != at + 1:
            self.find(told.links_missing(name, at + 1, position - 1, seal.number))
        elif values[0] is None:
            self.find(told.event_deleted(name, position, event, seal.number))
        else:
            row = chain.row_of(values)
            if chain.county_key(row["region"]) != region or digest != chain.link_hash(
                previous, region, day, position, row
            ):
                self._mismatch(Mismatch(seal.number, region, day, position, previous, digest, row))
        return int(region)

    def _mismatch(self, mismatch: Mismatch) -> None:
        if len(self.mismatches) < MOST_MISMATCHES:
            self.mismatches.append(mismatch)
        else:
            self.find(told.event_changed(mismatch))

    def _compare(self, seal: _Seal, region: int, stated: chain.Head | None) -> None:
        """Where a chain is after the batch, against where the batch says it is; the batch is taken for granted."""
        name = chain.chain_name(region, seal.day)
        at, digest = self.heads.get(region) or (0, chain.beginning(region, seal.day))
        if stated is None:
            self.find(told.links_unstated(name, at, seal.number))
            return
        if at < stated[0]:
            self.find(told.links_missing(name, at + 1, stated[0], seal.number))
        elif at > stated[0]:
            self.find(told.links_unstated(name, stated[0] + 1, seal.number))
        elif digest != stated[1]:
            self.find(told.head_differs(name, at, seal.number))
        self.heads[region] = stated

    def end_day(self, following: date | None) -> None:
        """The head of heads of the day that ended; the last day may have none yet."""
        day, heads = self.day, self.heads
        self.day, self.heads = following, {}
        if day is None or (following is None and (self.closed is None or self.closed < day)):
            return
        with connection.cursor() as cursor:
            cursor.execute(_DAY, [day])
            row = cursor.fetchone()
        expected = chain.day_hash(self.last_day, day, heads.items())
        if row is None:
            self.find(told.day_missing(day))
        elif bytes(row[0]) != expected:
            self.find(told.day_differs(day))
        self.last_day = expected if row is None else bytes(row[0])
        self.days += 1

    def _witness(self, seal: _Seal) -> None:
        witness = self.witnesses.get(seal.number)
        if witness is not None and witness.hash != bytes(seal.hash).hex():
            self.find(told.witness_differs(witness))

    def settle(self, last: int) -> None:
        """What can only be said at the end."""
        for finding in sorted_out(self.mismatches):
            self.find(finding)
        for number, witness in sorted(self.witnesses.items()):
            if number > last:
                self.find(told.tail_cut(witness, last))

    def verification(self, *, unsealed: int) -> Verification:
        return Verification(
            self.seals,
            self.events,
            self.days,
            unsealed,
            len(self.witnesses),
            self.found,
            tuple(self.findings),
        )


def _rows(statement: str, values: list[Any]) -> Iterable[Any]:
    """Rows of a query that stays on the server."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, values)
        while rows := cursor.fetchmany(2_000):
            yield from rows
