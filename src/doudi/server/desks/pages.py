"""Pages: every address is declared with its rule, or does not exist.

    @page("people/", name="county.people", rule="people.persons")
    def people(request, actor): ...

A stranger is sent to sign in; whoever the rule does not allow gets a page that says whom to ask, and the denial is in the
trail. A GET runs in one read transaction under the actor's scope; a POST calls operations, which open their own.
A `Refused` becomes a page, or a fragment beside the form where htmx asked. `OPEN` pages are for anybody, `SIGNED_IN`
for every account.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode

from doudi.server.access.api import allowed, permit
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import Forbidden, NotFound, Refused
from doudi.server.kernel.reading import reading
from doudi.server.kernel.scope import NOTHING

OPEN = "open"
SIGNED_IN = "signed_in"

PAGES: dict[str, str] = {}
"""Address name → rule name, `OPEN` or `SIGNED_IN`: what the default-deny test walks."""

_patterns: list[URLPattern] = []


class View(Protocol):
    """What a page is: a function of the request, who asks, and what stands in the address."""

    def __call__(self, request: HttpRequest, actor: Actor, **facts: Any) -> HttpResponse:
        """Answer the request."""
        ...


def page(
    address: str, *, name: str, rule: str, methods: tuple[str, ...] = ("GET",)
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Declare a page. HEAD goes with GET."""
    if name in PAGES:
        raise ValueError(f"two pages are called {name}")
    PAGES[name] = rule

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @functools.wraps(view)
        def run(request: HttpRequest, **facts: Any) -> HttpResponse:
            if request.method not in (*methods, *(["HEAD"] if "GET" in methods else [])):
                return HttpResponseNotAllowed(methods)
            actor: Actor | None = getattr(request, "actor", None)
            if actor is None and rule != OPEN:
                return _to_sign_in(request)
            try:
                if actor is not None and rule not in (OPEN, SIGNED_IN) and not allowed(rule, actor):
                    permit(rule, actor)  # leaves the denial in the trail
                if request.method in ("GET", "HEAD"):
                    with reading(actor.scope if actor else NOTHING):
                        return view(request, actor, **facts)
                return view(request, actor, **facts)
            except Refused as refusal:
                return refused(request, refusal)

        _patterns.append(path(address, run, name=name))
        return run

    return decorate


def patterns() -> list[URLPattern]:
    """The addresses declared so far, longest first where one could hide another."""
    return list(_patterns)


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The refusal as a page; for htmx as a fragment that takes the place of the form's message."""
    template = "desks/refusal_fragment.html" if getattr(request, "htmx", False) else "desks/refusal.html"
    kind = (
        "forbidden"
        if isinstance(refusal, Forbidden)
        else "absent"
        if isinstance(refusal, NotFound)
        else "refused"
    )
    return render(request, template, {"refusal": refusal, "kind": kind}, status=refusal.status)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    address = reverse("account.sign_in")
    if getattr(request, "htmx", False):
        answer = HttpResponse(status=401)
        answer["HX-Redirect"] = address
        return answer
    wanted = request.get_full_path() if request.method == "GET" else ""
    return redirect(f"{address}?{urlencode({'next': wanted})}" if wanted not in ("", "/") else address)
