"""执行政策: which policy is the law here, the policy as a page to read, what it assumes, and who has looked at it.

The page is made of the library's own blocks (`entitlement.policy_page`), written out by our templates and style sheet:
nothing of it carries style or script of its own.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from doudi.server.desks import fields
from doudi.server.desks.county.policies_reading import choices_for, part_words, written
from doudi.server.desks.pages import page
from doudi.server.desks.places import place_names
from doudi.server.entitlement.api import (
    Assumption,
    InForce,
    assumptions,
    confirm_assumption,
    end_policy,
    policies_in_force,
    policy_page,
    put_in_force,
)
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import NotFound
from doudi.words import Words

STATES = {
    "open": Words("待确认", "Open"),
    "confirmed": Words("已确认", "Confirmed"),
    "differs": Words("本地不同", "Differs here"),
}
PATH = Words("假定", "assumption")


@page("county/policies/", name="county.policies", rule="entitlement.policies_in_force")
def policies_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The policies in force today, those to come, and those that were."""
    today = clock.today()
    found = policies_in_force(viewer=actor, day=None if actor.ranges.pairs else today)
    key = actor.ranges.pairs[0][0] if actor.ranges.pairs else 0
    facts = {
        "now": [_told(one) for one in found if _holds(one, today)],
        "coming": [_told(one) for one in found if one.from_date > today],
        "past": [_told(one) for one in found if one.until_date is not None and one.until_date <= today],
        "places": place_names(one.region for one in found),
        "choices": choices_for(key) if actor.ranges.pairs else (),
        "today": today,
    }
    return render(request, "county/policies.html", facts)


def _holds(one: InForce, day: date) -> bool:
    return one.from_date <= day and (one.until_date is None or day < one.until_date)


def _told(one: InForce) -> dict[str, Any]:
    return {"one": one, "checked": one.confirmed + one.differing, "open": _open(one)}


def _open(one: InForce) -> int:
    return one.assumptions - one.confirmed - one.differing


@page("county/policies/<int:number>/", name="county.policy", rule="entitlement.policy_page")
def policy(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """The policy as a page to read, payers in their order, with citations and assumptions as footnotes."""
    language = "en" if request.COOKIES.get("language", actor.language) == "en" else "zh"
    day = fields.day(request.GET, "day", Words("日期", "date"), required=False)
    read = policy_page(viewer=actor, in_force=number, language=language, day=day)  # type: ignore[arg-type]
    facts = {
        **_told(read.in_force),
        "title": read.title,
        "page": written(read),
        "place": place_names([read.in_force.region]),
        "day": day,
        "today": clock.today(),
        "mine": read.in_force.region in actor.ranges,
        "ended": read.in_force.until_date is not None and read.in_force.until_date <= clock.today(),
    }
    return render(request, "county/policy.html", facts)


@page(
    "county/policies/<int:number>/assumptions/",
    name="county.policy_assumptions",
    rule="entitlement.assumptions",
)
def assumptions_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """What the policy assumes, to be confirmed one by one by those who know the county."""
    shown = fields.choice(request.GET, "show", Words("状态", "state"), STATES, required=False)
    one = _of(actor, number)
    rows = [
        _row(order, it)
        for order, it in enumerate(assumptions(viewer=actor, in_force=number), 1)
        if not shown or it.state == shown
    ]
    facts = {
        **_told(one),
        "rows": rows,
        "shown": shown,
        "states": STATES.items(),
        "mine": one.region in actor.ranges,
    }
    return render(request, "county/policy_assumptions.html", facts)


def _row(order: int, it: Assumption) -> dict[str, Any]:
    return {"order": order, "it": it, "state": STATES[it.state], "part": part_words(it.path)}


def _of(actor: Actor, number: int) -> InForce:
    for one in policies_in_force(viewer=actor, day=None if actor.ranges.pairs else clock.today()):
        if one.id == number:
            return one
    raise NotFound("policy_unknown", Words("没有这项执行政策。", "There is no such policy in force."))


@page(
    "county/policies/<int:number>/check/",
    name="county.policy_check",
    rule="entitlement.confirm_assumption",
    methods=("POST",),
)
def check_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One assumption: it is so here, or it is otherwise. Answered with its row and the progress."""
    data = request.POST
    order = fields.number(data, "order", Words("序号", "number"), least=1, most=10_000) or 1
    path = fields.text(data, "path", PATH, longest=300)
    answer = fields.choice(data, "is", Words("结论", "answer"), ("so", "other"))
    note = fields.text(data, "note", Words("本县的实际规定", "how it is here"), required=False, longest=500)
    confirm_assumption(
        actor=actor, now=clock.now(), key=None, in_force=number, path=path, is_so=answer == "so", note=note
    )
    if not getattr(request, "htmx", False):
        return fields.done(request, reverse("county.policy_assumptions", args=[number]))
    found: dict[str, Assumption] = {one.path: one for one in assumptions(viewer=actor, in_force=number)}
    it = found[path]
    facts = {
        **_told(_of(actor, number)),
        "row": _row(order, it),
        "mine": True,
        "swapped": True,
    }
    shown = render(request, "county/policy_checked.html", facts)
    shown["HX-Retarget"] = f"#assumption-{order}"
    shown["HX-Reswap"] = "outerHTML"
    return shown


@page("county/policies/put/", name="county.policy_put", rule="entitlement.put_in_force", methods=("POST",))
def put_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """From a day on this is the law of the county."""
    data = request.POST
    last = fields.day(data, "last_day", Words("最后一天", "last day"), required=False)
    done = put_in_force(
        actor=actor, now=clock.now(), key=None, region=actor.ranges.pairs[0][0],
        policy=fields.text(data, "policy", Words("政策", "policy"), longest=120),
        from_date=fields.needed_day(data, "from_date", Words("施行日期", "from")),
        until_date=date.fromordinal(last.toordinal() + 1) if last else None,
    )  # fmt: skip
    return fields.done(request, reverse("county.policy", args=[done.in_force]))


@page(
    "county/policies/<int:number>/end/",
    name="county.policy_end",
    rule="entitlement.end_policy",
    methods=("POST",),
)
def end_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Before a day it is the law, from that day on not."""
    data = request.POST
    end_policy(
        actor=actor, now=clock.now(), key=None, in_force=number,
        until_date=fields.needed_day(data, "until_date", Words("停止日期", "first day without")),
        reason=fields.text(data, "reason", Words("原因", "reason")),
    )  # fmt: skip
    return fields.done(request, reverse("county.policies"))
