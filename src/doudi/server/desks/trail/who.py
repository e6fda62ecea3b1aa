"""Who saw this person: asked by the number under which the trail knows them. An identity number is sent by POST and
answered with that number alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from doudi.server.audit.api import OUTCOME_NAMES, Seen, known_events
from doudi.server.desks import fields
from doudi.server.desks.pages import page
from doudi.server.desks.trail.filters import short
from doudi.server.desks.trail.operations import find_person
from doudi.server.desks.trail.queries import who_saw
from doudi.server.desks.trail.words import TONES
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import NotFound
from doudi.server.reference.api import facility_names
from doudi.words import Words


@dataclass(frozen=True, slots=True)
class Line:
    """One user who met the person in one way."""

    seen: Seen
    words: Words
    outcome: Words
    tone: str
    facility: str


@page("trail/events/who/", name="trail.who", rule="trail.who_saw")
def who_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """By person number: which accounts met them, where, how often, when last."""
    number = fields.number(request.GET, "person", Words("人员编号", "person"), least=1, required=False)
    since = fields.day(request.GET, "from", Words("起日", "first day"), required=False)
    found = who_saw(viewer=actor, person=number, from_day=since) if number else ()
    facilities = facility_names(one.facility for one in found if one.facility)
    told = known_events()
    lines = [
        Line(
            one,
            short(told.get(one.event, Words(one.event, one.event))),
            next(
                (w for name, w in OUTCOME_NAMES.items() if name == one.outcome),
                Words(one.outcome, one.outcome),
            ),
            TONES.get(one.outcome, ""),
            facilities.get(one.facility, ""),
        )
        for one in found
    ]
    facts = {"number": number, "since": since, "lines": lines, "accounts": len({one.user for one in found})}
    return render(request, "trail/who.html", facts)


@page("trail/events/who/find/", name="trail.who_find", rule="trail.find_person", methods=("POST",))
def find_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """From a whole identity number to the person's number; the look-up is in the trail."""
    asked = fields.text(request.POST, "number", Words("证件号码", "identity number"), longest=40)
    found = find_person(actor=actor, now=clock.now(), number=asked)
    if not found.person:
        raise NotFound(
            "person_not_found",
            Words("辖区内没有这个号码的人员。", "Nobody in your region has this number."),
            remedy=Words("请核对号码是否输全。", "Check that the number is complete."),
            where="number",
        )
    return fields.done(request, f"{reverse('trail.who')}?person={found.person}")
