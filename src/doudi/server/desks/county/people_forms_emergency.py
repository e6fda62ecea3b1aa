"""紧急查阅: a person outside one's region, by the whole number, in an emergency, for an hour, reviewed afterwards."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from doudi.server.desks import fields
from doudi.server.desks.pages import page
from doudi.server.desks.places import place_name
from doudi.server.entitlement.api import card
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import NotFound
from doudi.server.people.api import find_in_emergency
from doudi.words import Words


@page("county/emergency/", name="county.emergency", rule="people.break_glass", methods=("GET", "POST"))
def emergency(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Say what it is for, then what was found: to be read only, until a time, and who will look at it."""
    if request.method != "POST":
        return render(request, "county/emergency.html", {})
    data = request.POST
    found = find_in_emergency(
        actor=actor, now=clock.now(),
        number=fields.text(data, "number", Words("证件号码或卡号", "number or card"), longest=40),
        reason=fields.text(data, "reason", Words("事由", "reason")),
        ticket=fields.text(data, "ticket", Words("工单号或来电单位", "ticket"), longest=60),
    )  # fmt: skip
    if found.person is None:
        raise NotFound(
            "person_not_found",
            Words("没有查到这个号码。", "No person with this number was found."),
            remedy=Words(
                "请核对号码是否输全。本次查找已留痕。",
                "Check that it is complete. The search is in the trail.",
            ),
            where="number",
        )
    facts = {
        "person": found.person,
        "until": found.until_at,
        "day": clock.today(),
        "place": place_name(found.person.region),
        "entitled": card(viewer=actor, person=found.person.id, day=clock.today()),
    }
    name = "emergency_found" if getattr(request, "htmx", False) else "emergency_page"
    return render(request, f"county/{name}.html", facts)
