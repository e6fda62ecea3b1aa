"""Sessions: begun by signing in, asked at each request, ended by the user, by time, by a newer one or by a decision.

The row decides, not the cookie: closing an account, ending a grant or a session works at the next request (ASVS 8.3.2).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from doudi.server.access.data import SESSION_FIELD, Post, SignedIn, UserChanged
from doudi.server.access.errors import no_such
from doudi.server.access.guard import operation
from doudi.server.access.limits import (
    SEEN_EVERY,
    SESSION_IDLE,
    SESSION_LONGEST,
    SESSIONS_AT_ONCE,
    code_needed,
    password_policy,
)
from doudi.server.access.models import Grant, Session, User
from doudi.server.access.posts import actor_of, holds, post_of, valid_on
from doudi.server.access.roles import Role
from doudi.server.audit.api import append
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.clock import business_date
from doudi.server.kernel.scope import NOTHING, scoped
from doudi.words import Words

ENDED: dict[str, Words] = {
    "signed_out": Words("您已退出。", "You have signed out."),
    "idle": Words("长时间未操作，会话已结束，请重新登录。", "The session ended after a time without use."),
    "longest": Words("会话已达最长时间，请重新登录。", "The session reached its longest time."),
    "newer": Words(
        "您的账号在别处登录，本次会话已结束。如非本人操作，请立即修改密码并联系安全管理员。",
        "Your account signed in elsewhere and this session ended. If it was not you, change your password at once"
        " and tell the security administrator.",
    ),
    "post_ended": Words("您所用的岗位已到期或被取消。", "The post you were acting in has ended."),
    "closed": Words("账号已停用。", "The account is closed."),
    "password": Words("密码已更改，请重新登录。", "The password was changed; sign in again."),
    "code_removed": Words(
        "动态验证码已解除绑定，请重新登录。", "The one-time code was removed; sign in again."
    ),
    "ended": Words("会话已由您本人结束。", "You ended this session."),
}
"""What whoever held an ended session is told."""


@dataclass(frozen=True, slots=True)
class Present:
    """Who asks: the actor, their post, and what they must do before anything else."""

    actor: Actor
    post: Post
    must_change_password: bool
    must_enrol_code: bool


def password_is_old(user: User, now: datetime) -> bool:
    """Whether the policy wants a new password."""
    rotate = password_policy().rotate_after
    return user.password_changed_at is None or (
        rotate is not None and now - user.password_changed_at >= rotate
    )


def open_session(
    user: User, grant: Grant, posts: tuple[Post, ...], *, address: str, now: datetime
) -> SignedIn:
    """Begin a session; the oldest beyond `SESSIONS_AT_ONCE` end. The caller holds the user's row."""
    rows = list(Session.objects.filter(user=user, ended_at__isnull=True).order_by("-started_at", "-pk"))
    living = [row for row in rows if _over(row, now) is None]
    surplus = living[SESSIONS_AT_ONCE - 1 :]
    Session.objects.filter(pk__in=[row.pk for row in surplus]).update(ended_at=now, ended_why="newer")
    row = Session.objects.create(
        reference=secrets.token_hex(8),
        user=user,
        grant=grant,
        address=address[:45],
        started_at=now,
        last_seen_at=now,
    )
    return SignedIn(
        session=row.reference,
        user=user.pk,
        display_name=user.display_name,
        post=post_of(grant),
        posts=posts,
        must_change_password=password_is_old(user, now),
        must_enrol_code=code_needed(Role(grant.role)) and user.totp_sealed is None,
        ended_others=len(surplus),
    )


def _over(row: Session, now: datetime) -> str | None:
    if row.ended_at is not None:
        return row.ended_why
    if now - row.started_at >= SESSION_LONGEST:
        return "longest"
    if now - row.last_seen_at >= SESSION_IDLE:
        return "idle"
    return None


def _find(session: Mapping[str, Any]) -> Session | None:
    reference = session.get(SESSION_FIELD)
    if not isinstance(reference, str) or not reference:
        return None
    return Session.objects.select_related("user", "grant").filter(reference=reference).first()


