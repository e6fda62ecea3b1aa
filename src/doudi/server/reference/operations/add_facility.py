"""Add a facility with the level and grade it opens with."""

from __future__ import annotations

from datetime import date, datetime

from doudi.engine.vocabulary import GRADES, LEVELS
from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.kernel.actor import Actor
from doudi.server.reference.data import Done
from doudi.server.reference.errors import facility_code_wrong, facility_exists, value_unknown
from doudi.server.reference.facility_codes import STEPS, well_formed
from doudi.server.reference.models import Facility, FacilityStanding
from doudi.server.reference.operations.times import in_scope
from doudi.server.reference.queries.version import changing


@operation("reference.add_facility")
def add_facility(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    code: str,
    name: str,
    region: int,
    opened_on: date,
    level: str = "",
    grade: str = "",
    step: str = "",
    credit_code: str = "",
) -> Done:
    """A new facility in `region` (a region key inside the actor's). A code is used once."""
    code = code.strip().upper()
    if not well_formed(code):
        raise facility_code_wrong(code)
    check_standing(level, grade, step)
    in_scope(actor, region)
    with changing():
        if Facility.objects.filter(code=code).exists():
            raise facility_exists(code)
        row = Facility.objects.create(
            code=code, name=name.strip(), region=region, credit_code=credit_code, opened_on=opened_on
        )
        FacilityStanding.objects.create(
            facility=row, region=region, level=level, grade=grade, step=step, from_date=opened_on
        )
    append(
        "reference.facility_added",
        actor=actor,
        at=now,
        region=region,
        object_kind="facility",
        object_id=row.pk,
        detail={"code": code, "level": level, "grade": grade, "opened_on": opened_on.isoformat()},
    )
    return Done(row.pk)


def check_standing(level: str, grade: str, step: str) -> None:
    """Refuse a level or grade the library does not know."""
    for where, value, known in (("level", level, LEVELS), ("grade", grade, GRADES), ("step", step, STEPS)):
        if value and value not in known:
            raise value_unknown(where, value, known)
