"""The steps of an import: map, check, import, undo, discard; and the progress of the one at work.

A step is a POST to one operation. Sent twice, the second is refused by the import's state or, for what starts work, is
answered by the form's own key: nothing runs twice.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from doudi.server.desks import fields
from doudi.server.desks.pages import page
from doudi.server.imports.api import (
    State,
    apply,
    detail,
    discard,
    examine,
    kind_of,
    map_columns,
    undo,
)
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.jobs import cancel, job_state
from doudi.words import Words

KEY = Words("表单", "form")
WORKING = (State.EXAMINING, State.APPLYING, State.UNDOING)


def _back(request: HttpRequest, number: int) -> HttpResponse:
    return fields.done(request, reverse("county.import", args=[number]))


def _key(request: HttpRequest) -> str:
    return fields.text(request.POST, "key", KEY, longest=64)


@page("county/imports/<int:number>/map/", name="county.import_map", rule="imports.map", methods=("POST",))
def map_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Keep which heading is which column; and, where that was the button, have the rows checked."""
    data, now = request.POST, clock.now()
    kind = kind_of(detail(viewer=actor, import_number=number).summary.kind)
    mapping = {
        column.name: place
        for column in kind.columns
        if (place := fields.number(data, f"column-{column.name}", column.words, most=1000, required=False))
        is not None
    }
    done = map_columns(actor=actor, now=now, key=None, number=number, mapping=mapping)
    if data.get("then") == "examine" and not done.missing:
        examine(actor=actor, now=now, key=_key(request), number=number)
    return _back(request, number)


@page("county/imports/<int:number>/sheet/", name="county.import_sheet", rule="imports.map", methods=("POST",))
def sheet_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Read another sheet of the workbook: its headings are found anew."""
    sheet = fields.text(request.POST, "sheet", Words("工作表", "sheet"), longest=100)
    map_columns(actor=actor, now=clock.now(), key=None, number=number, sheet=sheet)
    return _back(request, number)


@page(
    "county/imports/<int:number>/examine/",
    name="county.import_examine",
    rule="imports.examine",
    methods=("POST",),
)
def examine_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Have every row checked (again)."""
    examine(actor=actor, now=clock.now(), key=_key(request), number=number)
    return _back(request, number)


@page("county/imports/<int:number>/remap/", name="county.import_remap", rule="imports.map", methods=("POST",))
def remap_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Back to the headings: what was found by the old ones is thrown away."""
    map_columns(actor=actor, now=clock.now(), key=None, number=number)
    return _back(request, number)


@page(
    "county/imports/<int:number>/apply/", name="county.import_apply", rule="imports.apply", methods=("POST",)
)
def apply_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Have the chosen rows imported: as many as the officer saw."""
    expected = fields.number(request.POST, "expected", Words("行数", "number of rows"))
    apply(actor=actor, now=clock.now(), key=_key(request), number=number, expected=expected or 0)
    return _back(request, number)


@page("county/imports/<int:number>/undo/", name="county.import_undo", rule="imports.undo", methods=("POST",))
def undo_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Have everything taken back, for a reason that is kept."""
    reason = fields.text(request.POST, "reason", Words("撤销原因", "reason"))
    undo(actor=actor, now=clock.now(), key=_key(request), number=number, reason=reason)
    return _back(request, number)


@page(
    "county/imports/<int:number>/discard/",
    name="county.import_discard",
    rule="imports.discard",
    methods=("POST",),
)
def discard_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Throw the file and its rows away; nothing was imported."""
    discard(actor=actor, now=clock.now(), key=_key(request), number=number)
    return _back(request, number)


@page("county/imports/<int:number>/progress/", name="county.import_progress", rule="imports.detail")
def progress_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """The bar of the step at work, asked for each second; when it has ended, the browser goes to the page anew."""
    view = detail(viewer=actor, import_number=number)
    if view.summary.state not in WORKING or view.job is None:
        return _back(request, number)
    facts: dict[str, Any] = {
        "summary": view.summary,
        "job": job_state(actor, view.job),
        "own": view.job is not None,
    }
    return render(request, "county/import_progress.html", facts)


@page(
    "county/imports/<int:number>/stop/", name="county.import_stop", rule="imports.examine", methods=("POST",)
)
def stop_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Stop the step at work: nothing of it stays."""
    view = detail(viewer=actor, import_number=number)
    if view.job is not None:
        cancel(actor=actor, now=clock.now(), job=view.job)
    return _back(request, number)
