"""One settlement whole: its versions, what each rests on, and whether that still comes out the same. Money in fen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from doudi.server.settlement.data import Kind, SettlementRow
from doudi.words import Words


@dataclass(frozen=True, slots=True)
class Decided:
    """One version of a settlement's decision. `version_id`: the number of its row; `entry`: what was posted for it.

    `cause`: why it was written; `cause_id`: the first of the versions written together with it. `by`: a user's number.
    """

    version_id: int
    version: int
    kind: Kind
    cause: str
    cause_id: int | None
    reason: str
    posted_on: date
    settled_at: datetime
    by: int
    entry: int | None
    policy: str
    policy_hash: str
    decision_sha256: str
    parts: Mapping[str, int]
    shares: Mapping[str, int]
    paid_fen: int
    hospital_fen: int
    patient_fen: int
    patient_in_scope_fen: int
    standing: bool
    """Whether it is the current one."""

    @property
    def total_fen(self) -> int:
        """The whole bill; nothing once it is reversed."""
        return sum(self.parts.values())


@dataclass(frozen=True, slots=True)
class SettlementHistory:
    """A settlement: its row as lists show it, all versions from the first, and the record of the version asked for.

    `record` is the decision record with its explanation (docs/settle-file.md); where a loaded history cannot be told
    again it is as it was kept, and `untold` says why.
    """

    row: SettlementRow
    versions: tuple[Decided, ...]
    shown: Decided
    registration: int | None
    stay: str
    record: Mapping[str, Any]
    untold: Words | None
    has_slip: bool
    """Whether a slip can be printed; loaded histories have none."""

    @property
    def bill(self) -> Mapping[str, Any]:
        """The bill as it was submitted and completed, of the frozen facts."""
        told: Mapping[str, Any] = self.record["facts"]["bills"][0]
        return told

    @property
    def answer(self) -> Mapping[str, Any]:
        """What the law made of it."""
        told: Mapping[str, Any] = self.record["answer"]["bills"][0]
        return told

    @property
    def explanation(self) -> list[Any]:
        """The steps; none where it cannot be told."""
        return list(self.answer.get("explanation", ()))


@dataclass(frozen=True, slots=True)
class Verified:
    """Whether a stored decision, put before its law again, comes out byte for byte the same; else where it differs."""

    settlement: int
    version: int
    identical: bool
    words: Words
    where: str
    policy: str
    policy_hash: str
    engine: str
    sha256: str


@dataclass(frozen=True, slots=True)
class LookAsked:
    """A look that a worker takes: the number of its job."""

    job: int


@dataclass(frozen=True, slots=True)
class BooksProved:
    """A nightly proof: how many bills stand, how many accumulators and daily sums differ, counties whose books do."""

    bills: int
    accumulators: int
    totals: int
    broken: tuple[int, ...]
