"""The trial balance of a county in a month."""

from __future__ import annotations

from datetime import date

from doudi.server.access.api import query
from doudi.server.kernel.actor import Actor
from doudi.server.ledger.data import TrialBalance
from doudi.server.ledger.models import Period
from doudi.server.ledger.months import month_of
from doudi.server.ledger.queries.sums import trial_lines


@query("ledger.trial_balance")
def trial_balance(*, viewer: Actor, region: int, month: date) -> TrialBalance:
    """All accounts of the county of `region` (a region key) in the month of a day. Three statements."""
    county, month = region // 1000 * 1000, month_of(month)
    lines = tuple(trial_lines(county, month)) if county in viewer.ranges else ()
    closed = Period.objects.filter(region=county, state="closed", month__gte=month).exists()
    return TrialBalance(
        county,
        month,
        closed,
        lines,
        sum(line.debit_fen for line in lines),
        sum(line.credit_fen for line in lines),
    )
