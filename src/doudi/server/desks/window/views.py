"""The window's pages. A person is found by exact number or card only, which opens them for this facility for a time."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from doudi.server.desks import fields
from doudi.server.desks.filings_forms import about, facilities_of
from doudi.server.desks.pages import page
from doudi.server.desks.places import place_name
from doudi.server.desks.window import registrations as stay_pages
from doudi.server.desks.window import reversing as reversal_pages
from doudi.server.desks.window import settlements as settlement_pages
from doudi.server.desks.window.bill import today_sums
from doudi.server.desks.window.filings import OFFERED
from doudi.server.entitlement.api import card
from doudi.server.filings.api import filing_history
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import NotFound
from doudi.server.people.api import find_at_facility, opened_here, person
from doudi.server.reference.api import facility_names
from doudi.server.settlement.api import SettlementFilter, registrations_of
from doudi.server.settlement.api import registrations as registered_here
from doudi.server.settlement.api import settlements as settled
from doudi.words import Words

PAGES = (stay_pages, settlement_pages, reversal_pages)
"""The window's other modules, whose pages are declared by loading them."""
SHOWN, STAYS = 30, 10
"""Registrations on the home page; stays and settlements on a person's."""


@page("window/", name="window.home", rule="people.opened_here")
def home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One box, whom this window has open, who lies in its beds."""
    opened = opened_here(viewer=actor)
    facts = {
        "opened": opened,
        "stays": registered_here(viewer=actor, size=SHOWN),
        "who": {one.id: one for one in opened},
        "today": clock.today(),
        "head": today_sums(actor),
    }
    return render(request, "window/home.html", facts)


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
    stays = registrations_of(viewer=actor, person=number)
    elsewhere = facility_names({one.facility for one in stays if one.facility != actor.facility})
    here = [one for one in stays if one.state == "open" and one.facility == actor.facility]
    records = (number, *(one.id for one in view.merged))
    here_only = SettlementFilter(persons=records, facility=actor.facility or None)
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
        "stays": [
            (one, one.facility == actor.facility, elsewhere.get(one.facility, ""))
            for one in stays
            if one.facility == actor.facility or one.state == "open"
        ][:STAYS],
        "only": here[0] if len(here) == 1 else None,
        "settled": settled(viewer=actor, wanted=here_only, size=STAYS),
        "head": today_sums(actor),
    }
    return render(request, "window/person.html", facts)
