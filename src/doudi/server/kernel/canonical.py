"""One way to write facts as bytes, so that equal facts have equal hashes for ever.

UTF-8, keys sorted, no spaces, no floats; dates as ISO text, instants in UTC with microseconds and `Z`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any
from uuid import UUID


def canonical(data: Any) -> bytes:
    """The canonical bytes of `data`: dicts, lists, texts, integers, booleans, None, dates, dataclasses."""
    return json.dumps(
        _plain(data), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def sm3(*parts: bytes) -> bytes:
    """SM3 (GB/T 32905) of the parts, each preceded by its length, so that no two lists of parts collide."""
    digest = hashlib.new("sm3")
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


def fingerprint(data: Any) -> str:
    """SM3 of the canonical bytes, in hex."""
    return sm3(canonical(data)).hex()


def _plain(value: Any) -> Any:
    if isinstance(value, UUID | Enum):
        return str(value.value if isinstance(value, Enum) else value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((_plain(item) for item in value), key=repr)
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError("an instant without its zone has no canonical form")
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    raise TypeError(f"{type(value).__name__} has no canonical form")
