"""定点机构: facilities as they stand on a day; one facility with its level, grade and designations over time."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from doudi.engine.vocabulary import GRADES, LEVELS, name_of
from doudi.server.desks import fields
from doudi.server.desks.pages import page
from doudi.server.desks.places import place_name, place_names, region_choices
from doudi.server.enrolment.api import SCHEMES
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.regions import Ranges
from doudi.server.reference.api import (
    FacilityFilter,
    add_facility,
    close_facility,
    designate,
    end_designation,
    facilities,
    facility,
    facility_history,
    restand_facility,
)
from doudi.words import Words

GRADE_WORDS = {
    "1": Words("一级", "Grade 1"),
    "2": Words("二级", "Grade 2"),
    "3": Words("三级", "Grade 3"),
}
STEP_WORDS = {
    "special": Words("特等", "special"),
    "a": Words("甲等", "A"),
    "b": Words("乙等", "B"),
    "c": Words("丙等", "C"),
}
KINDS = {"H": Words("医疗机构", "Hospitals"), "P": Words("零售药店", "Pharmacies")}
PROGRAMMES = {
    "nine_diseases": Words("农村贫困人口大病专项救治", "Special treatment of serious diseases"),
}
LEVEL, GRADE, STEP = Words("层级", "level"), Words("等级", "grade"), Words("等次", "step")
FROM, UNTIL = Words("起始日期", "from"), Words("截止日期", "until")
REASON = Words("原因", "reason")


def scheme_words(code: str) -> Words:
    """What a scheme or a programme is called; its code where it has no name."""
    if code in SCHEMES:
        return SCHEMES[code].words
    return PROGRAMMES.get(code, Words(code, code))


def standing_words(level: str, grade: str, step: str) -> Words:
    """县级 二级甲等; 未定级 where nothing is known."""
    parts = [name_of(level)] if level else []
    if grade:
        stepped = STEP_WORDS.get(step, Words("", ""))
        parts.append(
            Words(GRADE_WORDS[grade].zh + stepped.zh, f"{GRADE_WORDS[grade].en} {stepped.en}".strip())
        )
    if not parts:
        return Words("未定级", "Not graded")
    return Words(" ".join(one.zh for one in parts), ", ".join(one.en for one in parts))


@page("county/facilities/", name="county.facilities", rule="reference.facilities")
def facilities_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The list: of one's own region first, of everywhere where asked."""
    data = request.GET
    today = clock.today()
    day = fields.day(data, "day", Words("日期", "date"), required=False) or today
    where = fields.text(data, "where", Words("地区", "region"), required=False, longest=12) or "own"
    text = fields.text(data, "text", Words("名称", "name"), required=False, longest=60)
    level = fields.choice(data, "level", LEVEL, LEVELS, required=False)
    kind = fields.choice(data, "kind", Words("类型", "kind"), KINDS, required=False)
    scheme = fields.choice(data, "scheme", Words("定点", "scheme"), (*SCHEMES, *PROGRAMMES), required=False)
    closed = data.get("closed") == "1"
    found = facilities(
        viewer=actor,
        day=day,
        where=FacilityFilter(_ranges(actor, where), text, level, scheme, kind, closed),
        page=fields.page_number(request),
    )
    rows = [(one, standing_words(one.level, one.grade, one.step)) for one in found.items]
    facts = {
        "found": found, "rows": rows, "places": place_names(one.region for one in found.items),
        "regions": region_choices(actor), "where": where, "text": text, "level": level, "kind": kind,
        "scheme": scheme, "closed": closed, "day": day, "today": today,
        "levels": [(one, name_of(one)) for one in LEVELS],
        "kinds": KINDS.items(), "schemes": _schemes(),
    }  # fmt: skip
    return render(request, "county/facilities.html", facts)


def _ranges(actor: Actor, where: str) -> Ranges | None:
    if where == "all" or (where == "own" and not actor.ranges.pairs):
        return None
    if where == "own":
        return actor.ranges
    code = fields.number({"where": where}, "where", Words("地区", "region"), most=10**12)
    return Ranges.of([code or 0])


def _schemes() -> list[tuple[str, Words]]:
    return [(code, scheme_words(code)) for code in (*SCHEMES, *PROGRAMMES)]


