"""结算: what was settled for the county's people, by any hospital; narrowed, added up, taken out as Excel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from doudi.engine.vocabulary import CARES, LEVELS, name_of
from doudi.money import format_yuan
from doudi.server.access.api import allowed
from doudi.server.desks import fields
from doudi.server.desks.county.settlements_filter import PERIODS, SHARES, STATES, Asked, in_order, read
from doudi.server.desks.exports import Listing, counted, in_words, purpose_of, workbook
from doudi.server.desks.pages import page
from doudi.server.desks.payers import called, payer_names
from doudi.server.desks.places import place_names, region_choices
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.sheets.api import ListCell, ListColumn
from doudi.server.people.api import person_summaries
from doudi.server.recognition.api import category_title, known_categories
from doudi.server.reference.api import FacilityFilter, facilities, facility_names
from doudi.server.settlement.api import SettlementRow, SettlementSums, export, settlements, sums
from doudi.words import Words

OFFERED = 500
"""How many facilities are offered to choose from."""


@page("county/settlements/", name="county.settlements", rule="settlement.history")
def settlements_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The list and what it adds up to. What it is narrowed by stands in the address; nothing of it is personal."""
    asked = read(request.GET, clock.today())
    found = settlements(viewer=actor, wanted=asked.wanted, number=fields.page_number(request))
    who = person_summaries(viewer=actor, persons=[one.person for one in found.items])
    offered = _facilities(actor)
    payers = payer_names(actor)
    regions = region_choices(actor)
    named = offered | facility_names({one.facility for one in found.items} - set(offered))
    facts: dict[str, Any] = {
        "asked": asked,
        "wanted": asked.wanted,
        "found": found,
        "rows": [(one, who.get(one.person)) for one in found.items],
        "sums": sums(viewer=actor, wanted=asked.wanted),
        "places": place_names(one.region for one in found.items),
        "facilities": named,
        "offered": offered,
        "regions": regions,
        "payers": payers,
        "states": STATES,
        "periods": PERIODS,
        "shares": SHARES,
        "cares": [(care, name_of(care)) for care in CARES],
        "levels": [(level, name_of(level)) for level in LEVELS],
        "categories": known_categories(),
        "said": in_words(*in_order(asked, named, dict(regions), payers)),
        "further": _further(asked),
        "may_person": allowed("people.person", actor),
        "may_readjudicate": allowed("settlement.stale", actor),
    }
    return render(request, "county/settlements.html", facts)


def _further(asked: Asked) -> bool:
    """Whether one of the conditions that are folded away is used."""
    one = asked.wanted
    folded = (
        one.level,
        one.category,
        one.diagnosis,
        one.payer,
        one.patient_from_fen,
        one.total_from_fen,
        one.number,
    )
    return any(value not in ("", None) for value in folded)


def _facilities(actor: Actor) -> dict[int, str]:
    """The facilities of the viewer's places, to choose from."""
    where = FacilityFilter(ranges=actor.ranges, closed=True)
    found = facilities(viewer=actor, day=clock.today(), where=where, size=OFFERED)
    return {one.id: one.name for one in found.items}


COLUMNS = (
    ListColumn(Words("结算号", "Number"), width=20), ListColumn(Words("单据号", "Bill"), width=18),
    ListColumn(Words("状态", "State"), width=12), ListColumn(Words("姓名", "Name")),
    ListColumn(Words("证件号", "ID number"), width=20), ListColumn(Words("参保地", "Insured in")),
    ListColumn(Words("身份类别", "Categories"), width=24), ListColumn(Words("医疗机构", "Facility"), width=24),
    ListColumn(Words("机构级别", "Level")), ListColumn(Words("就医方式", "Care")),
    ListColumn(Words("入院（就诊）", "Admitted"), "date"), ListColumn(Words("出院（结束）", "Discharged"), "date"),
    ListColumn(Words("结算日", "Settled"), "date"), ListColumn(Words("主要诊断", "Main diagnosis")),
    ListColumn(Words("总费用", "Total"), "money"), ListColumn(Words("政策范围内", "In scope"), "money"),
)  # fmt: skip
AFTER = (
    ListColumn(Words("基金合计", "Funds"), "money"), ListColumn(Words("医院承担", "Hospital"), "money"),
    ListColumn(Words("患者自付", "Patient"), "money"), ListColumn(Words("自付占比", "Patient's share"), "percent"),
    ListColumn(Words("政策", "Policy"), width=30),
)  # fmt: skip


@page(
    "county/settlements/export/",
    name="county.settlements_export",
    rule="settlement.export",
    methods=("POST",),
)
def settlements_export(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the list is narrowed to, as Excel: a column a payer, the sums under it."""
    asked = read(request.POST, clock.today())
    total = sums(viewer=actor, wanted=asked.wanted)
    names = payer_names(actor)
    payers = {
        payer: called(names, payer)
        for payer in (*(one for one in names if one in total.shares), *total.shares)
    }
    columns = (*COLUMNS, *(ListColumn(words, "money") for words in payers.values()), *AFTER)
    filters = in_words(*in_order(asked, _facilities(actor), dict(region_choices(actor)), payers))
    listing = Listing("settlements", columns, filters, tuple(_sums(total, payers)))
    batches = counted(_batches(actor, asked), listing, actor, purpose_of(request))
    return workbook(request, actor, listing, _cells(actor, batches, payers))


def _batches(actor: Actor, asked: Asked) -> Iterator[Sequence[SettlementRow]]:
    after, day = 0, None
    while batch := export(viewer=actor, wanted=asked.wanted, after=after, after_day=day):
        yield batch
        after, day = batch[-1].settlement, batch[-1].settled_on


def _sums(total: SettlementSums, payers: Mapping[str, Words]) -> Iterator[Words]:
    def line(words: Words, fen: int) -> Words:
        amount = format_yuan(fen, grouping=True)
        return Words(f"合计 {words.zh}：{amount}", f"Sum of {words.en}: {amount}")

    yield line(Words("总费用", "total"), total.total_fen)
    for payer, fen in total.shares.items():
        yield line(payers[payer], fen)
    yield line(Words("医院承担", "hospitals"), total.hospital_fen)
    yield line(Words("患者自付", "patients"), total.patient_fen)


def _cells(
    actor: Actor, batches: Iterator[Sequence[SettlementRow]], payers: Mapping[str, Words]
) -> Iterator[Sequence[ListCell]]:
    for batch in batches:
        who = person_summaries(viewer=actor, persons=[one.person for one in batch])
        places = place_names(one.region for one in batch)
        named = facility_names(one.facility for one in batch)
        for one in batch:
            person = who.get(one.person)
            yield (
                one.number, one.serial, STATES[one.kind].zh, person.name if person else "",
                str(person.number) if person else "", places[one.region],
                "、".join(category_title(code).words.zh for code in one.categories), named.get(one.facility, ""),
                name_of(one.level).zh if one.level else "", name_of(one.care).zh, one.admitted_on, one.discharged_on,
                one.settled_on, one.main_diagnosis, one.total_fen, one.in_scope_fen,
                *(one.shares.get(payer, 0) for payer in payers), one.paid_fen, one.hospital_fen, one.patient_fen,
                one.patient_fen * 10_000 // one.total_fen if one.total_fen else None, one.policy,
            )  # fmt: skip
