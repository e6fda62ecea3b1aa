"""Pages for what is not there and for faults of ours. A fault shows a reference number, never a trace."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from doudi.server.desks.endpoints import doors
from doudi.server.desks.pages import refused
from doudi.server.kernel.errors import NotFound, Refused
from doudi.server.kernel.outages import RETRY_AFTER, Outage, outage
from doudi.words import Words


def absent(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """No such address."""
    return refused(
        request,
        NotFound(
            "page_absent",
            Words("没有这个页面。", "There is no such page."),
            remedy=Words("请从首页重新进入。", "Start again from the home page."),
        ),
    )


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours: its reference leads to its line in the log. A database that cannot work is said in words."""
    down = outage(sys.exc_info()[1])
    if down is not None:
        return _down(request, down)
    if request.path.startswith("/api/"):
        return doors.broken(getattr(request, "reference", ""))
    template = "desks/fault_fragment.html" if getattr(request, "htmx", False) else "desks/fault.html"
    return render(request, template, {"reference": getattr(request, "reference", "")}, status=500)


def _down(request: HttpRequest, down: Outage) -> HttpResponse:
    answer = doors.refused(down) if request.path.startswith("/api/") else refused(request, down)
    answer["Retry-After"] = str(RETRY_AFTER)
    return answer


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: the page is old, or the form came from elsewhere."""
    refusal = Refused(
        "form_stale",
        Words("页面已过期，没有提交。", "The page had expired; nothing was sent."),
        remedy=Words("请刷新页面后重新填写。", "Reload the page and fill it in again."),
    )
    refusal.status = 403
    return refused(request, refusal)
