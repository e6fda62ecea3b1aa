"""What crosses the border of recognition. Dates: `from_date` inclusive, `until_date` exclusive, None is open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from doudi.engine.data import Holding, Span
from doudi.server.recognition.categories import category_title
from doudi.words import Words

State = Literal["valid", "replaced", "void"]

STATE_WORDS: dict[State, Words] = {
    "valid": Words("有效", "Valid"),
    "replaced": Words("已被更正", "Replaced"),
    "void": Words("已作废", "Void"),
}


@dataclass(frozen=True, slots=True)
class Recognition:
    """One version of a recognition. `known_since` until before `known_until` it was what Doudi believed."""

    id: int
    person: int
    region: int
    category: str
    from_date: date
    until_date: date | None
    state: State
    known_since: date
    known_until: date | None
    replaces: int | None
    household: int | None
    source_department: str
    evidence: str
    paper: int | None
    ended_reason: str
    entered_by: int
    entered_at: datetime
    import_number: int | None
    retired_by: int | None
    retired_reason: str

    @property
    def words(self) -> Words:
        """What the category is called."""
        return category_title(self.category).words

    @property
    def state_words(self) -> Words:
        """What the state is called."""
        return STATE_WORDS[self.state]

    def holds(self, day: date) -> bool:
        """Whether the person has the category on `day`, by this version."""
        return self.from_date <= day and (self.until_date is None or day < self.until_date)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a recognition says, whole: for entering one and for putting one right, so that nothing is kept unseen.

    `evidence` is the number or name of the paper or list; `paper` a stored paper. An empty `source_department` is the one
    that usually vouches for the category.
    """

    category: str
    from_date: date
    until_date: date | None
    source_department: str
    evidence: str
    paper: int | None = None
    household: int | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list or an export asks for. `region` is a 12-digit division code; `ending_before` is exclusive."""

    category: str | None = None
    region: int | None = None
    valid_on: date | None = None
    ending_before: date | None = None
    import_number: int | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many persons have a category in one township (region key)."""

    category: str
    region: int
    persons: int


def holdings(recognitions: Iterable[Recognition]) -> tuple[Holding, ...]:
    """Valid recognitions as the engine takes them, ended ones too: a policy may let a category count after its end."""
    return tuple(
        Holding(one.category, Span(one.from_date, one.until_date))
        for one in sorted(recognitions, key=lambda one: (one.category, one.from_date))
        if one.state == "valid"
    )
