"""Accounts: made and closed by the system administrator. An account alone may do nothing: the roles come from another."""

from __future__ import annotations

import re
from datetime import datetime

from doudi.server.access.data import UserChanged
from doudi.server.access.errors import conflict, no_such, refused
from doudi.server.access.guard import operation
from doudi.server.access.models import Token, User
from doudi.server.access.operations.administer import ACCOUNT, administered
from doudi.server.access.operations.attempts import plain_login
from doudi.server.access.operations.sessions import end_sessions
from doudi.server.audit.api import append
from doudi.server.kernel.actor import Actor

LOGIN = re.compile(r"[a-z][a-z0-9._-]{1,59}")


@operation("access.create_user")
def create_user(
    *, actor: Actor, now: datetime, key: str | None = None, login: str, display_name: str
) -> UserChanged:
    """An account without password or role. `issue_activation` gives its owner a first password, `grant` a role."""
    del key
    login, name = plain_login(login), display_name.strip()
    if not LOGIN.fullmatch(login):
        raise refused(
            "login_form",
            "账号名须为 2 至 60 位小写字母、数字、点、短横或下划线，并以字母开头。",
            "A login has 2 to 60 small letters, digits, dots, dashes or underscores and begins with a letter.",
            where="login",
        )
    if not 0 < len(name) <= 60:
        raise refused(
            "display_name_form",
            "请填写姓名（不超过 60 字）。",
            "Give a name of up to 60 characters.",
            where="display_name",
        )
    row, made = User.objects.get_or_create(login=login, defaults={"display_name": name, "password": ""})
    if not made:
        raise conflict(
            "login_taken", f"账号 {login} 已存在。", f"The account {login} exists already.", where="login"
        )
    append("access.user_created", actor=actor, at=now, object_kind="user", object_id=row.pk)
    return UserChanged(row.pk)


@operation("access.close_user")
def close_user(*, actor: Actor, now: datetime, key: str | None = None, user: int, reason: str) -> UserChanged:
    """Close an account: sessions and tokens end at once; nothing of what it did is removed."""
    del key
    row = administered(actor, user, now)
    row.is_active, row.closed_at = False, now
    row.activation_hash, row.activation_until_at = "", None
    row.save(update_fields=["is_active", "closed_at", "activation_hash", "activation_until_at"])
    sessions = end_sessions(row.pk, "closed", now)
    Token.objects.filter(grant__user_id=row.pk, ended_at__isnull=True).update(
        ended_at=now, ended_by=actor.user
    )
    append(
        "access.user_closed",
        actor=actor,
        at=now,
        object_kind="user",
        object_id=row.pk,
        purpose=reason,
        detail={"sessions_ended": sessions},
    )
    return UserChanged(row.pk)


@operation("access.reopen_user")
def reopen_user(
    *, actor: Actor, now: datetime, key: str | None = None, user: int, reason: str
) -> UserChanged:
    """Open a closed account again; its password is void until a new activation code is used."""
    del key
    row = administered(actor, user, now)
    row.is_active, row.closed_at = True, None
    row.password = "!" + row.password.removeprefix("!")
    row.save(update_fields=["is_active", "closed_at", "password"])
    append("access.user_reopened", actor=actor, at=now, object_kind="user", object_id=row.pk, purpose=reason)
    return UserChanged(row.pk)


@operation("access.set_language")
def set_language(*, actor: Actor, now: datetime, key: str | None = None, language: str) -> UserChanged:
    """The language of one's own pages: zh or en."""
    del key
    if language not in ("zh", "en"):
        raise no_such(ACCOUNT, "language")
    User.objects.filter(pk=actor.user).update(language=language)
    append("access.language_set", actor=actor, at=now, object_kind="user", object_id=actor.user)
    return UserChanged(actor.user)
