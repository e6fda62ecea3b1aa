"""Asking for a look at the county's bills: it settles people again one after the other, so a worker does it."""

from __future__ import annotations

from datetime import datetime

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.jobs import enqueue
from doudi.server.settlement.data_history import LookAsked

KIND = "settlement.look_here"


@operation("settlement.ask_look")
def ask_look(*, actor: Actor, now: datetime, key: str | None) -> LookAsked:
    """Ask for it, in the actor's own regions. The same `key`: the same look."""
    region = actor.ranges.pairs[0][0]
    job = enqueue(KIND, actor=actor, payload={}, now=now, key=key, region=region)
    append("settlement.look_asked", actor=actor, at=now, region=region, object_kind="job", object_id=job)
    return LookAsked(job)
