"""A registration is put right: department and diagnoses while open, its first day while nothing is settled on it."""

from __future__ import annotations

from datetime import date, datetime

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.people.api import same_person_ids
from doudi.server.settlement import errors, subjects
from doudi.server.settlement.data import RegistrationView
from doudi.server.settlement.models import Registration
from doudi.server.settlement.operations.register import department_of, diagnoses_of
from doudi.server.settlement.queries.registrations import counted, seen


@operation("settlement.amend_registration")
def amend_registration(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    registration: int,
    department: str | None = None,
    diagnoses: tuple[str, ...] | None = None,
    admitted_on: date | None = None,
) -> RegistrationView:
    """Amend what is given; what is None stays. Lock: the person's rows, then the registration."""
    del key
    row, view = own_open(registration, actor)
    changed: dict[str, object] = {}
    if department is not None and department_of(department) != row.department:
        changed["department"] = department_of(department)
    if diagnoses is not None and list(diagnoses_of(diagnoses)) != row.diagnoses:
        changed["diagnoses"] = list(diagnoses_of(diagnoses))
    if admitted_on is not None and admitted_on != row.admitted_on:
        if admitted_on > clock.business_date(now):
            raise errors.day_in_future("admitted_on", admitted_on)
        if view.settled:
            raise errors.registration_settled(view.settled)
        changed["admitted_on"] = admitted_on
    for field, value in changed.items():
        setattr(row, field, value)
    if changed:
        row.save(update_fields=sorted(changed))
    append(
        "settlement.registration_amended", actor=actor, at=now, region=row.region, person=row.person_id,
        object_kind="registration", object_id=row.pk, detail={"changed": ", ".join(sorted(changed)) or "–"},
    )  # fmt: skip
    return reread(row)


def own_open(registration: int, actor: Actor) -> tuple[Registration, RegistrationView]:
    """The row, locked behind its person, and what stands on it. Refused: out of sight, another facility's, closed."""
    row = Registration.objects.filter(pk=registration).first()
    if row is None:
        raise errors.unknown_registration()
    if row.facility_id != actor.facility:
        raise errors.not_your_registration()
    subjects.lock(same_person_ids(row.person_id), (), row.region)
    row = Registration.objects.select_for_update().get(pk=registration)
    if row.state != "open":
        raise errors.registration_closed(row.state)
    return row, reread(row)


def reread(row: Registration) -> RegistrationView:
    """As it stands now, with its counts."""
    return seen(counted(Registration.objects.filter(pk=row.pk)).get())
