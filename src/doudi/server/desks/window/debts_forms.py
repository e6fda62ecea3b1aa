"""What a facility does about a debt, as forms: later, in parts, refund, and asking the county."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

from doudi.money import format_yuan
from doudi.server.desks import fields
from doudi.server.desks.forms import Call, Deed, Field, Form, declare, fen, reason_of
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import Refused
from doudi.server.settlement.api import (
    CHANNELS,
    AskKind,
    DebtView,
    DuePart,
    Guarantor,
    ask,
    debt,
    defer,
    equal_parts,
    refund,
    withdraw_ask,
)
from doudi.words import Words

DUE, FIRST = Words("约定付款日", "To be paid on"), Words("首期付款日", "First part on")
COUNT, EVERY = Words("期数", "Parts"), Words("每隔几个月", "Months between")
PARTS = Words("逐期约定", "Each part")
SUM, CHANNEL, SERIAL = (
    Words("金额（元）", "Sum (yuan)"),
    Words("退款方式", "By"),
    Words("退款单号", "Receipt no."),
)
AGREES = Words(
    "医院自行同意（政策没有此项待遇时）", "The hospital itself agrees (where the policy gives no right)"
)
WHY = Words("医院同意的理由", "Why the hospital agrees")
PAPER = Words("协议编号", "Number of the signed paper")
NAME, RELATION, PHONE = (
    Words("担保人姓名", "Guarantor"),
    Words("与患者关系", "Relation"),
    Words("担保人电话", "Phone"),
)
ASKED = Words("申请事项", "Asked for")
ASKS: dict[str, Words] = {
    "write_off": Words("核销", "write it off"),
    "individual": Words("个案处理", "individual handling"),
}
DAYS = 30
"""When a form proposes the first payment; the clerk may write another day. Assumed: a month of wages."""


def _entitled(found: DebtView, *, parts: bool) -> bool:
    return any(one.instalments or not parts for one in found.rights or ())


def _agreement_fields(found: DebtView, *, parts: bool) -> tuple[Field, ...]:
    rows = [
        Field("guarantor_name", NAME, required=False, longest=50),
        Field("guarantor_relation", RELATION, required=False, longest=20),
        Field("guarantor_phone", PHONE, required=False, longest=20),
        Field("paper_number", PAPER, required=False, longest=60),
    ]
    if not _entitled(found, parts=parts):
        rows += [
            Field("hospital_agrees", AGREES, "tick"),
            Field("reason", WHY, required=False, suggestions=(("家庭困难，暂无力支付", "家庭困难，暂无力支付"),)),
        ]  # fmt: skip
    return tuple(rows)


def _title(found: DebtView, zh: str, en: str) -> Words:
    owed = format_yuan(found.row.open_fen, grouping=True)
    return Words(f"{zh}（尚欠 ¥{owed}）", f"{en} (¥{owed} owed)")


def _later_form(actor: Actor, number: int) -> Form:
    found = debt(viewer=actor, settlement=number)
    day = clock.today() + timedelta(days=DAYS)
    return Form(
        _title(found, "先诊疗后付费：以后一次付清", "Pay later, all at once"), Words("约定", "Agree"),
        (Field("due_on", DUE, "date", day.isoformat()), *_agreement_fields(found, parts=False)),
        Words(
            "约定后患者可以出院，欠款按约定日期计逾期。已有的约定由新的代替。",
            "The patient may leave; it is overdue after that day. It replaces an agreement that stands.",
        ),
    )  # fmt: skip


def _agreed(data: Mapping[str, Any]) -> dict[str, Any]:
    name = fields.text(data, "guarantor_name", NAME, required=False, longest=50)
    relation = fields.text(data, "guarantor_relation", RELATION, required=bool(name), longest=20)
    phone = fields.text(data, "guarantor_phone", PHONE, required=bool(name), longest=20)
    return {
        "guarantor": Guarantor(name, relation, phone) if name else None,
        "paper_number": fields.text(data, "paper_number", PAPER, required=False, longest=60),
        "hospital_agrees": data.get("hospital_agrees") == "1",
        "reason": fields.text(data, "reason", WHY, required=False),
    }


def _later_call(actor: Actor, data: Mapping[str, Any], number: int) -> Call:
    due_on = fields.needed_day(data, "due_on", DUE)
    return Call("settlement.defer", defer, {"settlement": number, "due_on": due_on, **_agreed(data)})


def _parts_form(actor: Actor, number: int) -> Form:
    found = debt(viewer=actor, settlement=number)
    day = clock.today() + timedelta(days=DAYS)
    return Form(
        _title(found, "分期付款", "Pay in parts"), Words("约定", "Agree"),
        (
            Field("count", COUNT, "number", "3"), Field("first_on", FIRST, "date", day.isoformat()),
            Field("every", EVERY, "number", "1"),
            Field(
                "parts", PARTS, "long", required=False, longest=1500,
                hint=Words(
                    "每期金额不等时填写，一行一期：2026-12-31 500.00；填了就不看期数。",
                    "Where parts differ, a line each: 2026-12-31 500.00",
                ),
            ),
            *_agreement_fields(found, parts=True),
        ),
        Words(
            "各期尽量相等，相差不超过一分，合计等于尚欠金额。先到期的先抵。",
            "Parts are equal to a fen and sum to what is owed. The oldest is met first.",
        ),
    )  # fmt: skip


def _parts_call(actor: Actor, data: Mapping[str, Any], number: int) -> Call:
    written = fields.text(data, "parts", PARTS, required=False, longest=1500)
    if written:
        parts = tuple(_part(line) for line in written.splitlines() if line.strip())
    else:
        count = fields.number(data, "count", COUNT, least=1, most=36) or 1
        every = fields.number(data, "every", EVERY, least=1, most=12) or 1
        owed = debt(viewer=actor, settlement=number).row.open_fen
        parts = equal_parts(max(0, owed), count, fields.needed_day(data, "first_on", FIRST), every)
    return Call("settlement.defer", defer, {"settlement": number, "instalments": parts, **_agreed(data)})


def _part(line: str) -> DuePart:
    day, _, sum_ = line.strip().partition(" ")
    try:
        given = {"parts": day, "sum": sum_.strip()}
        return DuePart(fields.needed_day(given, "parts", PARTS), fen(given, "sum", SUM) or 0)
    except Refused as refusal:
        raise Refused(refusal.code, refusal.words, remedy=refusal.remedy, where="parts") from None


def _refund_form(actor: Actor, number: int) -> Form:
    found = debt(viewer=actor, settlement=number)
    proposed = -found.row.open_fen if found.row.open_fen < 0 else found.refundable_fen
    return Form(
        Words("退款给患者", "Refund the patient"), Words("退款", "Refund"),
        (
            Field("sum_fen", SUM, "money", format_yuan(proposed)),
            Field("channel", CHANNEL, "choice", "cash", choices=tuple(CHANNELS.items())),
            Field("serial", SERIAL, value=f"{found.row.number}-{len(found.moves) + 1}", longest=60),
            Field("reason", Words("退款原因", "Why")),
        ),
        Words(
            "退的钱重新成为欠款；结算要撤销时，先退清再撤销。",
            "What is refunded is owed again; refund first to reverse a bill.",
        ),
        danger=True,
    )  # fmt: skip


def _refund_call(actor: Actor, data: Mapping[str, Any], number: int) -> Call:
    words = {
        "settlement": number,
        "sum_fen": fen(data, "sum_fen", SUM) or 0,
        "channel": fields.choice(data, "channel", CHANNEL, CHANNELS),
        "serial": fields.text(data, "serial", SERIAL, longest=60),
        "reason": reason_of(data),
    }
    return Call("settlement.refund", refund, words)


def _ask_form(actor: Actor, number: int) -> Form:
    found = debt(viewer=actor, settlement=number)
    return Form(
        _title(found, "向县里申请", "Ask the county"), Words("提交申请", "Ask"),
        (
            Field("kind", ASKED, "choice", "individual", choices=tuple(ASKS.items())),
            Field("sum_fen", SUM, "money", format_yuan(max(0, found.row.open_fen))),
            Field("reason", Words("理由", "Why")),
        ),
        Words(
            "由县级经办受理、另一人审批；结果会显示在这里。",
            "The county proposes it and another person approves; the answer appears here.",
        ),
    )  # fmt: skip


def _ask_call(actor: Actor, data: Mapping[str, Any], number: int) -> Call:
    kind = cast("AskKind", fields.choice(data, "kind", ASKED, ASKS))
    words = {
        "settlement": number,
        "kind": kind,
        "sum_fen": fen(data, "sum_fen", SUM) or 0,
        "reason": reason_of(data),
    }
    return Call("settlement.ask", ask, words)


def _withdraw_form(actor: Actor, number: int, asked: int) -> Form:
    del actor, number, asked
    return Form(
        Words("撤回申请", "Withdraw the request"), Words("撤回", "Withdraw"), (),
        Words("县里将不再处理；以后可以重新申请。", "The county will not deal with it; it may be asked again."),
    )  # fmt: skip


def _withdraw_call(actor: Actor, data: Mapping[str, Any], number: int, asked: int) -> Call:
    del actor, data, number
    return Call("settlement.withdraw_ask", withdraw_ask, {"ask": asked})


HERE, BACK, MENU = "window/debts/<int:number>/", "window.debt", "window.debts"
declare(
    Deed("window.debt_later", f"{HERE}later/", "settlement.defer", _later_form, _later_call, BACK, MENU),
    Deed("window.debt_parts", f"{HERE}parts/", "settlement.defer", _parts_form, _parts_call, BACK, MENU),
    Deed("window.debt_refund", f"{HERE}refund/", "settlement.refund", _refund_form, _refund_call, BACK, MENU),
    Deed("window.debt_ask", f"{HERE}ask/", "settlement.ask", _ask_form, _ask_call, BACK, MENU),
    Deed(
        "window.debt_ask_withdraw", f"{HERE}ask/<int:asked>/withdraw/", "settlement.withdraw_ask", _withdraw_form,
        _withdraw_call, BACK, MENU,
    ),
)  # fmt: skip
OFFERED = (
    ("window.debt_later", Words("以后付", "Later"), "F6"),
    ("window.debt_parts", Words("分期", "In parts"), "F7"),
    ("window.debt_refund", Words("退款", "Refund"), ""),
    ("window.debt_ask", Words("申请核销 / 个案", "Ask the county"), ""),
)
"""Forms of the box: address name, words, key."""
