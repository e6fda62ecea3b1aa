"""身份认定: who has which category, what ends soon, how many in each township; as list, numbers, Excel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from doudi.server.desks import fields
from doudi.server.desks.exports import Listing, after_each, counted, in_words, purpose_of, workbook
from doudi.server.desks.pages import page
from doudi.server.desks.places import place_names, region_choices
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.sheets.api import ListCell, ListColumn
from doudi.server.people.api import person_summaries
from doudi.server.recognition.api import (
    CategoryTitle,
    Count,
    Filter,
    Recognition,
    category_title,
    counts,
    export,
    known_categories,
    recognised,
)
from doudi.server.reference.api import code_of
from doudi.words import Words

CATEGORY, REGION, DAY = Words("类别", "category"), Words("区域", "region"), Words("日期", "date")
SOON = ("30", "60", "90")


def _wanted(data: Mapping[str, Any]) -> tuple[Filter, date, str]:
    """The filter, the day it speaks of, and within how many days it ends ("" where that is not asked)."""
    day = fields.day(data, "day", DAY, required=False) or clock.today()
    ending = fields.choice(data, "ending", Words("到期", "ending"), SOON, required=False)
    wanted = Filter(
        category=fields.choice(data, "category", CATEGORY, known_categories(), required=False) or None,
        region=fields.number(data, "region", REGION, required=False),
        valid_on=None if data.get("ended") == "1" and not ending else day,
        ending_before=day + timedelta(days=int(ending) + 2) if ending else None,
    )
    return wanted, day, ending


@page("county/recognitions/", name="county.recognitions", rule="recognition.recognised")
def recognitions(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The list, or with `?view=counts` the numbers; every number opens its list."""
    wanted, day, ending = _wanted(request.GET)
    facts: dict[str, Any] = {
        "wanted": wanted, "day": day, "ending": ending, "soon": SOON, "today": clock.today(),
        "view": "counts" if request.GET.get("view") == "counts" else "list",
        "categories": known_categories(), "regions": region_choices(actor),
    }  # fmt: skip
    if facts["view"] == "counts":
        facts |= _table(counts(viewer=actor, day=day, region=wanted.region))
        return render(request, "county/recognitions.html", facts)
    found = recognised(viewer=actor, wanted=wanted, number=fields.page_number(request))
    who = person_summaries(viewer=actor, persons=[one.person for one in found.items])
    facts |= {
        "found": found,
        "rows": [(one, who[one.person]) for one in found.items if one.person in who],
        "places": place_names(one.region for one in found.items),
    }
    return render(request, "county/recognitions.html", facts)


def _table(found: Sequence[Count]) -> dict[str, Any]:
    """Townships down, categories across, in the order of the vocabulary; with the sums of both."""
    have = {one.category for one in found}
    across: list[CategoryTitle] = [
        *(title for code, title in known_categories().items() if code in have),
        *(category_title(code) for code in sorted(have - set(known_categories()))),
    ]
    numbers = {(one.region, one.category): one.persons for one in found}
    down = sorted({one.region for one in found})
    names = place_names(down)
    table = [
        (names[region], code_of(region), [(title, numbers.get((region, title.code), 0)) for title in across])
        for region in down
    ]
    sums = [(title, sum(numbers.get((region, title.code), 0) for region in down)) for title in across]
    return {"across": across, "table": table, "sums": sums}


COLUMNS = (
    ListColumn(Words("姓名", "Name")),
    ListColumn(Words("证件号", "Number"), width=20),
    ListColumn(Words("属地", "Region")),
    ListColumn(Words("人员类别", "Category"), width=22),
    ListColumn(Words("起始日", "From"), "date"),
    ListColumn(Words("最后一天", "Last day"), "date"),
    ListColumn(Words("认定部门", "Department")),
    ListColumn(Words("依据", "Evidence"), width=28),
)


@page(
    "county/recognitions/export/",
    name="county.recognitions_export",
    rule="recognition.export",
    methods=("POST",),
)
def recognitions_export(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the list is narrowed to, as Excel."""
    wanted, day, ending = _wanted(request.POST)
    names = place_names([wanted.region // 1000]) if wanted.region else {}
    title = category_title(wanted.category).words if wanted.category else None
    filters = in_words(
        title,
        Words(*[names[wanted.region // 1000]] * 2) if wanted.region else None,
        Words(f"{day} 有效", f"valid on {day}") if wanted.valid_on else Words("含已终止", "ended ones too"),
        Words(f"{ending} 天内到期", f"ending within {ending} days") if ending else None,
    )
    listing = Listing("recognitions", COLUMNS, filters)
    batches = counted(after_each(export, wanted, actor), listing, actor, purpose_of(request))
    return workbook(request, actor, listing, _rows(actor, batches))


def _rows(actor: Actor, batches: Iterator[Sequence[Any]]) -> Iterator[Sequence[ListCell]]:
    batch: Sequence[Recognition]
    for batch in batches:
        who = person_summaries(viewer=actor, persons=[one.person for one in batch])
        places = place_names(one.region for one in batch)
        for one in batch:
            person = who.get(one.person)
            last = one.until_date - timedelta(days=1) if one.until_date else None
            yield (
                person.name if person else "", str(person.number) if person else "", places[one.region],
                one.words.zh, one.from_date, last, one.source_department, one.evidence,
            )  # fmt: skip
