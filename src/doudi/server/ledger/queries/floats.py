"""The departments' prepaid floats (document 003: the health bureau keeps 300,000 yuan with the office, civil affairs
800,000).

The available sum is the balance without what the fund owes to facilities already. What a month used up is what was paid
in less what the available sum grew: it holds bills settled, paid or not, and money given to patients directly.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from doudi.server.access.api import query
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.paging import SIZE, Page, page_of
from doudi.server.ledger.data import FloatView, MovementView
from doudi.server.ledger.errors import county_in_scope
from doudi.server.ledger.models import FloatLevel, FloatMovement
from doudi.server.ledger.months import later, month_of, months_between
from doudi.server.ledger.queries.sums import moved_by_month

MONTHS = 6
"""Full months whose use is averaged, or as many as there are. Assumed: half a year evens out a bad month."""
FORESEEN = 60
"""Months that are looked ahead; what lasts longer is not said to end. Assumed."""


@query("ledger.floats")
def floats(*, viewer: Actor, region: int, today: date) -> tuple[FloatView, ...]:
    """The floats of a county, by fund: what is agreed, what is there, how long it lasts."""
    county = county_in_scope(region, viewer.ranges)
    levels = {
        row.fund: row
        for row in FloatLevel.objects.filter(region=county).order_by("fund", "-id").distinct("fund")
    }
    paid_in: dict[str, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for fund, day, fen in (
        FloatMovement.objects.filter(region=county).values_list("fund", "on_date", "fen").iterator()
    ):
        paid_in[fund][month_of(day)] += fen
    moved: dict[str, dict[tuple[str, date], int]] = defaultdict(lambda: defaultdict(int))
    for account, month, fen in moved_by_month(("float", "due"), county=county):
        moved[account.fund][account.kind, month] += fen
    held = {fund for fund, sums in moved.items() if any(kind == "float" for kind, _ in sums)}
    return tuple(
        _view(county, fund, levels.get(fund), paid_in[fund], moved[fund], month_of(today))
        for fund in sorted(levels.keys() | held)
    )


def _view(
    county: int,
    fund: str,
    level: FloatLevel | None,
    paid_in: dict[date, int],
    moved: dict[tuple[str, date], int],
    month: date,
) -> FloatView:
    balance = -sum(fen for (kind, _), fen in moved.items() if kind == "float")
    outstanding = sum(fen for (kind, _), fen in moved.items() if kind == "due")
    first = min((at for _, at in moved), default=month)
    months = max(0, min(MONTHS, months_between(first, month)))
    used = sum(
        paid_in.get(at, 0) + moved.get(("float", at), 0) + moved.get(("due", at), 0)
        for at in (later(month, -back) for back in range(1, months + 1))
    )
    use = used // months if months else 0
    lasts = max(0, balance - outstanding) // use if use > 0 else FORESEEN
    return FloatView(
        region=county,
        fund=fund,
        agreed_fen=level.agreed_fen if level else 0,
        warning_fen=level.warning_fen if level else 0,
        balance_fen=balance,
        outstanding_fen=outstanding,
        use_fen=use,
        months=months,
        exhausted=later(month, lasts) if lasts < FORESEEN else None,
        source=level.source if level else "",
    )


@query("ledger.float_movements")
def float_movements(
    *, viewer: Actor, region: int, fund: str = "", number: int = 0, size: int = SIZE
) -> Page[MovementView]:
    """Deposits and returns of a county, the last first."""
    rows = FloatMovement.objects.filter(region=county_in_scope(region, viewer.ranges))
    if fund:
        rows = rows.filter(fund=fund)
    return page_of(rows.order_by("-on_date", "-id"), _movement, number=number, size=size)


def _movement(row: FloatMovement) -> MovementView:
    return MovementView(row.pk, row.region, row.fund, row.on_date, row.fen, row.voucher, row.by_login)
