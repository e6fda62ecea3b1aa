"""额度占用: what crosses the border of holds. Money in fen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from doudi.words import Words

HoldState = Literal["held", "posted", "released", "expired"]
HOLD_STATES: dict[HoldState, Words] = {
    "held": Words("占用中", "Held"),
    "posted": Words("已结算", "Posted"),
    "released": Words("已释放", "Released"),
    "expired": Words("已到期释放", "Expired"),
}


@dataclass(frozen=True, slots=True)
class LimitRoom:
    """A limit of a person as a stay's bill would meet it: what it is, what is used, what others and the stay hold."""

    name: str
    words: Words
    scope: str
    period: str
    limit_fen: int
    used_fen: int
    others_fen: int
    own_fen: int

    @property
    def free_fen(self) -> int:
        """What can still be held."""
        return max(0, self.limit_fen - self.used_fen - self.others_fen - self.own_fen)


@dataclass(frozen=True, slots=True)
class Held:
    """A hold as it was made. The same for ever, whatever becomes of it. `expires_on`: the last day it stands."""

    hold: int
    registration: int
    serial: str
    name: str
    period: str
    held_fen: int
    expires_on: date


@dataclass(frozen=True, slots=True)
class HoldView:
    """A hold as it stands. `settlement`: the last bill that took of it; `posted_fen`: what bills took."""

    hold: int
    facility: int
    serial: str
    registration: int
    person: int
    region: int
    scope: str
    name: str
    words: Words
    period: str
    held_fen: int
    posted_fen: int
    expires_on: date
    state: HoldState
    settlement: int | None
    held_at: datetime
    ended_at: datetime | None
    end_reason: str

    @property
    def standing_fen(self) -> int:
        """What it still keeps from others."""
        return self.held_fen - self.posted_fen if self.state == "held" else 0


@dataclass(frozen=True, slots=True)
class HoldFilter:
    """Which holds. `expired_since`: those that ran out on that day or later; `due_by`: that stand and end until then."""

    state: HoldState | None = None
    facility: int | None = None
    person: int | None = None
    registration: int | None = None
    due_by: date | None = None
    expired_since: date | None = None


@dataclass(frozen=True, slots=True)
class HoldReleased:
    """A hold given back: what it still kept."""

    hold: int
    fen: int


@dataclass(frozen=True, slots=True)
class HoldsExpired:
    """A run over holds that ran out. `more`: there are others."""

    holds: int
    fen: int
    more: bool
