"""What crosses the border of entitlement. The card itself is the library's (`doudi.engine.entitlement.Card`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from doudi.engine.entitlement.data import Card
from doudi.words import Words

Confirmation = Literal["open", "confirmed", "differs"]
"""Nobody has looked yet; it is so in this county; it is otherwise here."""


@dataclass(frozen=True, slots=True)
class InForce:
    """A policy in force in a region. `warning` stands where the installed file is missing or no longer the same."""

    id: int
    region: int
    policy: str
    policy_hash: str
    title: Words
    schemes: tuple[str, ...]
    from_date: date
    until_date: date | None
    put_by: int
    put_at: datetime
    assumptions: int
    confirmed: int
    differing: int
    warning: Words | None = None


@dataclass(frozen=True, slots=True)
class Assumption:
    """A number or list of a policy that no document gives, with the policy's own reason, and who looked at it."""

    path: str
    reason: str
    state: Confirmation
    note: str = ""
    checked_by: int | None = None
    checked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PersonCard:
    """What today's policy gives a person. `card` is None where no policy is in force for them; `missing` says so.

    `region`: the region key of where the person is insured (or belongs, where not insured): its policy applies.
    """

    person: int
    day: date
    region: int
    in_force: InForce | None
    card: Card | None
    warnings: tuple[Words, ...]
    missing: Words | None = None


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """An opening balance: what was used of an accumulator's period before Doudi settled bills. Fen."""

    id: int
    person: int
    household: int | None
    period: str
    accumulator: str
    used_fen: int
    source: str
    import_number: int | None


@dataclass(frozen=True, slots=True)
class PutInForce:
    """A policy is in force now: its number and the hash of what was put in force."""

    in_force: int
    policy_hash: str
    assumptions: int


@dataclass(frozen=True, slots=True)
class PolicyEnded:
    """A policy ends before `until_date`."""

    in_force: int
    until_date: date


@dataclass(frozen=True, slots=True)
class AssumptionChecked:
    """The check that now counts, and how many are still open."""

    check: int
    still_open: int


@dataclass(frozen=True, slots=True)
class OpeningSet:
    """The opening balance as it stands now, and what stood there before (None: nothing)."""

    balance: int
    used_fen: int
    before_fen: int | None
