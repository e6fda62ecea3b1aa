"""The card as data: what crosses to whoever shows it. Texts in both languages, amounts in fen, rates in basis points.

Frozen all the way down, so that a card can be kept, compared and hashed. Marks (`notes`) are places in `Option.notes`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from doudi.engine.data import Balances, Filing, Person
from doudi.engine.plan import NO_WORDS
from doudi.words import Words

Applies = Literal["yes", "depends", "no"]
"""For this person: whatever the bill is like; depending on the bill; whatever the bill is like, not."""

CategoryStanding = Literal["counts", "kept", "ended", "not_yet", "not_in_policy"]
MeterKind = Literal["cap", "deductible", "threshold", "position", "owed"]
"""`owed`: what a year-end payer will look at; told only where there is something."""
LineKind = Literal[
    "base", "base_limit", "deductible", "rate", "band", "schedule", "formula", "offset", "guarantee", "cap", "rule",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose card: the person as the engine sees them, their filings, and the programmes whose roster lists them.

    `roster` None: nobody knows the roster; a programme that needs an entry then depends on the bill.
    """

    person: Person
    filings: tuple[Filing, ...] = ()
    roster: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote: a passage of a document, or (`assumed`) the reason why a number stands here without one."""

    title: str
    section: str = ""
    passage: str = ""
    document: str = ""
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """One value and when it holds (`tests`: kind and argument of each fact, for machines; empty: always).

    `value` None: the law gives no number here; such a bill is refused.
    """

    value: int | None
    when: Words = NO_WORDS
    tests: tuple[tuple[str, str], ...] = ()
    notes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the law for this person: one case, or one for each kind of bill that makes a difference.

    `of` names what a percentage is taken of. `complete` False: the bill can differ in more ways than are told.
    """

    unit: Literal["fen", "bp"]
    cases: tuple[Case, ...]
    of: Words = NO_WORDS
    complete: bool = True

    @property
    def only(self) -> int | None:
        """The value where it is the same for every bill."""
        return self.cases[0].value if len(self.cases) == 1 and self.complete else None


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence about a benefit: what it is about, what it says, and the number in it."""

    kind: LineKind
    label: Words
    text: Words
    figure: Figure | None = None
    notes: tuple[int, ...] = ()
    low: int | None = None
    """A band begins above this position, in fen."""
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something does not apply (`wants`: what would have to be so), or what it still depends on (`wants` empty).

    `kind` and `argument` as in the policy (`people`, `referred`, `uninsured` …), for the way to where it is mended.
    """

    kind: str
    argument: str
    words: Words
    wants: Words = NO_WORDS


@dataclass(frozen=True, slots=True)
class BenefitCard:
    """One benefit as it is for this person."""

    name: str
    title: Words
    applies: Applies
    because: tuple[Reason, ...]
    lines: tuple[Line, ...]
    notes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PayerCard:
    """One payer, in its place in the order. Benefits that cannot apply are told with their reason and without numbers."""

    name: str
    title: Words
    fund: Words
    applies: Applies
    because: tuple[Reason, ...]
    how: tuple[Words, ...]
    """How it decides and settles, where that is not the usual way (elsewhere, case by case, at year end)."""
    benefits: tuple[BenefitCard, ...]
    notes: tuple[int, ...] = ()
    people: tuple[str, ...] = ()
    """The groups of people that this payer's rules look at and that this person belongs to."""
    decided: Literal["here", "elsewhere", "case_by_case"] = "here"
    """Who decides the amount; what is not decided here comes with the bill."""


@dataclass(frozen=True, slots=True)
class CategoryCard:
    """A category the person holds or held, and what it does on this day."""

    code: str
    title: Words
    department: str
    from_date: date | None
    until_date: date | None
    standing: CategoryStanding
    groups: tuple[Words, ...]
    counts_for: tuple[str, ...]
    """Names of payers that would pay this person otherwise without it."""
    because: Words


@dataclass(frozen=True, slots=True)
class Participation:
    """Insured or not on this day, and what follows. `refused`: no bill of this day can be settled under the policy."""

    insured: bool | None
    scheme: str
    tier: str
    words: Words
    refused: bool


@dataclass(frozen=True, slots=True)
class Meter:
    """What a period has used of something: a cap, a deductible, the threshold of a cumulative benefit, or a position.

    `limit` and `left` in fen where the limit is the same for every bill; else `figure` tells the cases.
    For a deductible or threshold `left` is what still has to be borne before the benefit pays.
    """

    kind: MeterKind
    payer: str
    accumulator: str
    title: Words
    per: str
    period: str
    household: bool
    used: int
    opening: int
    limit: int | None = None
    left: int | None = None
    figure: Figure | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """The benefits as one category gives them (`best_single`); or, with None, as all categories together do."""

    as_category: str | None
    title: Words
    rules: tuple[Line, ...]
    payers: tuple[PayerCard, ...]
    meters: tuple[Meter, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """What a policy gives a person on a day."""

    policy: str
    policy_hash: str
    title: Words
    documents: tuple[str, ...]
    region: str
    day: date
    from_date: date
    until_date: date | None
    in_force: bool
    participation: Participation
    categories: tuple[CategoryCard, ...]
    filings: tuple[Filing, ...]
    options: tuple[Option, ...]
    entitlements: tuple[Words, ...]

    @property
    def payers(self) -> tuple[PayerCard, ...]:
        """The payers of the first option; there is only one unless a policy lets one category alone count."""
        return self.options[0].payers


__all__ = [
    "Applies", "Balances", "BenefitCard", "Card", "Case", "CategoryCard", "Figure", "Line", "Meter", "Note", "Option",
    "Participation", "PayerCard", "Reason", "Subject",
]  # fmt: skip
