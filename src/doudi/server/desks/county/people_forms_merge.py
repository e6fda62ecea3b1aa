"""Two records that are one person: find the other, see both side by side, say which one stays, merge."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from doudi.server.desks import fields
from doudi.server.desks.forms import REASON
from doudi.server.desks.pages import page
from doudi.server.desks.places import place_name, place_names
from doudi.server.enrolment.api import enrolment_history
from doudi.server.filings.api import filing_history
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.people.api import NumberKind, merge, person, search
from doudi.server.recognition.api import category_history
from doudi.words import Words


@page("county/people/<int:number>/merge/", name="county.merge", rule="people.merge", methods=("GET", "POST"))
def merge_find(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Look for the other record, by whatever the search box of people takes."""
    facts: dict[str, object] = {"person": person(viewer=actor, person=number).summary}
    if request.method == "POST":
        asked = fields.text(request.POST, "asked", Words("另一份档案", "the other record"), longest=60)
        others = [one for one in search(viewer=actor, text=asked).items if one.id != number]
        facts |= {
            "others": others,
            "places": place_names(one.region for one in others),
            "today": clock.today(),
        }
        if getattr(request, "htmx", False):
            return render(request, "county/merge_found.html", facts)
    return render(request, "county/merge_find.html", facts)


@page(
    "county/people/<int:number>/merge/<int:other>/",
    name="county.merge_two",
    rule="people.merge",
    methods=("GET", "POST"),
)
def merge_two(request: HttpRequest, actor: Actor, number: int, other: int) -> HttpResponse:
    """Both records side by side with what hangs on each; then the merge."""
    if request.method == "POST":
        keep = fields.number(request.POST, "keep", Words("保留哪一份", "which one stays"))
        keep = keep if keep in (number, other) else number
        merge(
            actor=actor, now=clock.now(), key=None, keep=keep, absorb=other if keep == number else number,
            reason=fields.text(request.POST, "reason", REASON),
            numbers_differ=request.POST.get("numbers_differ") == "1",
        )  # fmt: skip
        return fields.done(request, reverse("county.person", args=[keep]))
    two = [_record(actor, one) for one in (number, other)]
    kinds = {record["person"].number_kind for record in two}  # type: ignore[attr-defined]
    facts = {"two": two, "both_ids": kinds == {NumberKind.ID}, "number": number, "today": clock.today()}
    return render(request, "county/merge_two.html", facts)


def _record(actor: Actor, number: int) -> dict[str, object]:
    """One record and how much hangs on it."""
    view = person(viewer=actor, person=number)
    return {
        "person": view.summary,
        "place": place_name(view.summary.region),
        "cards": len(view.cards),
        "created_at": view.created_at,
        "recognitions": [
            one for one in category_history(viewer=actor, person=number) if one.person == number
        ],
        "enrolments": [one for one in enrolment_history(viewer=actor, person=number) if one.person == number],
        "filings": [one for one in filing_history(viewer=actor, person=number) if one.person == number],
    }
