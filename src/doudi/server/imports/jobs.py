"""The jobs of imports: they run the worker's half of a step, and put the import back where it comes to nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from doudi.server.imports.data import Obstacle
from doudi.server.imports.errors import UndoBlocked
from doudi.server.imports.operations.apply_now import apply_now
from doudi.server.imports.operations.examine_now import examine_now
from doudi.server.imports.operations.put_back import put_back
from doudi.server.imports.operations.remove_expired import remove_expired
from doudi.server.imports.operations.undo_now import undo_now
from doudi.server.imports.states import State
from doudi.server.kernel.errors import Refused
from doudi.server.kernel.jobs.context import JobContext
from doudi.server.kernel.jobs.data import Done
from doudi.server.kernel.jobs.errors import JobCancelled
from doudi.server.kernel.jobs.registry import every, job
from doudi.words import Words

CHECKING = Words("核对名单", "Checking a list")
IMPORTING = Words("导入名单", "Importing a list")
UNDOING = Words("撤销导入", "Undoing an import")
STOPPED = Words("已取消，没有写入任何内容。", "Cancelled; nothing was written.")
FAULT = Words("服务器出错，没有写入任何内容。", "The server failed; nothing was written.")
_FILE_CODES = ("file_", "sheet_", "cell_", "header_", "import_no_rows")


@job("imports.examine", CHECKING)
def examine(context: JobContext) -> Done:
    """Judge every row."""
    return _run(context, State.EXAMINING, _examined)


@job("imports.apply", IMPORTING)
def apply(context: JobContext) -> Done:
    """Write the chosen rows."""
    return _run(context, State.APPLYING, _applied)


@job("imports.undo", UNDOING)
def undo(context: JobContext) -> Done:
    """Take an import back."""
    return _run(context, State.UNDOING, _undone)


@job("imports.remove_expired", Words("清理到期的导入文件", "Removing expired import files"))
def remove(context: JobContext) -> Done:
    """Remove what is past its time."""
    removed = remove_expired(actor=context.actor, now=context.now())
    return Done({"imports": removed.imports, "papers": removed.papers})


every("imports.remove_expired", minutes=24 * 60)
JOBS = ("imports.examine", "imports.apply", "imports.undo", "imports.remove_expired")
"""The jobs this module makes known; the door re-exports it, so that whoever loads the door knows the jobs."""


def _examined(context: JobContext, number: int) -> Mapping[str, Any]:
    counts = examine_now(actor=context.actor, now=context.now(), number=number, tell=context.progress)
    return {"rows": counts.rows, "new": counts.new, "changed": counts.changed, "refused": counts.refused}


def _applied(context: JobContext, number: int) -> Mapping[str, Any]:
    applied = apply_now(actor=context.actor, now=context.now(), number=number, tell=context.progress)
    return {"rows": applied.rows, "made": applied.made, "changed": applied.changed}


def _undone(context: JobContext, number: int) -> Mapping[str, Any]:
    undo_now(actor=context.actor, now=context.now(), number=number, tell=context.progress)
    return {}


def _run(context: JobContext, state: State, work: Callable[[JobContext, int], Mapping[str, Any]]) -> Done:
    """Run the work. A repetition after a commit whose answer was lost finds the import further on, and is done."""
    number = int(context.payload["import"])
    try:
        return Done({"import": number, **work(context, number)})
    except Refused as refused:
        if refused.code == "import_state":
            return Done({"import": number, "again": True})
        unreadable = state == State.EXAMINING and refused.code.startswith(_FILE_CODES)
        obstacles = refused.obstacles if isinstance(refused, UndoBlocked) else ()
        _back(context, number, "refuse" if unreadable else "fail", refused.code, refused.said(), obstacles)
        raise
    except JobCancelled:
        _back(context, number, "fail", "import_cancelled", STOPPED)
        raise
    except Exception:
        if context.attempt >= ATTEMPTS:
            _back(context, number, "fail", "import_fault", FAULT)
        raise


ATTEMPTS = 3
"""As many as a job gets (`kernel.jobs`): after the last one the import is free again."""


def _back(
    context: JobContext,
    number: int,
    step: str,
    code: str,
    words: Words,
    obstacles: tuple[Obstacle, ...] = (),
) -> None:
    put_back(
        actor=context.actor,
        now=context.now(),
        number=number,
        step=step,
        code=code,
        words=words,
        obstacles=obstacles,
    )
