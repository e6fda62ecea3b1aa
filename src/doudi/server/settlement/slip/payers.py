"""One row a payer: its name, the sums behind its amount with their articles, or one short line why it pays nothing.

Rows are a list in the order in which the payers decide, never a set or a sum over equal amounts: two payers that pay
the same are two rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from doudi.engine.render.amounts import fen, grouped
from doudi.server.settlement.slip.sums import Line, Setting, benefit_lines

Told = dict[str, Any]
REASONS = 3
"""Reasons told for a payer that pays nothing; a paper is no place for a dozen benefits that all do not apply."""


def payer_rows(explanation: list[Told], setting: Setting) -> list[dict[str, Any]]:
    """A row for each payer: `name`, `other` (the name in the other language), `amount`, `lines`."""
    return [_row(step, setting) for step in explanation if step["step"] == "payer"]


def _row(step: Told, setting: Setting) -> dict[str, Any]:
    lines = list(_lines(step, setting))
    if not lines and not fen(step["amount"]):
        lines = [Line(setting.w("没有可支付的部分", "nothing left to pay for"), kind="note")]
    return {
        "payer": step["payer"],
        "name": step["name"]["zh"],
        "other": "" if setting.language == "zh" else str(step["name"]["en"] or ""),
        "amount": grouped(step["amount"]),
        "pays": fen(step["amount"]) > 0,
        "lines": [
            {"text": line.text, "marks": list(dict.fromkeys(line.marks)), "kind": line.kind} for line in lines
        ],
    }


def _lines(step: Told, setting: Setting) -> Iterator[Line]:
    if not step["applied"] and "recorded" not in step:
        yield _why_not(setting, step.get("why_not", []))
        return
    recorded = "recorded" in step
    if recorded:
        yield from _recorded(step, setting)
    elif "awaits_decision" in step:
        yield _awaited(step["awaits_decision"], setting)
    if recorded and step["recorded_differs"]:
        return
    chosen = [benefit for benefit in step["benefits"] if benefit["chosen"]]
    for benefit in chosen:
        if len(chosen) > 1:
            name, amount = setting.name(benefit["name"]), grouped(benefit["amount"])
            yield Line(f"{name}{setting.w('：', ': ')}{amount}", kind="note")
        yield from benefit_lines(benefit, setting)
    if step["benefits"] and not chosen and not recorded:
        yield from _no_benefit(step["benefits"], setting)
    if drawn := _drawn(step, setting):
        yield Line(drawn, kind="note")


def _recorded(step: Told, setting: Setting) -> Iterator[Line]:
    """An amount that another system or an approver decided."""
    recorded, rule = grouped(step["recorded"]), grouped(step["rule_amount"])
    if step["decided"] == "case_by_case":
        yield Line(setting.w(f"个案审批 {recorded}", f"decided for this case {recorded}"))
        return
    yield Line(setting.w(f"已在原系统结算 {recorded}，照录", f"decided elsewhere {recorded}, taken as it is"))
    if step["recorded_differs"]:
        yield Line(
            setting.w(f"按本政策试算为 {rule}，与记录不同", f"this policy's rule gives {rule}"), kind="look"
        )


def _awaited(told: Told, setting: Setting) -> Line:
    at_most = grouped(told["at_most"])
    most = setting.w(f"，最多 {at_most}", f", at most {at_most}") if fen(told["at_most"]) else ""
    approver = told["approver"]
    return Line(
        setting.w(f"待个案审批（{approver}）{most}", f"awaits a decision by {approver}{most}"), kind="look"
    )


def _no_benefit(benefits: list[Told], setting: Setting) -> Iterator[Line]:
    """Why none of the benefits of a payer applies, in one line."""
    said = []
    for benefit in benefits:
        reasons = [setting.name(reason) for reason in benefit.get("why_not", [])]
        if reasons:
            said.append(f"{setting.name(benefit['name'])}{setting.w('：', ': ')}{reasons[0]}")
    yield _not_paid(setting, said)


def _why_not(setting: Setting, reasons: list[Told]) -> Line:
    return _not_paid(setting, [setting.name(reason) for reason in reasons])


def _not_paid(setting: Setting, said: list[str]) -> Line:
    more = setting.w("等", " …") if len(said) > REASONS else ""
    why = setting.w("；", "; ").join(dict.fromkeys(said[:REASONS])) + more
    return Line(
        setting.w(f"不予支付：{why}", f"pays nothing: {why}")
        if why
        else setting.w("不予支付", "pays nothing"),
        kind="note",
    )


def _drawn(step: Told, setting: Setting) -> str:
    """From which parts of the bill the amount is taken, where it is not what is in scope alone."""
    from doudi.engine.vocabulary import name_of

    drawn = {part: amount for part, amount in step["drawn"].items() if fen(amount)}
    if not drawn or list(drawn) == ["in_scope"] or len(drawn) < 2:
        return ""
    listed = setting.w("，", ", ").join(
        f"{name_of(part).say(setting.language)} {grouped(amount)}" for part, amount in drawn.items()
    )
    return setting.w(f"支付自：{listed}", f"drawn from: {listed}")
