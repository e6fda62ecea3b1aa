"""What an import tells of itself: its summary, its details, its rows, its changes, and what each step answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from doudi.server.imports.data import Candidate, Difference, Judgement
from doudi.server.imports.states import State
from doudi.server.kernel.sheets.columns import Problem
from doudi.words import Words


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of the file by verdict: `rows` is the sum of the five; `chosen` those that would be imported."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    duplicate: int = 0
    chosen: int = 0


@dataclass(frozen=True, slots=True)
class Earlier:
    """An import of the same file before this one."""

    number: int
    state: State
    uploaded_at: datetime


@dataclass(frozen=True, slots=True)
class Uploaded:
    """The file is kept and its header found. `missing`: names of needed columns that no heading was found for."""

    number: int
    state: State
    sheet: str
    missing: tuple[str, ...]
    seen_before: tuple[Earlier, ...]


@dataclass(frozen=True, slots=True)
class Mapped:
    """The mapping is kept; with columns missing the import cannot be examined yet."""

    number: int
    state: State
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Begun:
    """A job was asked for: its number is what progress is read by."""

    number: int
    state: State
    job: int


@dataclass(frozen=True, slots=True)
class Moved:
    """The import is in another state."""

    number: int
    state: State


@dataclass(frozen=True, slots=True)
class Chosen:
    """How many rows the step touched, and how many are chosen now."""

    number: int
    touched: int
    chosen: int


@dataclass(frozen=True, slots=True)
class Applied:
    """What an import did: rows written, things made and changed."""

    number: int
    rows: int
    made: int
    changed: int


@dataclass(frozen=True, slots=True)
class FileMade:
    """A file was made and kept: the number of the stored paper and how many rows it holds."""

    number: int
    paper: int
    rows: int


@dataclass(frozen=True, slots=True)
class Removed:
    """How many imports lost their file and rows because their time was over."""

    imports: int
    papers: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the last step of the worker came to nothing."""

    code: str
    words: Words
    rows: tuple[tuple[int, Words], ...] = ()
    """Single rows and what stands in their way, the first of them."""


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """One line of the list of imports."""

    number: int
    kind: str
    kind_words: Words
    region: int
    state: State
    state_words: Words
    file_name: str
    uploaded_by: int
    uploaded_at: datetime
    counts: Counts
    applied_rows: int
    applied_at: datetime | None
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class ImportDetail:
    """One import with all that its page shows. `steps`: what can be done now."""

    summary: ImportSummary
    sheet: str
    sheets: tuple[str, ...]
    header_rows: tuple[int, ...]
    headings: tuple[str, ...]
    mapping: Mapping[str, int]
    missing: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    """The first rows as they stand in the file, for checking the mapping; empty once they are removed."""
    options: Mapping[str, str]
    notices: tuple[Words, ...]
    seen_before: tuple[Earlier, ...]
    job: int | None
    trouble: Trouble | None
    steps: frozenset[str]
    paper: int
    until_at: datetime
    removed_at: datetime | None


@dataclass(frozen=True, slots=True)
class RowView:
    """One row of the preview. Personal numbers are masked."""

    number: int
    judgement: Judgement
    chosen: bool
    decided: int | None
    values: Mapping[str, str]
    problems: tuple[Problem, ...]
    differences: tuple[Difference, ...]
    candidates: tuple[Candidate, ...]
    match: int | None


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One thing that an import made or changed."""

    row: int
    did: str
    object_kind: str
    object_id: int
