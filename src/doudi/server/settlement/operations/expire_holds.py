"""Holds whose last day is over come free, each with an event of its own."""

from __future__ import annotations

from datetime import datetime

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.settlement.data_holds import HoldsExpired
from doudi.server.settlement.models import Hold
from doudi.server.settlement.operations.release_hold import lock_of

MOST = 100
"""How many are released in one transaction: while it lasts, bills of these people wait."""


@operation("settlement.expire_holds")
def expire_holds(*, actor: Actor, now: datetime, key: str | None = None) -> HoldsExpired:
    """Release the next `MOST` that ran out. Lock: their subjects, in the order in which settling locks.

    A bill that posts a hold at this moment comes before or after as a whole: what it took is not released.
    """
    del key
    today = clock.business_date(now)
    due = Hold.objects.filter(state="held", expires_on__lt=today)
    seen = list(due.order_by("expires_on", "id")[: MOST + 1])
    batch, fen = seen[:MOST], 0
    if batch:
        lock_of(*batch)
    rows = list(due.filter(pk__in=[row.pk for row in batch]).select_for_update().order_by("pk"))
    for row in rows:
        left = row.held_fen - row.posted_fen
        fen += left
        append(
            "settlement.hold_expired", actor=actor, at=now, region=row.region, person=row.person_id,
            object_kind="hold", object_id=row.pk, detail={"name": row.name, "fen": left, "facility": row.facility_id},
        )  # fmt: skip
    Hold.objects.filter(pk__in=[row.pk for row in rows]).update(
        state="expired", ended_at=now, ended_by=actor.user
    )
    append(
        "settlement.holds_expired", actor=actor, at=now, object_kind="hold", detail={"holds": len(rows), "fen": fen}
    )  # fmt: skip
    return HoldsExpired(len(rows), fen, len(seen) > MOST)
