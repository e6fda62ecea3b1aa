"""People of the county: a list narrowed by what one knows, a search box that leads to one person, the person's page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from doudi.server.access.api import allowed
from doudi.server.audit.api import sealing_is_late
from doudi.server.desks import fields
from doudi.server.desks.county.filings_forms import OFFERED
from doudi.server.desks.county.households_forms import sums_at
from doudi.server.desks.county.timeline import timeline
from doudi.server.desks.exports import Listing, in_words, purpose_of, sealing_late, workbook
from doudi.server.desks.filings_forms import facilities_of
from doudi.server.desks.pages import page
from doudi.server.desks.places import place_name, place_names, region_choices
from doudi.server.enrolment.api import enrolment_history
from doudi.server.entitlement.api import OpeningLine, card, opening_balances
from doudi.server.filings.api import filing_history
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.sheets.api import ListCell, ListColumn
from doudi.server.people.api import (
    ETHNICITIES,
    NUMBER_KINDS,
    SEXES,
    STATUSES,
    PersonFilter,
    PersonSummary,
    export_persons,
    household,
    person,
    person_history,
    persons,
    search,
    unmask,
)
from doudi.server.recognition.api import category_history
from doudi.server.reference.api import region_names
from doudi.words import Words


def _wanted(data: Mapping[str, Any]) -> PersonFilter:
    """What the list is narrowed by."""
    return PersonFilter(
        region_code=fields.number(data, "region", Words("区域", "region"), required=False),
        sex=fields.choice(data, "sex", Words("性别", "sex"), SEXES, required=False) or None,  # type: ignore[arg-type]
        age_from=fields.number(data, "age_from", Words("年龄", "age"), most=150, required=False),
        age_to=fields.number(data, "age_to", Words("年龄", "age"), most=150, required=False),
        status=fields.choice(data, "status", Words("状态", "state"), STATUSES, required=False) or None,  # type: ignore[arg-type]
        at=clock.today(),
    )


@page("county/people/", name="county.people", rule="people.persons")
def people(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The list. What it is narrowed by stands in the address, except what is personal."""
    wanted = _wanted(request.GET)
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
    mine = summary.region in actor.ranges
    facts = {
        "person": summary,
        "view": view,
        "day": day,
        "today": today,
        "place": place_name(summary.region),
        "village": region_names([summary.village_code]).get(summary.village_code) if summary.village_code else "",
        "ethnicity": ETHNICITIES.get(view.ethnicity, ""),
        "mine": mine and not summary.merged_into,
        "elsewhere": not mine,
        "filed": OFFERED,
        "proposed": fields.number(request.GET, "proposed", Words("审批事项", "proposal"), required=False),
        "history": person_history(viewer=actor, person=number),
    }  # fmt: skip
    if mine and summary.household:
        facts["household"] = household(viewer=actor, household=summary.household)
    if mine and allowed("entitlement.opening_balances", actor):
        facts["openings"] = _openings(actor, summary)
    if allowed("entitlement.card", actor):
        facts |= _standing(actor, number, day)
    return render(request, "county/person.html", facts)


def _standing(actor: Actor, number: int, day: date) -> dict[str, Any]:
    """What the person gets on the day, and the line of time it follows from."""
    filings = filing_history(viewer=actor, person=number)
    events = timeline(
        category_history(viewer=actor, person=number), enrolment_history(viewer=actor, person=number),
        filings, day, facilities_of(filings),
    )  # fmt: skip
    return {
        "entitled": card(viewer=actor, person=number, day=day),
        "timeline": [event for event in events if event.stands],
        "past": [event for event in events if not event.stands],
    }


def _openings(actor: Actor, summary: PersonSummary) -> list[tuple[OpeningLine, Words]]:
    """The opening balances with what the sums are called."""
    found = opening_balances(viewer=actor, person=summary.id)
    known = sums_at(summary.region) if found else {}
    return [
        (one, known[one.accumulator].words if one.accumulator in known else Words(one.accumulator, one.accumulator))
        for one in found
    ]  # fmt: skip


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


COLUMNS = (
    ListColumn(Words("姓名", "Name")), ListColumn(Words("性别", "Sex")), ListColumn(Words("出生年", "Born in"), "whole"),
    ListColumn(Words("证件类型", "Document"), width=16), ListColumn(Words("证件号", "Number"), width=20),
    ListColumn(Words("属地", "Region")), ListColumn(Words("电话", "Phone"), width=14),
    ListColumn(Words("状态", "State")), ListColumn(Words("状态日期", "Since"), "date"),
)  # fmt: skip


@page("county/people/export/", name="county.people_export", rule="people.export", methods=("POST",))
def people_export(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the list is narrowed to, as Excel. `people.export` itself counts and tells the trail, batch by batch."""
    wanted, purpose = _wanted(request.POST), purpose_of(request)
    if sealing_is_late(clock.now()):
        raise sealing_late()
    place = place_names([wanted.region_code // 1000]) if wanted.region_code else {}
    ages = f"{wanted.age_from or 0}–{'' if wanted.age_to is None else wanted.age_to}"
    filters = in_words(
        *(Words(name, name) for name in place.values()),
        SEXES[wanted.sex] if wanted.sex else None,
        Words(f"{ages} 岁", f"aged {ages}") if (wanted.age_from, wanted.age_to) != (None, None) else None,
        STATUSES[wanted.status] if wanted.status else None,
    )
    return workbook(request, actor, Listing("people", COLUMNS, filters), _exported(actor, wanted, purpose))


def _exported(actor: Actor, wanted: PersonFilter, purpose: str) -> Iterator[tuple[ListCell, ...]]:
    after: int | None = 0
    while after is not None:
        batch = export_persons(actor=actor, now=clock.now(), purpose=purpose, wanted=wanted, after=after)
        places = place_names(one.region for one in batch.rows)
        for one in batch.rows:
            yield (
                one.name, SEXES[one.sex].zh, one.birth_year, NUMBER_KINDS[one.number_kind].zh, str(one.number),
                places[one.region], str(one.phone or ""), STATUSES[one.status].zh, one.status_date,
            )  # fmt: skip
        after = batch.after
