"""The facility an operation is about: locked, and inside the actor's region."""

from __future__ import annotations

from doudi.server.kernel.actor import Actor
from doudi.server.reference.errors import unknown_facility
from doudi.server.reference.models import Facility
from doudi.server.reference.operations.times import in_scope


def held(actor: Actor, facility: int) -> Facility:
    """Lock: the row of the facility."""
    row = Facility.objects.filter(pk=facility).first()
    if row is None:
        raise unknown_facility()
    in_scope(actor, row.region)
    return Facility.objects.select_for_update().get(pk=facility)
