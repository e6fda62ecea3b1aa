"""Writing the trail: one call, in the transaction of the act. If the row cannot be written, the act is rolled back.

An event belongs to a region, which says who may read it. What concerns no region of its own (a sign-in, an account, a
denial) belongs where whoever acted belongs: else the auditors of a county would not see what its administrators do.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from doudi.server.audit.data import Outcome
from doudi.server.audit.models import AuditEvent
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.canonical import canonical
from doudi.server.kernel.errors import invariant
from doudi.server.kernel.scope import active_scope


def _first_key(actor: Actor) -> int:
    return actor.ranges.pairs[0][0] if actor.ranges.pairs else 0


_home: list[Callable[[Actor], int]] = [_first_key]


def join_home(home: Callable[[Actor], int]) -> None:
    """Let `home` say which region key an actor belongs to; called at start, by who knows facilities and posts."""
    _home[0] = home


_count: ContextVar[list[int] | None] = ContextVar("audit_count", default=None)


def append(
    event: str,
    *,
    actor: Actor,
    at: datetime,
    outcome: Outcome = "done",
    region: int | None = None,
    person: int | None = None,
    object_kind: str = "",
    object_id: object = "",
    purpose: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Add one event: past tense (`recognition.ended`), a region key, a `detail` without personal data. Without a region
    it is kept where the actor belongs.

    What has no canonical form (an inexact number) is refused here, not when it is sealed.
    """
    invariant(active_scope() is not None, "audit.outside_scope")
    AuditEvent.objects.bulk_create(  # no read back, no signal
        [
            AuditEvent(
                at=at,
                user_id=actor.user,
                login=actor.login,
                session=actor.session[:16],
                event=event,
                outcome=outcome,
                region=_home[0](actor) if region is None else region,
                facility_id=actor.facility,
                person_id=person,
                object_kind=object_kind,
                object_id=str(object_id),
                purpose=purpose,
                detail=json.loads(canonical(dict(detail or {}))),
            )
        ]
    )
    counter = _count.get()
    if counter is not None:
        counter.append(1)


@contextmanager
def appended_in() -> Iterator[list[int]]:
    """Counts the events of a block: an operation that left none is a fault."""
    counter: list[int] = []
    token = _count.set(counter)
    try:
        yield counter
    finally:
        _count.reset(token)
