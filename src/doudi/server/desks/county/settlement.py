"""One settlement: who paid what by which article, how it came to be so, what was posted, whether it still holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from doudi.engine.record import canonical
from doudi.money import parse_yuan
from doudi.server.access.api import allowed
from doudi.server.desks import fields
from doudi.server.desks.county.ledger_names import names_for
from doudi.server.desks.county.settlements_filter import STATES
from doudi.server.desks.exports import count_export, purpose_of
from doudi.server.desks.pages import page
from doudi.server.desks.payers import payer_names
from doudi.server.desks.places import place_name
from doudi.server.desks.window.bill import language_of
from doudi.server.desks.window.result import PART_WORDS, Picture, picture_of
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.ledger.api import EntryView, entries_of
from doudi.server.people.api import person_summaries
from doudi.server.recognition.api import category_title
from doudi.server.reference.api import clinical_names, facility_names
from doudi.server.settlement.api import Decided, SettlementHistory, history, verify
from doudi.words import Language, Words

VERSION = Words("版本", "version")
MOST = 2**15 - 1


@dataclass(frozen=True, slots=True)
class Step:
    """A version with what it changed: payer → fen more or less than the version before."""

    version: Decided
    state: Words
    payers: tuple[tuple[str, int, int], ...]
    """Payer, what it pays in this version, what that is more than before."""
    paid_delta: int
    hospital_delta: int
    patient_delta: int


@page("county/settlements/<int:number>/", name="county.settlement", rule="settlement.history")
def settlement_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """The page; `?version=` shows an earlier decision."""
    version = fields.number(request.GET, "version", VERSION, least=1, most=MOST, required=False)
    one = history(viewer=actor, settlement=number, version=version)
    row, language = one.row, language_of(request, actor)
    posted = _posted(actor, row.settlement)
    codes = list(one.bill.get("diagnoses", ()))
    decision = picture(one, language)
    facts = {
        "one": one,
        "row": row,
        "person": person_summaries(viewer=actor, persons=[row.person]).get(row.person),
        "facility": facility_names([row.facility]).get(row.facility, ""),
        "place": place_name(row.region),
        "state": STATES[one.shown.kind],
        "picture": decision,
        "patient_fen": parse_yuan(one.answer["patient"]),
        "hospital_fen": parse_yuan(one.answer["hospital"]),
        "total_fen": parse_yuan(one.answer["total"]),
        "payers": payer_names(actor, row.region),
        "categories": [category_title(code).words for code in row.categories],
        "diagnoses": [(code, clinical_names("diagnosis", [code], row.discharged_on).get(code, "")) for code in codes],
        "steps": steps(one.versions),
        "entries": posted,
        "funds": names_for(actor, row.region, [line.account for entry in posted for line in entry.lines]).funds,
        "lines": one.answer.get("lines", ()),
        "printable": one.has_slip and one.shown.standing,
    }  # fmt: skip
    return render(request, "county/settlement.html", facts)


def _posted(actor: Actor, settlement: int) -> tuple[EntryView, ...]:
    if not allowed("ledger.entries_of", actor):
        return ()
    return entries_of(viewer=actor, source_kind="settlement", source_id=settlement)


@page(
    "county/settlements/<int:number>/verify/",
    name="county.settlement_verify",
    rule="settlement.verify",
    methods=("POST",),
)
def verify_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Settle the frozen facts again, now, and say whether the same comes out."""
    version = fields.number(request.POST, "version", VERSION, least=1, most=MOST, required=False)
    found = verify(viewer=actor, settlement=number, version=version)
    return render(request, "county/settlement_verified.html", {"found": found, "at": clock.now()})


@page(
    "county/settlements/<int:number>/facts/",
    name="county.settlement_facts",
    rule="settlement.history",
    methods=("POST",),
)
def facts_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """The frozen facts as a settle file, without a name: whoever has it and the policy settles the bill again.

    It leaves the house with a purpose and an event, like every list.
    """
    version = fields.number(request.POST, "version", VERSION, least=1, most=MOST, required=False)
    one = history(viewer=actor, settlement=number, version=version)
    count_export(
        actor=actor, now=clock.now(), what="settlements", rows=1, filters=f"settle file {one.row.number}",
        purpose=purpose_of(request),
    )  # fmt: skip
    file = {"policy": one.record["policy"]["id"], **one.record["facts"]}
    answer = HttpResponse(canonical(file), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{one.row.number}-{one.shown.version}.json"'
    return answer


def picture(one: SettlementHistory, language: Language) -> Picture | None:
    """The bars of the decision that is shown; None where it cannot be told."""
    if one.untold is not None or not one.explanation:
        return None
    answer = one.answer
    payers = [step for step in one.explanation if step["step"] == "payer"]
    parts = next(step["parts"] for step in one.explanation if step["step"] == "bill")
    return picture_of(
        one.explanation,
        {part: parse_yuan(parts[part]) for part in PART_WORDS},
        {
            step["payer"]: (parse_yuan(answer["shares"].get(step["payer"], "0")), "recorded" in step)
            for step in payers
        },
        (
            parse_yuan(answer["hospital"]),
            parse_yuan(answer["patient"]),
            parse_yuan(answer["patient_in_scope"]),
        ),
        language,
    )


def steps(versions: tuple[Decided, ...]) -> list[Step]:
    """The versions with their differences, the latest first."""
    found: list[Step] = []
    before: Decided | None = None
    for version in versions:
        earlier: Mapping[str, int] = before.shares if before else {}
        payers = tuple(
            (payer, version.shares.get(payer, 0), version.shares.get(payer, 0) - earlier.get(payer, 0))
            for payer in dict.fromkeys((*version.shares, *earlier))
        )
        deltas = [
            getattr(version, name) - (getattr(before, name) if before else 0)
            for name in ("paid_fen", "hospital_fen", "patient_fen")
        ]
        found.insert(0, Step(version, STATES[version.kind], payers, *deltas))
        before = version
    return found
