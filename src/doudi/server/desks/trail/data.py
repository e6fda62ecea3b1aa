"""What the audit desk shows beside what the trail itself knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from doudi.server.audit.api import ChainHead, Event, SealedPlace, Witness


@dataclass(frozen=True, slots=True)
class EventView:
    """One event and where it stands in its chain; `place` None: not sealed yet."""

    event: Event
    place: SealedPlace | None


@dataclass(frozen=True, slots=True)
class SealingState:
    """How sealing stands: how long the oldest unsealed event has waited, the last seal, the chains in scope."""

    lag: timedelta
    late: bool
    witness: Witness | None
    chains: tuple[ChainHead, ...]


@dataclass(frozen=True, slots=True)
class TrailExport:
    """Some of the trail as an Excel file."""

    rows: int
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """The number under which the trail knows somebody; 0 where nobody in the region has the number that was asked for."""

    person: int


@dataclass(frozen=True, slots=True)
class Verifying:
    """A verification that was asked for: the number of its job."""

    job: int
