"""Imports as a conversation: the list, the upload, and one page for each import that shows where it stands.

The page of an import is the same address from the first heading to the last undo; what it shows follows the state
(`imports.STATE_NAMES`) and what can be done now (`ImportDetail.steps`). Steps are in `imports_steps.py`, rows in
`imports_rows.py`.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from doudi.server.audit.api import TrailFilter, trail
from doudi.server.desks import fields
from doudi.server.desks.county.imports_mapping import mapping_lines, unused_headings
from doudi.server.desks.county.imports_preview import preview
from doudi.server.desks.county.imports_result import result
from doudi.server.desks.county.imports_words import EVENTS, STEPS, step_of, tone_of
from doudi.server.desks.pages import page
from doudi.server.desks.places import place_names, region_choices
from doudi.server.imports.api import (
    STATE_NAMES,
    ImportDetail,
    Kind,
    State,
    detail,
    imports,
    kind_of,
    kinds_for,
    upload,
)
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import Refused
from doudi.server.kernel.jobs import job_state
from doudi.server.kernel.sheets.api import LIMITS
from doudi.words import Words

NAME = Words("文件", "file")
WAITING = (State.UPLOADED, State.MAPPED, State.EXAMINED)
FILES = ".xlsx,.xls,.csv,.txt"


@page("county/imports/", name="county.imports", rule="imports.list")
def imports_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What was imported, newest first, and where each import stands."""
    data = request.GET
    kinds = kinds_for(actor)
    state = fields.choice(data, "state", Words("状态", "state"), map(str, State), required=False)
    kind = fields.choice(data, "kind", Words("类别", "kind"), [one.name for one in kinds], required=False)
    found = imports(viewer=actor, kind=kind or None, state=state or None, number=fields.page_number(request))
    logins = _uploaders(actor)
    facts = {
        "imports": found,
        "tones": {one.number: tone_of(one.state) for one in found.items},
        "places": place_names(one.region for one in found.items),
        "who": {one.number: logins.get(str(one.number), "") for one in found.items},
        "kinds": kinds,
        "kind": kind,
        "states": [(str(one), words) for one, words in STATE_NAMES.items()],
        "state": state,
    }
    return render(request, "county/imports.html", facts)


@page("county/imports/new/", name="county.import_new", rule="imports.upload", methods=("GET", "POST"))
def import_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Which list it is, of which place, and the file."""
    if request.method == "POST":
        return _upload(request, actor)
    kinds = kinds_for(actor)
    name = fields.choice(
        request.GET, "kind", Words("类别", "kind"), [one.name for one in kinds], required=False
    )
    own = [start for start, _ in actor.ranges.pairs]
    names = place_names(own)
    facts = {
        "kinds": kinds,
        "kind": kind_of(name) if name else None,
        "regions": [
            *((key, names[key]) for key in own),
            *((code // 1000, title) for code, title in region_choices(actor)),
        ],
        "accepts": FILES,
        "megabytes": LIMITS.file_bytes // 2**20,
        "rows": LIMITS.rows,
        "steps": STEPS,
        "at": 0,
        "key": secrets.token_hex(16),
    }
    return render(request, "county/import_new.html", facts)


def _upload(request: HttpRequest, actor: Actor) -> HttpResponse:
    data = request.POST
    known: Kind = kind_of(fields.text(data, "kind", Words("类别", "kind"), longest=60))
    region = fields.number(data, "region", Words("名单所属地区", "place of the list"))
    file = request.FILES.get("file")
    if file is None:
        raise Refused(
            "file_missing", Words("请选择要导入的文件。", "Choose the file to import."), where="file"
        )
    if (file.size or 0) > LIMITS.file_bytes:
        most = LIMITS.file_bytes // 2**20
        raise Refused(
            "file_too_large",
            Words(f"文件超过 {most} MB，没有接收。", f"The file is larger than {most} MB; it was not taken."),
            remedy=Words("请按乡镇拆分后分别导入。", "Split it, for instance by township."),
            where="file",
        )
    done = upload(
        actor=actor,
        now=clock.now(),
        key=fields.text(data, "key", Words("表单", "form"), longest=64),
        kind=known.name,
        region=region or 0,
        file_name=file.name or "",
        content=file.read(),
        options={
            option.name: fields.text(data, f"option-{option.name}", option.words, required=False)
            for option in known.options
        },
    )
    return fields.done(request, reverse("county.import", args=[done.number]))


@page("county/imports/<int:number>/", name="county.import", rule="imports.detail")
def import_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One import: the headings to be mapped, the progress, the preview, or what it did."""
    view = detail(viewer=actor, import_number=number)
    kind = kind_of(view.summary.kind)
    state = view.summary.state
    facts: dict[str, Any] = {
        "view": view,
        "summary": view.summary,
        "kind": kind,
        "tone": tone_of(state),
        "places": place_names([view.summary.region]),
        "options": _options(kind, view),
        "history": _history(actor, view),
        "steps": STEPS,
        "at": step_of(state),
        "mine": bool(kind.roles & actor.roles),
        "key": secrets.token_hex(16),
        "job": job_state(actor, view.job) if view.job is not None and state in _WORKING else None,
    }
    if state in (State.UPLOADED, State.MAPPED):
        facts |= {"lines": mapping_lines(kind, view), "unused": unused_headings(view)}
    elif state == State.EXAMINED and facts["mine"] and view.removed_at is None:
        facts |= preview(request, actor, view)
    elif state in (State.APPLIED, State.UNDONE):
        facts |= result(request, actor, view)
    return render(request, "county/import.html", facts)


_WORKING = (State.EXAMINING, State.APPLYING, State.UNDOING)


def _options(kind: Kind, view: ImportDetail) -> list[tuple[Words, Words]]:
    """What was asked at upload and answered, as a reader sees it."""
    told = []
    for option in kind.options:
        value = view.options.get(option.name, "")
        if value:
            told.append((option.words, dict(option.choices).get(value, Words(value, value))))
    return told


def _history(actor: Actor, view: ImportDetail) -> list[dict[str, Any]]:
    """Who did what with this import, from the trail, oldest first."""
    wanted = TrailFilter(
        events=tuple(EVENTS),
        object_kind="import",
        object_id=str(view.summary.number),
        from_day=clock.business_date(view.summary.uploaded_at),
    )
    events = reversed(trail(actor, wanted, size=100).items)
    return [{"event": one, "words": EVENTS[one.event]} for one in events]


def _uploaders(actor: Actor) -> dict[str, str]:
    """Import number (as the trail writes it) → login of who uploaded it, for the latest ones."""
    events = trail(actor, TrailFilter(events=("imports.uploaded",)), size=200).items
    return {one.object_id: one.login for one in events}
