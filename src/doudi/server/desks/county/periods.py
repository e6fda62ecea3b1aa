"""会计期间: the months of the books; closing the next one; what the last proof of the books found."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from doudi.server.desks import fields
from doudi.server.desks.county.ledger_names import books_of, month_asked
from doudi.server.desks.pages import page
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.ledger.api import close_period, open_period, periods
from doudi.words import Words

COUNTY = Words("县", "county")


@page("county/periods/", name="county.periods", rule="ledger.periods")
def periods_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The months, the last first."""
    books, today = books_of(actor, request), clock.today()
    county = books.county
    found = periods(viewer=actor, region=county, today=today)
    facts = {
        "found": found,
        "books": books,
        "county": county,
        "place": books.place,
        "today": today,
        "this_month": f"{today:%Y-%m}",
        "may_begin": found.begun is None and not any(one.closed for one in found.months),
    }
    return render(request, "county/periods.html", facts)


@page("county/periods/open/", name="county.period_open", rule="ledger.open_period", methods=("POST",))
def open_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The books begin with a month."""
    region = fields.number(request.POST, "county", COUNTY) or 0
    open_period(actor=actor, now=clock.now(), key=None, region=region, month=month_asked(request.POST))
    return fields.done(request, reverse("county.periods"))


@page("county/periods/close/", name="county.period_close", rule="ledger.close_period", methods=("POST",))
def close_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The month is closed for ever."""
    region = fields.number(request.POST, "county", COUNTY) or 0
    close_period(actor=actor, now=clock.now(), key=None, region=region, month=month_asked(request.POST))
    return fields.done(request, reverse("county.periods"))
