"""The bill of a person at the window: typed, tried at every change, settled with one key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from secrets import choice
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from doudi.engine.render.amounts import cell
from doudi.engine.vocabulary import CARES, name_of
from doudi.server.desks import fields
from doudi.server.desks.forms import fen
from doudi.server.desks.pages import page
from doudi.server.desks.window.bill_form import PARTS, RECORDED, bill_of
from doudi.server.desks.window.result import Picture, picture
from doudi.server.entitlement.api import PersonCard, card
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import Refused
from doudi.server.people.api import person
from doudi.server.reference.api import clinical_codes, clinical_names
from doudi.server.settlement.api import (
    LineInput,
    RegistrationView,
    SettlementFilter,
    SettlementSums,
    Trial,
    registrations_of,
    settle,
    sums,
    trial,
)
from doudi.words import Language, Words

SERIAL = Words("单据号", "The bill's number")
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without the letters and digits that are taken for one another."""
SUGGESTED = 12
TYPED = ("care", "admitted_on", "discharged_on", "department", "diagnoses", "procedures", "total", "lines", "serial",
         "registration", "interim", "assessed", *PARTS)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Priced:
    """A fee line with its parts as the catalogue makes them, and what of it stays with the patient. Texts in yuan."""

    line: LineInput
    parts: tuple[str, ...]
    patient: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a trial showed. One of: a trial with its picture, a refusal, or neither while nothing is billed."""

    trial: Trial | None = None
    picture: Picture | None = None
    refusal: Refused | None = None
    seen: frozenset[str] = frozenset()
    priced: tuple[Priced, ...] = ()

    @property
    def stopped(self) -> bool:
        """Whether something forbids settling."""
        return self.trial is None or any(one.weight == "stop" for one in self.trial.notices)

    @property
    def unseen(self) -> bool:
        """Whether a notice still has to be looked at."""
        return self.trial is not None and any(one.code not in self.seen for one in self.trial.notices)

    @property
    def paid_fen(self) -> int:
        """What the funds bear."""
        return sum(one.fen for one in self.trial.shares) if self.trial else 0


def today_sums(actor: Actor) -> SettlementSums:
    """What this facility settled today: the figures in the head of the window."""
    today = clock.today()
    return sums(viewer=actor, wanted=SettlementFilter(from_date=today, until_date=today + timedelta(days=1)))


def language_of(request: HttpRequest, actor: Actor) -> Language:
    """The language of the page."""
    return "en" if request.COOKIES.get("language", actor.language) == "en" else "zh"


@page("window/person/<int:number>/bill/", name="window.bill", rule="settlement.trial")
def bill_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """An empty bill; `?registration=` begins it with what its stay or visit says."""
    asked = request.GET.get("registration", "")
    return _page(
        request, actor, number, int(asked) if asked.isascii() and asked.isdigit() else 0, {}, Result()
    )


@page("window/person/<int:number>/trial/", name="window.trial", rule="settlement.trial", methods=("POST",))
def tried(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Try what is typed. A refusal stands where the result would: it is no fault to have typed half a bill."""
    result = _try(request, actor, number)
    if getattr(request, "htmx", False):
        return render(
            request, "window/bill_result.html", {"result": result, **_about(request, actor, number)}
        )
    registration = request.POST.get("registration", "")
    at = int(registration) if registration.isascii() and registration.isdigit() else 0
    return _page(request, actor, number, at, request.POST, result)


