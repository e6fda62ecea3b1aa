"""What lists of settlements are narrowed by, and what they add up to. Money in fen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from doudi.server.settlement.data import Kind


@dataclass(frozen=True, slots=True)
class SettlementFilter:
    """Which settlements: each by its current version. What is None, "" or empty does not narrow.

    `from_date` and `until_date` (exclusive) are days of settling; where neither they, a person nor a number is given, the
    list is of the current month. `region`: a division code (12 digits) of where people are insured. `diagnosis`: the
    beginning of the main diagnosis' code. `share_from_bp`: the patient's share of the bill in basis points. `payer`: it
    paid something. `number`: of a settlement, or a facility's own serial; `persons`: records of a person.
    """

    from_date: date | None = None
    until_date: date | None = None
    facility: int | None = None
    region: int | None = None
    kind: Kind | None = None
    care: str = ""
    level: str = ""
    category: str = ""
    diagnosis: str = ""
    persons: tuple[int, ...] = ()
    patient_from_fen: int | None = None
    share_from_bp: int | None = None
    total_from_fen: int | None = None
    payer: str = ""
    number: str = ""
    registration: int | None = None


@dataclass(frozen=True, slots=True)
class SettlementSums:
    """The whole of a filter. Reversed settlements are counted (`reversed_count`) and add nothing."""

    count: int
    reversed_count: int
    persons: int
    total_fen: int
    in_scope_fen: int
    paid_fen: int
    hospital_fen: int
    patient_fen: int
    shares: dict[str, int] = field(default_factory=dict)
    """Payer → fen, as the policies call them, the largest first."""

    @property
    def patient_bp(self) -> int:
        """The patients' share of all bills in basis points, rounded down."""
        return self.patient_fen * 10_000 // self.total_fen if self.total_fen else 0
