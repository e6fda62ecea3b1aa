"""What is hashed, and in what order: pure functions that the sealer and the verifier share.

There is one chain for each county and day of sealing. Each link hashes its predecessor and the whole event, with its real
number, its transaction, its chain and its position: `h = SM3(len(prev) ‖ prev ‖ len(body) ‖ body)` over canonical JSON
(GB/T 32905; the body is UTF-8, keys sorted, no inexact numbers). Batches of sealing form a chain of their own that names
where every chain stands, and each ended day leaves a head of heads, chained to the day before.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from doudi.server.kernel.canonical import canonical, sm3

COLUMNS = (
    "id", "at", "user_id", "login", "session", "event", "outcome", "region", "facility_id", "person_id",
    "object_kind", "object_id", "purpose", "detail", "txid",
)  # fmt: skip
_ISO = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
SEALED_AT = _ISO.format("sealed_at")
"""An instant in its canonical form, made by the database: what is not a real instant is read and does not fit."""
_AS = {"at": _ISO.format("e.at"), "detail": "e.detail::text", "txid": "e.txid::text::bigint"}
SELECTED = ", ".join(_AS.get(column, f"e.{column}") for column in COLUMNS)
"""The columns of an event `e` as the functions here take them."""

_PLAIN = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode
"""`canonical` for what is plain already, as a row read from the database is: the same bytes, some times faster."""

Row = dict[str, Any]
Head = tuple[int, bytes]
"""Position and hash of a chain's last link."""

FIRST_SEAL = sm3(b"doudi.audit.seals")
FIRST_DAY = sm3(b"doudi.audit.days")


def county_key(region: int) -> int:
    """The region key of the county that a region key belongs to."""
    return region // 1000 * 1000


def chain_name(region: int, day: date) -> str:
    """A chain as people name it: county and day of sealing."""
    return f"{region // 1000:06d}/{day.isoformat()}"


def beginning(region: int, day: date) -> bytes:
    """What the first link of a chain has for its predecessor."""
    return sm3(b"doudi.audit.chain", chain_name(region, day).encode())


def row_of(values: Sequence[Any]) -> Row:
    """An event as selected by `SELECTED`. A number with a point is never ours; it is kept apart from its text."""
    row = dict(zip(COLUMNS, values, strict=True))
    row["detail"] = json.loads(row["detail"], parse_float=_inexact)
    return row


def link_hash(previous: bytes, region: int, day: date, position: int, row: Row) -> bytes:
    """The hash of one link."""
    body = _PLAIN({"chain": chain_name(region, day), "event": row, "position": position}).encode()
    return sm3(previous, body)


def seal_hash(
    previous: bytes,
    *,
    number: int,
    sealed_at: datetime | str,
    day: date,
    window: tuple[int, int],
    heads: Sequence[Any],
) -> bytes:
    """The hash of one batch: its number, when, its window of transactions, and where each chain it touched stands."""
    body = {"number": number, "sealed_at": sealed_at, "day": day, "window": window, "heads": heads}
    return sm3(previous, canonical(body))


def day_hash(previous: bytes, day: date, heads: Iterable[tuple[int, Head]]) -> bytes:
    """The head of heads of a day: every chain of it, in the order of its county."""
    return sm3(previous, canonical({"day": day, "chains": stated(heads)}))


def stated(heads: Iterable[tuple[int, Head]]) -> list[list[Any]]:
    """Heads as a seal states them: county key, position, hash in hex."""
    return [[region, position, digest.hex()] for region, (position, digest) in sorted(heads)]


def _inexact(text: str) -> dict[str, str]:
    return {"inexact": text}
