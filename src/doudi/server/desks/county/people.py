"""People of the county: a list narrowed by what one knows, a search box that leads to one person, the person's page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from doudi.server.desks import fields
from doudi.server.desks.county.timeline import timeline
from doudi.server.desks.pages import page
from doudi.server.desks.places import place_name, place_names, region_choices
from doudi.server.enrolment.api import enrolment_history
from doudi.server.entitlement.api import card
from doudi.server.filings.api import filing_history
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.people.api import (
    SEXES,
    STATUSES,
    PersonFilter,
    household,
    person,
    person_history,
    persons,
    search,
    unmask,
)
from doudi.server.recognition.api import category_history
from doudi.words import Words


@page("county/people/", name="county.people", rule="people.persons")
def people(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The list. What it is narrowed by stands in the address, except what is personal."""
    data = request.GET
    wanted = PersonFilter(
        region_code=fields.number(data, "region", Words("区域", "region"), required=False),
        sex=fields.choice(data, "sex", Words("性别", "sex"), SEXES, required=False) or None,  # type: ignore[arg-type]
        age_from=fields.number(data, "age_from", Words("年龄", "age"), most=150, required=False),
        age_to=fields.number(data, "age_to", Words("年龄", "age"), most=150, required=False),
        status=fields.choice(data, "status", Words("状态", "state"), STATUSES, required=False) or None,  # type: ignore[arg-type]
        at=clock.today(),
    )
    found = persons(viewer=actor, wanted=wanted, number=fields.page_number(request))
    facts = {
        "people": found,
        "places": place_names(one.region for one in found.items),
        "wanted": wanted,
        "regions": region_choices(actor),
        "sexes": SEXES,
        "statuses": STATUSES,
        "today": clock.today(),
    }
    return render(request, "county/people.html", facts)


@page("county/people/search/", name="county.people_search", rule="people.search", methods=("POST",))
def people_search(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One box: number, name, name and village, initials, phone. Sent by POST: what is personal stays out of addresses."""
    asked = fields.text(request.POST, "asked", Words("查什么", "what to look for"), longest=60)
    found = search(viewer=actor, text=asked)
    if len(found.items) == 1:
        return fields.done(request, reverse("county.person", args=[found.items[0].id]))
    return render(
        request,
        "county/people_found.html",
        {
            "people": found,
            "places": place_names(one.region for one in found.items),
            "today": clock.today(),
        },
    )


@page("county/people/<int:number>/", name="county.person", rule="people.person")
def person_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Everything about one person: who, what they are entitled to today, what was and is, with whom they live."""
    today = clock.today()
    day = fields.day(request.GET, "day", Words("日期", "date"), required=False) or today
    view = person(viewer=actor, person=number)
    summary = view.summary
    recognitions = category_history(viewer=actor, person=number)
    enrolments = enrolment_history(viewer=actor, person=number)
    filings = filing_history(viewer=actor, person=number)
    facts = {
        "person": summary,
        "view": view,
        "day": day,
        "today": today,
        "place": place_name(summary.region),
        "entitled": card(viewer=actor, person=number, day=day),
        "timeline": timeline(recognitions, enrolments, filings, day),
        "household": household(viewer=actor, household=summary.household) if summary.household else None,
        "history": person_history(viewer=actor, person=number),
    }
    return render(request, "county/person.html", facts)


@page("county/people/<int:number>/unmask/", name="county.unmask", rule="people.unmask", methods=("POST",))
def unmask_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Show one personal value, for a purpose that is kept."""
    wanted = fields.choice(
        request.POST, "field", Words("查看内容", "what to show"),
        ("number", "phone", "birth_date", "name", "address", "card"),
    )  # fmt: skip
    shown = unmask(
        actor=actor, now=clock.now(), person=number, field=wanted,  # type: ignore[arg-type]
        purpose=fields.text(request.POST, "purpose", Words("查看用途", "purpose"), longest=100),
    )  # fmt: skip
    return render(request, "county/unmasked.html", {"shown": shown})
