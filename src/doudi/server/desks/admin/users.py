"""Accounts: made, closed and reopened by the system administrator; posts and one-time codes are the security
administrator's.

Each page says whose job an act is (三权分立): who may not do it sees who may, not an empty page.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from doudi.server.access.api import (
    GrantSummary,
    Role,
    UserSummary,
    close_user,
    create_user,
    issue_activation,
    remove_code,
    reopen_user,
    user,
    users,
)
from doudi.server.desks import fields
from doudi.server.desks.admin.places import ROLES
from doudi.server.desks.pages import page
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.words import Words

REASON = Words("事由", "reason")


@page("admin/users/", name="admin.users", rule="access.users")
def users_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All accounts of my region, by login."""
    found = users(viewer=actor, page=fields.page_number(request))
    return render(request, "admin/users.html", _listed(found.items, actor) | {"found": found})


@page("admin/users/find/", name="admin.users_find", rule="access.users", methods=("POST",))
def find_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """By the beginning of the login or a part of the name: sent by POST, names stay out of addresses."""
    asked = fields.text(request.POST, "asked", Words("账号或姓名", "account or name"), longest=60)
    found = users(viewer=actor, words=asked)
    template = "admin/users_rows.html" if getattr(request, "htmx", False) else "admin/users.html"
    return render(request, template, _listed(found.items, actor) | {"found": found, "asked": asked})


def _listed(items: tuple[UserSummary, ...], actor: Actor) -> dict[str, object]:
    today = clock.today()
    rows = [(one, state_of(one, clock.now()), [g for g in one.grants if holds(g, today)]) for one in items]
    return {"rows": rows, "key": secrets.token_hex(16), "mine": actor.user}


def holds(grant: GrantSummary, today: date) -> bool:
    """Whether a post holds today or will."""
    return grant.post.until is None or grant.post.until > today


def state_of(one: UserSummary, now: datetime) -> tuple[Words, str]:
    """How an account stands, and the tone of it."""
    if not one.active:
        return Words("已停用", "Closed"), ""
    if one.activation_until is not None:
        if one.activation_until > now:
            return Words("待激活", "To be activated"), "warn"
        return Words("激活码已过期", "Code too old"), "bad"
    if not one.has_password:
        return Words("未激活", "Never activated"), "warn"
    return Words("正常", "In use"), "good"


@page("admin/users/new/", name="admin.user_new", rule="access.create_user", methods=("POST",))
def new_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """An account without password or post."""
    data = request.POST
    made = create_user(
        actor=actor,
        now=clock.now(),
        key=fields.text(data, "key", Words("表单", "form"), required=False, longest=64) or None,
        login=fields.text(data, "login", Words("账号", "account"), longest=60),
        display_name=fields.text(data, "display_name", Words("姓名", "name"), longest=60),
    )
    return fields.done(request, reverse("admin.user", args=[made.user]))


@page("admin/users/<int:number>/", name="admin.user", rule="access.user")
def user_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One account: its state, its posts, its tokens, and what I may do about them."""
    one = user(viewer=actor, number=number)
    today = clock.today()
    words, tone = state_of(one, clock.now())
    facts = {
        "user": one,
        "state": words,
        "tone": tone,
        "own": number == actor.user,
        "posts": [(grant, holds(grant, today)) for grant in reversed(one.grants)],
        "roles": ROLES,
        "window": Role.WINDOW,
        "today": today,
        "key": secrets.token_hex(16),
    }
    return render(request, "admin/user.html", facts)


@page(
    "admin/users/<int:number>/activation/",
    name="admin.activation",
    rule="access.issue_activation",
    methods=("POST",),
)
def activation_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """A code for the first password, shown once: never kept, never sent."""
    issued = issue_activation(actor=actor, now=clock.now(), user=number)
    template = "admin/activation.html" if getattr(request, "htmx", False) else "admin/activation_page.html"
    return render(request, template, {"issued": issued, "login": user(viewer=actor, number=number).login})


@page("admin/users/<int:number>/close/", name="admin.close", rule="access.close_user", methods=("POST",))
def close_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Sessions and tokens end at once; what was done stays."""
    close_user(actor=actor, now=clock.now(), user=number, reason=fields.text(request.POST, "reason", REASON))
    return fields.done(request, reverse("admin.user", args=[number]))


@page("admin/users/<int:number>/reopen/", name="admin.reopen", rule="access.reopen_user", methods=("POST",))
def reopen_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Open a closed account; it needs a new activation code."""
    reopen_user(actor=actor, now=clock.now(), user=number, reason=fields.text(request.POST, "reason", REASON))
    return fields.done(request, reverse("admin.user", args=[number]))


@page(
    "admin/users/<int:number>/code/", name="admin.remove_code", rule="access.remove_code", methods=("POST",)
)
def remove_code_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """The phone was lost: unbind it."""
    remove_code(actor=actor, now=clock.now(), user=number, reason=fields.text(request.POST, "reason", REASON))
    return fields.done(request, reverse("admin.user", args=[number]))
