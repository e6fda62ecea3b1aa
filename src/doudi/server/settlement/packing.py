"""Records as they are kept: canonical JSON, packed; the head of the slip sealed."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any

from doudi.engine.record import canonical

LEVEL = 6


def pack(record: Mapping[str, Any]) -> bytes:
    """The bytes of a record."""
    return zlib.compress(canonical(record), LEVEL)


def unpack(packed: bytes | memoryview) -> dict[str, Any]:
    """The record of its bytes."""
    found: dict[str, Any] = json.loads(zlib.decompress(bytes(packed)))
    return found
