"""One settlement as a page shows it: its current version, how it came to be so, and what it rests on. Money in fen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from doudi.server.settlement.data import Kind, SettlementRow


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a bill's decision: settled, replaced (from `cause`), or reversed (for `reason`)."""

    version: int
    kind: Kind
    posted_on: date
    settled_at: datetime
    settled_by: int
    cause: str
    reason: str
    paid_fen: int
    patient_fen: int


@dataclass(frozen=True, slots=True)
class SettlementView:
    """The whole of it. The amounts are of the decision that counts, or counted until it was reversed.

    `explanation`: the steps of docs/settle-file.md. `shares`: payer, its words, fen, recorded. `slip`: whether a slip can
    be printed; loaded histories have none.
    """

    row: SettlementRow
    first_pay_fen: int
    over_limit_fen: int
    own_pay_fen: int
    patient_in_scope_fen: int
    registration: int | None
    entry: int | None
    policy_hash: str
    decision_sha256: str
    versions: tuple[Version, ...]
    slip: bool
    explanation: list[Any] = field(default_factory=list)
    recorded: tuple[str, ...] = ()
    """Payers whose amount was decided elsewhere."""

    @property
    def reversed(self) -> bool:
        """Whether it no longer counts."""
        return self.row.kind == "reversed"
