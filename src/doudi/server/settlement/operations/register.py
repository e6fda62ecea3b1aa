"""就诊登记: a person is admitted, or comes for a visit, at a facility. Bills are settled on it until it is closed."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.entitlement.api import gather
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.canonical import fingerprint
from doudi.server.people.api import person_facts
from doudi.server.recognition.api import fitting, needed
from doudi.server.settlement import errors, subjects
from doudi.server.settlement.data import Care, RegistrationMade
from doudi.server.settlement.models import Registration
from doudi.server.settlement.notices import IN_BED
from doudi.words import Words

SERIAL = Words("登记号", "The number of the registration")
DEPARTMENT = Words("科室", "The department")
DIAGNOSIS = Words("诊断编码", "A diagnosis code")
MOST_DIAGNOSES = 20


@operation("settlement.register", remembered=False)
def register(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    person: int,
    care: Care,
    admitted_on: date,
    serial: str,
    department: str = "",
    diagnoses: tuple[str, ...] = (),
) -> RegistrationMade:
    """Open a stay or visit at the actor's facility. `serial`, its own number, is the key: same content, same answer.

    Lock: the person's rows, as settling does. Refused: a day in the future, a second open inpatient stay here, other
    content under the serial, a person who is not open here.
    """
    del key
    if admitted_on > clock.business_date(now):
        raise errors.day_in_future("admitted_on", admitted_on)
    serial = needed(fitting(serial, SERIAL, "serial", 60), SERIAL, "serial")
    department, codes = department_of(department), diagnoses_of(diagnoses)
    one = gather(actor, [person_facts(viewer=actor, person=person)], admitted_on)[person]
    subjects.lock(one.records, (), one.region)
    request = fingerprint(
        {
            "person": person, "care": care, "admitted_on": admitted_on, "department": department, "diagnoses": codes,
        }
    )  # fmt: skip
    earlier = Registration.objects.filter(facility_id=actor.facility, serial=serial).first()
    if earlier is not None:
        return _again(earlier, request, actor, now)
    check_one_bed(one.records, actor.facility, care)
    row = Registration(
        facility_id=actor.facility, serial=serial, request_sm3=request, person_id=person, region=one.region,
        care=care, admitted_on=admitted_on, department=department, diagnoses=list(codes),
        opened_by=actor.user, opened_at=now,
    )  # fmt: skip
    try:
        row.save(force_insert=True)
    except IntegrityError as fault:  # another person's stay took the serial at this moment
        if "settlement_registration_once" in str(fault):
            raise errors.registration_serial_taken(serial) from None
        raise
    append(
        "settlement.registered", actor=actor, at=now, region=row.region, person=person,
        object_kind="registration", object_id=row.pk,
        detail={"care": care, "admitted_on": admitted_on.isoformat()},
    )  # fmt: skip
    return RegistrationMade(row.pk, serial)


def _again(earlier: Registration, request: str, actor: Actor, now: datetime) -> RegistrationMade:
    if earlier.request_sm3 != request:
        raise errors.registration_serial_taken(earlier.serial)
    append(
        "settlement.registration_answered_again", actor=actor, at=now, region=earlier.region,
        person=earlier.person_id, object_kind="registration", object_id=earlier.pk,
    )  # fmt: skip
    return RegistrationMade(earlier.pk, earlier.serial)


def check_one_bed(records: tuple[int, ...], facility: int, care: str) -> None:
    """Raise `stay_open` where the person lies in a bed of the facility already."""
    if care in IN_BED:
        rows = Registration.objects.filter(
            person_id__in=records, facility_id=facility, state="open", care__in=IN_BED
        )
        if (found := rows.first()) is not None:
            raise errors.stay_open(found.admitted_on)


def department_of(text: str) -> str:
    """A department as it is kept."""
    return fitting(text, DEPARTMENT, "department", 60)


def diagnoses_of(codes: tuple[str, ...]) -> tuple[str, ...]:
    """Codes as they are kept: capitals, each once, the main one first."""
    kept = (
        needed(fitting(code, DIAGNOSIS, "diagnoses", 20), DIAGNOSIS, "diagnoses").upper() for code in codes
    )
    return tuple(dict.fromkeys(kept))[:MOST_DIAGNOSES]
