"""What was done to a person, latest first; registering, which is not a change, last."""

from __future__ import annotations

from doudi.server.access.api import query
from doudi.server.kernel.actor import Actor
from doudi.server.people import presenting
from doudi.server.people.data import ChangeView
from doudi.server.people.models import PersonChange
from doudi.server.people.queries.visible import seen

LONGEST = 500


@query("people.history")
def person_history(*, viewer: Actor, person: int) -> tuple[ChangeView, ...]:
    """At most 500 changes and the registration."""
    row = seen(viewer, person)
    changes = PersonChange.objects.filter(person_id=person).order_by("-id")[:LONGEST]
    registered = ChangeView(
        at=row.created_at,
        user=row.created_by,
        did="registered",
        words=presenting.CHANGES["registered"],
        fields=(),
    )
    return (*(presenting.change(change, viewer) for change in changes), registered)
