"""个案处理: the list of approved cases with Excel, a new proposal with its papers, and a paper to look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from secrets import token_hex
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from doudi.money import format_yuan
from doudi.server.access.api import propose
from doudi.server.desks import fields
from doudi.server.desks.exports import Listing, after_each, counted, in_words, purpose_of, workbook
from doudi.server.desks.forms import fen
from doudi.server.desks.pages import page
from doudi.server.desks.places import place_names
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import Refused
from doudi.server.kernel.sheets.api import ListCell, ListColumn
from doudi.server.people.api import person_summaries
from doudi.server.reference.api import facility_names
from doudi.server.settlement.api import (
    CaseFilter,
    CaseView,
    case_limits,
    case_sums,
    cases,
    debt,
    export_cases,
    keep_case_paper,
    open_case_paper,
)
from doudi.words import Words

YEAR, FUND, FACILITY = Words("年度", "year"), Words("基金", "fund"), Words("医疗机构", "hospital")
SUM, FROM, TO, WHY = (
    Words("金额（元）", "Sum (yuan)"),
    Words("从哪里支付", "Paid from"),
    Words("支付给", "Paid to"),
    Words("理由", "Why"),
)
PAPERS_AT_ONCE = 5
TOS = {
    "debt": Words("抵患者欠款（付给医院）", "the debt (to the hospital)"),
    "patient": Words("患者（已自付的）", "the patient (already paid)"),
}


def _wanted(data: Mapping[str, Any]) -> CaseFilter:
    return CaseFilter(
        facility=fields.number(data, "facility", FACILITY, required=False),
        fund=fields.text(data, "fund", FUND, required=False, longest=60),
        year=fields.number(data, "year", YEAR, least=2000, most=2999, required=False),
    )


@page("county/cases/", name="county.cases", rule="settlement.cases")
def cases_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Approved cases, the latest first, and what they sum to."""
    wanted = _wanted(request.GET)
    found = cases(viewer=actor, wanted=wanted, number=fields.page_number(request))
    who = person_summaries(viewer=actor, persons=[one.person for one in found.items])
    this_year = clock.today().year
    facts = {
        "wanted": wanted,
        "found": found,
        "sums": case_sums(viewer=actor, wanted=wanted),
        "rows": [(one, who.get(one.person)) for one in found.items],
        "facilities": facility_names({one.facility for one in found.items}),
        "years": range(this_year, this_year - 5, -1),
        "tos": TOS,
    }
    return render(request, "county/cases.html", facts)


