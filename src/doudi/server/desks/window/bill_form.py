"""The bill of the window as it was typed → the bill that is tried and settled.

A clerk types as little as can be: the total and what insurance does not cover, and the rest is in scope; or the four
parts, and the total is their sum; or fee lines pasted from a table. A day may be written 0820.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from django.http import QueryDict

from doudi.engine.vocabulary import CARES
from doudi.money import format_yuan_en, format_yuan_zh
from doudi.server.desks import fields
from doudi.server.desks.forms import fen
from doudi.server.desks.window.bill_lines import lines_of
from doudi.server.kernel.errors import Refused
from doudi.server.settlement.api import BillInput
from doudi.server.settlement.data import Care
from doudi.words import Words

CARE, BEGINS, ENDS = Words("就医方式", "Care"), Words("入院日期", "Admitted"), Words("出院日期", "Discharged")
TOTAL, DEPARTMENT = Words("总费用", "Total"), Words("科室", "Department")
DIAGNOSES, PROCEDURES = Words("诊断编码", "Diagnosis codes"), Words("手术操作编码", "Procedure codes")
PARTS = {
    "in_scope": Words("政策范围内", "In scope"),
    "first_pay": Words("先行自付", "First pay"),
    "over_limit": Words("超限价", "Over limit"),
    "own_pay": Words("全自费", "Own pay"),
}
RECORDED = "recorded-"
"""How the fields of payers decided elsewhere are called, before the payer's name."""
MOST_CODES = 20
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+*/_-]{0,19}")


def bill_of(data: QueryDict, person: int, today: date) -> BillInput | None:
    """The bill; None while nothing is billed yet. Refusals name the field."""
    begins = short_day(data, "admitted_on", BEGINS, today)
    ends = short_day(data, "discharged_on", ENDS, today)
    lines = lines_of(
        fields.text(data, "lines", Words("费用明细", "Fee lines"), required=False, longest=400_000)
    )
    parts = {} if lines else parts_of(data)
    if not lines and not parts:
        return None
    registration = fields.number(data, "registration", Words("就诊登记", "Registration"), required=False)
    return BillInput(
        person=person,
        care=cast("Care", fields.choice(data, "care", CARE, CARES)),
        admitted_on=begins,
        discharged_on=ends,
        in_scope_fen=parts.get("in_scope", 0),
        first_pay_fen=parts.get("first_pay", 0),
        over_limit_fen=parts.get("over_limit", 0),
        own_pay_fen=parts.get("own_pay", 0),
        lines=lines,
        recorded=recorded_of(data),
        diagnoses=codes_of(data, "diagnoses", DIAGNOSES),
        procedures=codes_of(data, "procedures", PROCEDURES),
        registration=registration or None,
        department=fields.text(data, "department", DEPARTMENT, required=False, longest=60),
        assessed=data.get("assessed") == "1",
    )


def short_day(data: Mapping[str, Any], field: str, words: Words, today: date) -> date:
    """A day; 0820 is the latest 20 August. Empty: today."""
    value = fields.text(data, field, words, required=False, longest=20)
    if not value:
        return today
    if re.fullmatch(r"\d{4}", value, re.ASCII):
        for year in (today.year, today.year - 1):
            try:
                found = date(year, int(value[:2]), int(value[2:]))
            except ValueError:
                break
            if found <= today:
                return found
    return fields.needed_day(data, field, words)


def parts_of(data: Mapping[str, Any]) -> dict[str, int]:
    """The four parts in fen; empty where nothing was typed. Where only the total is given, the rest is in scope."""
    total = fen(data, "total", TOTAL, required=False)
    typed = {part: fen(data, part, words, required=False) for part, words in PARTS.items()}
    found = {part: amount or 0 for part, amount in typed.items()}
    if total is None:
        return found if any(found.values()) else {}
    others = sum(found.values()) - found["in_scope"]
    if typed["in_scope"] is None:
        if others > total:
            raise _sums_differ(others, total)
        found["in_scope"] = total - others
    elif others + found["in_scope"] != total:
        raise _sums_differ(others + found["in_scope"], total)
    return found if total else {}


def _sums_differ(parts: int, total: int) -> Refused:
    return Refused(
        "parts_differ",
        Words(
            f"各项费用合计 {format_yuan_zh(parts)}，与总费用 {format_yuan_zh(total)} 不一致。",
            f"The parts add up to {format_yuan_en(parts)}, the total is {format_yuan_en(total)}.",
        ),
        remedy=Words(
            "请核对；“政策范围内”不填时，按总费用减去其余三项计算。",
            "Check them; left empty, what is in scope is the total less the others.",
        ),
        where="total",
    )


def recorded_of(data: Mapping[str, Any]) -> dict[str, int]:
    """What was decided elsewhere, by payer, in fen."""
    found = {}
    for name in data:
        if name.startswith(RECORDED):
            amount = fen(data, name, Words("已定金额", "the amount decided elsewhere"), required=False)
            if amount is not None:
                found[name.removeprefix(RECORDED)] = amount
    return found


def codes_of(data: Mapping[str, Any], field: str, words: Words) -> tuple[str, ...]:
    """Codes in the order typed, the main one first."""
    text = fields.text(data, field, words, required=False, longest=400)
    codes = [one for one in re.split(r"[\s,，;；、]+", text) if one]
    for code in codes:
        if not _CODE.fullmatch(code):
            raise Refused(
                "field_code",
                Words(f"“{code}”不是编码。", f"“{code}” is not a code."),
                remedy=Words(
                    "请从列表中选择，或填编码，如 M17.9。",
                    "Choose from the list, or type a code such as M17.9.",
                ),
                where=field,
            )
    return tuple(dict.fromkeys(code[0].upper() + code[1:] for code in codes))[:MOST_CODES]
