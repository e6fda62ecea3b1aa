"""A facility closes: its designations end with it."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.kernel.actor import Actor
from doudi.server.reference.data import Done
from doudi.server.reference.errors import dates_reversed
from doudi.server.reference.models import Designation
from doudi.server.reference.operations.find_facility import held
from doudi.server.reference.queries.version import changing


@operation("reference.close_facility")
def close_facility(
    *, actor: Actor, now: datetime, key: str | None, facility: int, on: date, reason: str
) -> Done:
    """Closed from `on` (the first closed day). Designations end that day; later ones are removed."""
    with changing():
        row = held(actor, facility)
        if on <= row.opened_on:
            raise dates_reversed()
        row.closed_on = on
        row.save(update_fields=["closed_on"])
        designations = Designation.objects.filter(facility=row)
        removed, _ = designations.filter(from_date__gte=on).delete()
        ended = designations.filter(Q(until_date__isnull=True) | Q(until_date__gt=on)).update(
            until_date=on, end_reason=reason
        )
    append(
        "reference.facility_closed",
        actor=actor,
        at=now,
        region=row.region,
        object_kind="facility",
        object_id=row.pk,
        purpose=reason,
        detail={"on": on.isoformat(), "designations_ended": ended, "designations_removed": removed},
    )
    return Done(row.pk)
