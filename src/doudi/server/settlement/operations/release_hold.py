"""A hold is given back before its bill came: the amount is free for others again."""

from __future__ import annotations

from datetime import datetime

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.kernel.actor import Actor
from doudi.server.recognition.api import needed
from doudi.server.settlement import hold_errors, subjects
from doudi.server.settlement.data_holds import HoldReleased
from doudi.server.settlement.models import Hold
from doudi.words import Words

REASON = Words("释放原因", "The reason for releasing")


@operation("settlement.release_hold")
def release_hold(*, actor: Actor, now: datetime, key: str | None, hold: int, reason: str) -> HoldReleased:
    """Release it: by the facility that made it, or by the county that pays. Lock: the rows of its subject.

    Refused: it has ended already, it is another facility's, no reason.
    """
    del key
    why = needed(reason, REASON, "reason")
    seen = Hold.objects.filter(pk=hold).first()
    if seen is None:
        raise hold_errors.unknown_hold()
    if actor.facility and seen.facility_id != actor.facility:
        raise hold_errors.not_your_hold()
    lock_of(seen)
    row = Hold.objects.select_for_update().get(pk=hold)
    if row.state != "held":
        raise hold_errors.hold_ended(row.state)  # type: ignore[arg-type]
    row.state, row.ended_at, row.ended_by, row.end_reason = "released", now, actor.user, why
    row.save(update_fields=["state", "ended_at", "ended_by", "end_reason"])
    left = row.held_fen - row.posted_fen
    append(
        "settlement.hold_released", actor=actor, at=now, region=row.region, person=row.person_id,
        object_kind="hold", object_id=row.pk, detail={"name": row.name, "fen": left},
    )  # fmt: skip
    return HoldReleased(row.pk, left)


def lock_of(*rows: Hold) -> None:
    """The rows that a bill of these persons would lock, households first: it waits for us or we for it."""
    homes = sorted({row.subject_id for row in rows if row.scope == "household"})
    subjects.lock(sorted({row.person_id for row in rows}), homes, rows[0].region)
