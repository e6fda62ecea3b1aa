"""What the county does about a debt: writes it off (by two from an amount on), or declines what a hospital asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from doudi.money import format_yuan
from doudi.server.access.api import propose, rule_of
from doudi.server.desks.county.debts import owed_words
from doudi.server.desks.forms import Call, Deed, Field, Form, declare, fen, reason_of
from doudi.server.kernel.actor import Actor
from doudi.server.settlement.api import debt, decline_ask, write_off
from doudi.words import Words

SUM, WHY = Words("核销金额（元）", "Sum (yuan)"), Words("核销原因", "Why")


def _write_off_form(actor: Actor, number: int) -> Form:
    found = debt(viewer=actor, settlement=number)
    asked = next((one for one in found.asks if one.state == "asked" and one.kind == "write_off"), None)
    owed = max(0, found.row.open_fen)
    return Form(
        Words(f"核销患者欠费（尚欠 ¥{owed_words(owed)}）", f"Write off (¥{owed_words(owed)} owed)"),
        Words("提交", "Submit"),
        (
            Field("sum_fen", SUM, "money", format_yuan(min(owed, asked.fen) if asked else owed)),
            Field("reason", WHY, value=asked.reason if asked else ""),
        ),
        Words(
            "核销后患者不再欠这笔钱，由医院承担。小额立即办理，其余由另一人审批。",
            "It is owed no more and the hospital bears it. A small rest at once, else another person approves.",
        ),
        danger=True,
    )  # fmt: skip


def _write_off_call(actor: Actor, data: Mapping[str, Any], number: int) -> Call:
    words = {"settlement": number, "sum_fen": fen(data, "sum_fen", SUM) or 0, "reason": reason_of(data, WHY)}
    rule = rule_of("settlement.write_off")
    if rule is None or not rule.eyes.needed(words):
        return Call("settlement.write_off", write_off, words)
    found = debt(viewer=actor, settlement=number)
    summary = f"核销欠费 ¥{format_yuan(words['sum_fen'], grouping=True)}，结算 {found.row.number}"  # type: ignore[arg-type]
    return proposing("settlement.write_off", words, found.row.region, summary)


def proposing(name: str, content: dict[str, Any], region: int, summary: str) -> Call:
    """A call that sends the words of an operation to a second person."""

    def send(*, actor: Actor, now: datetime, key: str | None, **words: Any) -> Any:
        return propose(
            actor=actor, now=now, key=key, name=name, content=words, region=region, summary=summary
        )

    return Call("propose", send, content)


def _decline_form(actor: Actor, number: int, asked: int) -> Form:
    del actor, number, asked
    return Form(
        Words("不同意医院的申请", "Decline the request"),
        Words("不同意", "Decline"),
        (Field("answer", Words("理由", "Why not")),),
        Words("医院会看到理由，可以重新申请。", "The hospital reads why, and may ask again."),
    )


def _decline_call(actor: Actor, data: Mapping[str, Any], number: int, asked: int) -> Call:
    del actor, number
    answer = str(data.get("answer", ""))
    return Call("settlement.decline_ask", decline_ask, {"ask": asked, "answer": answer})


HERE, BACK, MENU = "county/debts/<int:number>/", "county.debt", "county.debts"
declare(
    Deed(
        "county.debt_write_off", f"{HERE}write-off/", "settlement.write_off", _write_off_form, _write_off_call,
        BACK, MENU,
    ),
    Deed(
        "county.debt_decline", f"{HERE}ask/<int:asked>/decline/", "settlement.decline_ask", _decline_form,
        _decline_call, BACK, MENU,
    ),
)  # fmt: skip
