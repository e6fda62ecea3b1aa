"""Broken glass to be reviewed: who read a person outside their region in an emergency, why, and whether rightly so."""

from __future__ import annotations

from typing import Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from doudi.server.access.api import broken_glass, review_glass
from doudi.server.desks import fields
from doudi.server.desks.pages import page
from doudi.server.desks.places import place_names
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.words import Words

VERDICTS: dict[Literal["justified", "unjustified"], tuple[Words, str]] = {
    "justified": (Words("正当", "Justified"), "good"),
    "unjustified": (Words("不正当", "Not justified"), "bad"),
}


@page("admin/reviews/", name="admin.reviews", rule="access.broken_glass")
def reviews_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What waits, the most pressing first; or all."""
    everything = request.GET.get("all") == "1"
    found = broken_glass(viewer=actor, waiting=not everything, page=fields.page_number(request))
    now = clock.now()
    rows = [
        (
            one,
            next((said for name, said in VERDICTS.items() if name == one.verdict), None),
            one.review_due_at < now,
        )
        for one in found.items
    ]
    places = place_names(one.region for one in found.items)
    facts = {"found": found, "rows": rows, "everything": everything, "places": places, "verdicts": VERDICTS}
    return render(request, "admin/reviews.html", facts)


@page("admin/reviews/<int:number>/", name="admin.review", rule="access.review_glass", methods=("POST",))
def review_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Say whether it was right, and why."""
    verdict = fields.choice(request.POST, "verdict", Words("结论", "verdict"), VERDICTS)
    note = fields.text(request.POST, "note", Words("复核意见", "note"), required=verdict == "unjustified")
    review_glass(actor=actor, now=clock.now(), glass=number, verdict=verdict, note=note)  # type: ignore[arg-type]
    return fields.done(request, reverse("admin.reviews"))
