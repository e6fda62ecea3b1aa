"""What crosses the border of filings. `from_date` inclusive, `until_date` exclusive, None is open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from doudi.engine.data import Filing as EngineFiling
from doudi.engine.data import Span
from doudi.server.filings.kinds import FilingKind, kind_words
from doudi.words import Words

State = Literal["valid", "replaced", "withdrawn"]
Shown = Literal["valid", "expired", "replaced", "withdrawn"]

SHOWN_WORDS: dict[Shown, Words] = {
    "valid": Words("有效", "Valid"),
    "expired": Words("已到期", "Expired"),
    "replaced": Words("已被更正", "Replaced"),
    "withdrawn": Words("已撤销", "Withdrawn"),
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What a filing says. `third_party_bp`: the liable third party's share, in basis points."""

    kind: FilingKind
    from_date: date
    until_date: date | None = None
    facility: int | None = None
    target_facility: int | None = None
    target_level: str = ""
    disease_code: str = ""
    third_party_bp: int | None = None
    reason: str = ""
    evidence: str = ""
    paper: int | None = None


@dataclass(frozen=True, slots=True)
class Filing:
    """One version of a filing. `facility` None: filed by the county office."""

    id: int
    person: int
    region: int
    kind: FilingKind
    facility: int | None
    target_facility: int | None
    target_level: str
    disease_code: str
    third_party_bp: int | None
    from_date: date
    until_date: date | None
    reason: str
    evidence: str
    paper: int | None
    state: State
    known_since: date
    known_until: date | None
    replaces: int | None
    ended_reason: str
    entered_by: int
    entered_at: datetime
    import_number: int | None
    retired_by: int | None
    retired_reason: str

    @property
    def words(self) -> Words:
        """What the kind is called."""
        return kind_words(self.kind)

    def holds(self, day: date) -> bool:
        """Whether it covers `day`."""
        return self.from_date <= day and (self.until_date is None or day < self.until_date)

    def shown(self, day: date) -> Shown:
        """Its state as a reader of `day` sees it: a valid one that has ended is expired."""
        ended = self.until_date is not None and self.until_date <= day
        return "expired" if self.state == "valid" and ended else self.state

    def leads_to(self, facility: int, level: str | None) -> bool:
        """For a referral: whether it leads to this facility, or to any of its level."""
        if self.target_facility is not None:
            return self.target_facility == facility
        return self.target_level == level

    def concerns(self, facility: int) -> bool:
        """For an accident or an emergency: whether it was stated for this facility (or for all, by the county)."""
        return self.facility in (None, facility)


@dataclass(frozen=True, slots=True)
class BillFacts:
    """What a bill takes from the filings: the facts of these names in a settle file."""

    referred: bool
    emergency: bool
    accident: bool
    filings: tuple[EngineFiling, ...]


def bill_facts(
    filings: Iterable[Filing], *, admitted_on: date, facility: int, level: str | None
) -> BillFacts:
    """The facts of a bill of `facility` (its level given) with this day of admission; never from a tick at the window.

    An accident counts where a third party is liable for some share of it.
    """
    here = [one for one in filings if one.state == "valid" and one.holds(admitted_on)]
    return BillFacts(
        referred=any(one.kind == "referral" and one.leads_to(facility, level) for one in here),
        emergency=any(one.kind == "emergency" and one.concerns(facility) for one in here),
        accident=any(
            one.kind == "accident" and one.concerns(facility) and one.third_party_bp for one in here
        ),
        filings=tuple(
            EngineFiling(one.kind, Span(one.from_date, one.until_date))
            for one in here
            if one.kind in ("special_outpatient", "chosen_institution")
        ),
    )


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list asks for. `region` is a 12-digit division code."""

    kind: FilingKind | None = None
    region: int | None = None
    valid_on: date | None = None
    facility: int | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many persons of a township (region key) have a valid filing of a kind."""

    kind: FilingKind
    region: int
    persons: int
