"""A registration is taken back: it was a mistake, or the patient left before anything was billed."""

from __future__ import annotations

from datetime import datetime

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.kernel.actor import Actor
from doudi.server.recognition.api import needed
from doudi.server.settlement import errors
from doudi.server.settlement.data import RegistrationView
from doudi.server.settlement.operations.amend_registration import own_open, reread
from doudi.words import Words

REASON = Words("取消原因", "The reason for cancelling")


@operation("settlement.cancel_registration")
def cancel_registration(
    *, actor: Actor, now: datetime, key: str | None, registration: int, reason: str
) -> RegistrationView:
    """Cancel it. Refused: a bill or a hold stands on it. The row stays, with who cancelled it and why."""
    del key
    why = needed(reason, REASON, "reason")
    row, view = own_open(registration, actor)
    if view.settled:
        raise errors.registration_settled(view.settled)
    if view.held:
        raise errors.registration_held(view.held)
    row.state, row.closed_by, row.closed_at, row.close_reason = "cancelled", actor.user, now, why
    row.save(update_fields=["state", "closed_by", "closed_at", "close_reason"])
    append(
        "settlement.registration_cancelled", actor=actor, at=now, region=row.region, person=row.person_id,
        object_kind="registration", object_id=row.pk,
    )  # fmt: skip
    return reread(row)
