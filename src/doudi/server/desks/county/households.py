"""家庭户: the list, and one household with its members and what each is recognised as."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from doudi.server.desks import fields
from doudi.server.desks.pages import page
from doudi.server.desks.places import place_name, place_names, region_choices
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.people.api import HouseholdFilter, household, households
from doudi.server.recognition.api import categories_of_many
from doudi.server.reference.api import region_names
from doudi.words import Words

NUMBER = Words("户编号", "household number")


@page("county/households/", name="county.households", rule="people.households", methods=("GET", "POST"))
def households_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The list by region. A household number belongs to people: it is sent, and stands in no address."""
    number = fields.text(request.POST, "number", NUMBER, required=False, longest=40)
    wanted = HouseholdFilter(
        region_code=fields.number(request.GET, "region", Words("区域", "region"), required=False),
        number=number,
    )
    found = households(viewer=actor, wanted=wanted, number=fields.page_number(request))
    facts = {
        "found": found,
        "wanted": wanted,
        "places": place_names(one.region for one in found.items),
        "villages": region_names(one.village_code for one in found.items if one.village_code),
        "regions": region_choices(actor),
    }
    return render(request, "county/households.html", facts)


@page("county/households/<int:number>/", name="county.household", rule="people.household")
def household_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Who lives together, as what they are recognised today, and who left."""
    home, today = household(viewer=actor, household=number), clock.today()
    persons = [one.person.id for one in home.members]
    held = categories_of_many(viewer=actor, persons=persons, day=today)
    facts = {
        "home": home,
        "place": place_name(home.region),
        "members": [(one, held[one.person.id]) for one in home.members],
        "mine": home.region in actor.ranges,
        "today": today,
    }
    return render(request, "county/household.html", facts)
