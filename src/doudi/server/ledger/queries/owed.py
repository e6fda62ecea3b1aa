"""What is owed to a facility: by fund, and month by month."""

from __future__ import annotations

from datetime import date

from doudi.server.access.api import query
from doudi.server.kernel.actor import Actor
from doudi.server.ledger.data import FacilityOwed, Owed, OwedMonth
from doudi.server.ledger.queries.sums import moved_by_month

Key = tuple[int, str]
"""County and fund: two counties' funds of one code are two debtors."""


@query("ledger.owed_to")
def owed_to(*, viewer: Actor, facility: int) -> FacilityOwed:
    """What funds came to owe a facility, paid and still owe. An officer sees what their own county's funds owe.

    What a fund came to owe is what stands open and what was received, so that taking back a bill lowers it.
    """
    totals: dict[Key, tuple[int, int]] = {}
    months: dict[date, dict[Key, tuple[int, int]]] = {}
    if facility > 0:
        for region, kind, fund, month, fen in moved_by_month(("due", "received"), facility=facility):
            paid = fen if kind == "received" else 0
            for sums in (totals, months.setdefault(month, {})):
                owed, already = sums.get((region, fund), (0, 0))
                sums[region, fund] = (owed + fen, already + paid)
    return FacilityOwed(
        _owed(totals),
        tuple(OwedMonth(month, _owed(months[month])) for month in sorted(months, reverse=True)),
    )


def _owed(sums: dict[Key, tuple[int, int]]) -> tuple[Owed, ...]:
    return tuple(Owed(region, fund, *sums[region, fund]) for region, fund in sorted(sums))
