"""Opening a person who lies outside the region scope: for a facility that found them, or for a user who broke the glass.

Both are called by operations of `people` inside their transaction, after the exact find: who is found is their matter,
for whom and how long a person is open is the matter of access. What is opened is what `doudi_opened()` answers to
every policy; what a facility opened may also be written at the facility, broken glass lets read only.
"""

from __future__ import annotations

from datetime import datetime

from doudi.server.access.data import Opened, Reviewed, Verdict
from doudi.server.access.errors import conflict, no_such, not_allowed, refused
from doudi.server.access.guard import operation
from doudi.server.access.limits import GLASS_OPEN, GLASS_REVIEW, GLASS_ROLES
from doudi.server.access.models import Glass, Opening
from doudi.server.audit.api import append
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import invariant
from doudi.server.kernel.scope import active_scope
from doudi.words import Words

GLASS = "break_glass"


def open_person(
    *,
    actor: Actor,
    person: int,
    region: int,
    kind: str,
    reason: str = "",
    now: datetime,
    until: datetime,
) -> Opened:
    """Open `person` (of region key `region`) for the actor's facility until an instant, or extend what is open.

    Inside an operation's transaction. `kind`: find, card, encounter … Broken glass has a door of its own.
    """
    invariant(active_scope() == actor.scope, "opening.outside_scope")
    invariant(actor.facility > 0 and kind != GLASS and until > now, "opening.of_nobody")
    return _open(actor, person, region, actor.facility, kind, reason, now, until)


def _open(
    actor: Actor,
    person: int,
    region: int,
    facility: int,
    kind: str,
    reason: str,
    now: datetime,
    until: datetime,
) -> Opened:
    rows = Opening.objects.select_for_update().filter(
        facility_id=facility, person_id=person, kind=kind, until_at__gt=now
    )
    if not facility:
        rows = rows.filter(user_id=actor.user)
    row = rows.order_by("-until_at").first()
    if row is None:
        row = Opening.objects.create(
            person_id=person,
            region=region,
            facility_id=facility,
            user_id=actor.user,
            kind=kind,
            reason=reason[:200],
            opened_at=now,
            until_at=until,
        )
    elif until > row.until_at:
        row.until_at = until
        row.save(update_fields=["until_at"])
    return Opened(opening=row.pk, person=person, until=row.until_at)


def break_glass(*, actor: Actor, person: int, region: int, reason: str, ticket: str, now: datetime) -> Opened:
    """Let a region's officer read a person outside their scope for an hour, in an emergency.

    Inside an operation's transaction, whose rule should name the budget `access.break_glass`. Reason and ticket are
    asked for; the trail has it; supervisors see it at once in `broken_glass`, and it is reviewed within 72 hours.
    """
    invariant(active_scope() == actor.scope, "opening.outside_scope")
    if not GLASS_ROLES & actor.roles or actor.user <= 0 or not actor.ranges.pairs:
        raise not_allowed("access.break_glass")
    if len(reason.strip()) < 4 or not ticket.strip():
        raise refused(
            "glass_reason",
            "紧急查阅须写明事由和工单号。",
            "Breaking the glass needs a reason and a ticket.",
            where="reason",
        )
    if region in actor.ranges:
        raise conflict(
            "glass_in_scope",
            "该人员在您的管辖范围内，无需紧急查阅。",
            "The person is in your scope; no glass needs breaking.",
        )
    opened = _open(actor, person, region, 0, GLASS, reason, now, now + GLASS_OPEN)
    made = Glass.objects.create(
        opening_id=opened.opening,
        person_id=person,
        region=region,
        from_region=actor.ranges.pairs[0][0],
        user_id=actor.user,
        login=actor.login,
        reason=reason.strip()[:200],
        ticket=ticket.strip()[:60],
        broken_at=now,
        review_due_at=now + GLASS_REVIEW,
    )
    append(
        "access.glass_broken",
        actor=actor,
        at=now,
        region=region,
        person=person,
        object_kind="glass",
        object_id=made.pk,
        purpose=reason.strip()[:200],
        detail={"until": opened.until.isoformat()},
    )
    return opened


@operation("access.review_glass")
def review_glass(
    *, actor: Actor, now: datetime, key: str | None = None, glass: int, verdict: Verdict, note: str = ""
) -> Reviewed:
    """Say whether a breaking of the glass was justified; not by who broke it."""
    del key
    row = Glass.objects.select_for_update().filter(pk=glass).first()
    if row is None:
        raise no_such(Words("紧急查阅", "breaking of the glass"), "glass")
    if row.user_id == actor.user:
        raise refused(
            "not_by_oneself", "不能复核自己的紧急查阅。", "Nobody reviews their own.", where="glass"
        )
    if row.reviewed_at is not None:
        raise conflict("glass_reviewed", "已经复核。", "It was reviewed already.", where="glass")
    row.reviewed_by, row.reviewer_login, row.reviewed_at = actor.user, actor.login, now
    row.verdict, row.note = verdict, note.strip()[:200]
    row.save(update_fields=["reviewed_by", "reviewer_login", "reviewed_at", "verdict", "note"])
    append(
        "access.glass_reviewed",
        actor=actor,
        at=now,
        region=row.region,
        person=row.person_id,
        object_kind="glass",
        object_id=row.pk,
        detail={"verdict": verdict, "late": now > row.review_due_at},
    )
    return Reviewed(glass=row.pk, verdict=verdict)
