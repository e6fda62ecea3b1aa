"""The door of the house, and what everybody may change about themselves."""

from __future__ import annotations

import segno
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from doudi.server.access.api import (
    SESSION_FIELD,
    activate,
    begin_code,
    change_password,
    confirm_code,
    end_session,
    my_posts,
    my_sessions,
    sign_in,
    sign_out,
    switch_post,
    why_ended,
)
from doudi.server.desks import fields
from doudi.server.desks.context import LANGUAGES, THEMES
from doudi.server.desks.menu import home_of
from doudi.server.desks.pages import OPEN, SIGNED_IN, page
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import Refused
from doudi.words import Words

A_YEAR = 365 * 24 * 3600


def _inside(request: HttpRequest, address: str) -> str:
    """`address` where it is a page of ours, else the home page."""
    safe = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if safe and address.startswith("/") else "/"


@page("sign-in/", name="account.sign_in", rule=OPEN, methods=("GET", "POST"))
def sign_in_page(request: HttpRequest, actor: Actor | None) -> HttpResponse:
    """Login, password, and the code where the account has one."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    if request.method != "POST":
        if actor:
            return redirect("/")
        return render(
            request,
            "account/sign_in.html",
            {"next": wanted, "ended": why_ended(request.session, clock.now())},
        )
    data = request.POST
    try:
        signed = sign_in(
            login=fields.text(data, "login", Words("账号", "account"), longest=60),
            password=data.get("password", ""),
            code=fields.text(data, "code", Words("动态码", "one-time code"), required=False, longest=12),
            address=request.META.get("REMOTE_ADDR", ""),
            now=clock.now(),
        )
    except Refused as refusal:
        facts = {"next": wanted, "refusal": refusal, "login": data.get("login", "")[:60]}
        return render(request, "account/sign_in.html", facts, status=refusal.status)
    request.session.cycle_key()
    request.session[SESSION_FIELD] = signed.session
    if signed.must_change_password or signed.must_enrol_code:
        return redirect("account.home")
    return redirect(_inside(request, wanted))


@page("sign-out/", name="account.sign_out", rule=SIGNED_IN, methods=("POST",))
def sign_out_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """End this session everywhere."""
    sign_out(actor=actor, now=clock.now())
    request.session.flush()
    return redirect("account.sign_in")


@page("look/", name="account.look", rule=OPEN, methods=("POST",))
def look(request: HttpRequest, actor: Actor | None) -> HttpResponse:
    """Language and light or dark: kept in the browser."""
    answer = redirect(_inside(request, request.POST.get("next", "/")))
    for name, values in (("language", LANGUAGES), ("theme", THEMES)):
        if request.POST.get(name) in values:
            answer.set_cookie(name, request.POST[name], max_age=A_YEAR, samesite="Lax", httponly=True)
    return answer


@page("", name="home", rule=SIGNED_IN)
def home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """To the first page of my desk."""
    present = request.present  # type: ignore[attr-defined]
    if present.must_change_password or present.must_enrol_code:
        return redirect("account.home")
    return redirect(home_of(actor) or reverse("account.home"))


@page("activate/", name="account.activate", rule=OPEN, methods=("GET", "POST"))
def activate_page(request: HttpRequest, actor: Actor | None) -> HttpResponse:
    """The first password, with the code the administrator handed over."""
    if request.method != "POST":
        return render(request, "account/activate.html")
    data = request.POST
    try:
        activate(
            login=fields.text(data, "login", Words("账号", "account"), longest=60),
            code=fields.text(data, "code", Words("激活码", "activation code"), longest=60),
            password=_twice(data),
            address=request.META.get("REMOTE_ADDR", ""),
            now=clock.now(),
        )
    except Refused as refusal:
        facts = {"refusal": refusal, "login": data.get("login", "")[:60]}
        return render(request, "account/activate.html", facts, status=refusal.status)
    return redirect("account.sign_in")


def _twice(data: QueryDict) -> str:
    """A new password, typed twice alike."""
    first = data.get("new", "")
    if first != data.get("again", ""):
        raise Refused(
            "password_typed_differently",
            Words("两次输入的新密码不一致。", "The two new passwords differ."),
            where="again",
        )
    return first


@page("account/", name="account.home", rule="access.my_posts")
def account(request: HttpRequest, actor: Actor) -> HttpResponse:
    """My posts, password, one-time codes, and where I am signed in."""
    facts = {
        "posts": my_posts(viewer=actor, now=clock.now()),
        "sessions": my_sessions(viewer=actor),
    }
    return render(request, "account/home.html", facts)


@page("account/post/", name="account.switch", rule="access.switch_post", methods=("POST",))
def switch_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Act in another of my posts."""
    number = fields.number(request.POST, "post", Words("岗位", "post"))
    switch_post(actor=actor, now=clock.now(), post=number or 0)
    return fields.done(request, "/")


@page("account/password/", name="account.password", rule="access.change_password", methods=("POST",))
def password_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A new password; all my sessions end."""
    change_password(actor=actor, now=clock.now(), old=request.POST.get("old", ""), new=_twice(request.POST))
    return fields.done(request, reverse("home"))


@page("account/code/", name="account.code", rule="access.begin_code", methods=("POST",))
def code_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A secret for my device, as a picture to scan."""
    secret = begin_code(actor=actor, now=clock.now())
    picture = segno.make(secret.address, error="m").svg_data_uri(scale=4, border=2)
    return render(request, "account/code.html", {"secret": secret.secret, "picture": picture})


@page("account/code/confirm/", name="account.code_confirm", rule="access.confirm_code", methods=("POST",))
def code_confirm_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The first code of my device: from now on it is asked for."""
    code = fields.text(request.POST, "code", Words("动态码", "one-time code"), longest=12)
    confirm_code(actor=actor, now=clock.now(), code=code)
    return fields.done(request, reverse("home"))


@page("account/sessions/end/", name="account.end_session", rule="access.end_session", methods=("POST",))
def end_session_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """End a session I left open elsewhere."""
    reference = fields.text(request.POST, "reference", Words("会话", "session"), longest=40)
    end_session(actor=actor, now=clock.now(), reference=reference)
    return fields.done(request, reverse("account.home"))
