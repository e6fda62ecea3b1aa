"""Discarding an import before it is applied: its file and rows are removed at once."""

from __future__ import annotations

from datetime import datetime

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.imports.data_imports import Moved
from doudi.server.imports.models import StagedImport, StagedPart, StagedRow
from doudi.server.imports.operations.locking import locked, take
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.papers.api import remove


@operation("imports.discard")
def discard(*, actor: Actor, now: datetime, key: str | None, number: int) -> Moved:
    """Give the import up. Its counts stay as a trace."""
    row, _ = locked(actor, number, "discard")
    state = take(row, "discard")
    clear(row, actor, now)
    row.save()
    append(
        "imports.discarded", actor=actor, at=now, region=row.region, object_kind="import", object_id=row.pk
    )
    return Moved(row.pk, state)


def clear(row: StagedImport, actor: Actor, now: datetime) -> None:
    """Remove the file, the rows and what they said; not saved yet."""
    StagedRow.objects.filter(staged=row).delete()
    StagedPart.objects.filter(staged=row).delete()
    remove(actor=actor, paper=row.paper, now=now)
    row.removed_at = now
