"""What a reversal would do, before it is done; and reversals that wait for their original."""

from __future__ import annotations

from doudi.server.access.api import query
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.settlement import reversal_errors as errors
from doudi.server.settlement.cascade import cascade_of, later_stand
from doudi.server.settlement.data import number_of
from doudi.server.settlement.differences import ParkedView, ReversalPreview, totals_of
from doudi.server.settlement.models import ParkedReversal, Settlement
from doudi.server.settlement.operations.reverse import mine
from doudi.server.settlement.queries.bills import current_bill, seen
from doudi.server.settlement.telling_differences import difference_of, money


@query("settlement.reversal_preview")
def reversal_preview(*, viewer: Actor, settlement: int) -> ReversalPreview:
    """What reversing it now would undo, and what later bills would get instead. Refused as the reversal would be."""
    posted = mine(viewer, current_bill(settlement))
    if posted.reversed:
        raise errors.already_reversed(Settlement.objects.get(pk=posted.row["id"]).settled_at, "")
    group, bills = seen(viewer, posted.person)
    cascade = cascade_of(group, bills, posted)
    found = sorted((*cascade.changed, *cascade.standing), key=lambda one: one.posted.root)
    differences = tuple(difference_of(one) for one in found)
    return ReversalPreview(
        settlement=posted.root,
        number=number_of(posted.root, posted.row["settled_on"]),
        undone=money(posted.row),
        cascade=differences,
        totals=totals_of(differences),
        later_bills_stand=later_stand(posted),
    )


@query("settlement.parked")
def parked(*, viewer: Actor) -> tuple[ParkedView, ...]:
    """Reversals that wait for their original, at the viewer's facility or in their county, the oldest first."""
    rows = ParkedReversal.objects.filter(state="parked")
    if viewer.facility:
        rows = rows.filter(facility_id=viewer.facility)
    now = clock.now()
    return tuple(
        ParkedView(
            row.pk, row.facility_id, row.region, row.serial, row.reversal_serial, row.reason, row.parked_at,
            (now - row.parked_at).days,
        )
        for row in rows.order_by("pk")[:500]
    )  # fmt: skip
