"""更正账单: a bill's content put right at its old place. What that changes is shown, and a second person approves it.

The form begins with what was submitted or last corrected. Person, hospital, care and registration stay; who needs another
of these reverses the bill and settles it again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from pydantic import TypeAdapter, ValidationError

from doudi.money import format_yuan
from doudi.server.desks import fields
from doudi.server.desks.forms import Field, Form, fen, shown
from doudi.server.desks.pages import page
from doudi.server.desks.payers import called, payer_names
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import Refused
from doudi.server.settlement.api import BillInput, Correction, submitted
from doudi.words import Words

CORRECTIONS: TypeAdapter[tuple[Correction, ...]] = TypeAdapter(tuple[Correction, ...])
PARTS = {
    "in_scope_fen": Words("政策范围内（元）", "In scope (yuan)"),
    "first_pay_fen": Words("先行自付（元）", "First pay (yuan)"),
    "over_limit_fen": Words("超限价（元）", "Over the limit (yuan)"),
    "own_pay_fen": Words("全自费（元）", "Own pay (yuan)"),
}
ADMITTED, DISCHARGED = Words("入院（就诊）日期", "Admitted"), Words("出院（结束）日期", "Discharged")
DIAGNOSES = Words("诊断编码（主要诊断在前，用空格分开）", "Diagnoses, the main one first")


def written(corrections: Iterable[Correction]) -> str:
    """Corrections as a form carries them from the preview to the proposal."""
    return CORRECTIONS.dump_json(tuple(corrections)).decode()


def read(data: Mapping[str, Any]) -> tuple[Correction, ...]:
    """The corrections that a form carries; none where it carries none."""
    try:
        return CORRECTIONS.validate_json(str(data.get("corrections") or "[]"))
    except ValidationError:
        words = Words(
            "更正的内容读不出来，请重新填写。", "The corrections cannot be read: fill them in again."
        )
        raise Refused("corrections_unreadable", words) from None


def listed(corrections: Iterable[Correction]) -> list[Any]:
    """Corrections as a proposal keeps them."""
    return list(json.loads(written(corrections)))


def _recorded(actor: Actor, bill: BillInput) -> dict[str, Words]:
    """Payer decided elsewhere → what its field is called."""
    names = payer_names(actor) if bill.recorded else {}
    words = {payer: called(names, payer) for payer in sorted(bill.recorded)}
    return {
        payer: Words(f"平台已结：{one.zh}（元）", f"Decided elsewhere: {one.en} (yuan)")
        for payer, one in words.items()
    }


def _form(bill: BillInput, recorded_words: Mapping[str, Words]) -> Form:
    """Days, diagnosis and money of a bill as they stand. Fee lines are corrected by their hospital's system."""
    amounts = () if bill.lines else tuple(
        Field(name, words, "money", format_yuan(getattr(bill, name))) for name, words in PARTS.items()
    )  # fmt: skip
    recorded = tuple(
        Field(f"recorded_{payer}", words, "money", format_yuan(bill.recorded[payer]), required=False)
        for payer, words in recorded_words.items()
    )
    return Form(
        Words("更正账单内容", "Correct a bill"),
        Words("查看更正的结果", "See what it changes"),
        (
            Field("admitted_on", ADMITTED, "date", bill.admitted_on.isoformat()),
            Field("discharged_on", DISCHARGED, "date", bill.discharged_on.isoformat()),
            Field("diagnoses", DIAGNOSES, value=" ".join(bill.diagnoses), required=False, longest=400),
            *amounts,
            *recorded,
        ),
        Words(
            "只是查看：此人以后的账单会按原顺序一并重算；提交后由第二人审批才过账。",
            "Only a look: later bills follow in their places; nothing is posted before a second person approves.",
        ),
    )


def _corrected(bill: BillInput, recorded_words: Mapping[str, Words], data: Mapping[str, Any]) -> BillInput:
    words: dict[str, Any] = {
        "admitted_on": fields.needed_day(data, "admitted_on", ADMITTED),
        "discharged_on": fields.needed_day(data, "discharged_on", DISCHARGED),
        "diagnoses": tuple(fields.text(data, "diagnoses", DIAGNOSES, required=False, longest=400).split()),
    }
    if not bill.lines:
        words |= {name: fen(data, name, title) for name, title in PARTS.items()}
    given = {
        payer: fen(data, f"recorded_{payer}", words, required=False)
        for payer, words in recorded_words.items()
    }
    words["recorded"] = {payer: amount for payer, amount in given.items() if amount is not None}
    return replace(bill, **words)


@page(
    "county/settlements/<int:number>/correct/",
    name="county.bill_correct",
    rule="settlement.readjudication_preview",
    methods=("GET", "POST"),
)
def correct(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """The form; sent, what the correction changes, from where it is proposed."""
    from doudi.server.desks.county.readjudications import preview_facts

    bill = submitted(viewer=actor, settlement=number)
    recorded_words = _recorded(actor, bill)
    if request.method != "POST":
        return shown(request, _form(bill, recorded_words), reverse("county.settlement", args=[number]))
    corrections = (Correction(number, _corrected(bill, recorded_words, request.POST)),)
    answer = render(request, "county/readjudication.html", preview_facts(actor, bill.person, corrections))
    if getattr(request, "htmx", False):  # the form asks for a message; a preview is a page
        answer["HX-Retarget"], answer["HX-Reselect"], answer["HX-Reswap"] = (
            "#content",
            "#content",
            "outerHTML",
        )
    return answer
