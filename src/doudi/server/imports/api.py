"""The door of imports for other apps: what a kind is made of, how it is registered, and the steps of an import."""

from __future__ import annotations

from doudi.server.imports.data import (
    AS_NEW,
    BATCH,
    Candidate,
    Change,
    Difference,
    Judgement,
    Kind,
    Obstacle,
    Option,
    Row,
    Task,
    Verdict,
)
from doudi.server.imports.data_imports import (
    Applied,
    Begun,
    ChangeView,
    Chosen,
    Counts,
    Earlier,
    FileMade,
    ImportDetail,
    ImportSummary,
    Mapped,
    Moved,
    RowView,
    Trouble,
    Uploaded,
)
from doudi.server.imports.jobs import JOBS
from doudi.server.imports.operations.apply_now import apply_now
from doudi.server.imports.operations.asking import apply, examine, undo
from doudi.server.imports.operations.choosing import choose, decide
from doudi.server.imports.operations.discard import discard
from doudi.server.imports.operations.examine_now import examine_now
from doudi.server.imports.operations.map_columns import map_columns
from doudi.server.imports.operations.put_back import put_back
from doudi.server.imports.operations.refused_file import make_refused_file
from doudi.server.imports.operations.remove_expired import remove_expired
from doudi.server.imports.operations.undo_now import undo_now
from doudi.server.imports.operations.upload import upload
from doudi.server.imports.queries import changes, detail, imports, imports_of, refused_file, rows
from doudi.server.imports.registry import kind_of, kinds_for, register_kind
from doudi.server.imports.states import STATE_NAMES, State
from doudi.server.kernel.sheets.columns import Column, Problem, Value

__all__ = [
    "AS_NEW",
    "BATCH",
    "JOBS",
    "STATE_NAMES",
    "Applied",
    "Begun",
    "Candidate",
    "Change",
    "ChangeView",
    "Chosen",
    "Column",
    "Counts",
    "Difference",
    "Earlier",
    "FileMade",
    "ImportDetail",
    "ImportSummary",
    "Judgement",
    "Kind",
    "Mapped",
    "Moved",
    "Obstacle",
    "Option",
    "Problem",
    "Row",
    "RowView",
    "State",
    "Task",
    "Trouble",
    "Uploaded",
    "Value",
    "Verdict",
    "apply",
    "apply_now",
    "changes",
    "choose",
    "decide",
    "detail",
    "discard",
    "examine",
    "examine_now",
    "imports",
    "imports_of",
    "kind_of",
    "kinds_for",
    "make_refused_file",
    "map_columns",
    "put_back",
    "refused_file",
    "register_kind",
    "remove_expired",
    "rows",
    "undo",
    "undo_now",
    "upload",
]
