"""The trail as sentences: what happened, narrowed by the address; one event with its place in its chain; as a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from doudi.server.audit.api import OUTCOME_NAMES, Event, TrailPage, describe
from doudi.server.desks import fields
from doudi.server.desks.pages import page
from doudi.server.desks.places import place_name, place_names, region_choices
from doudi.server.desks.trail.chart import chart
from doudi.server.desks.trail.filters import Asked, asked, event_choices
from doudi.server.desks.trail.operations import MOST, export
from doudi.server.desks.trail.queries import counts, event, events
from doudi.server.desks.trail.words import TONES, object_words
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.reference.api import facility_names
from doudi.words import Words

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Line:
    """One event as a row: its sentence, how it came out, and where."""

    event: Event
    words: Words
    outcome: Words
    tone: str
    place: str
    facility: str


def lines(found: TrailPage) -> list[Line]:
    """The rows of a page, with the names of places asked once."""
    places = place_names(one.region for one in found.items if one.region)
    facilities = facility_names(one.facility for one in found.items if one.facility)
    return [
        Line(
            one, describe(one), outcome_words(one), TONES.get(one.outcome, ""),
            places.get(one.region, ""), facilities.get(one.facility, ""),
        )
        for one in found.items
    ]  # fmt: skip


def outcome_words(one: Event) -> Words:
    """办理, 查看, 未予办理, 无权限; as it stands in the row where it is none of them."""
    return next(
        (words for name, words in OUTCOME_NAMES.items() if name == one.outcome),
        Words(one.outcome, one.outcome),
    )


@page("trail/events/", name="trail.home", rule="trail.events")
def home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What happened in these days, newest first, and how much each day."""
    today = clock.today()
    wanted = asked(request.GET, today)
    before = fields.number(request.GET, "before", Words("位置", "place"), required=False)
    found = events(viewer=actor, wanted=wanted.wanted, before=before)
    per_day = counts(
        viewer=actor, from_day=wanted.first, until_day=wanted.last + timedelta(1), wanted=wanted.wanted
    )
    facts = {
        "asked": wanted,
        "found": found,
        "lines": lines(found),
        "before": before,
        "chart": chart(per_day, wanted.first, wanted.last),
        "outcomes": OUTCOME_NAMES,
        "choices": event_choices(),
        "regions": region_choices(actor),
        "query": _query(request, wanted),
        "most": MOST,
        "today": today,
    }
    return render(request, "trail/home.html", facts)


def _query(request: HttpRequest, wanted: Asked) -> list[tuple[str, str]]:
    """The filter as hidden fields of the export's form."""
    kept = {
        name: request.GET.get(name, "")
        for name in ("login", "person", "event", "region", "outcome", "facility")
    }
    kept |= {"from": wanted.first.isoformat(), "until": wanted.last.isoformat()}
    return [(name, value) for name, value in kept.items() if value]


@page("trail/events/<int:number>/", name="trail.event", rule="trail.event")
def event_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Who, when, where, what, why, and the seal over it; only this part where a row opens."""
    view = event(viewer=actor, number=number)
    one = view.event
    facts = {
        "event": one,
        "place": view.place,
        "words": describe(one),
        "outcome": outcome_words(one),
        "tone": TONES.get(one.outcome, ""),
        "where": place_name(one.region) if one.region else "",
        "facility": facility_names([one.facility]).get(one.facility, "") if one.facility else "",
        "object": object_words(one.object_kind) if one.object_kind else None,
        "detail": sorted(one.detail.items()),
    }
    template = "trail/event_facts.html" if getattr(request, "htmx", False) else "trail/event.html"
    return render(request, template, facts)


@page("trail/events/export/", name="trail.export", rule="trail.export", methods=("POST",))
def export_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What is filtered as an Excel file."""
    wanted = asked(request.POST, clock.today())
    purpose = fields.text(request.POST, "purpose", Words("导出用途", "What the export is for"))
    made = export(actor=actor, now=clock.now(), wanted=wanted.wanted, purpose=purpose)
    answer = HttpResponse(made.content, content_type=EXCEL)
    answer["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return answer
