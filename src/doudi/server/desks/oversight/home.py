"""监管: one line of numbers beside last month's, a picture a question, and everything opens down to the bills.

The page asks the figures once; diseases and the number of people come in after it. Today's numbers renew themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from doudi.server.access.api import allowed
from doudi.server.desks.charts import large
from doudi.server.desks.oversight.diseases import what
from doudi.server.desks.oversight.filters import address, chosen, last_day, list_address, query_of, read
from doudi.server.desks.oversight.pictures import PICTURES, Scene
from doudi.server.desks.pages import page
from doudi.server.desks.payers import payer_names
from doudi.server.desks.templatetags.desk import HUES, count, language_of, rate, yuan
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.settlement.api import (
    Oversight,
    Sums,
    oversight,
    oversight_diseases,
    oversight_persons,
    oversight_today,
    shifted,
)
from doudi.words import Language, Words

LATER = 24
"""How many months the choice of months goes back."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the line. `exact`: as it is, for the pointer; `before`: last month's; `change`: against it."""

    words: Words
    value: str
    unit: str = ""
    exact: str = ""
    before: str = ""
    change: str = ""
    tone: str = ""
    address: str = ""
    hue: str = ""


@page("oversight/", name="oversight.home", rule="settlement.oversight")
def home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The page under its filter."""
    scene = scene_of(request, actor)
    told, wanted, today = scene.told, scene.wanted, scene.today
    return render(
        request,
        "oversight/home.html",
        {
            "told": told,
            "wanted": wanted,
            "today": today,
            "query": query_of(wanted, today),
            "chosen": chosen(wanted, today),
            "clear": address(type(wanted)(month=wanted.month, span=wanted.span), today),
            "figures": figures(scene),
            "payers": payers(scene),
            "targets": told.targets,
            "charts": [make(scene) for make in PICTURES.values()],
            "months": [(f"{shifted(today, -by):%Y-%m}") for by in range(LATER)],
            "earlier": address(wanted, today, month=shifted(wanted.month, -1)),
            "later": address(wanted, today, month=shifted(wanted.month, 1)) if _has_later(wanted.month, today) else "",
            "month_address": address(wanted, today, span="month"),
            "year_address": address(wanted, today, span="year"),
            "list": list_address(wanted, told.from_date, told.until) if allowed("settlement.history", actor) else "",
            "live": oversight_today(viewer=actor, wanted=wanted) if _is_now(scene) else None,
        },
    )  # fmt: skip


@page("oversight/today/", name="oversight.today", rule="settlement.oversight_today")
def today_numbers(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Today's numbers again; nothing where nothing was settled since."""
    today = clock.today()
    found = oversight_today(viewer=actor, wanted=read(request.GET, today))
    if request.GET.get("last") == str(found.last):
        return HttpResponse(status=204)
    facts = {
        "live": found,
        "query": query_of(read(request.GET, today), today),
        "at": clock.now(),
        "fresh": True,
    }
    return render(request, "oversight/today.html", facts)


@page("oversight/diseases/", name="oversight.diseases", rule="settlement.oversight_diseases")
def diseases(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The picture of diseases, which the page asks for after itself."""
    wanted = read(request.GET, clock.today())
    scene = _bare(request, actor)
    return render(
        request,
        "oversight/diseases.html",
        {"chart": what(scene, oversight_diseases(viewer=actor, wanted=wanted))},
    )


@page("oversight/persons/", name="oversight.persons", rule="settlement.oversight_persons")
def persons(request: HttpRequest, actor: Actor) -> HttpResponse:
    """How many people, each once."""
    found = oversight_persons(viewer=actor, wanted=read(request.GET, clock.today()))
    return render(request, "oversight/persons.html", {"persons": found})


def scene_of(request: HttpRequest, actor: Actor) -> Scene:
    """The figures under the filter of the address, and what pictures need beside them."""
    today = clock.today()
    wanted = read(request.GET, today)
    language = language_of({"language": language_asked(request, actor)})
    return Scene(oversight(viewer=actor, wanted=wanted), wanted, today, payer_names(actor), language)


def _bare(request: HttpRequest, actor: Actor) -> Scene:
    """Without figures: for a picture that brings its own."""
    today = clock.today()
    wanted = read(request.GET, today)
    from_date = wanted.month if wanted.span == "month" else shifted(wanted.month, -11)
    until = min(today, last_day(wanted.month))
    told = Oversight(from_date, until, Sums(), Sums(), {}, (), (), 0)
    return Scene(told, wanted, today, {}, language_of({"language": language_asked(request, actor)}))


def language_asked(request: HttpRequest, actor: Actor) -> str:
    """As the page's context says it."""
    return request.COOKIES.get("language", "") or actor.language


def _is_now(scene: Scene) -> bool:
    return scene.wanted.month == scene.today.replace(day=1)


def _has_later(month: date, today: date) -> bool:
    return month < today.replace(day=1)


def figures(scene: Scene) -> list[Figure]:
    """The line of numbers, each beside that of the time before."""
    now, before, language = scene.told.sums, scene.told.before, scene.language
    return [
        Figure(
            Words("结算笔数", "Settlements"), count(now.bills), before=count(before.bills),
            change=_change(now.bills, before.bills),
        ),
        _money(Words("总费用", "Total cost"), now.total_fen, before.total_fen, language),
        _money(Words("各方支付", "Payers"), now.paid_fen, before.paid_fen, language),
        _money(Words("医院承担", "Hospitals"), now.hospital_fen, before.hospital_fen, language),
        _money(Words("患者自付", "Patients"), now.patient_fen, before.patient_fen, language),
        Figure(
            Words("住院自付占比", "Own share of stays"), rate(now.burden_bp) or "–", "", "", rate(before.burden_bp),
            _points(now.burden_bp, before.burden_bp),
        ),
    ]  # fmt: skip


def _money(words: Words, fen: int, before: int, language: Language) -> Figure:
    value, unit = large(fen, language)
    return Figure(words, value, unit, f"{yuan(fen)}", "".join(large(before, language)), _change(fen, before))


def payers(scene: Scene) -> list[Figure]:
    """What each payer bore, by its own name, the largest first, with its share of the cost."""
    now, before = scene.told.sums, scene.told.before
    found = []
    for payer, fen in sorted(now.payers.items(), key=lambda one: -one[1]):
        value, unit = large(fen, scene.language)
        words = scene.payer(payer)
        share = rate((2 * fen * 10_000 + now.total_fen) // (2 * now.total_fen)) if now.total_fen else ""
        found.append(
            Figure(
                words, value, unit, f"{yuan(fen)}", change=_change(fen, before.payers.get(payer, 0)),
                before=share, hue=HUES.get(payer, "payer-other"),
            )
        )  # fmt: skip
    return found


def _change(now: int, before: int) -> str:
    """+12.5 %, −3.0 %; nothing where there is nothing to compare with."""
    if not before:
        return ""
    tenths = ((now - before) * 2000 + before) // (2 * before)
    sign = "+" if tenths > 0 else "−" if tenths < 0 else "±"
    return f"{sign}{abs(tenths) // 10:,}.{abs(tenths) % 10} %"


def _points(now: int | None, before: int | None) -> str:
    if now is None or before is None:
        return ""
    change = now - before
    sign = "+" if change > 0 else "−" if change < 0 else "±"
    return f"{sign}{abs(change) // 100}.{abs(change) % 100:02d}"
