"""What crosses the border of access: frozen values, no passwords, no secrets but those shown once to whom they belong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from doudi.server.access.roles import Role

ProposalState = Literal["proposed", "approved", "refused", "withdrawn", "expired"]
Verdict = Literal["justified", "unjustified"]

SESSION_FIELD = "access_session"
"""The field of Django's session that holds `SignedIn.session`."""


@dataclass(frozen=True, slots=True)
class Post:
    """岗位: one role at one place, what a session acts in. `number` is the grant's."""

    number: int
    role: Role
    place: str
    region_code: int
    facility: int
    """0 where the role reaches a region."""
    until: date | None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A sign-in that succeeded. Put `session` into Django's session under `SESSION_FIELD`, after `cycle_key()`."""

    session: str
    user: int
    display_name: str
    post: Post
    posts: tuple[Post, ...]
    must_change_password: bool
    must_enrol_code: bool
    ended_others: int
    """How many older sessions of this user were ended because there may be only so many at once."""


@dataclass(frozen=True, slots=True)
class GrantSummary:
    """A grant as administrators see it."""

    post: Post
    user: int
    from_date: date
    granted_by: int
    ended_by: int | None


@dataclass(frozen=True, slots=True)
class UserSummary:
    """An account as administrators see it: its state, never its secrets."""

    number: int
    login: str
    display_name: str
    active: bool
    has_password: bool
    has_code: bool
    activation_until: datetime | None
    grants: tuple[GrantSummary, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """One open session of a user."""

    reference: str
    address: str
    started_at: datetime
    last_seen_at: datetime
    role: Role
    place: str


@dataclass(frozen=True, slots=True)
class UserChanged:
    """An account that was created, closed, reopened, or whose password or second factor was changed."""

    user: int


@dataclass(frozen=True, slots=True)
class Activation:
    """A code to hand over in person; good once, until `until`. Shown once: only its hash is kept."""

    user: int
    code: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Granted:
    """A grant given or ended."""

    grant: int
    user: int
    until: date | None


@dataclass(frozen=True, slots=True)
class CodeSecret:
    """The secret of one-time codes, for the user's own device; `address` is what the QR code shows."""

    secret: str
    address: str


@dataclass(frozen=True, slots=True)
class TokenIssued:
    """A token; `secret` is shown once."""

    token: int
    secret: str
    until: datetime


@dataclass(frozen=True, slots=True)
class TokenSummary:
    """A token as administrators see it."""

    number: int
    name: str
    post: Post
    login: str
    issued_at: datetime
    until: datetime
    last_used_at: datetime | None
    ended: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """A person opened for a facility or a user, until an instant."""

    opening: int
    person: int
    until: datetime


@dataclass(frozen=True, slots=True)
class ProposalSummary:
    """A proposal in a list."""

    number: int
    operation: str
    summary: str
    amount_fen: int | None
    proposer: str
    proposed_at: datetime
    expires_at: datetime
    state: ProposalState
    decider: str
    decided_at: datetime | None
    reason: str
    content_sm3: str


@dataclass(frozen=True, slots=True)
class ProposalDetail:
    """A proposal with what would be done: the words of the operation's call, as JSON."""

    summary: ProposalSummary
    content: str


@dataclass(frozen=True, slots=True)
class Decided:
    """A proposal after a decision; `answer` is the JSON of what the approved operation returned, else empty."""

    proposal: int
    state: ProposalState
    answer: str = ""


@dataclass(frozen=True, slots=True)
class BrokenGlass:
    """One breaking of the glass, for its reviewers."""

    number: int
    person: int
    region: int
    login: str
    reason: str
    ticket: str
    broken_at: datetime
    review_due_at: datetime
    reviewer: str
    reviewed_at: datetime | None
    verdict: str
    note: str


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A breaking of the glass after its review."""

    glass: int
    verdict: Verdict
