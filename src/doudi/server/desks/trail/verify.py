"""Whether the trail is as it was written: how sealing stands, verifying all of it, the head to be kept elsewhere."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from doudi.server.access.api import cancel_job
from doudi.server.audit.api import SEALING_EVERY_MINUTES, TAMPERING_NAMES, line
from doudi.server.desks import fields
from doudi.server.desks.pages import page
from doudi.server.desks.places import place_names
from doudi.server.desks.trail.jobs import KIND
from doudi.server.desks.trail.operations import verify
from doudi.server.desks.trail.queries import verification
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import NotFound, Refused
from doudi.server.kernel.jobs import STATE_NAMES, JobState, job_state, my_jobs
from doudi.words import Words

LARGEST = 2**20
"""Bytes of a witness file: some ten thousand heads."""
STATE_TONES = {"waiting": "", "running": "on", "done": "good", "failed": "bad", "cancelled": "warn"}


@page("trail/verify/", name="trail.verify", rule="trail.verification")
def verify_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """How sealing stands, the chains of my region, my verifications."""
    state = verification(viewer=actor, now=clock.now())
    runs = my_jobs(actor, kinds=[KIND], size=10)
    minutes = int(state.lag.total_seconds()) // 60
    facts = {
        "state": state,
        "minutes": minutes,
        "tone": "bad" if state.late else "warn" if minutes > 3 * SEALING_EVERY_MINUTES else "good",
        "every": SEALING_EVERY_MINUTES,
        "places": place_names(one.region for one in state.chains if one.region),
        "runs": [_shown(one) for one in runs.items],
        "key": secrets.token_hex(16),
    }
    return render(request, "trail/verify.html", facts)


@page("trail/verify/run/", name="trail.verify_run", rule="trail.verify", methods=("POST",))
def run_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Have all of it verified, against the heads of a file where one is given."""
    made = verify(
        actor=actor,
        now=clock.now(),
        key=fields.text(request.POST, "key", Words("表单", "form"), longest=64),
        witnesses=_witnesses(request),
    )
    return fields.done(request, reverse("trail.verified", args=[made.job]))


def _witnesses(request: HttpRequest) -> list[str]:
    file = request.FILES.get("witness")
    if file is None:
        return []
    content: bytes = file.read(LARGEST + 1)
    try:
        text = str(content, "utf-8-sig")
    except UnicodeDecodeError:
        text = ""
    if len(content) > LARGEST or not text.strip():
        raise Refused(
            "witness_file",
            Words("这不是封存凭据文件。", "This is no file of heads."),
            remedy=Words(
                "请选择从本页下载或由 doudi audit head 输出的文件。", "Choose one downloaded from this page."
            ),
            where="witness",
        )
    return text.splitlines()


@page("trail/verify/<int:number>/", name="trail.verified", rule="trail.verification")
def verified_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One verification: how far it is, then what it found; only this part where the page asks how far."""
    facts = _shown(_job(actor, number))
    template = "trail/verified_state.html" if getattr(request, "htmx", False) else "trail/verified.html"
    return render(request, template, facts)


@page(
    "trail/verify/<int:number>/stop/", name="trail.verify_stop", rule="access.cancel_job", methods=("POST",)
)
def stop_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Stop a verification of mine."""
    cancel_job(actor=actor, now=clock.now(), job=number)
    return fields.done(request, reverse("trail.verified", args=[number]))


@page("trail/verify/head/", name="trail.head", rule="trail.verification")
def head_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The head as a file of one line, to be kept where nobody who runs the server can change it."""
    witness = verification(viewer=actor, now=clock.now()).witness
    if witness is None:
        raise NotFound(
            "nothing_sealed",
            Words("还没有封存过，没有凭据可下载。", "Nothing has been sealed yet; there is no head."),
            remedy=Words("请几分钟后再试。", "Try again in some minutes."),
        )
    answer = HttpResponse(line(witness) + "\n", content_type="application/x-ndjson; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="doudi-audit-head-{witness.seal}.jsonl"'
    return answer


def _job(actor: Actor, number: int) -> JobState:
    job = job_state(actor, number)
    if job.kind != KIND:
        raise NotFound(
            "verification_absent",
            Words("没有找到这次核验。", "There is no such verification."),
            where="number",
        )
    return job


def _shown(job: JobState) -> dict[str, Any]:
    result = job.result or {}
    findings = [
        {"kind": TAMPERING_NAMES[one["kind"]], "words": Words(**one["words"]), "event": one["event"]}
        for one in result.get("findings", ())
    ]
    return {
        "job": job,
        "state_words": STATE_NAMES[job.state],
        "state_tone": "bad" if result.get("found") else STATE_TONES[job.state],
        "result": result,
        "findings": findings,
        "untold": result.get("found", 0) - len(findings) - result.get("elsewhere", 0),
    }
