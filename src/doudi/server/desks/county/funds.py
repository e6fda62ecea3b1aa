"""基金与支付方 of a region on a day; what insurance says of items (class, first pay, ceiling); the lists of diseases."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from doudi.server.desks import fields
from doudi.server.desks.county.facilities import GRADE_WORDS
from doudi.server.desks.pages import page
from doudi.server.desks.places import place_names
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.reference.api import (
    disease_lists,
    end_fund,
    end_payer,
    funds,
    items,
    payers,
    price_of,
    set_fund,
    set_payer,
)
from doudi.server.reference.data import ITEM_CLASSES, LIST_TYPES
from doudi.words import Words

DAY, REGION = Words("日期", "date"), Words("地区", "region")
CODE, NAME = Words("代码", "code"), Words("名称", "name")
FROM = Words("起始日期", "from")
NATION = Words("全国", "The country")


def _county(actor: Actor) -> int:
    """The region key whose funds are shown: where the viewer's reach begins."""
    return actor.ranges.pairs[0][0] if actor.ranges.pairs else 0


def _place_names(keys: set[int]) -> dict[int, Any]:
    return {**place_names(keys - {0}), 0: NATION}


@page("county/funds/", name="county.funds", rule="reference.funds")
def funds_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The funds that serve the region, and who pays from which."""
    today = clock.today()
    day = fields.day(request.GET, "day", DAY, required=False) or today
    region = _county(actor)
    purses = funds(viewer=actor, region=region, day=day)
    paying = payers(viewer=actor, region=region, day=day)
    names = {one.code: one.name for one in purses}
    facts = {
        "funds": purses,
        "payers": [(one, names.get(one.fund, one.fund)) for one in paying],
        "places": _place_names({one.region for one in purses} | {one.region for one in paying} | {region}),
        "region": region,
        "day": day,
        "today": today,
    }
    return render(request, "county/funds.html", facts)


@page("county/funds/set/", name="county.fund_set", rule="reference.set_fund", methods=("POST",))
def fund_set(request: HttpRequest, actor: Actor) -> HttpResponse:
    """From a day on the fund has this name and this owner."""
    data = request.POST
    set_fund(
        actor=actor, now=clock.now(), key=None, region=_county(actor),
        code=fields.text(data, "code", CODE, longest=40), name=fields.text(data, "name", NAME, longest=80),
        department=fields.text(data, "department", Words("主管部门", "department"), longest=80),
        from_date=fields.needed_day(data, "from_date", FROM),
    )  # fmt: skip
    return fields.done(request, reverse("county.funds"))


@page("county/funds/end/", name="county.fund_end", rule="reference.end_fund", methods=("POST",))
def fund_end(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The fund is no more from a day on."""
    data = request.POST
    end_fund(
        actor=actor, now=clock.now(), key=None, region=_county(actor),
        code=fields.text(data, "code", CODE, longest=40), on=fields.needed_day(data, "on", FROM),
    )  # fmt: skip
    return fields.done(request, reverse("county.funds"))


@page("county/payers/set/", name="county.payer_set", rule="reference.set_payer", methods=("POST",))
def payer_set(request: HttpRequest, actor: Actor) -> HttpResponse:
    """From a day on the payer has this name and draws on this fund."""
    data = request.POST
    set_payer(
        actor=actor, now=clock.now(), key=None, region=_county(actor),
        code=fields.text(data, "code", CODE, longest=40), name=fields.text(data, "name", NAME, longest=80),
        fund=fields.text(data, "fund", Words("出资基金", "fund"), longest=40),
        from_date=fields.needed_day(data, "from_date", FROM),
    )  # fmt: skip
    return fields.done(request, reverse("county.funds"))


@page("county/payers/end/", name="county.payer_end", rule="reference.end_payer", methods=("POST",))
def payer_end(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The payer pays no more from a day on."""
    data = request.POST
    end_payer(
        actor=actor, now=clock.now(), key=None, region=_county(actor),
        code=fields.text(data, "code", CODE, longest=40), on=fields.needed_day(data, "on", FROM),
    )  # fmt: skip
    return fields.done(request, reverse("county.funds"))


@page("county/catalogue/", name="county.catalogue", rule="reference.items")
def catalogue_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Items by code or name, and what insurance says of each on a day for a grade of hospital."""
    data = request.GET
    today = clock.today()
    day = fields.day(data, "day", DAY, required=False) or today
    text = fields.text(data, "text", Words("编码或名称", "code or name"), required=False, longest=60)
    kind = fields.choice(data, "list", Words("目录", "catalogue"), LIST_TYPES, required=False)
    grade = fields.choice(data, "grade", Words("等级", "grade"), GRADE_WORDS, required=False) or "2"
    found = items(viewer=actor, day=day, text=text, list_type=kind, page=fields.page_number(request))
    prices = price_of(
        viewer=actor, codes=[one.code for one in found.items], day=day, region=_county(actor), grade=grade
    )
    rows = []
    for one in found.items:
        price = prices.get(one.code)
        said = ITEM_CLASSES.get(price.item_class or "") if price else None
        rows.append((one, price, said, LIST_TYPES.get(one.list_type)))
    facts = {
        "found": found, "rows": rows, "text": text, "list": kind, "grade": grade, "day": day, "today": today,
        "lists": LIST_TYPES.items(), "grades": GRADE_WORDS.items(),
    }  # fmt: skip
    return render(request, "county/funds_catalogue.html", facts)


@page("county/diseases/", name="county.diseases", rule="reference.disease_lists")
def diseases_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The named lists of diseases that policies speak of, as they hold on a day."""
    today = clock.today()
    day = fields.day(request.GET, "day", DAY, required=False) or today
    found = disease_lists(viewer=actor, region=_county(actor), day=day)
    facts = {
        "lists": found,
        "places": _place_names({one.region for one in found}),
        "day": day,
        "today": today,
    }
    return render(request, "county/funds_diseases.html", facts)
