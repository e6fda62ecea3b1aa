"""A facility is given another level or grade from a day on."""

from __future__ import annotations

from datetime import date, datetime

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.kernel.actor import Actor
from doudi.server.reference.data import Done
from doudi.server.reference.models import FacilityStanding
from doudi.server.reference.operations.add_facility import check_standing
from doudi.server.reference.operations.find_facility import held
from doudi.server.reference.operations.times import supersede
from doudi.server.reference.queries.version import changing
from doudi.words import Words

STANDING = Words("机构层级和等级", "Level and grade")


@operation("reference.restand_facility")
def restand_facility(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    facility: int,
    from_date: date,
    level: str,
    grade: str = "",
    step: str = "",
) -> Done:
    """From `from_date` on the facility has this level and grade; bills of stays before keep what held then."""
    check_standing(level, grade, step)
    with changing():
        row = held(actor, facility)
        standing = supersede(
            FacilityStanding,
            STANDING,
            {"facility": row},
            from_date=from_date,
            region=row.region,
            level=level,
            grade=grade,
            step=step,
        )
    append(
        "reference.facility_restood",
        actor=actor,
        at=now,
        region=row.region,
        object_kind="facility",
        object_id=row.pk,
        detail={"level": level, "grade": grade, "step": step, "from_date": from_date.isoformat()},
    )
    return Done(standing.pk)
