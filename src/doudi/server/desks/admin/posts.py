"""Posts and tokens: a role at one place for a time, given by the security administrator, never to oneself."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from doudi.server.access.api import (
    FACILITY_ROLES,
    Role,
    end_grant,
    end_token,
    grant,
    issue_token,
    tokens,
)
from doudi.server.desks import fields
from doudi.server.desks.admin.places import ROLES, chosen, places_for
from doudi.server.desks.pages import page
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.clock import SHANGHAI
from doudi.words import Words

REASON = Words("事由", "reason")
PLACE = Words("地区或机构", "region or facility")


def _role(request: HttpRequest) -> Role:
    return Role(fields.choice(request.POST, "role", Words("岗位", "role"), map(str, ROLES)))


@page("admin/places/", name="admin.places", rule="access.grant", methods=("POST",))
def places_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Places for a role, while typing."""
    text = fields.text(request.POST, "place", PLACE, required=False, longest=40)
    found = places_for(actor, _role(request), text, clock.today()) if len(text) > 1 else ()
    return render(request, "admin/places.html", {"found": found, "text": text})


@page("admin/users/<int:number>/posts/", name="admin.grant", rule="access.grant", methods=("POST",))
def grant_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Give a post."""
    data, role, today = request.POST, _role(request), clock.today()
    until = fields.day(data, "until", Words("止日", "last day"), required=False)
    place = chosen(
        actor,
        role,
        data.get("picked", ""),
        fields.text(data, "place", PLACE, required="picked" not in data, longest=40),
        today,
    )
    at_facility = role in FACILITY_ROLES
    grant(
        actor=actor,
        now=clock.now(),
        key=fields.text(data, "key", Words("表单", "form"), longest=64),
        user=number,
        role=role,
        region_code=None if at_facility else place,
        facility=place if at_facility else None,
        from_date=fields.day(data, "from", Words("起日", "first day"), required=False) or today,
        until_date=until + timedelta(1) if until else None,
    )
    return fields.done(request, reverse("admin.user", args=[number]))


@page(
    "admin/users/<int:number>/posts/<int:post>/end/",
    name="admin.end_grant",
    rule="access.end_grant",
    methods=("POST",),
)
def end_grant_page(request: HttpRequest, actor: Actor, number: int, post: int) -> HttpResponse:
    """End a post today."""
    end_grant(actor=actor, now=clock.now(), grant=post, reason=fields.text(request.POST, "reason", REASON))
    return fields.done(request, reverse("admin.user", args=[number]))


@page("admin/tokens/", name="admin.tokens", rule="access.tokens")
def tokens_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All tokens of my region: whose post, until when, when last used."""
    found = tokens(viewer=actor, page=fields.page_number(request))
    return render(request, "admin/tokens.html", {"found": found, "now": clock.now()})


@page(
    "admin/users/<int:number>/tokens/", name="admin.issue_token", rule="access.issue_token", methods=("POST",)
)
def issue_token_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """A token for a machine to act in this account's post; the secret is shown once."""
    data = request.POST
    last = fields.needed_day(data, "until", Words("有效期至", "last day"))
    issued = issue_token(
        actor=actor,
        now=clock.now(),
        grant=fields.number(data, "post", Words("岗位", "post")) or 0,
        name=fields.text(data, "name", Words("用途", "what for"), longest=60),
        until_at=datetime.combine(last + timedelta(1), time(), SHANGHAI),
    )
    template = "admin/token.html" if getattr(request, "htmx", False) else "admin/token_page.html"
    return render(request, template, {"issued": issued, "number": number})


@page("admin/tokens/<int:number>/end/", name="admin.end_token", rule="access.end_token", methods=("POST",))
def end_token_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Revoke a token."""
    end_token(actor=actor, now=clock.now(), token=number, reason=fields.text(request.POST, "reason", REASON))
    return fields.done(request, reverse("admin.tokens"))
