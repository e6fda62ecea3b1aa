"""A stay whose bills were all settled mid-stay ends: nothing more is billed, the bed is free."""

from __future__ import annotations

from datetime import date, datetime

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.settlement import errors
from doudi.server.settlement.data import RegistrationView
from doudi.server.settlement.operations.amend_registration import own_open, reread


@operation("settlement.discharge")
def discharge(
    *, actor: Actor, now: datetime, key: str | None, registration: int, discharged_on: date
) -> RegistrationView:
    """Close it after its last bill. Refused: nothing settled on it, a hold stands, a day that cannot be."""
    del key
    if discharged_on > clock.business_date(now):
        raise errors.day_in_future("discharged_on", discharged_on)
    row, view = own_open(registration, actor)
    if discharged_on < row.admitted_on:
        raise errors.days_reversed()
    if not view.settled:
        raise errors.nothing_settled()
    if view.held:
        raise errors.registration_held(view.held)
    row.state, row.discharged_on, row.closed_by, row.closed_at = "discharged", discharged_on, actor.user, now
    row.save(update_fields=["state", "discharged_on", "closed_by", "closed_at"])
    append(
        "settlement.registration_closed", actor=actor, at=now, region=row.region, person=row.person_id,
        object_kind="registration", object_id=row.pk,
    )  # fmt: skip
    return reread(row)
