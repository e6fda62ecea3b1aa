"""The trial balance of a county in a month."""

from __future__ import annotations

from datetime import date

from doudi.server.access.api import query
from doudi.server.kernel.actor import Actor
from doudi.server.ledger.data import TrialBalance
from doudi.server.ledger.errors import county_in_scope
from doudi.server.ledger.models import Period
from doudi.server.ledger.months import month_of
from doudi.server.ledger.queries.sums import trial_lines


@query("ledger.trial_balance")
def trial_balance(*, viewer: Actor, region: int, month: date) -> TrialBalance:
    """All accounts of the county of `region` (a region key) in the month of a day. Three statements."""
    county, month = county_in_scope(region, viewer.ranges), month_of(month)
    lines = tuple(trial_lines(county, month))
    closed = Period.objects.filter(region=county, state="closed", month__gte=month).exists()
    return TrialBalance(
        county,
        month,
        closed,
        lines,
        sum(line.debit_fen for line in lines),
        sum(line.credit_fen for line in lines),
    )
