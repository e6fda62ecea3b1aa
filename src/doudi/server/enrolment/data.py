"""What crosses the border of enrolment. Sums in fen; `from_date` inclusive, `until_date` exclusive."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from doudi.engine.data import Insurance, Span
from doudi.server.enrolment.schemes import COUNTED, STATUS_WORDS, Status, scheme_words
from doudi.server.recognition.data import State
from doudi.words import Words


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One version of an enrolment. `insured_region` is the region key of the county whose scheme it is."""

    id: int
    person: int
    region: int
    insured_region: int
    scheme: str
    basic: bool
    tier: str
    year: int
    from_date: date
    until_date: date
    status: Status
    premium_fen: int
    subsidy_fen: int
    subsidy_source: str
    subsidy_category: str
    paid_on: date | None
    evidence: str
    state: State
    known_since: date
    known_until: date | None
    replaces: int | None
    changed_reason: str
    entered_by: int
    entered_at: datetime
    import_number: int | None
    retired_by: int | None
    retired_reason: str

    @property
    def words(self) -> Words:
        """What the scheme is called."""
        return scheme_words(self.scheme)

    @property
    def status_words(self) -> Words:
        """What the status is called."""
        return STATUS_WORDS[self.status]

    @property
    def own_fen(self) -> int:
        """What the person pays of the premium."""
        return self.premium_fen - self.subsidy_fen

    @property
    def subsidised(self) -> Words | None:
        """全额资助, 部分资助, or None: no subsidy."""
        if not self.subsidy_fen:
            return None
        if self.subsidy_fen == self.premium_fen:
            return Words("全额资助", "Fully subsidised")
        return Words("部分资助", "Partly subsidised")

    def insures(self, day: date) -> bool:
        """Whether the person is insured by it on `day`: paid, or lapsed only later."""
        return self.status in COUNTED and self.from_date <= day < self.until_date


@dataclass(frozen=True, slots=True)
class Terms:
    """What an enrolment says, whole, to enter one or put one right. `insured_region` None: the person's county."""

    scheme: str
    year: int
    status: Status
    from_date: date
    until_date: date
    insured_region: int | None = None
    tier: str = ""
    premium_fen: int = 0
    subsidy_fen: int = 0
    subsidy_source: str = ""
    subsidy_category: str = ""
    paid_on: date | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list or an export asks for. `region` is a 12-digit division code."""

    year: int
    region: int | None = None
    scheme: str | None = None
    status: Status | None = None
    import_number: int | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many persons of a township (region key) have a status in a scheme and year, and the sums, in fen."""

    scheme: str
    region: int
    status: Status
    persons: int
    premium_fen: int
    subsidy_fen: int


def insurances(enrolments: Iterable[Enrolment]) -> tuple[Insurance, ...]:
    """The person's basic insurance as the engine takes it: periods apart, in their order; empty: uninsured."""
    counted = [one for one in enrolments if one.state == "valid" and one.basic and one.status in COUNTED]
    return tuple(
        Insurance(one.scheme, one.tier or None, Span(one.from_date, one.until_date))
        for one in sorted(counted, key=lambda one: one.from_date)
    )
