"""What crosses the border of the audit trail: an event, who saw whom, how sealing stands, what verifying found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from doudi.words import Words

Outcome = Literal["done", "seen", "refused", "denied"]
Tampering = Literal["changed", "deleted", "inserted", "reordered", "truncated"]

TAMPERING_NAMES: dict[Tampering, Words] = {
    "changed": Words("内容被改", "changed"),
    "deleted": Words("被删除", "deleted"),
    "inserted": Words("事后插入", "inserted"),
    "reordered": Words("次序被换", "reordered"),
    "truncated": Words("尾部被截", "truncated"),
}
OUTCOME_NAMES: dict[Outcome, Words] = {
    "done": Words("办理", "Done"),
    "seen": Words("查看", "Seen"),
    "refused": Words("未予办理", "Refused"),
    "denied": Words("无权限", "Denied"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One event of the trail. `person` is the opaque number; `region` the region key it concerned (0: none)."""

    id: int
    at: datetime
    user: int
    login: str
    session: str
    event: str
    outcome: str
    region: int
    facility: int
    person: int | None
    object_kind: str
    object_id: str
    purpose: str
    detail: Mapping[str, Any] = field(hash=False)


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """What part of the trail is wanted; what is left out does not narrow it. Days are business dates, until exclusive."""

    persons: tuple[int, ...] = ()
    user: int | None = None
    login: str = ""
    events: tuple[str, ...] = ()
    outcome: Outcome | None = None
    from_day: date | None = None
    until_day: date | None = None
    region_code: int | None = None
    """A 12-digit division code; the events of the region and of all inside it."""
    facility: int | None = None
    object_kind: str = ""
    object_id: str = ""


@dataclass(frozen=True, slots=True)
class TrailPage:
    """Events, newest first. `next_before` is given to the next call as `before`; None at the end."""

    items: tuple[Event, ...]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class Seen:
    """One user at one place, and how often and when they met a person in one way."""

    user: int
    login: str
    facility: int
    event: str
    outcome: str
    times: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many events of each outcome a business date had."""

    day: date
    done: int
    seen: int
    refused: int
    denied: int


@dataclass(frozen=True, slots=True)
class SealedPlace:
    """Where an event stands: its chain (county/day), its place there, the seal that took it up, and its hash in hex."""

    chain: str
    position: int
    seal: int
    sealed_at: datetime | None
    hash: str


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The last link of one chain: `region` is its county's key, `day` the day of sealing."""

    region: int
    day: date
    position: int
    seal: int
    hash: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """What one run of the sealer added."""

    seals: int
    events: int


@dataclass(frozen=True, slots=True)
class Witness:
    """The head of the trail, to be kept where nobody who runs the server can change it."""

    seal: int
    hash: str
    events: int
    sealed_at: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where the trail is not what was sealed. `chain` is county/day; the numbers are None where not known."""

    kind: Tampering
    words: Words
    chain: str = ""
    position: int | None = None
    event: int | None = None
    seal: int | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """What verifying went through and found. `found` counts all findings, of which `findings` are the first ones."""

    seals: int
    events: int
    days: int
    unsealed: int
    witnesses: int
    found: int
    findings: tuple[Finding, ...]

    @property
    def intact(self) -> bool:
        """Whether nothing was found."""
        return self.found == 0
