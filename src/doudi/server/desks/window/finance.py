"""医院财务: what funds owe this facility, what they have paid, what is still open; month by month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from doudi.server.desks.pages import page
from doudi.server.desks.places import place_names
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.ledger.api import Owed, later, owed_here
from doudi.server.reference.api import funds

MONTHS = 24
"""How many months are shown, the last ones; the sums above are of all."""


@dataclass(frozen=True, slots=True)
class Sum:
    """Sums of one fund, one month or all: owed, paid, open."""

    owed_fen: int
    paid_fen: int
    open_fen: int


def _sum(rows: Iterable[Owed]) -> Sum:
    found = list(rows)
    owed, paid = sum(one.owed_fen for one in found), sum(one.paid_fen for one in found)
    return Sum(owed, paid, owed - paid)


@page("finance/", name="window.finance", rule="ledger.owed_here")
def finance(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Of one's own facility; officers see their county's side of it in the ledger."""
    today = clock.today()
    rows = owed_here(viewer=actor)
    debtors = sorted({(one.region, one.fund) for one in rows})
    names = {
        (region, one.code): one.name
        for region in {region for region, _ in debtors}
        for one in funds(viewer=actor, region=region, day=today)
    }
    facts = {
        "total": _sum(rows),
        "funds": [
            (
                names.get(of, of[1]),
                of[0],
                next(one.account for one in rows if (one.region, one.fund) == of),
                _sum(one for one in rows if (one.region, one.fund) == of),
            )
            for of in debtors
        ],
        "places": place_names(region for region, _ in debtors),
        "months": _months(rows),
        "this_month": _sum(one for one in rows if one.month == today.replace(day=1)),
        "today": today,
    }
    return render(request, "window/finance.html", facts)


def _months(rows: Iterable[Owed]) -> list[tuple[date, date, Sum, int]]:
    """Month, the month after, its sums, and what is open at its end; the last first."""
    by_month: dict[date, list[Owed]] = defaultdict(list)
    for one in rows:
        by_month[one.month].append(one)
    standing, found = 0, []
    for month in sorted(by_month):
        sums = _sum(by_month[month])
        standing += sums.open_fen
        found.append((month, later(month), sums, standing))
    return found[::-1][:MONTHS]
