"""Recognise a person, end a recognition, put one right or void it; further back through a second person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from doudi.server.desks import fields
from doudi.server.desks.forms import (
    EVIDENCE,
    Call,
    Deed,
    Field,
    Form,
    day_after,
    declare,
    last_day,
    reason_field,
    reason_of,
)
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import NotFound
from doudi.server.people.api import person
from doudi.server.recognition.api import (
    Recognition,
    Terms,
    category_history,
    category_title,
    correct,
    end,
    known_categories,
    recognise,
)
from doudi.words import Words

CATEGORY, SOURCE = Words("人员类别", "Category"), Words("认定部门", "Department")
FROM, LAST_DAY = Words("从哪天起", "From"), Words("最后一天", "Last day")
KNOWN = Words("名单或材料送达日期", "The day the list or paper arrived")


def category_choices() -> tuple[tuple[str, Words | str], ...]:
    """Every category by its code."""
    return tuple((code, one.words) for code, one in known_categories().items())


def departments() -> tuple[tuple[str, Words | str], ...]:
    """The departments that vouch for categories."""
    return tuple(
        (name, "") for name in sorted({one.department for one in known_categories().values()} - {""})
    )


def held(actor: Actor, number: int, item: int) -> Recognition:
    """One recognition of a person, or of a record merged with theirs."""
    for one in category_history(viewer=actor, person=number):
        if one.id == item:
            return one
    raise NotFound(
        "recognition_not_found",
        Words("没有这条认定。", "There is no such recognition."),
        remedy=Words("请刷新人员页面。", "Reload the person's page."),
    )


def _fields(one: Recognition | None) -> tuple[Field, ...]:
    return (
        Field("category", CATEGORY, "choice", one.category if one else "", category_choices()),
        Field("from_date", FROM, "date", (one.from_date if one else clock.today()).isoformat()),
        Field(
            "last_day",
            LAST_DAY,
            "date",
            last_day(one.until_date) if one else "",
            required=False,
            hint=Words("长期的不填", "Empty: open"),
        ),
        Field(
            "source_department",
            SOURCE,
            value=one.source_department if one else "",
            required=False,
            longest=60,
            suggestions=departments(),
            hint=Words("不填则按类别的主管部门", "Empty: the one that usually vouches"),
        ),
        Field(
            "evidence",
            EVIDENCE,
            value=one.evidence if one else "",
            hint=Words("文号、名单名称或证件名称", "The number or name of the paper or list"),
        ),
    )


def _terms(data: Mapping[str, Any], held_: Recognition | None = None) -> Terms:
    return Terms(
        category=fields.choice(data, "category", CATEGORY, known_categories()),
        from_date=fields.needed_day(data, "from_date", FROM),
        until_date=day_after(data, "last_day", LAST_DAY),
        source_department=fields.text(data, "source_department", SOURCE, required=False, longest=60),
        evidence=fields.text(data, "evidence", EVIDENCE),
        paper=held_.paper if held_ else None,
        household=held_.household if held_ else None,
    )


def _recognise_form(actor: Actor, number: int) -> Form:
    del actor, number
    known = Field("known_since", KNOWN, "date", required=False, hint=Words("不填则为今天", "Empty: today"))
    return Form(
        Words("认定身份", "Recognise"),
        Words("认定", "Recognise"),
        (*_fields(None), known),
        Words(
            "从起始日起按这个身份享受待遇。追溯超过 30 天的须审批。",
            "From that day the category counts. More than 30 days back needs approval.",
        ),
    )


def _recognise(actor: Actor, data: Mapping[str, Any], number: int) -> Call:
    terms = _terms(data)
    known = fields.day(data, "known_since", KNOWN, required=False)
    words = {"person": number, "terms": terms, "known_since": known}
    title = category_title(terms.category).words.zh
    return Call(
        "recognition.recognise", recognise, words,
        region=person(viewer=actor, person=number).summary.region,
        summary=f"追溯认定：{title}，自 {terms.from_date} 起",
    )  # fmt: skip


ENDS = Words("从哪天起不再享受", "First day without")


def _end_form(actor: Actor, number: int, item: int) -> Form:
    one = held(actor, number, item)
    return Form(
        Words(f"终止“{one.words.zh}”", f"End: {one.words.en}"),
        Words("终止", "End"),
        (
            Field("until_date", ENDS, "date", clock.today().isoformat()),
            reason_field(Words("终止原因和依据", "Why and by which paper")),
        ),
        Words(
            "这天以前的待遇不变；从这天起不再按此身份享受。",
            "What was before stays; from that day on the category no longer counts.",
        ),
        danger=True,
    )


def _end(actor: Actor, data: Mapping[str, Any], number: int, item: int) -> Call:
    one = held(actor, number, item)
    until = fields.needed_day(data, "until_date", ENDS)
    words = {"recognition": item, "until_date": until, "reason": reason_of(data)}
    return Call("recognition.end", end, words, one.region, f"追溯终止认定：{one.words.zh}，自 {until} 起")


VOID = Words("作废，不另立", "Void it, with nothing in its place")


def _correct_form(actor: Actor, number: int, item: int) -> Form:
    one = held(actor, number, item)
    return Form(
        Words(f"更正“{one.words.zh}”", f"Correct: {one.words.en}"),
        Words("更正", "Correct"),
        (
            *_fields(one),
            Field("void", VOID, "tick"),
            reason_field(Words("更正原因和依据", "Why and by which paper")),
        ),
        Words(
            "原认定作废并保留可查，新内容自始替代。待遇中途停止的请用“终止”。",
            "The old one is void and kept; the new one stands from its beginning. To stop it from a day on, end it.",
        ),
    )


def _correct(actor: Actor, data: Mapping[str, Any], number: int, item: int) -> Call:
    one = held(actor, number, item)
    terms = None if data.get("void") == "1" else _terms(data, one)
    words = {"recognition": item, "terms": terms, "reason": reason_of(data)}
    return Call("recognition.correct", correct, words, one.region, _told(one.words.zh, terms))


def _told(title: str, terms: Terms | None) -> str:
    if terms is None:
        return f"追溯作废认定：{title}"
    span: tuple[date, date | None] = (terms.from_date, terms.until_date)
    return f"追溯更正认定：{title} → {category_title(terms.category).words.zh}，{span[0]} 起" + (
        f"至 {span[1]} 前" if span[1] else ""
    )


OF = "county/people/<int:number>/recognitions/"
declare(
    Deed("county.recognise", OF + "new/", "recognition.recognise", _recognise_form, _recognise, "county.person"),
    Deed("county.recognition_end", OF + "<int:item>/end/", "recognition.end", _end_form, _end, "county.person"),
    Deed(
        "county.recognition_correct", OF + "<int:item>/correct/", "recognition.correct",
        _correct_form, _correct, "county.person",
    ),
)  # fmt: skip
