"""The door of imports for other apps."""

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
from doudi.server.imports.registry import kind_of, kinds_for, register_kind
from doudi.server.kernel.sheets.columns import Column, Problem, Value

__all__ = [
    "AS_NEW",
    "BATCH",
    "Candidate",
    "Change",
    "Column",
    "Difference",
    "Judgement",
    "Kind",
    "Obstacle",
    "Option",
    "Problem",
    "Row",
    "Task",
    "Value",
    "Verdict",
    "kind_of",
    "kinds_for",
    "register_kind",
]
