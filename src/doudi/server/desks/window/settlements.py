"""What this facility settled: the list, one settlement with its slip, printing, and taking it back."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from doudi.engine.vocabulary import name_of
from doudi.server.desks import fields
from doudi.server.desks.pages import page
from doudi.server.desks.window.bill import language_of, today_sums
from doudi.server.desks.window.debts import box_of
from doudi.server.desks.window.result import PART_WORDS, picture_of
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.people.api import opened_here
from doudi.server.settlement.api import (
    SettlementFilter,
    SettlementView,
    render_pdf,
    render_svg,
    settlement,
    settlements,
    slip,
    sums,
)
from doudi.server.settlement.data import Kind
from doudi.words import Language, Words

FROM, UNTIL = Words("结算日期从", "Settled from"), Words("到", "to")
NUMBER = Words("结算号或单据号", "Number of the settlement or bill")
DRAWING = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""A drawing runs nothing and fetches nothing; its own lines carry their style."""
STATES = {
    "settled": Words("已结算", "settled"),
    "replaced": Words("已重新结算", "settled anew"),
    "reversed": Words("已撤销", "reversed"),
}


@page("window/settlements/", name="window.settlements", rule="settlement.registrations")
def listed(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Settlements by day, state or number, the latest first; without a filter, this month's."""
    data = request.GET
    last = fields.day(data, "until", UNTIL, required=False)
    wanted = SettlementFilter(
        from_date=fields.day(data, "from", FROM, required=False),
        until_date=last + timedelta(days=1) if last else None,
        kind=cast(
            "Kind | None",
            fields.choice(data, "state", Words("状态", "state"), STATES, required=False) or None,
        ),
        number=fields.text(data, "number", NUMBER, required=False, longest=60),
    )
    facts = {
        "page": settlements(viewer=actor, wanted=wanted, number=fields.page_number(request)),
        "sums": sums(viewer=actor, wanted=wanted),
        "who": {one.id: one for one in opened_here(viewer=actor)},
        "states": STATES.items(),
        "words": STATES,
        "asked": {name: data.get(name, "") for name in ("from", "until", "state", "number")},
        "head": today_sums(actor),
        "today": clock.today(),
    }
    return render(request, "window/settlements.html", facts)


@page("window/settlement/<int:number>/", name="window.settlement", rule="settlement.settlement")
def one(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One settlement: the slip as it prints, who paid what and why, its versions."""
    view = settlement(viewer=actor, settlement=number)
    language = language_of(request, actor)
    facts = {
        "one": view,
        "row": view.row,
        "picture": _picture(view, language),
        "state": STATES[view.row.kind],
        "care": name_of(view.row.care),
        "versions": [(version, STATES[version.kind]) for version in view.versions],
        "head": today_sums(actor),
        **box_of(actor, number),
    }
    return render(request, "window/settlement.html", facts)


@page("window/settlement/<int:number>/slip.svg", name="window.slip_picture", rule="settlement.slip")
def slip_picture(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """The slip for the screen, in the language of the page."""
    found = slip(viewer=actor, settlement=number)
    answer = HttpResponse(render_svg(found, language_of(request, actor)), content_type="image/svg+xml")
    answer["Content-Security-Policy"] = DRAWING
    return answer


@page("window/settlement/<int:number>/slip.pdf", name="window.slip", rule="settlement.slip")
def slip_file(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """The slip for the printer; `?paper=continuous` for the 241 mm form. Its name holds nothing personal."""
    found = slip(viewer=actor, settlement=number)
    paper: Literal["a4", "continuous"] = "continuous" if request.GET.get("paper") == "continuous" else "a4"
    answer = HttpResponse(
        render_pdf([found], language_of(request, actor), paper), content_type="application/pdf"
    )
    answer["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    return answer


def _picture(view: SettlementView, language: Language) -> object:
    row = view.row
    parts = dict(
        zip(
            PART_WORDS,
            (row.in_scope_fen, view.first_pay_fen, view.over_limit_fen, view.own_pay_fen),
            strict=True,
        )
    )
    payers = [step["payer"] for step in view.explanation if step["step"] == "payer"]
    shares = {payer: (row.shares.get(payer, 0), payer in view.recorded) for payer in payers}
    return picture_of(
        view.explanation,
        parts,
        shares,
        (row.hospital_fen, row.patient_fen, view.patient_in_scope_fen),
        language,
    )
