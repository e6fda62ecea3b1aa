"""What is done to a person's record: correct, move, state, bank card, contacts, taking a merge back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from doudi.server.desks import fields
from doudi.server.desks.forms import Call, Deed, Field, Form, declare, reason_field, reason_of
from doudi.server.desks.pages import page
from doudi.server.desks.places import MOST, place_name, place_names
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import NotFound
from doudi.server.kernel.regions import KEY_DIGITS, significant
from doudi.server.people.api import (
    ETHNICITIES,
    NUMBER_KINDS,
    SEXES,
    STATUSES,
    NumberKind,
    add_card,
    add_contact,
    correct,
    end_contact,
    match_numbers,
    move,
    person,
    set_status,
    split,
)
from doudi.server.reference.api import code_of, regions
from doudi.words import Words

Choices = tuple[tuple[str, Words | str], ...]

NAME, NUMBER = Words("姓名", "Name"), Words("证件号码", "Number")
NUMBER_KIND, SEX = Words("证件类型", "Kind of document"), Words("性别", "Sex")
BIRTH_DATE, PHONE = Words("出生日期", "Date of birth"), Words("电话", "Phone")
ETHNICITY, TOWNSHIP = Words("民族", "Ethnicity"), Words("乡镇（街道）", "Township")
VILLAGE, FROM = Words("村（社区）", "Village"), Words("从哪天起", "From")
GUARDIAN = Words("监护人证件号", "Guardian's number")
KEPT = Words("不改则留空", "Leave empty to keep")

SEX_CHOICES: Choices = tuple(SEXES.items())
KIND_CHOICES: Choices = tuple((kind.value, words) for kind, words in NUMBER_KINDS.items())
ETHNICITY_CHOICES: Choices = tuple(ETHNICITIES.items())
STATUS_CHOICES: Choices = tuple(STATUSES.items())


def townships(actor: Actor) -> Choices:
    """Region keys an officer may put a person into, with their names: the townships of their county, or their own."""
    today = clock.today()
    found: list[tuple[str, Words | str]] = []
    for start, end in actor.ranges.pairs:
        inside = regions(viewer=actor, day=today, parent=code_of(start), size=MOST).items
        below = [(str(one.code // 1000), one.name) for one in inside if significant(one.code) <= KEY_DIGITS]
        found += below if below and end - start > 1 else [(str(start), place_names([start])[start])]
    return tuple(found)


def villages(actor: Actor, township: int) -> Choices:
    """The villages of a township (region key), by 12-digit code."""
    inside = regions(viewer=actor, day=clock.today(), parent=code_of(township), size=MOST).items
    return tuple((str(one.code), one.name) for one in inside if significant(one.code) > KEY_DIGITS)


def region_of(data: Mapping[str, Any]) -> int:
    """The region key that `townships` offered."""
    return fields.number(data, "region", TOWNSHIP, most=10**9) or 0


def village_of(data: Mapping[str, Any]) -> int | None:
    """The village that `villages` offered."""
    return fields.number(data, "village_code", VILLAGE, required=False)


def person_by_number(actor: Actor, data: Mapping[str, Any], field: str, words: Words) -> int | None:
    """The person of the actor's regions whose whole number was typed; None where nothing was."""
    text = fields.text(data, field, words, required=False, longest=40)
    if not text:
        return None
    found = match_numbers(viewer=actor, numbers=[text])
    if text not in found:
        raise NotFound(
            "person_not_found",
            Words(f"“{words.zh}”在您的辖区内没有查到。", f"{words.en}: nobody in your area has it."),
            remedy=Words("请核对号码，或先登记此人。", "Check the number, or register them first."),
            where=field,
        )
    return found[text].id


