"""定点: a facility is designated for a scheme or a programme, and ceases to be."""

from __future__ import annotations

from datetime import date, datetime

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.kernel.actor import Actor
from doudi.server.reference.data import Done
from doudi.server.reference.errors import facility_closed
from doudi.server.reference.models import Designation, Facility
from doudi.server.reference.operations.find_facility import held
from doudi.server.reference.operations.times import begin, end
from doudi.server.reference.queries.version import changing
from doudi.words import Words

DESIGNATION = Words("定点资格", "Designation")


@operation("reference.designate")
def designate(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    facility: int,
    scheme: str,
    from_date: date,
    until_date: date | None = None,
    is_programme: bool = False,
) -> Done:
    """Designated for `scheme` from a day (until another). Designating again after an end is a new entry."""
    with changing():
        row = held(actor, facility)
        if row.closed_on is not None and (until_date is None or until_date > row.closed_on):
            raise facility_closed(row.closed_on)
        made = begin(
            Designation,
            DESIGNATION,
            {"facility": row, "scheme": scheme},
            from_date=from_date,
            until_date=until_date,
            region=row.region,
            is_programme=is_programme,
        )
    _trail(
        "reference.facility_designated",
        actor,
        now,
        row,
        {"scheme": scheme, "from_date": from_date.isoformat()},
    )
    return Done(made.pk)


@operation("reference.end_designation")
def end_designation(
    *, actor: Actor, now: datetime, key: str | None, facility: int, scheme: str, on: date, reason: str
) -> Done:
    """No longer designated for `scheme` from `on` on."""
    with changing():
        row = held(actor, facility)
        ended = end(Designation, DESIGNATION, {"facility": row, "scheme": scheme}, on, end_reason=reason)
    _trail("reference.designation_ended", actor, now, row, {"scheme": scheme, "on": on.isoformat()}, reason)
    return Done(ended.pk)


def _trail(
    event: str, actor: Actor, now: datetime, row: Facility, detail: dict[str, str], reason: str = ""
) -> None:
    append(
        event,
        actor=actor,
        at=now,
        region=row.region,
        object_kind="facility",
        object_id=row.pk,
        purpose=reason,
        detail=detail,
    )
