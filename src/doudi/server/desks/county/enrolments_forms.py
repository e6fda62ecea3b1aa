"""Enrol a person, mark as paid, let it lapse, give the premium back; further back through a second person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from doudi.server.desks import fields
from doudi.server.desks.county.recognitions_forms import category_choices
from doudi.server.desks.forms import (
    EVIDENCE,
    Call,
    Deed,
    Field,
    Form,
    day_after,
    declare,
    fen,
    last_day,
    reason_field,
    reason_of,
)
from doudi.server.enrolment.api import (
    SCHEMES,
    STATUS_WORDS,
    Enrolment,
    Terms,
    enrol,
    enrolment_history,
    lapse,
    pay,
    refund,
    scheme_words,
)
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import NotFound
from doudi.server.people.api import person
from doudi.server.recognition.api import known_categories
from doudi.words import Words

SCHEME, YEAR = Words("险种", "Scheme"), Words("年度", "Year")
STATUS, FROM = Words("缴费状态", "Paid or not"), Words("待遇起始日", "Insured from")
LAST_DAY, TIER = Words("待遇截止日", "Last day"), Words("缴费档次", "Tier")
PREMIUM, SUBSIDY = (
    Words("个人缴费标准（元）", "Premium (yuan)"),
    Words("其中资助（元）", "Of it subsidised (yuan)"),
)
SUBSIDY_SOURCE = Words("资助来源", "Who subsidises")
SUBSIDY_CATEGORY = Words("资助类别", "Category of the subsidy")
PAID_ON = Words("缴费日期", "Paid on")
OPEN = ("insured", "unpaid")


def held(actor: Actor, number: int, item: int) -> Enrolment:
    """One enrolment of a person, or of a record merged with theirs."""
    for one in enrolment_history(viewer=actor, person=number):
        if one.id == item:
            return one
    raise NotFound(
        "enrolment_not_found",
        Words("没有这条参保。", "There is no such enrolment."),
        remedy=Words("请刷新人员页面。", "Reload the person's page."),
    )


def _enrol_form(actor: Actor, number: int) -> Form:
    del actor, number
    today = clock.today()
    rows = (
        Field(
            "scheme", SCHEME, "choice", "resident", tuple((code, one.words) for code, one in SCHEMES.items())
        ),
        Field("year", YEAR, "number", str(today.year)),
        Field("status", STATUS, "choice", "insured", tuple((code, STATUS_WORDS[code]) for code in OPEN)),  # type: ignore[index]
        Field(
            "from_date",
            FROM,
            "date",
            today.isoformat(),
            hint=Words("集中缴费期内参保的为 1 月 1 日", "1 January within the enrolment period"),
        ),
        Field("last_day", LAST_DAY, "date", date(today.year, 12, 31).isoformat()),
        Field("premium", PREMIUM, "money", required=False),
        Field("subsidy", SUBSIDY, "money", required=False),
        Field("subsidy_source", SUBSIDY_SOURCE, required=False, longest=60),
        Field("subsidy_category", SUBSIDY_CATEGORY, "choice", "", category_choices(), required=False),
        Field("paid_on", PAID_ON, "date", required=False),
        Field("tier", TIER, required=False, longest=30),
        Field("evidence", EVIDENCE, required=False, hint=Words("缴费凭证或名单名称", "The receipt or list")),
    )
    return Form(
        Words("登记参保", "Enrol"),
        Words("登记参保", "Enrol"),
        rows,
        Words(
            "未缴费的不享受待遇，缴费后再登记缴费。追溯超过 90 天的须审批。",
            "Unpaid means not insured until it is paid. More than 90 days back needs approval.",
        ),
    )


def _enrol(actor: Actor, data: Mapping[str, Any], number: int) -> Call:
    category = fields.choice(data, "subsidy_category", SUBSIDY_CATEGORY, known_categories(), required=False)
    until = day_after(data, "last_day", LAST_DAY, required=True)
    terms = Terms(
        scheme=fields.choice(data, "scheme", SCHEME, SCHEMES),
        year=fields.number(data, "year", YEAR, least=1990, most=2200) or 0,
        status=fields.choice(data, "status", STATUS, OPEN),  # type: ignore[arg-type]
        from_date=fields.needed_day(data, "from_date", FROM),
        until_date=until or date.max,
        tier=fields.text(data, "tier", TIER, required=False, longest=30),
        premium_fen=fen(data, "premium", PREMIUM, required=False) or 0,
        subsidy_fen=fen(data, "subsidy", SUBSIDY, required=False) or 0,
        subsidy_source=fields.text(data, "subsidy_source", SUBSIDY_SOURCE, required=False, longest=60),
        subsidy_category=category,
        paid_on=fields.day(data, "paid_on", PAID_ON, required=False),
        evidence=fields.text(data, "evidence", EVIDENCE, required=False),
    )
    return Call(
        "enrolment.enrol", enrol, {"person": number, "terms": terms},
        region=person(viewer=actor, person=number).summary.region,
        summary=f"追溯参保：{terms.year} 年{scheme_words(terms.scheme).zh}，自 {terms.from_date} 起",
    )  # fmt: skip


def _title(verb: Words, one: Enrolment) -> Words:
    return Words(f"{verb.zh}：{one.year} 年{one.words.zh}", f"{verb.en}: {one.words.en} {one.year}")


PAY, LAPSE, REFUND = Words("登记缴费", "Paid"), Words("停保", "Lapse"), Words("退费", "Refund")


def _pay_form(actor: Actor, number: int, item: int) -> Form:
    one = held(actor, number, item)
    rows = (
        Field("paid_on", PAID_ON, "date", clock.today().isoformat()),
        Field("from_date", FROM, "date", one.from_date.isoformat()),
    )
    return Form(
        _title(PAY, one), PAY, rows, Words("从待遇起始日起按参保享受待遇。", "Insured from that day on.")
    )


def _pay(actor: Actor, data: Mapping[str, Any], number: int, item: int) -> Call:
    since = fields.day(data, "from_date", FROM, required=False)
    words = {
        "enrolment": item,
        "paid_on": fields.needed_day(data, "paid_on", PAID_ON),
        "from_date": since,
    }
    return _call("pay", pay, held(actor, number, item), words, f"自 {since} 起" if since else "")


UNTIL = Words("从哪天起不再参保", "First day not insured")


def _lapse_form(actor: Actor, number: int, item: int) -> Form:
    one = held(actor, number, item)
    rows = (
        Field("until_date", UNTIL, "date", clock.today().isoformat()),
        reason_field(Words("停保原因（转职工医保、迁出、死亡等）", "Why (another scheme, moved, death)")),
    )
    note = Words(
        f"原到 {last_day(one.until_date)}。这天以前的待遇不变，从这天起不享受待遇。",
        f"Now until {last_day(one.until_date)}. What was before stays; from that day on not insured.",
    )
    return Form(_title(LAPSE, one), LAPSE, rows, note, danger=True)


def _lapse(actor: Actor, data: Mapping[str, Any], number: int, item: int) -> Call:
    until = fields.needed_day(data, "until_date", UNTIL)
    words = {"enrolment": item, "until_date": until, "reason": reason_of(data)}
    return _call("lapse", lapse, held(actor, number, item), words, f"自 {until} 起")


def _refund_form(actor: Actor, number: int, item: int) -> Form:
    one = held(actor, number, item)
    note = Words(
        "视为从未参保，整个年度不享受待遇。已享受过待遇的请用“停保”。",
        "As if never insured, for the whole period. Where benefits were used, let it lapse instead.",
    )
    rows = (reason_field(Words("退费原因（重复缴费、异地参保等）", "Why (paid twice, insured elsewhere)")),)
    return Form(_title(REFUND, one), REFUND, rows, note, danger=True)


def _refund(actor: Actor, data: Mapping[str, Any], number: int, item: int) -> Call:
    words = {"enrolment": item, "reason": reason_of(data)}
    return _call("refund", refund, held(actor, number, item), words, "")


def _call(verb: str, operation: Callable[..., Any], one: Enrolment, words: dict[str, Any], tail: str) -> Call:
    said = {"pay": PAY, "lapse": LAPSE, "refund": REFUND}[verb].zh
    summary = f"追溯{said}：{one.year} 年{one.words.zh}" + (f"，{tail}" if tail else "")
    return Call(f"enrolment.{verb}", operation, words, one.region, summary)


OF = "county/people/<int:number>/enrolments/"
declare(
    Deed("county.enrol", OF + "new/", "enrolment.enrol", _enrol_form, _enrol, "county.person"),
    Deed("county.enrolment_pay", OF + "<int:item>/pay/", "enrolment.pay", _pay_form, _pay, "county.person"),
    Deed(
        "county.enrolment_lapse",
        OF + "<int:item>/lapse/",
        "enrolment.lapse",
        _lapse_form,
        _lapse,
        "county.person",
    ),
    Deed(
        "county.enrolment_refund",
        OF + "<int:item>/refund/",
        "enrolment.refund",
        _refund_form,
        _refund,
        "county.person",
    ),
)
