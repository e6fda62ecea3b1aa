"""Asking for what takes long: the import says it is in work, and a job is asked for in the same transaction."""

from __future__ import annotations

from datetime import datetime

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.imports.data_imports import Begun
from doudi.server.imports.errors import columns_missing, nothing_chosen, other_number_chosen
from doudi.server.imports.models import StagedImport, StagedRow
from doudi.server.imports.operations.locking import locked, take
from doudi.server.imports.operations.upload import missing_columns
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.jobs.operations.enqueue import enqueue


@operation("imports.examine")
def examine(*, actor: Actor, now: datetime, key: str | None, number: int) -> Begun:
    """Have every row judged. Needs all needed columns mapped."""
    row, kind = locked(actor, number, "examine", needs_rows=True)
    if missing := missing_columns(kind, row.mapping):
        raise columns_missing([column.words for column in kind.columns if column.name in missing])
    return _begin(row, "examine", actor, now)


@operation("imports.apply")
def apply(*, actor: Actor, now: datetime, key: str | None, number: int, expected: int) -> Begun:
    """Have the chosen rows imported: all or, where anything goes wrong, none. `expected`: how many were seen."""
    row, _ = locked(actor, number, "apply", needs_rows=True)
    chosen = StagedRow.objects.filter(staged=row, chosen=True).count()
    if chosen == 0:
        raise nothing_chosen()
    if chosen != expected:
        raise other_number_chosen(expected, chosen)
    return _begin(row, "apply", actor, now, rows=chosen)


@operation("imports.undo")
def undo(*, actor: Actor, now: datetime, key: str | None, number: int, reason: str) -> Begun:
    """Have everything the import changed taken back: all of it or, where something depends on a part, nothing."""
    row, _ = locked(actor, number, "undo", needs_rows=True)
    return _begin(row, "undo", actor, now, reason=reason[:200])


def _begin(
    row: StagedImport, step: str, actor: Actor, now: datetime, *, rows: int | None = None, reason: str = ""
) -> Begun:
    state = take(row, step)
    row.problem = None
    row.job = enqueue(f"imports.{step}", actor=actor, payload={"import": row.pk}, now=now, region=row.region)
    row.save(update_fields=["state", "problem", "job"])
    append(
        f"imports.{step}_asked",
        actor=actor,
        at=now,
        region=row.region,
        object_kind="import",
        object_id=row.pk,
        purpose=reason,
        detail={} if rows is None else {"rows": rows},
    )
    return Begun(row.pk, state, row.job)
