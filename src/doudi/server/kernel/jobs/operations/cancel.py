"""Cancelling: a waiting job never starts; a running one is asked to stop and does so at its next check."""

from __future__ import annotations

from datetime import datetime

from doudi.server.kernel.actor import Actor
from doudi.server.kernel.jobs.data import JobState
from doudi.server.kernel.jobs.errors import job_has_ended
from doudi.server.kernel.jobs.queries import own_row, state_of
from doudi.server.kernel.scope import scoped


def cancel(*, actor: Actor, now: datetime, job: int) -> JobState:
    """Stop one of the actor's own jobs. Lock: its row. `Conflict` where it has ended already."""
    with scoped(actor.scope):
        row = own_row(actor, job)
        if row.state == "waiting":
            row.state, row.ended_at = "cancelled", now
        elif row.state != "running":
            raise job_has_ended()
        row.cancel_asked_at = row.cancel_asked_at or now
        row.save(update_fields=["state", "ended_at", "cancel_asked_at"])
        return state_of(row)
