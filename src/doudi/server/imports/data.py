"""What crosses the border of imports: what a kind of file must say of its rows, and what an import tells of itself.

A *kind* is what another app knows about one sort of file (a roster of people, a drug catalogue). This app knows files,
rows, verdicts and changes; it never knows what they mean. The life of an import:

upload → the headings are mapped → `Kind.examine` judges every row (nothing is written) → the officer chooses →
`Kind.apply` writes, in one transaction → `Kind.undo` takes it back, while nothing depends on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal, Protocol

from doudi.server.access.api import Role
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.sheets.columns import Column, Form, Problem, Value
from doudi.words import Words

Json = str | int | bool | None | list["Json"] | dict[str, "Json"]


class Judgement(StrEnum):
    """What importing a row would do. Every row has exactly one; their counts add up to the rows of the file."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    DUPLICATE = "duplicate"
    """Possibly the same as something that exists: a person decides (`Row.decided`)."""


AS_NEW = 0
"""`Row.decided`: none of the candidates, a new one."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file as read: by column name, in the forms of the columns, None where empty or not in the file."""

    number: int
    """The row's number in the sheet, from 1, as Excel shows it."""
    values: Mapping[str, Value]
    decided: int | None = None
    """For a row that was a possible duplicate: the number of the candidate it is, `AS_NEW`, or None while undecided.
    A decided row is judged NEW, CHANGED or UNCHANGED (or REFUSED), never DUPLICATE again."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that importing a CHANGED row would change; texts as an officer reads them."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that exists and that a DUPLICATE row may be: its number, what it is (no full ID number), and why."""

    number: int
    title: str
    reason: Words
    score_bp: int = 0
    """How alike, in basis points; 0 where not measured."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a kind says of one row. REFUSED has problems; CHANGED has differences; DUPLICATE has candidates."""

    judgement: Judgement
    problems: tuple[Problem, ...] = ()
    """For REFUSED: what is wrong. For others: warnings shown beside the row."""
    match: int | None = None
    """The number of what the row is about, where it exists."""
    differences: tuple[Difference, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    plan: Mapping[str, Json] = field(default_factory=dict)
    """What `apply` wants to know that `examine` found. Also part of what must not have changed in between."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that importing a row made or changed. What undoing needs is in `before`; what to compare, in `after`."""

    row: int
    did: Literal["made", "changed"]
    object_kind: str
    """`person`, `household`, `recognition`, …"""
    object_id: int
    before: Mapping[str, Json] = field(default_factory=dict)
    """The fields as they were (empty for `made`). Kept sealed."""
    after: Mapping[str, Json] = field(default_factory=dict)
    """The fields as they were left, to see at undo whether somebody changed them since. Kept sealed."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why one change cannot be undone: something depends on it, or it was changed since."""

    row: int
    words: Words


@dataclass(frozen=True, slots=True)
class Option:
    """Something a kind asks at upload. `choices` for form `choice`: value and words."""

    name: str
    words: Words
    form: Form | Literal["choice"] = "text"
    needed: bool = True
    choices: tuple[tuple[str, Words], ...] = ()
    default: Value = None
    guide: Words | None = None


@dataclass(slots=True)
class Task:
    """What a kind is told while it examines, applies or undoes one import. The scope of `actor` is open."""

    number: int
    """The import's number: to be kept as the source of what is written."""
    actor: Actor
    now: datetime
    today: date
    """The business date of `now`."""
    region: int
    """Region key of the import: the place whose list this is; inside the actor's scope. Rows outside it are refused
    by the kind."""
    options: Mapping[str, Value]
    locking: bool = False
    """True in apply and undo: read what you match with `select_for_update`, so that nothing moves between the judging
    and the writing. The last judging after apply is without: all it reads is held already."""
    memory: dict[str, Any] = field(default_factory=dict)
    """The kind's own, from the first batch to the last of one pass: lookups read once, keys seen earlier in the file."""


class Kind(Protocol):
    """What an app implements for one sort of file, in its `import_kinds.py`; registered with `register_kind`.

    Rows come in batches of `BATCH`; a kind makes a fixed number of queries for each batch, never one for each row.
    """

    @property
    def name(self) -> str:
        """`people.roster`: app and thing."""

    @property
    def words(self) -> Words:
        """What the file is called."""

    @property
    def guide(self) -> Words:
        """What such a file is for, in a sentence or two."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns it reads; others in the file are kept but not used."""

    @property
    def options(self) -> tuple[Option, ...]:
        """What is asked at upload, beside the region."""

    @property
    def roles(self) -> frozenset[Role]:
        """Who may import it, among those who may import at all."""

    def same(self, row: Row, task: Task) -> str | None:
        """What two rows of the file have in common when they are about the same thing (of one person: the number, and
        the category for recognition). A later row with the text of an earlier one is refused, naming it. None: never.
        """

    def examine(self, rows: Sequence[Row], task: Task) -> list[Verdict]:
        """One verdict for each row, in order. Writes nothing. Called before choosing, again (locking) just before
        `apply`, where another verdict than was shown stops the import, and once more after it, where every row that
        was applied must be UNCHANGED: what was written is what was read.
        """

    def apply(self, rows: Sequence[tuple[Row, Verdict]], task: Task) -> list[Change]:
        """Write rows judged NEW or CHANGED, in bulk; at least one change for each. Raises nothing for a row: what can
        be refused was refused by `examine`.
        """

    def undo(self, changes: Sequence[Change], task: Task) -> list[Obstacle]:
        """Take changes back (they come last first). Every obstacle is returned; one obstacle undoes the undoing."""


BATCH = 2000
"""Rows that a kind gets at once."""
