"""Look whose bills would be decided otherwise now, and keep the list; nothing is posted."""

from __future__ import annotations

from datetime import datetime

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import Refused
from doudi.server.kernel.reading import reading
from doudi.server.settlement.differences import Looked, totals_of
from doudi.server.settlement.models import Staleness
from doudi.server.settlement.queries.bills import seen
from doudi.server.settlement.queries.stale import candidates
from doudi.server.settlement.readjudging import readjudged
from doudi.server.settlement.telling_differences import difference_of

MOST = 20
"""Persons of one look: a few seconds, so that a worker that is asked to stop does not keep anybody waiting."""


@operation("settlement.look_for_stale")
def look_for_stale(*, actor: Actor, now: datetime, key: str | None = None, after: int = 0) -> Looked:
    """Settle the next `MOST` candidates of the actor's regions again, by number after `after`, and keep what differs."""
    del key
    persons = candidates(actor, after, MOST)
    stale = 0
    for person in persons:
        with reading(actor.scope):
            stale += _look(actor, now, person)
    append(
        "settlement.looked_for_stale", actor=actor, at=now, detail={"looked": len(persons), "stale": stale}
    )
    return Looked(len(persons), stale, persons[-1] if len(persons) == MOST else None)


def _look(actor: Actor, now: datetime, person: int) -> bool:
    """Whether this person's bills come out otherwise; who is not all in sight is left to those above."""
    try:
        group, bills = seen(actor, person)
        found = readjudged(actor, clock.business_date(now), group, bills, ())
    except Refused:
        return False
    totals = totals_of(tuple(difference_of(one) for one in found.found))
    Staleness.objects.update_or_create(
        person_id=person,
        defaults={
            "region": next((one.row["region"] for one in bills), 0),
            "looked_at": now,
            "bills": len(found.found),
            "refused": len(found.stopped),
            "paid_delta_fen": sum(totals.payers.values()),
            "patient_delta_fen": totals.patient_fen,
        },
    )
    return bool(found.found)
