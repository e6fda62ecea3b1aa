"""What the list of settlements is narrowed by: read from the address, and said as one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from doudi.engine.vocabulary import CARES, LEVELS, name_of
from doudi.money import format_yuan
from doudi.server.desks import fields
from doudi.server.desks.forms import fen
from doudi.server.recognition.api import category_title
from doudi.server.settlement.api import SettlementFilter
from doudi.server.settlement.data import Kind
from doudi.words import Words

STATES: dict[str, Words] = {
    "settled": Words("未变动", "Unchanged"),
    "replaced": Words("已重新结算", "Settled anew"),
    "reversed": Words("已撤销", "Reversed"),
}
PERIODS: dict[str, Words] = {
    "month": Words("本月", "this month"),
    "last_month": Words("上月", "last month"),
    "year": Words("今年", "this year"),
    "last_year": Words("去年", "last year"),
    "days": Words("自选日期", "days of my own"),
}
PERIOD, FROM, UNTIL = Words("期间", "period"), Words("结算日期自", "settled from"), Words("至", "to")
SHARES = (1000, 2000, 3000, 5000)
"""Patients' shares that are asked for, in basis points."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter with the period as it was chosen, and its last day."""

    wanted: SettlementFilter
    period: str
    from_date: date | None
    last_day: date | None


def read(data: Mapping[str, Any], today: date) -> Asked:
    """The filter of an address. Without a period it is this month; a number, or one person, is looked for in all time."""
    number = fields.text(data, "number", Words("结算号或单据号", "number"), required=False, longest=60)
    person = fields.number(data, "person", Words("人员", "person"), required=False)
    alone = bool(number or person)
    period = fields.choice(data, "period", PERIOD, PERIODS, required=False) or ("" if alone else "month")
    begins, until = _days(data, period, today)
    share = fields.number(data, "share", Words("自付占比", "patient's share"), most=100, required=False)
    kind = fields.choice(data, "state", Words("状态", "state"), STATES, required=False) or None
    wanted = SettlementFilter(
        from_date=begins,
        until_date=until,
        facility=fields.number(data, "facility", Words("机构", "facility"), required=False, most=2**31 - 1),
        region=fields.number(data, "region", Words("参保地", "region"), required=False),
        kind=cast("Kind | None", kind),
        care=fields.choice(data, "care", Words("就医方式", "care"), CARES, required=False),
        level=fields.choice(data, "level", Words("机构级别", "level"), LEVELS, required=False),
        category=fields.text(data, "category", Words("身份", "category"), required=False, longest=60),
        diagnosis=fields.text(data, "diagnosis", Words("诊断编码", "diagnosis"), required=False, longest=20).upper(),
        persons=(person,) if person else (),
        patient_from_fen=fen(data, "patient_from", Words("患者自付不低于", "patient pays at least"), required=False),
        share_from_bp=share * 100 if share is not None else None,
        total_from_fen=fen(data, "total_from", Words("总费用不低于", "total at least"), required=False),
        payer=fields.text(data, "payer", Words("支付方", "payer"), required=False, longest=60),
        number=number,
    )  # fmt: skip
    return Asked(wanted, period, begins, until - timedelta(days=1) if until else None)


def _days(data: Mapping[str, Any], period: str, today: date) -> tuple[date | None, date | None]:
    first = today.replace(day=1)
    if period == "month":
        return first, _next_month(first)
    if period == "last_month":
        return (first - timedelta(days=1)).replace(day=1), first
    if period in ("year", "last_year"):
        year = today.year - (period == "last_year")
        return date(year, 1, 1), date(year + 1, 1, 1)
    if period == "days":
        last = fields.day(data, "until", UNTIL, required=False)
        return fields.day(data, "from", FROM, required=False), last + timedelta(days=1) if last else None
    return None, None


def _next_month(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def in_order(
    asked: Asked, facilities: Mapping[int, str], regions: Mapping[int, str], payers: Mapping[str, Words]
) -> list[Words]:
    """The filter in words, piece by piece, as the head of an export says it."""
    one = asked.wanted
    begins, ends = asked.from_date or "…", asked.last_day or "…"
    found = [
        Words(f"{begins} 至 {ends}", f"{begins} to {ends}") if asked.from_date or asked.last_day else None,
        _named(facilities.get(one.facility, str(one.facility))) if one.facility else None,
        _named(regions.get(one.region, str(one.region))) if one.region else None,
        name_of(one.care) if one.care else None,
        Words(f"{name_of(one.level).zh}机构", f"{name_of(one.level).en} facilities") if one.level else None,
        category_title(one.category).words if one.category else None,
        Words(f"主要诊断 {one.diagnosis}…", f"main diagnosis {one.diagnosis}…") if one.diagnosis else None,
        _paid(one.payer, payers) if one.payer else None,
        _least("自付占比", "patient's share", one.share_from_bp, f"{(one.share_from_bp or 0) // 100} %"),
        _least("患者自付", "patient pays", one.patient_from_fen),
        _least("总费用", "total", one.total_from_fen),
        STATES[one.kind] if one.kind else None,
        Words(f"号码 {one.number}", f"number {one.number}") if one.number else None,
        Words("一人", "one person") if one.persons else None,
    ]
    return [part for part in found if part is not None]


def _named(name: str) -> Words:
    return Words(name, name)


def _paid(payer: str, payers: Mapping[str, Words]) -> Words:
    words = payers.get(payer, Words(payer, payer))
    return Words(f"{words.zh}有支付", f"{words.en} paid")


def _least(zh: str, en: str, amount: int | None, shown: str = "") -> Words | None:
    if amount is None:
        return None
    told = shown or format_yuan(amount, grouping=True)
    return Words(f"{zh} ≥ {told}", f"{en} ≥ {told}")
