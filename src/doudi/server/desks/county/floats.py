"""周转金: each department's float against what was agreed, how long it lasts, and the money that came and went."""

from __future__ import annotations

from secrets import token_hex
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from doudi.server.desks import fields
from doudi.server.desks.county.ledger_names import books_of
from doudi.server.desks.forms import fen
from doudi.server.desks.pages import page
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.ledger.api import (
    FloatView,
    deposit_float,
    float_movements,
    floats,
    return_float,
    set_float_level,
)
from doudi.server.reference.api import funds
from doudi.words import Words

FUND, SUM = Words("基金", "fund"), Words("金额（元）", "sum (yuan)")
ON, VOUCHER = Words("日期", "date"), Words("银行凭证号", "number of the bank paper")
AGREED, WARNING = Words("约定金额（元）", "agreed sum (yuan)"), Words("预警线（元）", "warning level (yuan)")
SOURCE = Words("依据", "source")
SHOWN = 20
"""Movements on a page."""


@page("county/floats/", name="county.floats", rule="ledger.floats")
def floats_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The floats, those that are low first; deposits and returns below."""
    books, today = books_of(actor, request), clock.today()
    county = books.county
    known = {one.code: one for one in funds(viewer=actor, region=county, day=today)}
    found = sorted(floats(viewer=actor, region=county, today=today), key=lambda one: (not one.low, one.fund))
    moved = float_movements(viewer=actor, region=county, number=fields.page_number(request), size=SHOWN)
    facts = {
        "floats": [_card(one, known) for one in found],
        "movements": moved,
        "moved": [(one, known[one.fund].name if one.fund in known else one.fund) for one in moved.items],
        "funds": known.values(),
        "books": books, "place": books.place, "county": county, "today": today, "key": token_hex(12),
    }  # fmt: skip
    return render(request, "county/floats.html", facts)


def _card(one: FloatView, known: dict[str, Any]) -> dict[str, Any]:
    """A float with its names, and its bar: what is available of what was agreed."""
    fund = known.get(one.fund)
    whole = max(one.agreed_fen, one.available_fen, 1)
    return {
        "float": one, "name": fund.name if fund else one.fund, "department": fund.department if fund else "",
        "used": max(0, one.available_fen), "whole": whole,
        "tone": "bad" if one.available_fen <= 0 else "warn" if one.low else "",
        "exhausted": f"{one.exhausted:%Y-%m}" if one.exhausted else "",
    }  # fmt: skip


def _moved(request: HttpRequest) -> dict[str, Any]:
    data = request.POST
    return {
        "region": fields.number(data, "county", Words("县", "county")),
        "fund": fields.text(data, "fund", FUND, longest=60),
        "sum_fen": fen(data, "sum", SUM),
        "on_date": fields.needed_day(data, "on_date", ON),
        "voucher": fields.text(data, "voucher", VOUCHER, longest=80),
        "key": f"float:{fields.text(data, 'key', Words('表单编号', 'key'), longest=40)}",
    }


@page("county/floats/deposit/", name="county.float_deposit", rule="ledger.deposit_float", methods=("POST",))
def deposit(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Money has come in."""
    deposit_float(actor=actor, now=clock.now(), **_moved(request))
    return fields.done(request, reverse("county.floats"))


@page("county/floats/return/", name="county.float_return", rule="ledger.return_float", methods=("POST",))
def give_back(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Money goes back to the department."""
    return_float(actor=actor, now=clock.now(), **_moved(request))
    return fields.done(request, reverse("county.floats"))


@page("county/floats/level/", name="county.float_level", rule="ledger.set_float_level", methods=("POST",))
def level(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What was agreed, and below what to warn."""
    data = request.POST
    set_float_level(
        actor=actor, now=clock.now(), key=None, region=fields.number(data, "county", Words("县", "county")) or 0,
        fund=fields.text(data, "fund", FUND, longest=60), agreed_fen=fen(data, "agreed", AGREED) or 0,
        warning_fen=fen(data, "warning", WARNING) or 0, source=fields.text(data, "source", SOURCE, longest=200),
    )  # fmt: skip
    return fields.done(request, reverse("county.floats"))
