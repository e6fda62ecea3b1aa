"""In whose name a job runs: its originator, with the rights they hold when it runs, not when it was asked for.

The job row keeps a snapshot of the actor. Before each attempt the snapshot is handed to the *actor builder*, which
`access` sets at start: it answers the actor as the post stands now, or None where the post has ended. The kernel knows no
posts; without a builder the snapshot itself acts, and `SYSTEM` always does.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from doudi.server.kernel.actor import SYSTEM, Actor

ActorBuilder = Callable[[Actor, datetime], Actor | None]

_builder: list[ActorBuilder] = []


def set_actor_builder(builder: ActorBuilder) -> None:
    """Say how a stored actor becomes today's: called once, by `access`, when the apps are joined."""
    _builder[:] = [builder]


def stored(actor: Actor) -> Any:
    """The snapshot as JSON."""
    return _adapter().dump_python(actor, mode="json")


def rebuilt(snapshot: Any, now: datetime) -> Actor | None:
    """The actor a job runs as now, or None where nobody may run it any more."""
    actor = _adapter().validate_python(snapshot)
    if actor.user == SYSTEM.user:
        return SYSTEM
    return _builder[0](actor, now) if _builder else actor


@cache
def _adapter() -> TypeAdapter[Actor]:
    return TypeAdapter(Actor)
