"""重新结算: whose bills would come out otherwise on what is known now, what that changes, and sending it for approval."""

from __future__ import annotations

import json
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from doudi.money import format_yuan
from doudi.server.access.api import propose
from doudi.server.desks import fields
from doudi.server.desks.county.corrections import CORRECTIONS, listed, read, written
from doudi.server.desks.pages import page
from doudi.server.desks.payers import called, payer_names
from doudi.server.desks.places import place_names
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import Refused
from doudi.server.kernel.jobs import JobState, job_state, my_jobs
from doudi.server.people.api import PersonSummary, person_summaries
from doudi.server.reference.api import facility_names
from doudi.server.settlement.api import (
    LOOK_JOBS,
    Correction,
    Difference,
    Readjudication,
    ask_look,
    parked,
    readjudication_preview,
    stale,
)
from doudi.words import Words

NAME = "settlement.readjudicate"
SHOWN = 100
(LOOK,) = LOOK_JOBS
REASON = Words("重新结算的原因", "reason")


@dataclass(frozen=True, slots=True)
class Cell:
    """What one payer, the hospital or the patient bears of a bill: before, after, and the difference."""

    name: str
    words: Words
    before: int
    after: int

    @property
    def delta(self) -> int:
        """After less before."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Picture:
    """A preview as pages show it: a row a bill, the same columns in each, the sums, and who the people are."""

    found: Readjudication
    rows: tuple[tuple[Difference, tuple[Cell, ...]], ...]
    sums: tuple[Cell, ...]
    facilities: dict[int, str]
    people: dict[int, PersonSummary]

    @property
    def paid_fen(self) -> int:
        """What the funds pay more, below zero less."""
        return sum(self.found.totals.payers.values())


@page("county/readjudications/", name="county.readjudications", rule="settlement.stale")
def readjudications(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Candidates that a look has found, with what they move; and reversals that wait for their original."""
    after = fields.number(request.GET, "after", Words("起始", "after"), required=False) or 0
    found = stale(viewer=actor, after=after, most=SHOWN + 1)
    rows, more = found[:SHOWN], len(found) > SHOWN
    who = person_summaries(viewer=actor, persons=[one.person for one in rows])
    waiting = parked(viewer=actor)
    facts: dict[str, Any] = {
        "rows": [(one, who.get(one.person)) for one in rows],
        "places": place_names(one.region for one in rows),
        "next_after": rows[-1].number if more else None,
        "bills": sum(one.bills for one in rows),
        "paid_fen": sum(one.paid_delta_fen for one in rows),
        "patient_fen": sum(one.patient_delta_fen for one in rows),
        "parked": waiting,
        "facilities": facility_names(one.facility for one in waiting),
        "job": _job(actor, request),
        "key": token_hex(12),
        "proposed": fields.number(request.GET, "proposed", Words("审批事项", "proposal"), required=False),
    }
    return render(request, "county/readjudications.html", facts)


def _job(actor: Actor, request: HttpRequest) -> JobState | None:
    """The look that the address speaks of, or the one that is under way."""
    asked = fields.number(request.GET, "look", Words("任务", "look"), required=False)
    mine = my_jobs(actor, kinds=[LOOK], size=5).items
    return next((one for one in mine if one.id == asked or not one.ended), None)


