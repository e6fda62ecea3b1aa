"""The words of the books: what an account, a template, a source is called, and on which side a balance stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from doudi.server.access.api import allowed
from doudi.server.desks import fields
from doudi.server.desks.pages import PAGES
from doudi.server.desks.places import place_name, place_names
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.ledger.api import KINDS, TEMPLATES, AccountView, counties, later, month_of
from doudi.server.reference.api import facility_names, funds
from doudi.words import Words

SIDES = (Words("贷", "Cr"), Words("平", ""), Words("借", "Dr"))
"""Which side a balance stands on: credit below zero, even, debit."""
SOURCES: dict[str, tuple[Words, tuple[str, ...]]] = {
    "settlement": (Words("结算", "Settlement"), ("window.settlement", "county.settlement")),
    "float": (Words("周转金收付", "Float"), ()),
}
"""What an entry was posted for, and the pages that show it: the first that is open to whoever looks."""


@dataclass(frozen=True, slots=True)
class Sided:
    """A balance as books write it: its side and the sum without a sign."""

    fen: int
    side: Words


def sided(fen: int) -> Sided:
    """The side of a balance: above zero it stands in debit."""
    return Sided(abs(fen), SIDES[(fen > 0) - (fen < 0) + 1])


@dataclass(frozen=True, slots=True)
class Names:
    """Names of funds and facilities, asked once a page."""

    funds: dict[str, str]
    facilities: dict[int, str]

    def kind(self, account: AccountView) -> Words:
        """What an account is of."""
        kind = KINDS.get(account.kind)
        return kind.words if kind else Words(account.kind, account.kind)

    def of(self, account: AccountView) -> str:
        """Whose it is: fund and facility."""
        parts = [
            self.funds.get(account.fund, account.fund) if account.fund else "",
            self.facility(account.facility),
        ]
        return " · ".join(part for part in parts if part)

    def facility(self, number: int) -> str:
        """A facility's name; its number where it is not known."""
        return self.facilities.get(number, str(number)) if number else ""


def names_for(
    actor: Actor, region: int, accounts: Iterable[AccountView], facilities: Iterable[int] = ()
) -> Names:
    """The names that the accounts need."""
    wanted = {one.facility for one in accounts} | set(facilities)
    known = funds(viewer=actor, region=region, day=clock.today())
    return Names({one.code: one.name for one in known}, facility_names(wanted - {0}))


def template_words(name: str) -> Words:
    """What a way of posting is called."""
    known = TEMPLATES.get(name)
    return known.words if known else Words(name, name)


def source_words(kind: str) -> Words:
    """What an entry was posted for."""
    return SOURCES[kind][0] if kind in SOURCES else Words(kind, kind)


def source_address(actor: Actor, kind: str, number: int) -> str:
    """The page of what an entry was posted for, where there is one and it is open to the viewer."""
    pages = SOURCES[kind][1] if kind in SOURCES else ()
    open_to = [page for page in pages if page in PAGES and allowed(PAGES[page], actor)]
    return reverse(open_to[0], args=[number]) if open_to else ""


@dataclass(frozen=True, slots=True)
class Books:
    """The county whose books are shown, and the choice among those in scope (empty where there is none)."""

    county: int
    place: str
    choices: tuple[tuple[int, str], ...]


def books_of(actor: Actor, request: HttpRequest) -> Books:
    """`?county=` (its key), else the county of the viewer, else the first in scope that has books."""
    asked = fields.number(request.GET, "county", Words("县", "county"), required=False)
    first = actor.ranges.pairs[0] if actor.ranges.pairs else (0, 0)
    if first[1] - first[0] <= 1000:  # a county or a part of one
        county = (asked or first[0]) // 1000 * 1000
        return Books(county, place_name(county), ())
    kept = counties(viewer=actor)
    county = (asked or next(iter(kept), first[0])) // 1000 * 1000
    names = place_names(kept)
    return Books(county, place_name(county), tuple((key, names[key]) for key in kept))


def month_asked(data: Any) -> date:
    """`?month=2026-11`; this month where it is not given."""
    text = fields.text(data, "month", Words("月份", "month"), required=False, longest=10)
    if not text:
        return month_of(clock.today())
    return fields.needed_day(
        {"month": text if len(text) > 7 else f"{text}-01"}, "month", Words("月份", "month")
    ).replace(day=1)


def month_facts(month: date) -> dict[str, Any]:
    """What the month's switch needs."""
    return {
        "month": month,
        "month_text": f"{month:%Y-%m}",
        "month_before": f"{later(month, -1):%Y-%m}",
        "month_after": f"{later(month):%Y-%m}" if month < month_of(clock.today()) else "",
    }