@page("window/person/<int:number>/settle/", name="window.settle", rule="settlement.settle", methods=("POST",))
def settled(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Settle what was tried. The serial of the form makes a second send the same settlement."""
    bill = bill_of(request.POST, number, clock.today())
    if bill is None:
        raise Refused("nothing_billed", Words("还没有填写费用。", "Nothing is billed yet."), where="total")
    done = settle(
        actor=actor,
        now=clock.now(),
        key=None,
        serial=fields.text(request.POST, "serial", SERIAL, longest=60),
        bill=bill,
        interim=request.POST.get("interim") == "1",
        expected_patient_fen=fen(
            request.POST, "expected", Words("试算的患者应付", "The share tried"), required=False
        ),
        seen=tuple(request.POST.getlist("seen"))[:50],
    )
    return fields.done(request, reverse("window.settlement", args=[done.settlement]))


@page("window/diagnoses/", name="window.diagnoses", rule="reference.clinical_codes")
def diagnoses(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Codes for the last word of the field, by their beginning or by a part of the name."""
    words = request.GET.get("diagnoses", "").replace("，", " ").replace(",", " ").split(" ")
    asked = words[-1][:40]
    found = (
        clinical_codes(viewer=actor, kind="diagnosis", day=clock.today(), text=asked, size=SUGGESTED).items
        if asked
        else ()
    )
    return render(request, "window/diagnoses.html", {"found": found, "asked": asked})


def _try(request: HttpRequest, actor: Actor, number: int) -> Result:
    try:
        bill = bill_of(request.POST, number, clock.today())
        if bill is None:
            return Result()
        found = trial(viewer=actor, bill=bill)
    except Refused as refusal:
        return Result(refusal=refusal)
    priced = tuple(
        Priced(line, tuple(cell(told["parts"][part]) for part in PARTS), cell(told["patient"]))
        for line, told in zip(bill.lines, found.lines, strict=False)
    )
    seen = frozenset(request.POST.getlist("seen"))
    return Result(found, picture(found, language_of(request, actor)), seen=seen, priced=priced)


def _about(request: HttpRequest, actor: Actor, number: int) -> dict[str, Any]:
    """What the result says of the form: whose, what the codes mean, whether the stay goes on."""
    del actor
    codes = [one.upper() for one in request.POST.get("diagnoses", "").replace(",", " ").split()][:20]
    return {
        "number": number,
        "named": clinical_names("diagnosis", codes, clock.today()),
        "registered": request.POST.get("registration", "") not in ("", "0"),
        "interim": request.POST.get("interim") == "1",
    }


def _page(
    request: HttpRequest,
    actor: Actor,
    number: int,
    registration: int,
    typed: Mapping[str, str],
    result: Result,
) -> HttpResponse:
    today = clock.today()
    view = person(viewer=actor, person=number)
    entitled = card(viewer=actor, person=number, day=today)
    open_ = [
        one
        for one in registrations_of(viewer=actor, person=number, state="open")
        if one.facility == actor.facility
    ]
    chosen = next((one for one in open_ if one.registration == registration), None)
    facts = {
        "person": view.summary,
        "number": number,
        "day": today,
        "entitled": entitled,
        "registrations": open_,
        "chosen": chosen,
        "typed": _typed(typed, chosen, today),
        "parts": [(part, words, typed.get(part, "")) for part, words in PARTS.items()],
        "cares": [(care, name_of(care)) for care in CARES],
        "recorded": _recorded(entitled, typed),
        "result": result,
        "head": today_sums(actor),
        **_about(request, actor, number),
    }
    return render(request, "window/bill.html", facts)


def _typed(typed: Mapping[str, str], chosen: RegistrationView | None, today: date) -> dict[str, str]:
    """What stands in the form's fields."""
    found = {name: typed.get(name, "") for name in TYPED}
    if not typed:
        found |= {"care": "inpatient", "discharged_on": today.isoformat(), "serial": new_serial(today)}
        if chosen is not None:
            found |= {
                "admitted_on": chosen.admitted_on.isoformat(),
                "department": chosen.department,
                "diagnoses": " ".join(chosen.diagnoses),
            }
    if chosen is not None:
        found |= {"care": chosen.care, "admitted_on": chosen.admitted_on.isoformat()}
        found["registration"] = str(chosen.registration)
    return found


def new_serial(today: date) -> str:
    """A number for a bill that has none of the hospital's own; kept in the form, so that a resend is the same bill."""
    return f"W{today:%Y%m%d}-" + "".join(choice(LETTERS) for _ in range(7))


def _recorded(entitled: PersonCard, typed: Mapping[str, str]) -> list[tuple[str, Words, bool, str]]:
    """Payers whose amount is decided elsewhere: field name, words, whether case by case, what is typed."""
    found: dict[str, tuple[str, Words, bool, str]] = {}
    for option in entitled.card.options if entitled.card else ():
        for payer in option.payers:
            if payer.decided != "here":
                name = RECORDED + payer.name
                found[name] = name, payer.title, payer.decided == "case_by_case", typed.get(name, "")
    return list(found.values())