@page(
    "county/readjudications/look/",
    name="county.readjudications_look",
    rule="settlement.ask_look",
    methods=("POST",),
)
def look(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Have a worker settle the candidates again, without posting anything."""
    key = fields.text(request.POST, "key", Words("表单编号", "key"), required=False, longest=40)
    asked = ask_look(actor=actor, now=clock.now(), key=key or None)
    return fields.done(request, f"{reverse('county.readjudications')}?look={asked.job}")


@page(
    "county/readjudications/look/<int:number>/",
    name="county.readjudications_looking",
    rule="settlement.stale",
)
def looking(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """How far a look is: a fragment that asks again until it is over, and then shows the list."""
    state = job_state(actor, number)
    if state.ended:
        return fields.done(request, f"{reverse('county.readjudications')}?look={number}")
    return render(request, "county/readjudications_looking.html", {"job": state})


@page(
    "county/readjudications/<int:number>/",
    name="county.readjudication",
    rule="settlement.readjudication_preview",
)
def preview(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """What settling this person's bills again would change, in the order of posting; and proposing it."""
    return render(request, "county/readjudication.html", preview_facts(actor, number))


def preview_facts(actor: Actor, person: int, corrections: tuple[Correction, ...] = ()) -> dict[str, Any]:
    """What the page of a preview shows, and what its form carries to the proposal."""
    found = readjudication_preview(viewer=actor, person=person, corrections=corrections)
    return {
        "person": person_summaries(viewer=actor, persons=[person]).get(person),
        "number": person,
        "picture": picture_of(actor, found),
        "key": token_hex(12),
        "corrections": written(corrections) if corrections else "",
    }


@page(
    "county/readjudications/<int:number>/propose/",
    name="county.readjudication_propose",
    rule=NAME,
    methods=("POST",),
)
def send(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Send it for approval: the approval holds for exactly what the preview showed."""
    seen = fields.text(request.POST, "fingerprint", Words("预览", "preview"), longest=64)
    reason = fields.text(request.POST, "reason", REASON)
    key = fields.text(request.POST, "key", Words("表单编号", "key"), required=False, longest=40)
    corrections = read(request.POST)
    found = readjudication_preview(viewer=actor, person=number, corrections=corrections)
    if found.fingerprint != seen:
        raise Refused(
            "readjudication_changed",
            Words("预览之后情况有变，请重新查看后再提交。", "Something has changed since the preview."),
            remedy=Words("刷新本页，核对新的差异。", "Reload the page and look at the differences again."),
        )
    content = {"person": number, "fingerprint": seen, "reason": reason, "corrections": listed(corrections)}
    sent = propose(
        actor=actor, now=clock.now(), key=f"propose:{key}" if key else None, name=NAME, content=content,
        region=found.region, summary=_summary(found),
    )  # fmt: skip
    return fields.done(request, f"{reverse('county.readjudications')}?proposed={sent.proposal}")


def _summary(found: Readjudication) -> str:
    """What lists of proposals say: how many bills and how much money, nobody's name."""
    paid, patient = sum(found.totals.payers.values()), found.totals.patient_fen
    return f"{len(found.differences)} 笔重新结算：基金 {_signed(paid)}，患者 {_signed(patient)}"


def _signed(fen: int) -> str:
    return f"{'+' if fen > 0 else '−' if fen < 0 else ''}{format_yuan(abs(fen), grouping=True)}"


def proposed(actor: Actor, operation: str, content: str) -> tuple[Picture, bool] | None:
    """For the inbox: what a proposal would change as things stand now, and whether that is what was proposed."""
    if operation != NAME:
        return None
    words = json.loads(content)
    corrections = CORRECTIONS.validate_python(words.get("corrections") or ())
    try:
        found = readjudication_preview(viewer=actor, person=words["person"], corrections=corrections)
    except Refused:
        return None
    return picture_of(actor, found), found.fingerprint == words["fingerprint"]


def picture_of(actor: Actor, found: Readjudication) -> Picture:
    """The rows of a preview, each with the columns that any of them needs."""
    names = payer_names(actor, found.region or None)
    have = {payer for one in found.differences for payer in one.payers}
    columns = [*(payer for payer in names if payer in have), *sorted(have - set(names))]
    hospital = any(one.hospital_fen for one in found.differences)
    rows = tuple((one, tuple(_cells(one, columns, names, hospital))) for one in found.differences)
    sums = [Cell(payer, called(names, payer), 0, found.totals.payers.get(payer, 0)) for payer in columns]
    if hospital:
        sums.append(Cell("hospital", HOSPITAL, 0, found.totals.hospital_fen))
    sums.append(Cell("patient", PATIENT, 0, found.totals.patient_fen))
    return Picture(
        found,
        rows,
        tuple(sums),
        facility_names({one.facility for one in found.differences}),
        person_summaries(viewer=actor, persons={one.person for one in found.differences}),
    )


HOSPITAL, PATIENT = Words("医院承担", "Hospital"), Words("患者自付", "Patient")


def _cells(one: Difference, columns: list[str], names: dict[str, Words], hospital: bool) -> list[Cell]:
    after = one.after or one.before
    cells = [
        Cell(payer, called(names, payer), one.before.shares.get(payer, 0), after.shares.get(payer, 0))
        for payer in columns
    ]
    if hospital:
        cells.append(Cell("hospital", HOSPITAL, one.before.hospital_fen, after.hospital_fen))
    return [*cells, Cell("patient", PATIENT, one.before.patient_fen, after.patient_fen)]
