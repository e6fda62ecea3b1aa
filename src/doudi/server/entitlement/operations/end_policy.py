"""End a policy: before a day it is the law, from that day on not."""

from __future__ import annotations

from datetime import date, datetime

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.entitlement import errors
from doudi.server.entitlement.data import PolicyEnded
from doudi.server.entitlement.models import PolicyInForce
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.regions import in_ranges
from doudi.words import Words


@operation("entitlement.end_policy")
def end_policy(
    *, actor: Actor, now: datetime, key: str | None, in_force: int, until_date: date, reason: str
) -> PolicyEnded:
    """`until_date` is exclusive; the day it began itself means that it never held. Only an earlier end can follow."""
    del key
    row = PolicyInForce.objects.select_for_update().filter(in_ranges(actor.ranges), pk=in_force).first()
    if row is None:
        raise errors.no_such_policy()
    if row.until_date is not None and row.until_date <= until_date:
        raise errors.policy_already_ended(row.until_date)
    if until_date < row.from_date:
        raise errors.dates_reversed()
    if not reason.strip():
        raise errors.text_missing(Words("结束的理由", "The reason"), "reason")
    row.until_date, row.ended_by, row.ended_at, row.end_reason = until_date, actor.user, now, reason.strip()
    row.save(update_fields=["until_date", "ended_by", "ended_at", "end_reason"])
    append(
        "entitlement.policy_ended",
        actor=actor,
        at=now,
        region=row.region,
        object_kind="policy_in_force",
        object_id=row.pk,
        detail={"policy": row.policy, "until_date": until_date.isoformat()},
    )
    return PolicyEnded(row.pk, until_date)
