"""Passwords: changed by their owner; an administrator only ever hands over a one-time code (ASVS 6.4.6)."""

from __future__ import annotations

import secrets
from datetime import datetime

from doudi.server.access.data import Activation, UserChanged
from doudi.server.access.errors import refused
from doudi.server.access.guard import operation
from doudi.server.access.limits import ACTIVATION_VALID, password_policy
from doudi.server.access.models import OldPassword, User
from doudi.server.access.operations.administer import administered, own_account
from doudi.server.access.operations.sessions import end_sessions
from doudi.server.access.passwords import check_new, hashed, matches
from doudi.server.audit.api import append
from doudi.server.kernel.actor import Actor

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without those that are read as one another on paper: 12 of 31 are 59 bits."""
CODE_LENGTH = 12
VOID = "!"
"""Before a hash: the password signs nobody in any more, but may not come back either."""


def set_password(user: User, password: str, now: datetime) -> None:
    """Keep a new password that the policy takes and that is not among the last ones; any activation code is used up."""
    remembered = password_policy().remembered
    present = user.password.removeprefix(VOID)
    earlier = [present] if present else []
    earlier += (
        OldPassword.objects.filter(user=user).order_by("-pk").values_list("hash", flat=True)[:remembered]
    )
    check_new(password, login=user.login, earlier=earlier[:remembered])
    if present:
        OldPassword.objects.bulk_create([OldPassword(user=user, hash=present, set_at=now)])
    user.password = hashed(password)
    user.password_changed_at = now
    user.activation_hash, user.activation_until_at = "", None
    user.save(update_fields=["password", "password_changed_at", "activation_hash", "activation_until_at"])


@operation("access.change_password", remembered=False)
def change_password(
    *, actor: Actor, now: datetime, key: str | None = None, old: str, new: str
) -> UserChanged:
    """Change one's own password; other sessions end."""
    del key
    user = own_account(actor)
    if not matches(old, user.password):
        raise refused("password_wrong", "原密码不正确。", "The present password is not right.", where="old")
    if old == new:
        raise refused(
            "password_same", "新密码不能与原密码相同。", "The new password must differ.", where="new"
        )
    set_password(user, new, now)
    end_sessions(user.pk, "password", now, but=actor.session)
    append("access.password_changed", actor=actor, at=now, object_kind="user", object_id=user.pk)
    return UserChanged(user.pk)


@operation("access.issue_activation", remembered=False)
def issue_activation(*, actor: Actor, now: datetime, key: str | None = None, user: int) -> Activation:
    """A one-time code to hand over in person: for a new account, or where the password is lost.

    The old password stops working and all sessions end. An earlier code is void. Each call makes a new code.
    """
    del key
    row = administered(actor, user, now)
    if not row.is_active:
        raise refused("account_closed", "账号已停用。", "The account is closed.", where="user")
    code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
    row.password = VOID + row.password.removeprefix(VOID)
    row.activation_hash, row.activation_until_at = hashed(code), now + ACTIVATION_VALID
    row.save(update_fields=["password", "activation_hash", "activation_until_at"])
    end_sessions(row.pk, "password", now)
    append("access.activation_issued", actor=actor, at=now, object_kind="user", object_id=row.pk)
    return Activation(user=row.pk, code=code, until=now + ACTIVATION_VALID)
