"""患者欠费: who owes this facility, the oldest due first; one debt with its box, agreement, movements and receipts.

`box_of` gives any page of a settlement the box `window/debt_box.html`: pay now, later, in parts.
"""

from __future__ import annotations

from secrets import token_hex
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from doudi.money import capital_yuan
from doudi.server.access.api import allowed
from doudi.server.desks import fields
from doudi.server.desks.forms import fen
from doudi.server.desks.pages import page
from doudi.server.desks.window.debts_forms import OFFERED
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import NotFound
from doudi.server.settlement.api import (
    BUCKETS,
    CHANNELS,
    Bucket,
    Channel,
    DebtFilter,
    DebtView,
    debt,
    debt_buckets,
    debts,
    pay,
)
from doudi.words import Words

SUM, CHANNEL, SERIAL = Words("金额", "Sum"), Words("收款方式", "By"), Words("收款单号", "Receipt no.")
BOX = "window/debt_box.html"


@page("window/debts/", name="window.debts", rule="settlement.pay")
def listed(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What is open, the oldest due first; by age."""
    bucket = fields.choice(request.GET, "bucket", Words("账龄", "age"), BUCKETS, required=False)
    wanted = DebtFilter(bucket=cast("Bucket | None", bucket or None))
    mine = debt_buckets(viewer=actor)
    facts = {
        "found": debts(viewer=actor, wanted=wanted, number=fields.page_number(request)),
        "bucket": bucket,
        "words": BUCKETS,
        "buckets": [(one, BUCKETS[one.bucket]) for one in mine[0].buckets] if mine else [],
        "sums": mine[0] if mine else None,
    }
    return render(request, "window/debts.html", facts)


@page("window/debts/<int:number>/", name="window.debt", rule="settlement.pay")
def one(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One debt."""
    found = debt(viewer=actor, settlement=number)
    return render(request, "window/debt.html", {**_box(actor, found), "goes": "debt"})


def box_of(actor: Actor, settlement: int) -> dict[str, Any]:
    """What a page needs that includes the box; nothing where nothing was ever owed, or nobody here may see it."""
    if not allowed("settlement.debt", actor):
        return {}
    try:
        found = debt(viewer=actor, settlement=settlement)
    except NotFound:
        return {}
    return {**_box(actor, found), "goes": "settlement"}


def _box(actor: Actor, found: DebtView) -> dict[str, Any]:
    today = clock.today()
    return {
        "debt_box": BOX,
        "debt": found,
        "pay_serial": f"{found.row.number}-{len(found.moves) + 1}",
        "pay_key": token_hex(12),
        "channels": CHANNELS,
        "offered": OFFERED if found.row.open_fen > 0 else OFFERED[2:3],
        "may_pay": allowed("settlement.pay", actor) and actor.facility == found.row.facility,
        "today": today,
    }


@page("window/debts/<int:number>/pay/", name="window.debt_pay", rule="settlement.pay", methods=("POST",))
def pay_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Take a payment; back to where the box stood. The receipt number in the form makes a double send one payment."""
    data = request.POST
    pay(
        actor=actor,
        now=clock.now(),
        key=None,
        settlement=number,
        sum_fen=fen(data, "sum_fen", SUM) or 0,
        channel=cast("Channel", fields.choice(data, "channel", CHANNEL, CHANNELS)),
        serial=fields.text(data, "serial", SERIAL, longest=60),
    )
    goes = "window.settlement" if data.get("goes") == "settlement" else "window.debt"
    return fields.done(request, reverse(goes, args=[number]))


@page("window/debts/<int:number>/receipt/<int:move>/", name="window.debt_receipt", rule="settlement.pay")
def receipt(request: HttpRequest, actor: Actor, number: int, move: int) -> HttpResponse:
    """A payment or refund as a receipt to print."""
    found = debt(viewer=actor, settlement=number)
    paid = next((one for one in found.moves if one.id == move and one.kind == "paid"), None)
    if paid is None:
        raise NotFound("receipt_unknown", Words("没有这张收据。", "There is no such receipt."))
    facts = {
        "debt": found,
        "move": paid,
        "amount": abs(paid.fen),
        "capitals": capital_yuan(abs(paid.fen)),
        "actor": actor,
    }
    return render(request, "window/debt_receipt.html", facts)
