"""额度占用: what hospitals have reserved of limits of the county's people; what ran out; giving one back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from doudi.server.desks import fields
from doudi.server.desks.pages import page
from doudi.server.desks.places import place_names
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.people.api import person_summaries
from doudi.server.reference.api import facility_names
from doudi.server.settlement.api import HOLD_STATES, HoldFilter, HoldState, holds, release_hold
from doudi.words import Words

SHOWN = ("held", "expired", "posted", "released")
SOON = timedelta(days=3)
"""How near an end is marked."""


@page("county/holds/", name="county.holds", rule="settlement.history")
def holds_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Those of a state; standing ones by their last day."""
    state = fields.choice(request.GET, "state", Words("状态", "state"), SHOWN, required=False) or "held"
    wanted = HoldFilter(
        state=cast("HoldState", state),
        person=fields.number(request.GET, "person", Words("人员", "person"), required=False),
    )
    found = holds(viewer=actor, wanted=wanted, number=fields.page_number(request))
    who = person_summaries(viewer=actor, persons=[one.person for one in found.items])
    today = clock.today()
    facts: dict[str, Any] = {
        "found": found,
        "rows": [(one, who.get(one.person), one.expires_on <= today + SOON) for one in found.items],
        "facilities": facility_names(one.facility for one in found.items),
        "places": place_names(one.region for one in found.items),
        "state": state,
        "states": [(name, HOLD_STATES[cast("HoldState", name)]) for name in SHOWN],
        "today": today,
        "standing_fen": sum(one.standing_fen for one in found.items),
    }
    return render(request, "county/holds.html", facts)


@page(
    "county/holds/<int:number>/release/",
    name="county.hold_release",
    rule="settlement.release_hold",
    methods=("POST",),
)
def release_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Give it back, with a reason."""
    reason = fields.text(request.POST, "reason", Words("释放原因", "reason"))
    release_hold(actor=actor, now=clock.now(), key=None, hold=number, reason=reason)
    return fields.done(request, reverse("county.holds"))
