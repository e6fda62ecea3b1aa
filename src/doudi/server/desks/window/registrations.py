"""就诊登记 at the window: register, put right, take back, close."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from doudi.engine.vocabulary import CARES, name_of
from doudi.server.desks import fields
from doudi.server.desks.forms import REASON, Call, Deed, Field, Form, declare, reason_field, reason_of
from doudi.server.desks.window.bill import new_serial
from doudi.server.desks.window.bill_form import BEGINS, CARE, DEPARTMENT, DIAGNOSES, ENDS, codes_of, short_day
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import NotFound
from doudi.server.settlement.api import (
    RegistrationView,
    amend_registration,
    cancel_registration,
    discharge,
    register,
    registrations_of,
)
from doudi.words import Words

SERIAL = Words("登记号（住院号、门诊号）", "Number of the stay or visit")
MAIN_FIRST = Words("主要诊断在前，用空格分开。", "The main one first.")
STAYS_PUT = Words("已有结算的登记不能改入院日期。", "Once a bill is settled on it, its first day stays.")
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
            ("discharge", f"{OF}discharge/", _discharge, _do_discharge),
        )
    )
)
