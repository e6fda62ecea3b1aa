"""Lock order of imports: the import's row first, always; who holds it decides what happens next.

An import whose job ended without finishing (its worker died too often, its right was taken away) would stand "in work"
for ever: whoever locks it next puts it back to where it was.
"""

from __future__ import annotations

from datetime import datetime

from doudi.server.imports.data import Kind, Task
from doudi.server.imports.errors import kind_not_yours, no_such_import, removed, wrong_state
from doudi.server.imports.models import StagedImport
from doudi.server.imports.options import restored
from doudi.server.imports.registry import kind_of
from doudi.server.imports.states import WORKING, State, after
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.clock import business_date
from doudi.server.kernel.jobs.queries import job_state
from doudi.server.kernel.regions import in_ranges


def locked(actor: Actor, number: int, step: str, *, needs_rows: bool = False) -> tuple[StagedImport, Kind]:
    """The locked import, if it is in scope, the actor may import its kind, and `step` can be taken. Not yet taken."""
    row = StagedImport.objects.select_for_update().filter(in_ranges(actor.ranges), pk=number).first()
    if row is None:
        raise no_such_import()
    kind = kind_of(row.kind)
    if not kind.roles & actor.roles:
        raise kind_not_yours(kind.words)
    if stuck(actor, row):
        row.state = str(after(row.state, "fail"))
        row.job = None
        row.save(update_fields=["state", "job"])
    if after(row.state, step) is None:
        raise wrong_state(row.state)
    if needs_rows and row.removed_at is not None:
        raise removed()
    return row, kind


def locked_for_reading(actor: Actor, number: int) -> tuple[StagedImport, Kind]:
    """The locked import in whatever state, while its rows are kept."""
    row = StagedImport.objects.select_for_update().filter(in_ranges(actor.ranges), pk=number).first()
    if row is None:
        raise no_such_import()
    kind = kind_of(row.kind)
    if not kind.roles & actor.roles:
        raise kind_not_yours(kind.words)
    if row.removed_at is not None:
        raise removed()
    return row, kind


def take(row: StagedImport, step: str) -> State:
    """Take the step: the row's new state, not saved yet."""
    state = after(row.state, step)
    if state is None:
        raise wrong_state(row.state)
    row.state = str(state)
    return state


def stuck(viewer: Actor, row: StagedImport) -> bool:
    """Whether the import waits for a job that has ended without finishing."""
    if row.state not in WORKING or row.job is None:
        return False
    return job_state(viewer, row.job).state in ("failed", "cancelled")


def task_of(row: StagedImport, kind: Kind, actor: Actor, now: datetime, *, locking: bool = False) -> Task:
    """What the kind is told of the import."""
    return Task(
        number=row.pk,
        actor=actor,
        now=now,
        today=business_date(now),
        region=row.region,
        options=restored(kind, row.options),
        locking=locking,
    )
