"""Tokens for machines: one post each, an end, revocable; only the SM3 of the secret is kept.

A token never becomes a session: its actor's session reads `token:<number>`, which no session row has, so posts cannot be
switched and nothing wider can be minted from it.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from doudi.server.access.data import TokenIssued, UserChanged
from doudi.server.access.errors import conflict, no_such, refused
from doudi.server.access.guard import operation
from doudi.server.access.limits import SEEN_EVERY, TOKEN_LONGEST
from doudi.server.access.models import Grant, Token
from doudi.server.access.operations.administer import administered, inside
from doudi.server.access.posts import actor_of, holds
from doudi.server.access.roles import ADMINISTRATORS
from doudi.server.access.rules import MACHINE
from doudi.server.audit.api import append
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.canonical import sm3
from doudi.server.kernel.clock import business_date
from doudi.server.kernel.scope import NOTHING, scoped
from doudi.words import Words

PREFIX = "doudi_"
TOKEN = Words("令牌", "token")


def _kept(secret: str) -> str:
    return sm3(secret.encode()).hex()


@operation("access.issue_token", remembered=False)
def issue_token(
    *, actor: Actor, now: datetime, key: str | None = None, grant: int, name: str, until_at: datetime
) -> TokenIssued:
    """A token for another's post. The secret is shown once."""
    del key
    row = Grant.objects.select_related("user").select_for_update(of=("self",)).filter(pk=grant).first()
    if row is None or not inside(actor, row.region_code) or not holds(row, business_date(now)):
        raise no_such(Words("岗位", "post"), "grant")
    administered(actor, row.user_id, now)
    if row.role in ADMINISTRATORS:
        raise refused(
            "token_administrator",
            "管理员岗位不能使用令牌。",
            "An administrator's post has no tokens.",
            where="grant",
        )
    if not timedelta(0) < until_at - now <= TOKEN_LONGEST:
        raise refused(
            "token_until",
            f"令牌的有效期须在 {TOKEN_LONGEST.days} 天以内。",
            f"A token ends within {TOKEN_LONGEST.days} days.",
            where="until_at",
        )
    if not 0 < len(name.strip()) <= 60:
        raise refused("token_name", "请写明令牌的用途。", "Say what the token is for.", where="name")
    secret = PREFIX + secrets.token_urlsafe(32)
    made = Token.objects.create(
        grant=row,
        name=name.strip(),
        secret_sm3=_kept(secret),
        issued_by=actor.user,
        issued_at=now,
        until_at=until_at,
    )
    append(
        "access.token_issued",
        actor=actor,
        at=now,
        object_kind="token",
        object_id=made.pk,
        detail={"grant": row.pk, "user": row.user_id},
    )
    return TokenIssued(token=made.pk, secret=secret, until=until_at)


@operation("access.end_token")
def end_token(*, actor: Actor, now: datetime, key: str | None = None, token: int, reason: str) -> UserChanged:
    """Revoke a token: it stops at its next request."""
    del key
    row = Token.objects.select_related("grant").select_for_update(of=("self",)).filter(pk=token).first()
    if row is None or not inside(actor, row.grant.region_code):
        raise no_such(TOKEN, "token")
    if row.ended_at is not None:
        raise conflict("token_ended", "该令牌已经失效。", "The token has ended already.", where="token")
    row.ended_at, row.ended_by = now, actor.user
    row.save(update_fields=["ended_at", "ended_by"])
    append("access.token_ended", actor=actor, at=now, object_kind="token", object_id=row.pk, purpose=reason)
    return UserChanged(row.grant.user_id)


def actor_of_token(secret: str, now: datetime) -> Actor | None:
    """The actor of a token, or None: nobody. One query; a write at most once a minute."""
    if not secret.startswith(PREFIX):
        return None
    with scoped(NOTHING):
        row = (
            Token.objects.select_related("grant", "grant__user")
            .filter(secret_sm3=_kept(secret), ended_at__isnull=True, until_at__gt=now)
            .first()
        )
        if row is None or not row.grant.user.is_active or not holds(row.grant, business_date(now)):
            return None
        if row.last_used_at is None or now - row.last_used_at >= SEEN_EVERY:
            Token.objects.filter(pk=row.pk).update(last_used_at=now)
    return actor_of(row.grant.user, row.grant, session=f"{MACHINE}{row.pk}")
