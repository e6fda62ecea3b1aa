"""What a clerk must see before money moves: the same bill again, a stay elsewhere, a card that may be lent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from doudi.money import format_yuan, parse_yuan
from doudi.server.entitlement.api import InForceLaw
from doudi.server.settlement.data import BillInput, Notice
from doudi.server.settlement.errors import assumptions_open
from doudi.server.settlement.state import Open, Past, State
from doudi.words import Words

IN_BED = ("inpatient", "day_surgery")


def notices(
    bill: BillInput,
    total_fen: int,
    facility: int,
    law: InForceLaw,
    state: State,
    names: Mapping[int, str],
    explanation: Iterable[Mapping[str, Any]] = (),
) -> tuple[Notice, ...]:
    """In the order of their weight. `names`: of facilities by number."""
    found = [*_law(law), *recorded_notices(explanation)]
    for one in state.past:
        if one.kind != "reversed":
            found += _past(bill, total_fen, facility, one, names)
    for stay in state.open:
        if stay.facility == facility or stay.care not in IN_BED:
            continue
        if bill.care not in IN_BED:
            found.append(_lent(stay, names))
        else:
            found.append(
                Notice(
                    "open_elsewhere",
                    "look",
                    Words(
                        f"此人 {stay.admitted} 起在{_name(names, stay.facility)}有未结清的住院登记。",
                        f"An inpatient stay is open at {_name(names, stay.facility)} since {stay.admitted}.",
                    ),
                    Words("请与对方核实是否转院；确认后可结算。", "Ask whether this is a transfer."),
                )
            )
    return tuple(sorted(_together(found), key=lambda one: one.weight != "stop"))


def _together(found: Iterable[Notice]) -> list[Notice]:
    """One notice a kind, with all that speaks for it: a clerk ticks a kind once, having read all of it."""
    kinds: dict[str, Notice] = {}
    for one in found:
        first = kinds.get(one.code)
        if first is None:
            kinds[one.code] = one
        elif one.words != first.words:
            words = Words(f"{first.words.zh}{one.words.zh}", f"{first.words.en} {one.words.en}")
            kinds[one.code] = replace(first, words=words)
    return list(kinds.values())


def recorded_notices(explanation: Iterable[Mapping[str, Any]]) -> Iterable[Notice]:
    """A payer that others decide: its amount is missing, so the rule stands in for it, or it differs from the rule.

    What is recorded is never corrected here (decision 7 of the architecture); it is shown.
    """
    for step in explanation:
        if step["step"] != "payer" or step["decided"] != "elsewhere":
            continue
        zh, en = step["name"]["zh"], step["name"]["en"]
        if "recorded" not in step and step["amount"] != "0.00":
            fen = _grouped(step["amount"])
            yield Notice(
                "recorded_missing",
                "look",
                Words(
                    f"{zh}由国家平台（或原经办系统）结算，尚未录入其结果；{fen} 元是按规则估算的。",
                    f"{en} is decided elsewhere and its result is not entered; {fen} is the rule's estimate.",
                ),
                Words(
                    "有平台结果的请录入；没有的核实后可按规则结算。", "Enter the result where there is one."
                ),
            )
        elif step.get("recorded_differs"):
            entered, ruled = _grouped(step["recorded"]), _grouped(step["rule_amount"])
            yield Notice(
                "recorded_differs",
                "look",
                Words(
                    f"{zh}录入 {entered} 元，按规则应为 {ruled} 元。以录入为准，请核对。",
                    f"{en}: {entered} was entered, the rule gives {ruled}. The entry counts.",
                ),
            )


def _lent(stay: Open, names: Mapping[int, str]) -> Notice:
    """An outpatient bill of somebody who lies in a bed elsewhere."""
    at = _name(names, stay.facility)
    return Notice(
        "in_hospital_elsewhere",
        "look",
        Words(
            f"此人 {stay.admitted} 起在{at}住院尚未出院，本次却在本机构就诊，请核对人卡是否一致。",
            f"In hospital at {at} since {stay.admitted}: is the card the patient's own?",
        ),
        Words(
            "核对身份证与本人，必要时报医保部门。", "Check the ID against the person; report where needed."
        ),
    )


def _grouped(yuan: str) -> str:
    return format_yuan(parse_yuan(yuan), grouping=True)


def _law(law: InForceLaw) -> Iterable[Notice]:
    if law.warning is not None:
        yield Notice("policy_replaced", "stop", law.warning)
    if law.open_ or law.differing:
        refusal = assumptions_open(law.open_, law.differing)
        yield Notice("assumptions_unconfirmed", "stop", refusal.words, refusal.remedy)


def _past(
    bill: BillInput, total_fen: int, facility: int, one: Past, names: Mapping[int, str]
) -> Iterable[Notice]:
    days = one.admitted == bill.admitted_on and one.discharged == bill.discharged_on
    same_stay = one.registration is not None and one.registration == bill.registration
    overlap = one.admitted < bill.discharged_on and bill.admitted_on < one.discharged
    at = _name(names, one.facility)
    if days and one.total == total_fen and one.care == bill.care:
        yield Notice(
            "same_bill",
            "look",
            Words(
                f"{at}已结算过日期、金额相同的一笔（{one.admitted} 至 {one.discharged}）。",
                f"A bill of the same days and amount was settled at {at}.",
            ),
            Words("如是同一笔，请勿重复结算。", "Do not settle the same bill twice."),
        )
    elif overlap and not same_stay and one.care in IN_BED and one.facility != facility:
        lent = bill.care not in IN_BED
        yield Notice(
            "in_hospital_elsewhere",
            "look",
            Words(
                f"此人 {one.admitted} 至 {one.discharged} 在{at}住院"
                + ("，本次却在本机构门诊就医，请核对人卡是否一致。" if lent else "，与本次住院日期重叠。"),
                f"In hospital at {at} from {one.admitted} to {one.discharged}"
                + (": is the card the patient's own?" if lent else ", overlapping this stay."),
            ),
            Words(
                "核对身份证与本人，必要时报医保部门。",
                "Check the ID against the person; report where needed.",
            ),
        )


def _name(names: Mapping[int, str], facility: int) -> str:
    return names.get(facility, f"机构 {facility}")
