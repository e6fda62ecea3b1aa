"""撤销 at the window: what it will undo, later bills included, is shown before; then the reason, and it is done."""

from __future__ import annotations

from secrets import choice

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse as address_of

from doudi.server.desks import fields
from doudi.server.desks.forms import REASON
from doudi.server.desks.pages import page
from doudi.server.desks.payers import called, payer_names
from doudi.server.desks.window.bill import LETTERS
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.settlement.api import reversal_preview, reverse, settlement
from doudi.words import Words

SERIAL = Words("撤销单号", "Number of the reversal")
REASONS = (
    Words("费用录入错误", "costs typed wrongly"), Words("人员选错", "the wrong person"),
    Words("重复结算", "settled twice"), Words("参保或身份信息更正", "insurance or category put right"),
    Words("患者要求取消", "the patient asked"),
)  # fmt: skip


@page(
    "window/settlement/<int:number>/reverse/",
    name="window.reverse",
    rule="settlement.reverse",
    methods=("GET", "POST"),
)
def reversing(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Show what a reversal undoes; do it. The number in the form makes a double send one reversal."""
    back = address_of("window.settlement", args=[number])
    if request.method == "POST":
        reverse(
            actor=actor,
            now=clock.now(),
            key=None,
            settlement=number,
            serial=fields.text(request.POST, "serial", SERIAL, longest=60),
            reason=fields.text(request.POST, "reason", REASON),
        )
        return fields.done(request, back)
    view = settlement(viewer=actor, settlement=number)
    shown = reversal_preview(viewer=actor, settlement=number)
    names = payer_names(actor, view.row.region)
    facts = {
        "row": view.row,
        "shown": shown,
        "undone": [(called(names, payer), fen) for payer, fen in shown.undone.shares.items()],
        "moved": [(called(names, payer), fen) for payer, fen in shown.totals.payers.items()],
        "here": actor.facility,
        "registered": view.registration is not None,
        "reasons": REASONS,
        "serial": f"C{clock.today():%Y%m%d}-" + "".join(choice(LETTERS) for _ in range(7)),
        "back": back,
    }
    name = "window/reverse.html" if getattr(request, "htmx", False) else "window/reverse_page.html"
    return render(request, name, facts)