def _why_over(row: Session, now: datetime) -> str | None:
    if (why := _over(row, now)) is not None:
        return why
    if not row.user.is_active:
        return "closed"
    if not holds(row.grant, business_date(now)) or row.grant.user_id != row.user_id:
        return "post_ended"
    return None


def present(session: Mapping[str, Any], now: datetime) -> Present | None:
    """Who holds a session now, or None. One query; a write at most once a minute."""
    if not session.get(SESSION_FIELD):
        return None
    with scoped(NOTHING):
        row = _find(session)
        if row is None or _why_over(row, now) is not None:
            return None
        if now - row.last_seen_at >= SEEN_EVERY:
            Session.objects.filter(pk=row.pk, ended_at__isnull=True).update(last_seen_at=now)
    must_change = password_is_old(row.user, now)
    must_enrol = code_needed(Role(row.grant.role)) and row.user.totp_sealed is None
    role = Role.NEWCOMER if must_change or must_enrol else None
    return Present(
        actor=actor_of(row.user, row.grant, session=row.reference, role=role),
        post=post_of(row.grant),
        must_change_password=must_change,
        must_enrol_code=must_enrol,
    )


def actor_of_session(session: Mapping[str, Any], now: datetime) -> Actor | None:
    """The actor of a session, or None: nobody."""
    found = present(session, now)
    return found.actor if found else None


def post_of_session(session: Mapping[str, Any]) -> Post | None:
    """The post a session acts in, for the page's head. `present` answers it together with the actor."""
    with scoped(NOTHING):
        row = _find(session)
    return post_of(row.grant) if row else None


def why_ended(session: Mapping[str, Any], now: datetime) -> Words | None:
    """What to tell whoever held a session that is over; None where it is not, or never was."""
    with scoped(NOTHING):
        row = _find(session)
        why = _why_over(row, now) if row else None
    return ENDED.get(why) if why else None


def end_sessions(user: int, why: str, now: datetime, *, but: str = "") -> int:
    """End the open sessions of a user, except `but`: how many."""
    rows = Session.objects.filter(user_id=user, ended_at__isnull=True)
    return rows.exclude(reference=but).update(ended_at=now, ended_why=why)


@operation("access.sign_out")
def sign_out(*, actor: Actor, now: datetime, key: str | None = None) -> UserChanged:
    """End one's own session. The view flushes Django's session after it."""
    del key
    Session.objects.filter(reference=actor.session, user_id=actor.user, ended_at__isnull=True).update(
        ended_at=now, ended_why="signed_out"
    )
    append("access.signed_out", actor=actor, at=now)
    return UserChanged(actor.user)


@operation("access.end_session")
def end_session(*, actor: Actor, now: datetime, key: str | None = None, reference: str) -> UserChanged:
    """End another of one's own sessions (a window left open elsewhere)."""
    del key
    ended = Session.objects.filter(reference=reference, user_id=actor.user, ended_at__isnull=True).update(
        ended_at=now, ended_why="ended"
    )
    if not ended:
        raise no_such(Words("会话", "session"), "reference")
    append("access.session_ended", actor=actor, at=now, object_kind="session", object_id=reference)
    return UserChanged(actor.user)


@operation("access.switch_post")
def switch_post(*, actor: Actor, now: datetime, key: str | None = None, post: int) -> Post:
    """Act in another of one's own posts from the next request on. A token has no session and cannot."""
    del key
    day = business_date(now)
    grant = Grant.objects.filter(valid_on(day), pk=post, user_id=actor.user).first()
    session = (
        Session.objects.select_for_update()
        .filter(reference=actor.session, user_id=actor.user, ended_at__isnull=True)
        .first()
    )
    if grant is None or session is None:
        raise no_such(Words("岗位", "post"), "post")
    session.grant = grant
    session.save(update_fields=["grant"])
    append("access.post_switched", actor=actor, at=now, object_kind="grant", object_id=grant.pk)
    return post_of(grant)