@page("county/facilities/<int:number>/", name="county.facility", rule="reference.facility")
def facility_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One facility: what it is today, what it was, and what can be done about it."""
    today = clock.today()
    one = facility(viewer=actor, facility=number, day=today)
    history = facility_history(viewer=actor, facility=number)
    standings, designations = history.standings, history.designations
    facts: dict[str, Any] = {
        "one": one,
        "now": standing_words(one.level, one.grade, one.step),
        "place": place_name(one.region),
        "standings": [(s, standing_words(s.level, s.grade, s.step)) for s in reversed(standings)],
        "designations": [
            (
                d,
                scheme_words(d.scheme),
                d.from_date <= today and (d.until_date is None or today < d.until_date),
            )
            for d in designations
        ],
        "mine": one.region in actor.ranges,
        "levels": [(level, name_of(level)) for level in LEVELS],
        "grades": GRADE_WORDS.items(),
        "steps": STEP_WORDS.items(),
        "schemes": _schemes(),
        "today": today,
    }
    return render(request, "county/facility.html", facts)


@page(
    "county/facilities/new/",
    name="county.facility_new",
    rule="reference.add_facility",
    methods=("GET", "POST"),
)
def facility_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A new facility with the level and grade it opens with."""
    if request.method != "POST":
        own = [start for start, _ in actor.ranges.pairs]
        names = place_names(own)
        facts = {
            "regions": [(key, names[key]) for key in own]
            + [(code // 1000, name) for code, name in region_choices(actor)],
            "levels": [(level, name_of(level)) for level in LEVELS],
            "grades": GRADE_WORDS.items(),
            "steps": STEP_WORDS.items(),
            "today": clock.today(),
        }
        return render(request, "county/facility_new.html", facts)
    data = request.POST
    made = add_facility(
        actor=actor, now=clock.now(), key=None,
        code=fields.text(data, "code", Words("国家编码", "national code"), longest=20),
        name=fields.text(data, "name", Words("名称", "name"), longest=100),
        region=fields.number(data, "region", Words("地区", "region")) or 0,
        opened_on=fields.needed_day(data, "opened_on", Words("开业日期", "opening day")),
        **_standing(data),
    )  # fmt: skip
    return fields.done(request, reverse("county.facility", args=[made.id]))


def _standing(data: Any) -> dict[str, str]:
    return {
        "level": fields.choice(data, "level", LEVEL, LEVELS, required=False),
        "grade": fields.choice(data, "grade", GRADE, GRADES, required=False),
        "step": fields.choice(data, "step", STEP, STEP_WORDS, required=False),
    }


def _back(request: HttpRequest, number: int) -> HttpResponse:
    return fields.done(request, reverse("county.facility", args=[number]))


@page(
    "county/facilities/<int:number>/restand/",
    name="county.facility_restand",
    rule="reference.restand_facility",
    methods=("POST",),
)
def restand_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """From a day on another level and grade."""
    restand_facility(
        actor=actor, now=clock.now(), key=None, facility=number,
        from_date=fields.needed_day(request.POST, "from_date", FROM), **_standing(request.POST),
    )  # fmt: skip
    return _back(request, number)


@page(
    "county/facilities/<int:number>/designate/",
    name="county.facility_designate",
    rule="reference.designate",
    methods=("POST",),
)
def designate_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """定点 for a scheme or a programme from a day."""
    data = request.POST
    scheme = fields.choice(data, "scheme", Words("定点", "scheme"), (*SCHEMES, *PROGRAMMES))
    last = fields.day(data, "last_day", UNTIL, required=False)
    designate(
        actor=actor, now=clock.now(), key=None, facility=number, scheme=scheme,
        from_date=fields.needed_day(data, "from_date", FROM),
        until_date=date.fromordinal(last.toordinal() + 1) if last else None,
        is_programme=scheme in PROGRAMMES,
    )  # fmt: skip
    return _back(request, number)


@page(
    "county/facilities/<int:number>/end-designation/",
    name="county.facility_undesignate",
    rule="reference.end_designation",
    methods=("POST",),
)
def undesignate_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """No longer 定点 from a day on."""
    data = request.POST
    end_designation(
        actor=actor, now=clock.now(), key=None, facility=number,
        scheme=fields.text(data, "scheme", Words("定点", "scheme"), longest=40),
        on=fields.needed_day(data, "on", FROM), reason=fields.text(data, "reason", REASON),
    )  # fmt: skip
    return _back(request, number)


@page(
    "county/facilities/<int:number>/close/",
    name="county.facility_close",
    rule="reference.close_facility",
    methods=("POST",),
)
def close_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Closed from a day on; its designations end with it."""
    data = request.POST
    close_facility(
        actor=actor, now=clock.now(), key=None, facility=number,
        on=fields.needed_day(data, "on", FROM), reason=fields.text(data, "reason", REASON),
    )  # fmt: skip
    return _back(request, number)