@page("county/debts/<int:number>/case/", name="county.case_new", rule="settlement.case_limits")
def new(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """The form of a proposal: from what, how much may still be given, why, on which papers."""
    found = debt(viewer=actor, settlement=number)
    asked = next((one for one in found.asks if one.state == "asked" and one.kind == "individual"), None)
    owed = max(0, found.row.open_fen)
    facts = {
        "debt": found,
        "limits": [
            (f"{'payer' if one.payer else 'fund'}:{one.payer or one.fund}", one)
            for one in case_limits(viewer=actor, settlement=number)
        ],
        "person": person_summaries(viewer=actor, persons=[found.row.person]).get(found.row.person),
        "facility": facility_names([found.row.facility]).get(found.row.facility, ""),
        "asked": asked,
        "proposed_fen": min(asked.fen, owed) if asked else owed or found.refundable_fen,
        "tos": TOS,
        "key": token_hex(12),
        "papers": range(1, 4),
    }
    return render(request, "county/case_new.html", facts)


@page(
    "county/debts/<int:number>/case/propose/",
    name="county.case_propose",
    rule="settlement.keep_case_paper",
    methods=("POST",),
)
def propose_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Keep the papers, then send the case to a second person. What is over a limit is said before anything is kept."""
    data, now = request.POST, clock.now()
    content = _content(actor, data, number)
    files = [one for one in request.FILES.getlist("papers") if one][:PAPERS_AT_ONCE]
    if not files:
        raise Refused(
            "case_papers_missing", Words("请至少附一份材料。", "Attach a paper at least."), where="papers"
        )
    key = fields.text(data, "key", Words("表单编号", "key"), longest=40)
    content["papers"] = [
        keep_case_paper(
            actor=actor, now=now, key=f"paper{place}:{key}", settlement=number, name=(one.name or "材料")[-120:],
            media_type=one.content_type or "", content=one.read(),
        ).paper
        for place, one in enumerate(files)
    ]  # fmt: skip
    found = debt(viewer=actor, settlement=number)
    propose(
        actor=actor, now=now, key=f"case:{key}", name="settlement.handle_case", content=content,
        region=found.row.region,
        summary=f"个案处理 ¥{format_yuan(content['sum_fen'], grouping=True)}，结算 {found.row.number}",
    )  # fmt: skip
    return fields.done(request, reverse("county.proposals"))


def _content(actor: Actor, data: Mapping[str, Any], number: int) -> dict[str, Any]:
    limits = {
        f"{'payer' if one.payer else 'fund'}:{one.payer or one.fund}": one
        for one in case_limits(viewer=actor, settlement=number)
    }
    limit = limits[fields.choice(data, "source", FROM, limits)]
    sum_fen = fen(data, "sum_fen", SUM) or 0
    if not 0 < sum_fen <= limit.left_fen:
        left = format_yuan(limit.left_fen, grouping=True)
        raise Refused(
            "case_over_limit",
            Words(f"金额应大于零，且不超过可批的 ¥{left}。", f"Above zero, and at most ¥{left}."),
            where="sum_fen",
        )
    return {
        "settlement": number,
        "sum_fen": sum_fen,
        "to": fields.choice(data, "to", TO, TOS),
        "payer": limit.payer,
        "fund": "" if limit.payer else limit.fund,
        "reason": fields.text(data, "reason", WHY),
    }


@page("county/case-papers/<int:paper>/", name="county.case_paper", rule="settlement.open_case_paper")
def paper_page(request: HttpRequest, actor: Actor, paper: int) -> HttpResponse:
    """A paper as it was stored. Never run by the browser as anything else than what it is."""
    found = open_case_paper(viewer=actor, paper=paper)
    answer = HttpResponse(found.content, content_type=found.entry.media_type)
    kind = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}[found.entry.media_type]
    answer["Content-Disposition"] = f'inline; filename="{found.entry.id}.{kind}"'
    return answer


COLUMNS = (
    ListColumn(Words("批准日", "Approved"), "date"),
    ListColumn(Words("结算号", "Settlement"), width=20),
    ListColumn(Words("姓名", "Name")),
    ListColumn(Words("证件号", "Number"), width=20),
    ListColumn(Words("参保地", "Region")),
    ListColumn(Words("医疗机构", "Hospital"), width=22),
    ListColumn(Words("基金", "Fund"), width=18),
    ListColumn(Words("支付给", "To"), width=18),
    ListColumn(Words("金额", "Sum"), "money"),
    ListColumn(Words("理由", "Why"), width=32),
    ListColumn(Words("批准人", "Approver")),
)


@page("county/cases/export/", name="county.cases_export", rule="settlement.export_cases", methods=("POST",))
def cases_export(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the list is narrowed to, as Excel."""
    wanted = _wanted(request.POST)
    filters = in_words(
        Words(f"{wanted.year} 年", str(wanted.year)) if wanted.year else None,
        Words(wanted.fund, wanted.fund) if wanted.fund else None,
    )
    listing = Listing("cases", COLUMNS, filters)
    batches = counted(after_each(export_cases, wanted, actor), listing, actor, purpose_of(request))
    return workbook(request, actor, listing, _rows(actor, batches))


def _rows(actor: Actor, batches: Iterator[Sequence[Any]]) -> Iterator[Sequence[ListCell]]:
    for batch in cast("Iterator[Sequence[CaseView]]", batches):
        who = person_summaries(viewer=actor, persons=[one.person for one in batch])
        at = facility_names({one.facility for one in batch})
        places = place_names(one.region for one in batch)
        for one in batch:
            person = who.get(one.person)
            yield (
                one.approved_on, one.number, person.name if person else "", str(person.number) if person else "",
                places[one.region], at.get(one.facility, ""), one.fund, TOS[one.to].zh, one.fen, one.reason,
                one.approved_login,
            )  # fmt: skip
