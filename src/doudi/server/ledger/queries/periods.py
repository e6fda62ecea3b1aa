"""The months of a county's books, and what the last proof of them found."""

from __future__ import annotations

from datetime import date

from doudi.server.access.api import query
from doudi.server.kernel.actor import Actor
from doudi.server.ledger.data import Periods, PeriodView, ProofView
from doudi.server.ledger.errors import county_in_scope
from doudi.server.ledger.models import Period, Proof
from doudi.server.ledger.months import later, month_of, months_between
from doudi.server.ledger.queries.sums import first_month

SHOWN = 36
"""How many months are shown, the last ones."""


@query("ledger.periods")
def periods(*, viewer: Actor, region: int, today: date) -> Periods:
    """The months from the first with something in it to the current one. Four statements at most."""
    county = county_in_scope(region, viewer.ranges)
    rows = {(row.state, row.month): row for row in Period.objects.filter(region=county)}
    begun = next((month for state, month in rows if state == "begun"), None)
    closed = {month: row for (state, month), row in rows.items() if state == "closed"}
    first = begun or min(closed, default=None) or first_month(county)
    last = month_of(today)
    months = []
    if first is not None:
        count = min(SHOWN, months_between(first, last) + 1)
        for month in (later(last, -back) for back in range(count)):
            row = closed.get(month)
            months.append(
                PeriodView(
                    county, month, row is not None, row.at if row else None, row.by_login if row else ""
                )
            )
    following = later(max(closed)) if closed else first
    return Periods(
        county,
        begun,
        tuple(months),
        following if following and following < last else None,
        _proof(county),
    )


def _proof(county: int) -> ProofView | None:
    row = Proof.objects.filter(region=county).order_by("-id").first()
    if row is None:
        return None
    return ProofView(row.region, row.at, row.entries, row.lines, row.holds, tuple(row.found))
