"""What is owed to a facility: by fund, and month by month."""

from __future__ import annotations

from datetime import date

from doudi.server.access.api import query
from doudi.server.kernel.actor import Actor
from doudi.server.ledger.data import Owed
from doudi.server.ledger.errors import whole_county
from doudi.server.ledger.queries.sums import moved_by_month


@query("ledger.owed_here")
def owed_here(*, viewer: Actor) -> tuple[Owed, ...]:
    """As `owed_to`, of the viewer's own facility."""
    return _owed(viewer, viewer.facility)


@query("ledger.owed_to")
def owed_to(*, viewer: Actor, facility: int) -> tuple[Owed, ...]:
    """What funds came to owe a facility and paid, by month, county and fund; the last month first.

    Two counties' funds of one code are two debtors. An officer sees what their own counties' funds owe, a facility what
    is owed to itself. What a fund came to owe is what stands open and what was received: taking back a bill lowers it.
    """
    return _owed(viewer, facility)


def _owed(viewer: Actor, facility: int) -> tuple[Owed, ...]:
    due: dict[tuple[int, str], int] = {}
    sums: dict[tuple[date, int, str], tuple[int, int]] = {}
    found = moved_by_month(("due", "received"), facility=facility) if facility > 0 else []
    for account, month, fen in found:
        region, fund = account.region, account.fund
        if account.kind == "due":
            due[region, fund] = account.id
        if facility == viewer.facility or whole_county(region, viewer.ranges):
            owed, paid = sums.get((month, region, fund), (0, 0))
            sums[month, region, fund] = (owed + fen, paid + (fen if account.kind == "received" else 0))
    return tuple(
        Owed(region, fund, due.get((region, fund), 0), month, *sums[month, region, fund])
        for month, region, fund in sorted(sums, key=lambda key: (-key[0].toordinal(), key[1], key[2]))
    )
