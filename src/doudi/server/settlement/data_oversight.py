"""What oversight asks and gets: sums of settlements by where, when, who, what and which hospital. Money in fen.

A settlement counts where the person is insured, on the day it was settled, by its current version. A reversed one is
counted apart and adds no money.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from math import isqrt
from typing import Literal

from doudi.money import BP_ONE
from doudi.words import Words

Span = Literal["month", "year"]
Face = Literal["day", "month", "region", "facility", "category", "care", "level"]


@dataclass(frozen=True, slots=True)
class OversightFilter:
    """What to look at: a month, or the twelve months that end with it, and what narrows it; "" and None do not.

    `month`: its first day. `region`: a division code (12 digits). `category` `none`: people without a category.
    `disease`: a chapter of ICD-10 (`I` … `XXII`) or the first three characters of a code.
    """

    month: date
    span: Span = "month"
    region: int | None = None
    facility: int | None = None
    category: str = ""
    care: str = ""
    level: str = ""
    disease: str = ""


@dataclass(frozen=True, slots=True)
class Sums:
    """What some settlements add up to. `bills` without the reversed; `payers`: payer → fen, those that paid something.

    `inpatient_*`: of stays alone, as the targets of the documents are measured. `interval_bp`: the range in which the
    patients' share of such bills lies with a probability of 95 %, in basis points; None for fewer than two bills.
    """

    bills: int = 0
    reversed: int = 0
    readjudicated: int = 0
    total_fen: int = 0
    in_scope_fen: int = 0
    hospital_fen: int = 0
    patient_fen: int = 0
    patient_in_scope_fen: int = 0
    payers: dict[str, int] = field(default_factory=dict)
    inpatient_bills: int = 0
    inpatient_total_fen: int = 0
    inpatient_in_scope_fen: int = 0
    inpatient_patient_fen: int = 0
    inpatient_patient_in_scope_fen: int = 0
    spread: tuple[int, int, int] = (0, 0, 0)
    """Σ own², Σ total², Σ own·total of inpatient bills, in whole yuan²."""

    @property
    def paid_fen(self) -> int:
        """What the payers bear."""
        return self.total_fen - self.hospital_fen - self.patient_fen

    @property
    def patient_bp(self) -> int | None:
        """The patients' share of all bills, in basis points, rounded half up."""
        return _bp(self.patient_fen, self.total_fen)

    @property
    def burden_bp(self) -> int | None:
        """The patients' share of what stays cost."""
        return _bp(self.inpatient_patient_fen, self.inpatient_total_fen)

    @property
    def covered_bp(self) -> int | None:
        """What was paid of what stays cost inside the policy."""
        return _bp(
            self.inpatient_in_scope_fen - self.inpatient_patient_in_scope_fen, self.inpatient_in_scope_fen
        )

    @property
    def interval_bp(self) -> tuple[int, int] | None:
        """The 95 % interval of `burden_bp`: a ratio of sums, linearised (Cochran, Sampling Techniques, 1977, 2.11)."""
        count, total = self.inpatient_bills, self.inpatient_total_fen // 100
        share = self.burden_bp
        if count < 2 or total <= 0 or share is None:
            return None
        own_square, total_square, own_by_total = self.spread
        residual = max(
            0, own_square * BP_ONE**2 - 2 * share * own_by_total * BP_ONE + share * share * total_square
        )
        half = isqrt(residual * count * 38416 // (count - 1) // 10_000) // total  # 1.96 squared is 3.8416
        return max(0, share - half), min(BP_ONE, share + half)


@dataclass(frozen=True, slots=True)
class Part:
    """One bar of a picture: what it is of, and its sums. `key`: day, region key, facility, code; "" for what has none."""

    key: str
    sums: Sums


@dataclass(frozen=True, slots=True)
class TargetMeasured:
    """A target of the policy in force on the sums of a filter. `own`: patients' share (less is better)."""

    name: Words
    policy: str
    own: bool
    at_most_bp: int | None
    at_least_bp: int | None
    about_bp: int | None
    numerator_fen: int
    denominator_fen: int
    met: bool | None

    @property
    def rate_bp(self) -> int | None:
        """The indicator in basis points."""
        return _bp(self.numerator_fen, self.denominator_fen)


@dataclass(frozen=True, slots=True)
class Oversight:
    """The figures of a filter. `before`: last month's same days, or the twelve months before.

    `trend`: months, the earliest first. `until`: the last day that is in.
    """

    from_date: date
    until: date
    sums: Sums
    before: Sums
    faces: dict[Face, tuple[Part, ...]]
    trend: tuple[Part, ...]
    targets: tuple[TargetMeasured, ...]
    """Of the policy in force, where the figures are of one county."""
    changed_days: int
    """Days that were read from the rows: today, and those whose sums are not made anew yet."""


@dataclass(frozen=True, slots=True)
class OversightToday:
    """Today, live from the rows. `last`: the number of the newest version: the figures changed where it did."""

    day: date
    sums: Sums
    persons: int
    last: int


@dataclass(frozen=True, slots=True)
class DayProof:
    """A day's sums as kept and as recomputed from the current versions: `differing` parts, 0 where they agree."""

    day: date
    parts: int
    bills: int
    total_fen: int
    differing: int


def _bp(numerator: int, denominator: int) -> int | None:
    return None if denominator <= 0 else (2 * numerator * BP_ONE + denominator) // (2 * denominator)
