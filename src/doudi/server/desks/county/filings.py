"""备案 in the county's regions: which kind, valid on a day, where to; as a list and as Excel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from doudi.server.desks import fields
from doudi.server.desks.exports import Listing, after_each, counted, in_words, purpose_of, workbook
from doudi.server.desks.filings_forms import SHORT_NAMES, about, facilities_of
from doudi.server.desks.pages import page
from doudi.server.desks.places import place_names, region_choices
from doudi.server.filings.api import (
    KINDS,
    SHOWN_WORDS,
    Filing,
    Filter,
    counts,
    export,
    filed,
    kind_words,
)
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.sheets.api import ListCell, ListColumn
from doudi.server.people.api import person_summaries
from doudi.words import Words

KIND, REGION, STATE = Words("种类", "kind"), Words("区域", "region"), Words("状态", "state")
STATES = {"valid": Words("今天有效", "Valid today"), "all": Words("含已到期", "Expired ones too")}
COUNTY = Words("县经办", "County office")


def _wanted(data: Mapping[str, Any]) -> Filter:
    state = fields.choice(data, "state", STATE, STATES, required=False) or "valid"
    return Filter(
        kind=fields.choice(data, "kind", KIND, KINDS, required=False) or None,  # type: ignore[arg-type]
        region=fields.number(data, "region", REGION, required=False),
        valid_on=clock.today() if state == "valid" else None,
    )


@page("county/filings/", name="county.filings", rule="filings.filed")
def filings(request: HttpRequest, actor: Actor) -> HttpResponse:
    """How many of each kind today, each number opening its list; the list below."""
    wanted, today = _wanted(request.GET), clock.today()
    found = filed(viewer=actor, wanted=wanted, number=fields.page_number(request))
    who = person_summaries(viewer=actor, persons=[one.person for one in found.items])
    names = facilities_of(found.items)
    numbers = dict.fromkeys(KINDS, 0)
    for one in counts(viewer=actor, day=today, region=wanted.region):
        numbers[one.kind] += one.persons
    facts = {
        "wanted": wanted, "found": found, "today": today, "state": "valid" if wanted.valid_on else "all",
        "rows": [
            (one, who[one.person], about(one, names), names.get(one.facility or 0, COUNTY))
            for one in found.items if one.person in who
        ],
        "places": place_names(one.region for one in found.items),
        "figures": [(kind, SHORT_NAMES[kind], number) for kind, number in numbers.items()],
        "kinds": KINDS, "states": STATES, "regions": region_choices(actor),
    }  # fmt: skip
    return render(request, "county/filings.html", facts)


COLUMNS = (
    ListColumn(Words("姓名", "Name")),
    ListColumn(Words("证件号", "Number"), width=20),
    ListColumn(Words("属地", "Region")),
    ListColumn(Words("种类", "Kind"), width=20),
    ListColumn(Words("内容", "About"), width=24),
    ListColumn(Words("起始日", "From"), "date"),
    ListColumn(Words("最后一天", "Last day"), "date"),
    ListColumn(Words("状态", "State")),
    ListColumn(Words("经办", "Filed by"), width=20),
    ListColumn(Words("原因", "Reason"), width=28),
    ListColumn(Words("依据", "Evidence"), width=20),
)


@page("county/filings/export/", name="county.filings_export", rule="filings.export", methods=("POST",))
def filings_export(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the list is narrowed to, as Excel."""
    wanted = _wanted(request.POST)
    names = place_names([wanted.region // 1000]) if wanted.region else {}
    filters = in_words(
        kind_words(wanted.kind) if wanted.kind else None,
        Words(*[names[wanted.region // 1000]] * 2) if wanted.region else None,
        STATES["valid" if wanted.valid_on else "all"],
    )
    listing = Listing("filings", COLUMNS, filters)
    batches = counted(after_each(export, wanted, actor), listing, actor, purpose_of(request))
    return workbook(request, actor, listing, _rows(actor, batches, clock.today()))


def _rows(actor: Actor, batches: Iterator[Sequence[Any]], today: date) -> Iterator[Sequence[ListCell]]:
    batch: Sequence[Filing]
    for batch in batches:
        who = person_summaries(viewer=actor, persons=[one.person for one in batch])
        places, names = place_names(one.region for one in batch), facilities_of(batch)
        for one in batch:
            person = who.get(one.person)
            last = one.until_date - timedelta(days=1) if one.until_date else None
            yield (
                person.name if person else "", str(person.number) if person else "", places[one.region],
                one.words.zh, about(one, names).zh, one.from_date, last, SHOWN_WORDS[one.shown(today)].zh,
                names.get(one.facility or 0, COUNTY.zh), one.reason, one.evidence,
            )  # fmt: skip
