"""The life of an import as a table: from which state which step leads where. What is not here cannot happen."""

from __future__ import annotations

from enum import StrEnum

from doudi.words import Words


class State(StrEnum):
    """Where an import stands."""

    UPLOADED = "uploaded"
    MAPPED = "mapped"
    EXAMINING = "examining"
    EXAMINED = "examined"
    APPLYING = "applying"
    APPLIED = "applied"
    UNDOING = "undoing"
    UNDONE = "undone"
    REFUSED = "refused"
    CANCELLED = "cancelled"


STATE_NAMES: dict[State, Words] = {
    State.UPLOADED: Words("待对应表头", "Headings to be mapped"),
    State.MAPPED: Words("待核对", "Ready to be checked"),
    State.EXAMINING: Words("核对中", "Being checked"),
    State.EXAMINED: Words("待确认", "Waiting for your decision"),
    State.APPLYING: Words("导入中", "Being imported"),
    State.APPLIED: Words("已导入", "Imported"),
    State.UNDOING: Words("撤销中", "Being undone"),
    State.UNDONE: Words("已撤销", "Undone"),
    State.REFUSED: Words("文件未通过", "File refused"),
    State.CANCELLED: Words("已放弃", "Discarded"),
}

STEPS: dict[tuple[State, str], State] = {
    (State.UPLOADED, "map"): State.MAPPED,
    (State.MAPPED, "map"): State.MAPPED,
    (State.EXAMINED, "map"): State.MAPPED,
    (State.MAPPED, "examine"): State.EXAMINING,
    (State.EXAMINED, "examine"): State.EXAMINING,
    (State.EXAMINING, "examined"): State.EXAMINED,
    (State.EXAMINING, "refuse"): State.REFUSED,
    (State.EXAMINING, "fail"): State.MAPPED,
    (State.EXAMINED, "choose"): State.EXAMINED,
    (State.EXAMINED, "apply"): State.APPLYING,
    (State.APPLYING, "applied"): State.APPLIED,
    (State.APPLYING, "fail"): State.EXAMINED,
    (State.APPLIED, "undo"): State.UNDOING,
    (State.UNDOING, "undone"): State.UNDONE,
    (State.UNDOING, "fail"): State.APPLIED,
    (State.UPLOADED, "discard"): State.CANCELLED,
    (State.MAPPED, "discard"): State.CANCELLED,
    (State.EXAMINED, "discard"): State.CANCELLED,
}
"""(state, step) → state. `examined`, `applied`, `undone`, `refuse` and `fail` are the worker's."""

WORKING = frozenset({State.EXAMINING, State.APPLYING, State.UNDOING})
"""A job is at work; the officer waits."""
ENDED = frozenset({State.UNDONE, State.REFUSED, State.CANCELLED})
"""Nothing leads out of these."""


def after(state: str, step: str) -> State | None:
    """The state after `step`, or None where the step cannot be taken."""
    return STEPS.get((State(state), step))
