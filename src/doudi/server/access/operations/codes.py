"""One-time codes (TOTP, RFC 6238): a second factor on the user's device. The secret is sealed; a code is good once."""

from __future__ import annotations

import hmac
from datetime import datetime

import pyotp

from doudi.server.access.data import CodeSecret, UserChanged
from doudi.server.access.errors import conflict, refused
from doudi.server.access.guard import operation
from doudi.server.access.models import User
from doudi.server.access.operations.administer import administered, own_account
from doudi.server.audit.api import append
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.sealing import seal, unseal_text

PURPOSE = "access.totp"
STEP = 30
DRIFT = 1
"""How many steps a device's clock may be off, either way."""


def accept_code(user: User, code: str, now: datetime) -> bool:
    """Whether `code` is right now and was not used; marks it used. The caller holds the user's row."""
    if user.totp_sealed is None:
        return False
    step = _step_of(unseal_text(user.totp_sealed, purpose=PURPOSE), code, now)
    if step is None or step <= user.totp_step:
        return False
    user.totp_step = step
    user.save(update_fields=["totp_step"])
    return True


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    maker = pyotp.TOTP(secret, interval=STEP)
    present = int(now.timestamp()) // STEP
    given = code.strip().encode()
    steps = range(present - DRIFT, present + DRIFT + 1)
    right = [step for step in steps if hmac.compare_digest(maker.generate_otp(step).encode(), given)]
    return right[-1] if right else None


@operation("access.begin_code", remembered=False)
def begin_code(*, actor: Actor, now: datetime, key: str | None = None) -> CodeSecret:
    """A new secret for one's own device; it counts from `confirm_code` on."""
    del key
    user = own_account(actor)
    if user.totp_sealed is not None:
        raise conflict(
            "code_already_bound",
            "账号已绑定动态验证码。更换设备请先由安全管理员解除绑定。",
            "A device is bound already; to change it, the security administrator removes it first.",
        )
    secret = pyotp.random_base32()
    user.totp_pending_sealed = seal(secret, region=0, purpose=PURPOSE)
    user.save(update_fields=["totp_pending_sealed"])
    append("access.code_begun", actor=actor, at=now, object_kind="user", object_id=user.pk)
    address = pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=user.login, issuer_name="Doudi")
    return CodeSecret(secret=secret, address=address)


@operation("access.confirm_code", remembered=False)
def confirm_code(*, actor: Actor, now: datetime, key: str | None = None, code: str) -> UserChanged:
    """The device shows the right code: from now on signing in asks for it."""
    del key
    user = own_account(actor)
    pending = user.totp_pending_sealed
    step = None if pending is None else _step_of(unseal_text(pending, purpose=PURPOSE), code, now)
    if step is None:
        raise refused(
            "code_wrong",
            "验证码不正确或已过期。",
            "The code is wrong or too old.",
            where="code",
        )
    user.totp_sealed, user.totp_pending_sealed, user.totp_step = pending, None, step
    user.save(update_fields=["totp_sealed", "totp_pending_sealed", "totp_step"])
    append("access.code_bound", actor=actor, at=now, object_kind="user", object_id=user.pk)
    return UserChanged(user.pk)


@operation("access.remove_code")
def remove_code(
    *, actor: Actor, now: datetime, key: str | None = None, user: int, reason: str
) -> UserChanged:
    """The device was lost: unbind it. The user's sessions end; they bind a new one after the next sign-in."""
    del key
    row = administered(actor, user, now)
    row.totp_sealed = row.totp_pending_sealed = None
    row.save(update_fields=["totp_sealed", "totp_pending_sealed"])
    from doudi.server.access.operations.sessions import end_sessions

    end_sessions(row.pk, "code_removed", now)
    append("access.code_removed", actor=actor, at=now, object_kind="user", object_id=row.pk, purpose=reason)
    return UserChanged(row.pk)
