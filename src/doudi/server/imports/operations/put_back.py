"""The worker's step came to nothing: the import goes back to where it was, and says why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.imports.data import Obstacle
from doudi.server.imports.data_imports import Moved
from doudi.server.imports.operations.locking import locked, take
from doudi.server.kernel.actor import Actor
from doudi.words import Words

OBSTACLES_KEPT = 200


@operation("imports.put_back")
def put_back(
    *,
    actor: Actor,
    now: datetime,
    number: int,
    step: str,
    code: str,
    words: Words,
    obstacles: Sequence[Obstacle] = (),
) -> Moved:
    """`step` is `fail`, or `refuse` where the file itself cannot be read and never will be."""
    row, _ = locked(actor, number, step)
    state = take(row, step)
    row.job = None
    row.problem = {
        "code": code,
        "zh": words.zh,
        "en": words.en,
        "rows": [[each.row, each.words.zh, each.words.en] for each in obstacles[:OBSTACLES_KEPT]],
    }
    row.save(update_fields=["state", "job", "problem"])
    append(
        "imports.put_back",
        actor=actor,
        at=now,
        outcome="refused",
        region=row.region,
        object_kind="import",
        object_id=row.pk,
        detail={"code": code, "obstacles": len(obstacles)},
    )
    return Moved(row.pk, state)
