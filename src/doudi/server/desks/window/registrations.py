"""就诊登记 at the window: register, put right, take back, close."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from doudi.engine.vocabulary import CARES, name_of
from doudi.money import format_yuan
from doudi.server.desks import fields
from doudi.server.desks.forms import REASON, Call, Deed, Field, Form, declare, fen, reason_field, reason_of
from doudi.server.desks.window.bill import new_serial
from doudi.server.desks.window.bill_form import BEGINS, CARE, DEPARTMENT, DIAGNOSES, ENDS, codes_of, short_day
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import NotFound, Refused
from doudi.server.settlement.api import (
    LimitRoom,
    RegistrationView,
    amend_registration,
    cancel_registration,
    discharge,
    hold,
    limit_rooms,
    register,
    registrations_of,
)
from doudi.words import Words

SERIAL = Words("登记号（住院号、门诊号）", "Number of the stay or visit")
MAIN_FIRST = Words("主要诊断在前，用空格分开。", "The main one first.")
STAYS_PUT = Words("已有结算的登记不能改入院日期。", "Once a bill is settled on it, its first day stays.")
LIMIT = Words("限额", "Limit")
HELD = Words("占用金额（元）", "Amount (yuan)")
EXPIRES = Words("占用到（含当天）", "Until (that day too)")
HOLD_SERIAL = Words("占用单号", "Number of the hold")
KEPT_HOLD = Words(
    "机构自己的号码；同一号码只占用一次。", "The facility's own number; one number is one hold."
)
HELD_FOR = 30
"""Days a hold is offered for; assumed: longer than most stays."""
KEPT = Words(
    "机构自己的号码；同一号码只登记一次。", "The facility's own number; one number is one registration."
)


def own(actor: Actor, number: int, item: int) -> RegistrationView:
    """The registration of the person at this facility; `registration_unknown`."""
    for one in registrations_of(viewer=actor, person=number):
        if one.registration == item and one.facility == actor.facility:
            return one
    raise NotFound(
        "registration_unknown",
        Words("没有这条就诊登记，或不在您的范围内。", "No such registration in your scope."),
        where="registration",
    )


def _register(actor: Actor, number: int) -> Form:
    del actor, number
    today = clock.today()
    return Form(
        Words("就诊登记", "Register a stay or visit"),
        Words("登记", "Register"),
        (
            Field("care", CARE, "choice", "inpatient", tuple((care, name_of(care)) for care in CARES)),
            Field("admitted_on", Words("入院（就诊）日期", "From"), "date", today.isoformat()),
            Field("department", DEPARTMENT, required=False, longest=60),
            Field(
                "diagnoses",
                DIAGNOSES,
                required=False,
                hint=Words("主要诊断在前，用空格分开。", "The main one first."),
            ),
            Field("serial", SERIAL, value=new_serial(today).replace("W", "R", 1), longest=60, hint=KEPT),
        ),
        Words(
            "登记后可在其上试算、占用额度、做中途结算和出院结算；其他机构可见此人有未结清的就诊。",
            "Bills are then tried and settled on it; other facilities see that a stay is open.",
        ),
    )


def _do_register(actor: Actor, data: Mapping[str, Any], number: int) -> Call:
    del actor
    words = {
        "person": number,
        "care": fields.choice(data, "care", CARE, CARES),
        "admitted_on": short_day(data, "admitted_on", BEGINS, clock.today()),
        "serial": fields.text(data, "serial", SERIAL, longest=60),
        "department": fields.text(data, "department", DEPARTMENT, required=False, longest=60),
        "diagnoses": codes_of(data, "diagnoses", DIAGNOSES),
    }
    return Call("settlement.register", register, words)


def _amend(actor: Actor, number: int, item: int) -> Form:
    one = own(actor, number, item)
    first = () if one.settled else (Field("admitted_on", BEGINS, "date", one.admitted_on.isoformat()),)
    return Form(
        Words(f"更正登记 {one.serial}", f"Amend {one.serial}"),
        Words("更正", "Amend"),
        (
            *first,
            Field("department", DEPARTMENT, value=one.department, required=False, longest=60),
            Field("diagnoses", DIAGNOSES, value=" ".join(one.diagnoses), required=False),
        ),
        Words("已有结算的登记不能改入院日期。", "Once a bill is settled on it, its first day stays.")
        if one.settled
        else None,
    )


def _do_amend(actor: Actor, data: Mapping[str, Any], number: int, item: int) -> Call:
    words = {
        "registration": own(actor, number, item).registration,
        "department": fields.text(data, "department", DEPARTMENT, required=False, longest=60),
        "diagnoses": codes_of(data, "diagnoses", DIAGNOSES),
        "admitted_on": short_day(data, "admitted_on", BEGINS, clock.today())
        if data.get("admitted_on")
        else None,
    }
    return Call("settlement.amend_registration", amend_registration, words)


def _cancel(actor: Actor, number: int, item: int) -> Form:
    one = own(actor, number, item)
    return Form(
        Words(f"取消登记 {one.serial}", f"Cancel {one.serial}"),
        Words("取消登记", "Cancel it"),
        (reason_field(),),
        Words("没有结算的登记才能取消；记录保留。", "Only where nothing is settled on it; the record stays."),
        danger=True,
    )


def _do_cancel(actor: Actor, data: Mapping[str, Any], number: int, item: int) -> Call:
    words = {"registration": own(actor, number, item).registration, "reason": reason_of(data, REASON)}
    return Call("settlement.cancel_registration", cancel_registration, words)


def _hold(actor: Actor, number: int, item: int) -> Form:
    one = own(actor, number, item)
    rooms = limit_rooms(viewer=actor, registration=one.registration)
    if not rooms:
        raise Refused(
            "no_limit_to_hold",
            Words(
                "此次就诊按施行的政策没有可占用的限额。", "No limit of the policy would be met by this stay."
            ),
        )
    free = tuple((room.name, _room_words(room)) for room in rooms)
    today = clock.today()
    return Form(
        Words(f"额度占用 {one.serial}", f"Hold a limit for {one.serial}"),
        Words("占用", "Hold it"),
        (
            Field("name", LIMIT, "choice", free[0][0], free),
            Field("fen", HELD, "money"),
            Field("expires_on", EXPIRES, "date", (today + timedelta(days=HELD_FOR)).isoformat()),
            Field(
                "serial",
                HOLD_SERIAL,
                value=new_serial(today).replace("W", "H", 1),
                longest=60,
                hint=KEPT_HOLD,
            ),
        ),
        Words(
            "占用后其他机构只见剩余额度；出院结算按实际用掉、其余释放，到期自动释放。",
            "Others see what is left; the last bill uses what it needs and frees the rest; at expiry it frees itself.",
        ),
    )


def _room_words(room: LimitRoom) -> Words:
    """A limit with what is free of it."""
    free = format_yuan(room.free_fen, grouping=True)
    return Words(f"{room.words.zh}（可占 {free}）", f"{room.words.en} ({free} free)")


def _do_hold(actor: Actor, data: Mapping[str, Any], number: int, item: int) -> Call:
    words = {
        "registration": own(actor, number, item).registration,
        "name": fields.text(data, "name", LIMIT, longest=80),
        "fen": fen(data, "fen", HELD),
        "expires_on": fields.day(data, "expires_on", EXPIRES),
        "serial": fields.text(data, "serial", HOLD_SERIAL, longest=60),
    }
    return Call("settlement.hold", hold, words)


def _discharge(actor: Actor, number: int, item: int) -> Form:
    one = own(actor, number, item)
    return Form(
        Words(f"出院结清 {one.serial}", f"Close {one.serial}"),
        Words("出院结清", "Close it"),
        (Field("discharged_on", ENDS, "date", clock.today().isoformat()),),
        Words(
            f"已有 {one.settled} 笔结算；结清后不能再在此登记上结算。",
            f"{one.settled} bills are settled on it; none can follow.",
        ),
    )


def _do_discharge(actor: Actor, data: Mapping[str, Any], number: int, item: int) -> Call:
    day: date = short_day(data, "discharged_on", ENDS, clock.today())
    words = {"registration": own(actor, number, item).registration, "discharged_on": day}
    return Call("settlement.discharge", discharge, words)


OF = "window/person/<int:number>/registration/<int:item>/"
declare(
    *(
        Deed(f"window.{name}", address, f"settlement.{name}", form, call, "window.person")
        for name, address, form, call in (
            ("register", "window/person/<int:number>/register/", _register, _do_register),
            ("amend_registration", f"{OF}amend/", _amend, _do_amend),
            ("cancel_registration", f"{OF}cancel/", _cancel, _do_cancel),
            ("hold", f"{OF}hold/", _hold, _do_hold),
            ("discharge", f"{OF}discharge/", _discharge, _do_discharge),
        )
    )
)
