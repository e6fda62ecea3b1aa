"""参保 of a year: who is insured, who has not paid, how much is subsidised; as a list, as numbers, as Excel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from doudi.server.desks import fields
from doudi.server.desks.exports import Listing, after_each, counted, in_words, purpose_of, workbook
from doudi.server.desks.pages import page
from doudi.server.desks.places import place_names, region_choices
from doudi.server.enrolment.api import (
    SCHEMES,
    STATUS_WORDS,
    Count,
    Enrolment,
    Filter,
    counts,
    enrolled,
    export,
    scheme_words,
)
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.sheets.api import ListCell, ListColumn
from doudi.server.people.api import person_summaries
from doudi.words import Words

YEAR, REGION = Words("年度", "year"), Words("区域", "region")
SCHEME, STATUS = Words("险种", "scheme"), Words("状态", "status")
YEARS_BACK = 8
HUES = {"insured": "good", "unpaid": "warn", "lapsed": "", "refunded": ""}


def _wanted(data: Mapping[str, Any]) -> Filter:
    year = fields.number(data, "year", YEAR, least=1990, most=2200, required=False)
    return Filter(
        year=year or clock.today().year,
        region=fields.number(data, "region", REGION, required=False),
        scheme=fields.choice(data, "scheme", SCHEME, SCHEMES, required=False) or None,
        status=fields.choice(data, "status", STATUS, STATUS_WORDS, required=False) or None,  # type: ignore[arg-type]
    )


@page("county/enrolments/", name="county.enrolments", rule="enrolment.enrolled")
def enrolments(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Numbers of the year on top, each opening its list; the list below."""
    wanted = _wanted(request.GET)
    found = enrolled(viewer=actor, wanted=wanted, number=fields.page_number(request))
    who = person_summaries(viewer=actor, persons=[one.person for one in found.items])
    this_year = clock.today().year
    facts = {
        "wanted": wanted, "found": found, "today": clock.today(),
        "rows": [(one, who[one.person]) for one in found.items if one.person in who],
        "places": place_names(one.region for one in found.items),
        "regions": region_choices(actor), "schemes": SCHEMES, "statuses": STATUS_WORDS,
        "years": range(this_year + 1, this_year - YEARS_BACK, -1),
    } | _figures(counts(viewer=actor, year=wanted.year, region=wanted.region), wanted)  # fmt: skip
    return render(request, "county/enrolments.html", facts)


def _figures(found: Sequence[Count], wanted: Filter) -> dict[str, Any]:
    """Persons by status, and the sums of those insured, of the scheme that is asked for."""
    here = [one for one in found if wanted.scheme in (None, one.scheme)]
    figures = [
        (status, words, sum(one.persons for one in here if one.status == status), HUES[status])
        for status, words in STATUS_WORDS.items()
    ]
    insured = [one for one in here if one.status == "insured"]
    return {
        "figures": figures,
        "premium_fen": sum(one.premium_fen for one in insured),
        "subsidy_fen": sum(one.subsidy_fen for one in insured),
    }


COLUMNS = (
    ListColumn(Words("姓名", "Name")),
    ListColumn(Words("证件号", "Number"), width=20),
    ListColumn(Words("属地", "Region")),
    ListColumn(Words("年度", "Year"), "whole"),
    ListColumn(Words("险种", "Scheme"), width=24),
    ListColumn(Words("状态", "Status")),
    ListColumn(Words("待遇起始日", "Insured from"), "date"),
    ListColumn(Words("最后一天", "Last day"), "date"),
    ListColumn(Words("个人缴费标准", "Premium"), "money"),
    ListColumn(Words("资助", "Subsidy"), "money"),
    ListColumn(Words("资助来源", "Subsidised by")),
    ListColumn(Words("缴费日期", "Paid on"), "date"),
)


@page(
    "county/enrolments/export/", name="county.enrolments_export", rule="enrolment.export", methods=("POST",)
)
def enrolments_export(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the list is narrowed to, as Excel."""
    wanted = _wanted(request.POST)
    names = place_names([wanted.region // 1000]) if wanted.region else {}
    filters = in_words(
        Words(f"{wanted.year} 年", str(wanted.year)),
        scheme_words(wanted.scheme) if wanted.scheme else None,
        STATUS_WORDS[wanted.status] if wanted.status else None,
        Words(*[names[wanted.region // 1000]] * 2) if wanted.region else None,
    )
    listing = Listing("enrolments", COLUMNS, filters)
    batches = counted(after_each(export, wanted, actor), listing, actor, purpose_of(request))
    return workbook(request, actor, listing, _rows(actor, batches))


def _rows(actor: Actor, batches: Iterator[Sequence[Any]]) -> Iterator[Sequence[ListCell]]:
    batch: Sequence[Enrolment]
    for batch in batches:
        who = person_summaries(viewer=actor, persons=[one.person for one in batch])
        places = place_names(one.region for one in batch)
        for one in batch:
            person = who.get(one.person)
            yield (
                person.name if person else "", str(person.number) if person else "", places[one.region], one.year,
                one.words.zh, one.status_words.zh, one.from_date, one.until_date - timedelta(days=1),
                one.premium_fen, one.subsidy_fen, one.subsidy_source, one.paid_on,
            )  # fmt: skip
