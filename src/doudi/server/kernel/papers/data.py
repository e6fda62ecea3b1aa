"""What crosses the border of stored papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PaperEntry:
    """What is known of a paper without opening it."""

    id: int
    region: int
    purpose: str
    name: str
    media_type: str
    size: int
    content_sm3: str
    kept_by: int
    kept_at: datetime
    until_at: datetime | None
    removed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper with its bytes."""

    entry: PaperEntry
    content: bytes
