"""Undoing: every change is taken back, last first, in one transaction; one obstacle and nothing is. Run by the worker."""

from __future__ import annotations

from datetime import datetime

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.imports.data import Change, Obstacle
from doudi.server.imports.data_imports import Moved
from doudi.server.imports.errors import UndoBlocked
from doudi.server.imports.models import ImportChange, StagedImport, StagedPart
from doudi.server.imports.operations.apply_now import PARTS_AT_ONCE
from doudi.server.imports.operations.examine_now import Tell
from doudi.server.imports.operations.locking import locked, take, task_of
from doudi.server.imports.records import change_from_json, opened
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import invariant


@operation("imports.undo_now")
def undo_now(*, actor: Actor, now: datetime, number: int, tell: Tell) -> Moved:
    """Invariant: as many changes are taken back as were made. `UndoBlocked` carries what stands in the way."""
    row, kind = locked(actor, number, "undone", needs_rows=True)
    task = task_of(row, kind, actor, now, locking=True)
    total = ImportChange.objects.filter(staged=row).count()
    obstacles: list[Obstacle] = []
    done = 0
    for part in (
        StagedPart.objects.filter(staged=row, holds="changes").order_by("-first").iterator(PARTS_AT_ONCE)
    ):
        changes = _last_first(part)
        obstacles.extend(kind.undo(changes, task))
        done += len(changes)
        tell(done, total)
    if obstacles:
        raise UndoBlocked(obstacles)
    invariant(done == total, "imports.undo_incomplete")
    return _finish(row, actor, now, done)


def _last_first(part: StagedPart) -> list[Change]:
    return [change_from_json(data) for data in reversed(opened(part.sealed, holds="changes"))]


def _finish(row: StagedImport, actor: Actor, now: datetime, count: int) -> Moved:
    state = take(row, "undone")
    row.undone_by, row.undone_at, row.job = actor.user, now, None
    row.save()
    append(
        "imports.undone",
        actor=actor,
        at=now,
        region=row.region,
        object_kind="import",
        object_id=row.pk,
        detail={"changes": count},
    )
    return Moved(row.pk, state)