@page("county/villages/", name="county.villages", rule="reference.regions")
def villages_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The villages of the township chosen in a form."""
    key = fields.number(request.GET, "region", TOWNSHIP, most=10**9, required=False)
    return render(request, "county/villages.html", {"villages": villages(actor, key) if key else ()})


def _correct_form(actor: Actor, number: int) -> Form:
    view = person(viewer=actor, person=number)
    one = view.summary
    rows = (
        Field("name", NAME, value=one.name, longest=80),
        Field("number", NUMBER, required=False, hint=KEPT, longest=40),
        Field("number_kind", NUMBER_KIND, "choice", choices=KIND_CHOICES, required=False),
        Field("sex", SEX, "choice", value=one.sex, choices=SEX_CHOICES),
        Field("birth_date", BIRTH_DATE, "date", required=False, hint=KEPT),
        Field("phone", PHONE, required=False, hint=KEPT, longest=20),
        Field("no_phone", Words("删除现有电话", "Remove the phone"), "tick"),
        Field("ethnicity", ETHNICITY, "choice", value=view.ethnicity, choices=ETHNICITY_CHOICES, required=False),
        Field("guardian_number", GUARDIAN, required=False, hint=KEPT, longest=40),
        reason_field(Words("更正依据", "Why and by which paper")),
    )  # fmt: skip
    return Form(
        Words("更正档案", "Correct the record"),
        Words("更正", "Correct"),
        rows,
        Words(
            "旧值保留在档案变更中；证件号与性别、出生日期须一致。",
            "Old values stay in the history; number, sex and birth must agree.",
        ),
    )


def _correct(actor: Actor, data: Mapping[str, Any], number: int) -> Call:
    view = person(viewer=actor, person=number)
    sex = fields.choice(data, "sex", SEX, SEXES)
    kind = fields.choice(data, "number_kind", NUMBER_KIND, list(NumberKind), required=False)
    phone = fields.text(data, "phone", PHONE, required=False, longest=20)
    ethnicity = fields.choice(data, "ethnicity", ETHNICITY, ETHNICITIES, required=False)
    words = {
        "person": number,
        "reason": reason_of(data),
        "name": fields.text(data, "name", NAME, longest=80),
        "number": fields.text(data, "number", NUMBER, required=False, longest=40) or None,
        "number_kind": NumberKind(kind) if kind else None,
        "sex": sex if sex != view.summary.sex else None,
        "birth_date": fields.day(data, "birth_date", BIRTH_DATE, required=False),
        "phone": "" if data.get("no_phone") == "1" else phone or None,
        "ethnicity": ethnicity if ethnicity != view.ethnicity else None,
        "guardian": person_by_number(actor, data, "guardian_number", GUARDIAN),
    }
    return Call("people.correct", correct, words)


def _move_form(actor: Actor, number: int) -> Form:
    one = person(viewer=actor, person=number).summary
    rows = (
        Field("region", Words("迁往", "To"), "choice", value=str(one.region), choices=townships(actor)),
        Field(
            "village_code",
            VILLAGE,
            "village",
            str(one.village_code or ""),
            villages(actor, one.region),
            required=False,
        ),
        reason_field(Words("迁移原因和依据", "Why and by which paper")),
    )
    return Form(
        Words("迁移", "Move"),
        Words("迁移", "Move"),
        rows,
        Words(
            f"现属 {place_name(one.region)}。认定、参保、备案随人迁移；留在原地的户自今天起退出。",
            f"Now in {place_name(one.region)}. Standing and filings go along; a household that stays is left today.",
        ),
    )


def _move(actor: Actor, data: Mapping[str, Any], number: int) -> Call:
    del actor
    words = {
        "person": number,
        "region": region_of(data),
        "village_code": village_of(data),
        "reason": reason_of(data),
    }
    return Call("people.move", move, words)


ON = Words("死亡或迁出日期", "On")


def _status_form(actor: Actor, number: int) -> Form:
    one = person(viewer=actor, person=number).summary
    rows = (
        Field("status", Words("状态", "State"), "choice", value=one.status, choices=STATUS_CHOICES),
        Field(
            "status_date",
            ON,
            "date",
            clock.today().isoformat(),
            required=False,
            hint=Words("“在册”不填日期", "None for “on the roster”"),
        ),
        reason_field(Words("依据（死亡证明、迁移证等）", "By which paper")),
    )
    return Form(
        Words("变更状态", "Change the state"), Words("变更", "Change"), rows,
        Words("不会自动终止认定或停保：需要时请另行办理。", "Ends no recognition and no enrolment: do so separately."),
    )  # fmt: skip


def _status(actor: Actor, data: Mapping[str, Any], number: int) -> Call:
    del actor
    status = fields.choice(data, "status", Words("状态", "State"), STATUSES)
    on: date | None = None if status == "present" else fields.needed_day(data, "status_date", ON)
    words = {"person": number, "status": status, "on": on, "reason": reason_of(data)}
    return Call("people.set_status", set_status, words)


CARD, BANK, HOLDER = Words("银行账号", "Account"), Words("银行", "Bank"), Words("户名", "Holder")


def _card_form(actor: Actor, number: int) -> Form:
    del actor, number
    rows = (
        Field("card", CARD, longest=40),
        Field("bank", BANK, required=False, longest=60),
        Field(
            "holder_name",
            HOLDER,
            required=False,
            longest=80,
            hint=Words("本人账户不填；监护人代领时填监护人", "Empty for the person's own account"),
        ),
        Field("from_date", FROM, "date", clock.today().isoformat()),
    )
    return Form(
        Words("登记一卡通", "Bank card"),
        Words("登记", "Save"),
        rows,
        Words(
            "原账号自这天起停用，以后的补助发到新账号。",
            "The account before ends on that day; later payments go to the new one.",
        ),
    )


def _card(actor: Actor, data: Mapping[str, Any], number: int) -> Call:
    del actor
    words = {
        "person": number,
        "number": fields.text(data, "card", CARD, longest=40),
        "bank": fields.text(data, "bank", BANK, required=False, longest=60),
        "holder_name": fields.text(data, "holder_name", HOLDER, required=False, longest=80),
        "from_date": fields.needed_day(data, "from_date", FROM),
    }
    return Call("people.add_card", add_card, words)


RELATION = Words("与本人关系", "Relation")


def _contact_form(actor: Actor, number: int) -> Form:
    del actor, number
    rows = (
        Field("name", NAME, longest=80),
        Field("phone", PHONE, longest=20),
        Field("relation", RELATION, required=False, longest=20),
    )
    return Form(Words("添加联系人", "Add a contact"), Words("添加", "Add"), rows)


def _contact(actor: Actor, data: Mapping[str, Any], number: int) -> Call:
    del actor
    words = {
        "person": number,
        "name": fields.text(data, "name", NAME, longest=80),
        "phone": fields.text(data, "phone", PHONE, longest=20),
        "relation": fields.text(data, "relation", RELATION, required=False, longest=20),
    }
    return Call("people.add_contact", add_contact, words)


def _uncontact_form(actor: Actor, number: int, item: int) -> Form:
    one = next((c for c in person(viewer=actor, person=number).contacts if c.id == item), None)
    name = one.name if one else ""
    return Form(
        Words(f"移除联系人 {name}", f"Remove the contact {name}"), Words("移除", "Remove"), (), danger=True
    )


def _uncontact(actor: Actor, data: Mapping[str, Any], number: int, item: int) -> Call:
    del actor, data, number
    return Call("people.end_contact", end_contact, {"contact": item})


def _split_form(actor: Actor, number: int) -> Form:
    one = person(viewer=actor, person=number).summary
    return Form(
        Words("撤销合并", "Undo the merge"), Words("撤销合并", "Undo the merge"), (reason_field(),),
        Words(
            f"“{one.name}”这份档案恢复为独立的一人，其名下的认定、参保、备案随之分开。",
            f"The record “{one.name}” is a person of its own again, with its own recognitions, enrolments and filings.",
        ), danger=True,
    )  # fmt: skip


def _split(actor: Actor, data: Mapping[str, Any], number: int) -> Call:
    del actor
    return Call("people.split", split, {"person": number, "reason": reason_of(data)})


OF = "county/people/<int:number>/"
declare(
    Deed("county.correct", OF + "correct/", "people.correct", _correct_form, _correct, "county.person"),
    Deed("county.move", OF + "move/", "people.move", _move_form, _move, "county.person"),
    Deed("county.status", OF + "status/", "people.set_status", _status_form, _status, "county.person"),
    Deed("county.card", OF + "card/", "people.add_card", _card_form, _card, "county.person"),
    Deed("county.contact", OF + "contact/", "people.add_contact", _contact_form, _contact, "county.person"),
    Deed(
        "county.uncontact", OF + "contact/<int:item>/remove/", "people.end_contact",
        _uncontact_form, _uncontact, "county.person",
    ),
    Deed("county.split", OF + "split/", "people.split", _split_form, _split, "county.person"),
)  # fmt: skip
