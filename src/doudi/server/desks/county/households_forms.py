"""Households: form one, join, leave; and what a person or their household had used before Doudi settled bills."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from doudi.server.desks import fields
from doudi.server.desks.county.people_forms import (
    NUMBER,
    VILLAGE,
    person_by_number,
    village_of,
    villages,
)
from doudi.server.desks.forms import Call, Deed, Field, Form, declare, fen, reason_field, reason_of
from doudi.server.entitlement.api import Counted, counted_by, policies_at, set_opening_balance
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import NotFound
from doudi.server.kernel.scope import scoped
from doudi.server.people.api import (
    RELATIONS,
    HouseholdFilter,
    form_household,
    household,
    households,
    join_household,
    leave_household,
    person,
)
from doudi.server.reference.api import code_of
from doudi.words import Words

HOUSEHOLD, ADDRESS = Words("户编号", "Household number"), Words("住址", "Address")
RELATION, SINCE = Words("与户主关系", "Relation to the head"), Words("从哪天起", "From")
LEFT = Words("从哪天起不在本户", "First day not in it")
RELATION_CHOICES = tuple((code, words) for code, words in RELATIONS.items() if code != "01")


def _form_form(actor: Actor, number: int) -> Form:
    one = person(viewer=actor, person=number).summary
    rows = (
        Field(
            "number",
            HOUSEHOLD,
            required=False,
            longest=40,
            hint=Words("名册上的户编号，同一乡镇不重复", "As in the roster; once in a township"),
        ),
        Field(
            "village_code",
            VILLAGE,
            "village",
            str(one.village_code or ""),
            villages(actor, one.region),
            required=False,
        ),
        Field("address", ADDRESS, required=False),
        Field("from_date", SINCE, "date", clock.today().isoformat()),
    )
    return Form(
        Words("新建家庭户", "Form a household"), Words("建户", "Form"), rows,
        Words(f"{one.name} 为户主；其他成员随后加入。", f"{one.name} is its head; the others join afterwards."),
    )  # fmt: skip


def _form(actor: Actor, data: Mapping[str, Any], number: int) -> Call:
    words = {
        "region": person(viewer=actor, person=number).summary.region,
        "head": number,
        "number": fields.text(data, "number", HOUSEHOLD, required=False, longest=40),
        "village_code": village_of(data),
        "address": fields.text(data, "address", ADDRESS, required=False),
        "from_date": fields.needed_day(data, "from_date", SINCE),
    }
    return Call("people.form_household", form_household, words)


def _relation_fields() -> tuple[Field, ...]:
    return (
        Field("relation", RELATION, "choice", "", RELATION_CHOICES),
        Field("from_date", SINCE, "date", clock.today().isoformat()),
    )


def _join_words(data: Mapping[str, Any], home: int, number: int) -> dict[str, Any]:
    return {
        "household": home,
        "person": number,
        "relation": fields.choice(data, "relation", RELATION, RELATIONS),
        "from_date": fields.needed_day(data, "from_date", SINCE),
    }


def _join_form(actor: Actor, number: int) -> Form:
    del actor, number
    rows = (Field("household", HOUSEHOLD, longest=40), *_relation_fields())
    return Form(Words("加入家庭户", "Join a household"), Words("加入", "Join"), rows)


def _join(actor: Actor, data: Mapping[str, Any], number: int) -> Call:
    region = person(viewer=actor, person=number).summary.region
    text = fields.text(data, "household", HOUSEHOLD, longest=40)
    wanted = HouseholdFilter(region_code=code_of(region), number=text)
    found = households(viewer=actor, wanted=wanted).items
    if not found:
        raise NotFound(
            "household_unknown",
            Words("本乡镇没有这个户编号。", "There is no such household in this township."),
            remedy=Words("请核对户编号，或先新建家庭户。", "Check the number, or form the household first."),
            where="household",
        )
    return Call("people.join_household", join_household, _join_words(data, found[0].id, number))


def _leave_form(actor: Actor, number: int) -> Form:
    one = person(viewer=actor, person=number).summary
    rows = (Field("until_date", LEFT, "date", clock.today().isoformat()), reason_field())
    return Form(
        Words(f"{one.name} 退出家庭户", f"{one.name} leaves the household"),
        Words("退出", "Leave"),
        rows,
        Words(
            "从这天起，按户累计的额度不再与原户合算。",
            "From that day on, what a household shares is no longer shared.",
        ),
        danger=True,
    )


def _leave(actor: Actor, data: Mapping[str, Any], number: int) -> Call:
    del actor
    until = fields.needed_day(data, "until_date", LEFT)
    words = {"person": number, "until_date": until, "reason": reason_of(data)}
    return Call("people.leave_household", leave_household, words)


MEMBER = Words("新成员证件号码", "The new member's number")


def _add_form(actor: Actor, number: int) -> Form:
    home = household(viewer=actor, household=number)
    rows = (Field("member_number", MEMBER, longest=40), *_relation_fields())
    title = Words(f"加入成员 {home.number}", f"Add a member {home.number}")
    return Form(title, Words("加入", "Add"), rows)


def _add(actor: Actor, data: Mapping[str, Any], number: int) -> Call:
    fields.text(data, "member_number", MEMBER, longest=40)
    member = person_by_number(actor, data, "member_number", NUMBER) or 0
    return Call("people.join_household", join_household, _join_words(data, number, member))


ACCUMULATOR, PERIOD = Words("哪项累计", "Which sum"), Words("所属期间", "Period")
USED, SOURCE = Words("已用（元）", "Used (yuan)"), Words("数据来源", "Source")


def sums_at(region: int) -> dict[str, Counted]:
    """The sums that policies in force in a region keep, by name."""
    return counted_by(policies_at(region, clock.today()))


def _opening_form(actor: Actor, number: int) -> Form:
    one = person(viewer=actor, person=number).summary
    known = sums_at(one.region)
    choices = tuple((name, _sum_words(sum_)) for name, sum_ in known.items())
    rows = (
        Field("accumulator", ACCUMULATOR, "choice", "", choices),
        Field(
            "period",
            PERIOD,
            value=str(clock.today().year),
            longest=10,
            hint=Words(
                "年 2026；季 2026Q3；月 2026-08；终身 ever",
                "Year 2026, quarter 2026Q3, month 2026-08, lifetime ever",
            ),
        ),
        Field("used_fen", USED, "money"),
        Field(
            "source",
            SOURCE,
            hint=Words("如“原系统 2026 年 8 月底台账”", "Such as “ledger of the former system”"),
            longest=100,
        ),
    )
    return Form(
        Words("设置期初已用额", "Set what was used before"),
        Words("设置", "Set"),
        rows,
        Words(
            "上线前在别处已用的额度。同一期间再次设置会替换原数，原数留痕。",
            "Used elsewhere before this system. Set again, it is replaced; the trail keeps the old.",
        ),
    )


def _sum_words(one: Counted) -> Words:
    return Words(f"{one.words.zh}（全户）", f"{one.words.en} (household)") if one.household else one.words


def _opening(actor: Actor, data: Mapping[str, Any], number: int) -> Call:
    region = person(viewer=actor, person=number).summary.region
    with scoped(actor.scope):
        known = sums_at(region)
    words = {
        "person": number,
        "accumulator": fields.choice(data, "accumulator", ACCUMULATOR, known),
        "period": fields.text(data, "period", PERIOD, longest=10),
        "used_fen": fen(data, "used_fen", USED),
        "source": fields.text(data, "source", SOURCE, longest=100),
    }
    return Call("entitlement.set_opening_balance", set_opening_balance, words)


OF = "county/people/<int:number>/"
declare(
    Deed(
        "county.household_form",
        OF + "household/new/",
        "people.form_household",
        _form_form,
        _form,
        "county.person",
    ),
    Deed(
        "county.household_join",
        OF + "household/join/",
        "people.join_household",
        _join_form,
        _join,
        "county.person",
    ),
    Deed(
        "county.household_leave",
        OF + "household/leave/",
        "people.leave_household",
        _leave_form,
        _leave,
        "county.person",
    ),
    Deed(
        "county.household_add",
        "county/households/<int:number>/add/",
        "people.join_household",
        _add_form,
        _add,
        "county.household",
    ),
    Deed(
        "county.opening",
        OF + "opening/",
        "entitlement.set_opening_balance",
        _opening_form,
        _opening,
        "county.person",
    ),
)
