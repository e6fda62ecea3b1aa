"""Read the vault in batches for an export: masked like every list, counted against the budget, each in the trail."""

from __future__ import annotations

from datetime import datetime

from doudi.server.access.api import operation, spend
from doudi.server.audit import api as audit
from doudi.server.kernel.actor import Actor
from doudi.server.people import errors
from doudi.server.people.data import ExportBatch, PersonFilter
from doudi.server.people.queries.persons import narrowed
from doudi.server.people.queries.visible import in_scope, summaries

BATCH = 2000


@operation("people.export")
def export_persons(
    *,
    actor: Actor,
    now: datetime,
    purpose: str,
    wanted: PersonFilter | None = None,
    after: int = 0,
    key: None = None,
) -> ExportBatch:
    """The next 2,000 persons by id after `after` (0 at first), the same persons as `persons` with the same filter."""
    del key  # the guard has used it
    why = " ".join(purpose.split())
    if len(why) < 2:
        raise errors.purpose_needed()
    if audit.sealing_is_late(now):
        raise errors.trail_late()
    rows = narrowed(in_scope(actor), wanted or PersonFilter()).filter(pk__gt=after).order_by("pk")[:BATCH]
    batch = summaries(list(rows), actor)
    spend(actor, "export.rows", now=now, amount=len(batch))
    audit.append(
        "people.exported",
        actor=actor,
        at=now,
        outcome="seen",
        region=actor.ranges.pairs[0][0] if actor.ranges.pairs else 0,
        purpose=why[:200],
        detail={"rows": len(batch), "after": after},
    )
    return ExportBatch(batch, batch[-1].id if len(batch) == BATCH else None)
