"""Which counties have books, and the trial balance of one in a month."""

from __future__ import annotations

from datetime import date

from doudi.server.access.api import query
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.regions import in_ranges
from doudi.server.ledger.data import TrialBalance
from doudi.server.ledger.errors import county_in_scope, whole_county
from doudi.server.ledger.models import Account, Period
from doudi.server.ledger.months import month_of
from doudi.server.ledger.queries.sums import trial_lines


@query("ledger.trial_balance")
def trial_balance(*, viewer: Actor, region: int, month: date) -> TrialBalance:
    """All accounts of the county of `region` (a region key) in the month of a day. A constant number of statements."""
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


@query("ledger.counties")
def counties(*, viewer: Actor) -> tuple[int, ...]:
    """The keys of the counties in scope that have books, in order. One statement."""
    found = (
        Account.objects.filter(in_ranges(viewer.ranges)).order_by("region").values_list("region", flat=True)
    )
    return tuple(key for key in found.distinct() if whole_county(key, viewer.ranges))
