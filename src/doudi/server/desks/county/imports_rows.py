"""Choosing rows of a preview, deciding possible duplicates, and taking the refused rows away as a workbook."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from doudi.server.desks import fields
from doudi.server.desks.pages import page
from doudi.server.imports.api import AS_NEW, Judgement, choose, decide, make_refused_file, refused_file
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import Refused
from doudi.words import Words

MOST = 500
SHOW = Words("结果", "verdict")


def _numbers(data: QueryDict) -> list[int]:
    """The rows ticked, or the one whose button was pressed."""
    texts = data.getlist("row")[:MOST]
    if not texts:
        raise Refused("rows_missing", Words("请先勾选要处理的行。", "Tick the rows first."), where="row")
    return [fields.number({"row": text}, "row", Words("行", "row"), most=10**7) or 0 for text in texts]


def _back(request: HttpRequest, number: int) -> HttpResponse:
    """The same part of the preview again."""
    kept = {
        "show": fields.choice(request.POST, "show", SHOW, map(str, Judgement), required=False),
        "page": fields.number(request.POST, "page", Words("页", "page"), required=False) or "",
    }
    query = urlencode({name: value for name, value in kept.items() if value})
    address = reverse("county.import", args=[number])
    return fields.done(request, f"{address}?{query}" if query else address)


@page(
    "county/imports/<int:number>/choose/",
    name="county.import_choose",
    rule="imports.choose",
    methods=("POST",),
)
def choose_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Take rows in or leave them out: the ticked ones, all of one verdict, or all."""
    wanted = fields.choice(
        request.POST, "do", Words("操作", "what to do"), ("in", "out", "all", "none", "only_new")
    )
    now = clock.now()
    if wanted in ("in", "out"):
        rows = _numbers(request.POST)
        choose(actor=actor, now=now, key=None, number=number, chosen=wanted == "in", rows=rows)
    elif wanted == "only_new":
        choose(actor=actor, now=now, key=None, number=number, chosen=True, judgement=str(Judgement.NEW))
        choose(actor=actor, now=now, key=None, number=number, chosen=False, judgement=str(Judgement.CHANGED))
    else:
        choose(actor=actor, now=now, key=None, number=number, chosen=wanted == "all")
    return _back(request, number)


@page(
    "county/imports/<int:number>/decide/",
    name="county.import_decide",
    rule="imports.decide",
    methods=("POST",),
)
def decide_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Say what a possible duplicate is: one of its candidates, or somebody new. `as` is `row:candidate` or `new`."""
    answer = fields.text(request.POST, "as", Words("判定", "decision"), longest=40)
    if answer == "new":
        rows, candidate = _numbers(request.POST), AS_NEW
    else:
        row, _, one = answer.partition(":")
        rows = [fields.number({"row": row}, "row", Words("行", "row"), most=10**7) or 0]
        candidate = fields.number({"as": one}, "as", Words("判定", "decision"), most=2**62) or AS_NEW
    decide(actor=actor, now=clock.now(), key=None, number=number, rows=rows, as_number=candidate)
    return _back(request, number)


@page(
    "county/imports/<int:number>/refused/",
    name="county.import_refused",
    rule="imports.make_refused_file",
    methods=("POST",),
)
def refused_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Make the workbook of refused rows (that is in the trail), and go where it is handed out."""
    key = fields.text(request.POST, "key", Words("表单", "form"), longest=64)
    made = make_refused_file(actor=actor, now=clock.now(), key=key, number=number)
    return fields.done(request, reverse("county.import_file", args=[number, made.paper]))


@page("county/imports/<int:number>/refused/<int:paper>/", name="county.import_file", rule="imports.file")
def file_page(request: HttpRequest, actor: Actor, number: int, paper: int) -> HttpResponse:
    """Hand out the workbook of refused rows; nothing on the way keeps it."""
    del request
    found = refused_file(viewer=actor, import_number=number, paper=paper)
    answer = HttpResponse(found.content, content_type=found.entry.media_type)
    answer["Content-Disposition"] = attachment(found.entry.name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    return answer


def attachment(name: str) -> str:
    """The header of a download: an ASCII name for old programs, the true name for the others (RFC 6266)."""
    ending = name.rsplit(".", 1)[-1] if "." in name else "bin"
    return f"attachment; filename=\"rows.{ending}\"; filename*=UTF-8''{quote(name, safe='')}"
