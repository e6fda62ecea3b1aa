"""The window's pages. A person is found by exact number or card only, which opens them for this facility for a time."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from doudi.server.desks import fields
from doudi.server.desks.filings_forms import about, facilities_of
from doudi.server.desks.pages import page
from doudi.server.desks.places import place_name
from doudi.server.desks.window.filings import OFFERED
from doudi.server.entitlement.api import card
from doudi.server.filings.api import filing_history
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import NotFound
from doudi.server.people.api import find_at_facility, opened_here, person
from doudi.words import Words


@page("window/", name="window.home", rule="people.opened_here")
def home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One box, and whom this window has open."""
    return render(request, "window/home.html", {"opened": opened_here(viewer=actor), "today": clock.today()})


@page("window/find/", name="window.find", rule="people.find_at_facility", methods=("POST",))
def find(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Find by exact number or card; unknown and elsewhere get the same answer."""
    asked = fields.text(request.POST, "number", Words("证件号码或卡号", "number or card"), longest=40)
    found = find_at_facility(actor=actor, now=clock.now(), number=asked)
    if found.person is None:
        raise NotFound(
            "person_not_found",
            Words("没有查到这个号码。", "No person with this number was found."),
            remedy=Words(
                "请核对号码是否输全；新生儿可用出生医学证明编号；仍查不到时请参保地医保经办机构核实。",
                "Check that the number is complete; for a newborn use the birth certificate's number; else ask the"
                " insurance office where the person is insured.",
            ),
            where="number",
        )
    return fields.done(request, reverse("window.person", args=[found.person.id]))


@page("window/person/<int:number>/", name="window.person", rule="entitlement.card")
def person_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """The person, what today's policy gives them, and this facility's own filings for them."""
    today = clock.today()
    view = person(viewer=actor, person=number)
    filings = filing_history(viewer=actor, person=number)
    names = facilities_of(filings)
    facts = {
        "person": view.summary,
        "day": today,
        "place": place_name(view.summary.region),
        "entitled": card(viewer=actor, person=number, day=today),
        "filings": [
            (one, about(one, names), one.shown(today) == "valid" and one.facility == actor.facility)
            for one in filings
        ],
        "offered": OFFERED,
        "today": today,
    }
    return render(request, "window/person.html", facts)
