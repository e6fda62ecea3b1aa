"""The doors for those who are nobody yet: signing in, and setting the first password with an activation code.

They have no actor and so no rule; they are listed in `DOORSTEP`, and nothing else may be. What they answer to a
stranger is the same, at the same cost, whether the account exists, is closed, or has another password.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

from doudi.server.access.data import Post, SignedIn, UserChanged
from doudi.server.access.errors import SignInRefused, code_wanted, no_post, wrong
from doudi.server.access.models import Grant, Session, User
from doudi.server.access.operations.attempts import count_attempt, give_back, plain_login
from doudi.server.access.operations.codes import accept_code
from doudi.server.access.operations.passwords import set_password
from doudi.server.access.operations.sessions import end_sessions, open_session
from doudi.server.access.passwords import check_new, matches
from doudi.server.access.posts import actor_of, post_of, valid_on
from doudi.server.audit.api import append
from doudi.server.kernel.actor import SYSTEM, Actor
from doudi.server.kernel.clock import business_date
from doudi.server.kernel.scope import NOTHING, Scope, scoped

Failure = Literal["locked", "password", "code", "no_post", "activation"]


def sign_in(*, login: str, password: str, address: str, now: datetime, code: str = "") -> SignedIn:
    """Begin a session. `SignInRefused` says one sentence for a wrong name, password or code and a closed account."""
    login = plain_login(login)
    _count(login, address, now)
    with scoped(NOTHING):
        user = User.objects.filter(login=login).first()
    right = matches(password, user.password if user else "")
    if user is None or not right or not user.is_active:
        _failed("password", user, address, now)
        raise wrong()
    result = _begin(user.pk, code, login=login, address=address, now=now)
    if isinstance(result, SignedIn):
        return result
    failure, refusal = result
    _failed(failure, user, address, now)
    raise refusal


def _begin(
    number: int, code: str, *, login: str, address: str, now: datetime
) -> SignedIn | tuple[Failure, SignInRefused]:
    """The password is right: the code, the post, the session, in one transaction under the user's lock."""
    with scoped(Scope(user=number)):
        user = User.objects.select_for_update().get(pk=number)
        if user.totp_sealed is not None:
            if not code.strip():
                give_back(login, address)
                return "code", code_wanted()
            if not accept_code(user, code, now):
                return "code", wrong()
        grants = list(Grant.objects.filter(valid_on(business_date(now)), user=user).order_by("pk"))
        give_back(login, address)
        if not grants:
            return "no_post", no_post()
        grant = _last_used(user, grants)
        signed = open_session(user, grant, tuple(map(post_of, grants)), address=address, now=now)
        User.objects.filter(pk=user.pk).update(last_login=now)
        append(
            "access.signed_in",
            actor=actor_of(user, grant, session=signed.session),
            at=now,
            detail={"address": address, "ended_others": signed.ended_others},
        )
        return signed


def _last_used(user: User, grants: list[Grant]) -> Grant:
    last = Session.objects.filter(user=user).order_by("-pk").values_list("grant_id", flat=True).first()
    return next((grant for grant in grants if grant.pk == last), grants[0])


def activate(*, login: str, code: str, password: str, address: str, now: datetime) -> UserChanged:
    """Set a new password with the one-time activation code that the administrator handed over."""
    login = plain_login(login)
    check_new(password, login=login)
    _count(login, address, now)
    with scoped(NOTHING):
        user = User.objects.filter(login=login).first()
    right = matches(code.strip().upper(), user.activation_hash if user else "")
    with scoped(Scope(user=user.pk if user else 0)):
        row = User.objects.select_for_update().filter(pk=user.pk).first() if user else None
        if row is not None and right and _still_good(row, user, now):
            set_password(row, password, now)
            end_sessions(row.pk, "password", now)
            give_back(login, address)
            append("access.activated", actor=_bare(row), at=now, object_kind="user", object_id=row.pk)
            return UserChanged(row.pk)
    _failed("activation", user, address, now)
    raise wrong()


def _still_good(row: User, seen: User | None, now: datetime) -> bool:
    """The code has not been used, replaced or outlived since it was compared."""
    return (
        row.is_active
        and seen is not None
        and row.activation_hash == seen.activation_hash != ""
        and row.activation_until_at is not None
        and now < row.activation_until_at
    )


def _count(login: str, address: str, now: datetime) -> None:
    try:
        count_attempt(login, address, now)
    except SignInRefused:
        with scoped(NOTHING):
            user = User.objects.filter(login=login).first()
        _failed("locked", user, address, now)
        raise


def _bare(user: User | None) -> Actor:
    """Somebody without a post, for the trail. An unknown name is not kept: it may be a password in the wrong field."""
    return Actor(user=user.pk, login=user.login) if user else Actor(user=0, login="")


def _failed(failure: Failure, user: User | None, address: str, now: datetime) -> None:
    actor = _bare(user)
    with scoped(actor.scope if user else SYSTEM.scope):  # an event of nobody is the server's own
        append(
            "access.sign_in_refused",
            actor=actor,
            at=now,
            outcome="refused",
            detail={"address": address, "failure": failure},
        )


def posts_of(user: int, now: datetime) -> tuple[Post, ...]:
    """The posts a user may act in today."""
    with scoped(NOTHING):
        grants = Grant.objects.filter(valid_on(business_date(now)), user_id=user).order_by("pk")
        return tuple(map(post_of, grants))


DOORSTEP: dict[str, Callable[..., Any]] = {"access.sign_in": sign_in, "access.activate": activate}
"""All functions that write without an actor."""

__all__ = ["DOORSTEP", "activate", "posts_of", "sign_in"]
