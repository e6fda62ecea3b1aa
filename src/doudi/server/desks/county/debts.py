"""欠费与分期: what the county's people owe hospitals, by hospital and age; one debt; what hospitals ask; Excel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from doudi.money import format_yuan
from doudi.server.access.api import allowed
from doudi.server.desks import fields
from doudi.server.desks.exports import Listing, after_each, counted, in_words, purpose_of, workbook
from doudi.server.desks.pages import page
from doudi.server.desks.places import place_names, region_choices
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.sheets.api import ListCell, ListColumn
from doudi.server.people.api import person_summaries
from doudi.server.reference.api import facility_names
from doudi.server.settlement.api import (
    BUCKETS,
    Bucket,
    DebtFilter,
    DebtRow,
    asks,
    debt,
    debt_buckets,
    debts,
    export_debts,
)
from doudi.words import Words

FACILITY, REGION, AGE = Words("医疗机构", "hospital"), Words("区域", "region"), Words("账龄", "age")


def _wanted(data: Mapping[str, Any]) -> DebtFilter:
    bucket = fields.choice(data, "bucket", AGE, BUCKETS, required=False)
    return DebtFilter(
        facility=fields.number(data, "facility", FACILITY, required=False),
        region=fields.number(data, "region", REGION, required=False),
        bucket=cast("Bucket | None", bucket or None),
    )


@page("county/debts/", name="county.debts", rule="settlement.cases")
def debts_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """By hospital and age; under it the list; over it what hospitals ask."""
    wanted = _wanted(request.GET)
    table = debt_buckets(viewer=actor, region=wanted.region)
    found = debts(viewer=actor, wanted=wanted, number=fields.page_number(request))
    who = person_summaries(viewer=actor, persons=[one.person for one in found.items])
    waiting = asks(viewer=actor).items if allowed("settlement.asks", actor) else ()
    at = {one.facility for one in table} | {one.facility for one in found.items}
    at |= {one.facility for one in waiting} | ({wanted.facility} if wanted.facility else set())
    facts = {
        "wanted": wanted,
        "table": table,
        "all": [
            sum(one.buckets[place].fen for one in table) for place in range(len(BUCKETS))
        ],
        "total": sum(one.fen for one in table),
        "words": BUCKETS.items(),
        "found": found,
        "rows": [(one, who.get(one.person)) for one in found.items],
        "waiting": waiting,
        "facilities": facility_names(at),
        "regions": region_choices(actor),
        "places": place_names(one.region for one in found.items),
    }  # fmt: skip
    return render(request, "county/debts.html", facts)


@page("county/debts/<int:number>/", name="county.debt", rule="settlement.cases")
def debt_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One debt with its history, and what the county may do about it."""
    found = debt(viewer=actor, settlement=number)
    facts = {
        "debt": found,
        "person": person_summaries(viewer=actor, persons=[found.row.person]).get(found.row.person),
        "facility": facility_names([found.row.facility]).get(found.row.facility, ""),
        "place": place_names([found.row.region])[found.row.region],
        "bucket": BUCKETS[found.row.bucket],
        "today": clock.today(),
    }
    return render(request, "county/debt.html", facts)


COLUMNS = (
    ListColumn(Words("结算号", "Settlement"), width=20),
    ListColumn(Words("姓名", "Name")),
    ListColumn(Words("证件号", "Number"), width=20),
    ListColumn(Words("参保地", "Region")),
    ListColumn(Words("医疗机构", "Hospital"), width=22),
    ListColumn(Words("结算日", "Settled"), "date"),
    ListColumn(Words("应付", "Charged"), "money"),
    ListColumn(Words("已抵", "Met"), "money"),
    ListColumn(Words("尚欠", "Owed"), "money"),
    ListColumn(Words("到期日", "Due"), "date"),
    ListColumn(Words("账龄", "Age"), width=16),
)


@page("county/debts/export/", name="county.debts_export", rule="settlement.export_debts", methods=("POST",))
def debts_export(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the list is narrowed to, as Excel."""
    wanted = _wanted(request.POST)
    at = facility_names([wanted.facility]).get(wanted.facility, "") if wanted.facility else ""
    region = place_names([wanted.region // 1000]) if wanted.region else {}
    filters = in_words(
        Words("未付清", "open"),
        Words(at, at) if at else None,
        *(Words(name, name) for name in region.values()),
        BUCKETS[wanted.bucket] if wanted.bucket else None,
    )
    listing = Listing("debts", COLUMNS, filters)
    batches = counted(after_each(export_debts, wanted, actor), listing, actor, purpose_of(request))
    return workbook(request, actor, listing, _rows(actor, batches))


def _rows(actor: Actor, batches: Iterator[Sequence[Any]]) -> Iterator[Sequence[ListCell]]:
    batch: Sequence[DebtRow]
    for batch in batches:
        who = person_summaries(viewer=actor, persons=[one.person for one in batch])
        at = facility_names({one.facility for one in batch})
        places = place_names(one.region for one in batch)
        for one in batch:
            person = who.get(one.person)
            yield (
                one.number, person.name if person else one.name, str(person.number) if person else one.masked_number,
                places[one.region], at.get(one.facility, ""), one.settled_on, one.charged_fen, one.met_fen, one.open_fen,
                one.due_on, BUCKETS[one.bucket].zh,
            )  # fmt: skip


def owed_words(fen: int) -> str:
    """An open sum for a title."""
    return format_yuan(fen, grouping=True)
