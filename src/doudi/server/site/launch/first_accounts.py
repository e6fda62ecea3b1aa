"""The first administrators of an installation, who make and grant everybody else; and getting one of them back in.

Whoever runs the commands holds the machine, so nothing here is stronger than what they hold already; what it does is
leave the trail. A first account is made only while nobody holds its role, each of the three for another person (三权分立:
`access.grant` refuses two of them together). The code is handed over in person, is good once and ends by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from doudi.server.access.api import (
    ROLE_NAMES,
    Activation,
    Role,
    create_user,
    grant,
    issue_activation,
    operation,
    remove_code,
)
from doudi.server.access.places import places
from doudi.server.audit.api import append
from doudi.server.kernel import clock
from doudi.server.kernel.actor import SYSTEM, Actor
from doudi.server.kernel.errors import Conflict, NotFound, Refused
from doudi.server.kernel.locks import Alone
from doudi.server.kernel.scope import scoped
from doudi.server.site.launch.checks import Check
from doudi.words import Words

FIRST = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
"""In the order in which they are needed: who makes accounts, who grants roles, who watches both."""
DIGITS = (2, 4, 6, 9, 12)
LONGEST_REASON = 200

_HELD = """
SELECT u.login FROM access_grant g JOIN access_user u ON u.id = g.user_id
WHERE g.role = %s AND u.is_active AND (g.until_date IS NULL OR g.until_date > %s) ORDER BY u.id LIMIT 1
"""
_ROLES = """
SELECT u.id, u.is_active, u.password <> '', array_remove(array_agg(g.role ORDER BY g.id), NULL)
FROM access_user u LEFT JOIN access_grant g ON g.user_id = u.id AND (g.until_date IS NULL OR g.until_date > %s)
WHERE u.login = %s GROUP BY u.id
"""


@dataclass(frozen=True, slots=True)
class FirstAccount:
    """An account that was made or recovered; its code is shown once."""

    login: str
    role: Role
    place: str
    activation: Activation


@dataclass(frozen=True, slots=True)
class _Known:
    user: int
    active: bool
    has_password: bool
    roles: tuple[Role, ...]


def make_first(
    *, login: str, display_name: str, role: str, region: str, reason: str, now: datetime | None = None
) -> FirstAccount:
    """The first account of an administrator's role. Refused while somebody holds it. Broken off, it is begun again."""
    now = now or clock.now()
    wanted = _role(role)
    code = _region(region)
    login, said = login.strip().lower(), _reason(reason)
    with scoped(SYSTEM.scope):
        place = places().region(code)
    if place is None:
        raise _no_such_region(region)
    with _one_at_a_time():
        if holder := _holder(wanted, now):
            raise _held(wanted, holder)
        known = _known(login, now)
        if known is not None and (known.roles or known.has_password or not known.active):
            raise _in_use(login)
        record_account_step(actor=SYSTEM, now=now, event="site.first_account_asked", login=login, reason=said)
        user = (
            known.user
            if known
            else create_user(actor=SYSTEM, now=now, login=login, display_name=display_name).user
        )
        grant(
            actor=SYSTEM,
            now=now,
            user=user,
            role=wanted,
            region_code=code,
            from_date=clock.business_date(now),
        )
        activation = issue_activation(actor=SYSTEM, now=now, user=user)
    return FirstAccount(login, wanted, place.name, activation)


def recover(*, login: str, reason: str, lost_device: bool, now: datetime | None = None) -> FirstAccount:
    """A new activation code for an administrator nobody else can help; the old password and all sessions end.

    `lost_device`: also unbind the one-time codes. Other accounts are for the administrators to help.
    """
    now = now or clock.now()
    login, said = login.strip().lower(), _reason(reason)
    known = _known(login, now)
    role = next((role for role in FIRST if known and role in known.roles), None)
    if known is None or role is None:
        raise _not_an_administrator(login)
    record_account_step(actor=SYSTEM, now=now, event="site.account_recovery_asked", login=login, reason=said)
    if lost_device:
        remove_code(actor=SYSTEM, now=now, user=known.user, reason=said)
    return FirstAccount(login, role, "", issue_activation(actor=SYSTEM, now=now, user=known.user))


@operation("site.record_account_step")
def record_account_step(
    *, actor: Actor, now: datetime, event: str, login: str, reason: str, key: None = None
) -> str:
    """Why the operator does it; the steps themselves follow in the trail."""
    del key
    append(event, actor=actor, at=now, object_kind="account", object_id=login[:60], purpose=reason)
    return login


def missing_roles(now: datetime) -> tuple[Role, ...]:
    """The administrators' roles that nobody holds."""
    return tuple(role for role in FIRST if not _holder(role, now))


def check(now: datetime) -> Check:
    """For the doctor: whether each of the three administrators is there."""
    name = Words("管理员账号", "administrators")
    missing = missing_roles(now)
    if not missing:
        return Check("administrators", name, True, Words("三员齐全", "all three are there"))
    zh = "、".join(ROLE_NAMES[role].zh for role in missing)
    en = ", ".join(ROLE_NAMES[role].en for role in missing)
    remedy = Words(
        f"请运行 doudi account first --role {missing[0]} …", f"Run doudi account first --role {missing[0]} …"
    )
    return Check("administrators", name, None, Words(f"还没有：{zh}", f"not there yet: {en}"), remedy)


def _holder(role: Role, now: datetime) -> str:
    with scoped(SYSTEM.scope), connection.cursor() as cursor:
        cursor.execute(_HELD, [role, clock.business_date(now)])
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def _known(login: str, now: datetime) -> _Known | None:
    with scoped(SYSTEM.scope), connection.cursor() as cursor:
        cursor.execute(_ROLES, [clock.business_date(now), login])
        row = cursor.fetchone()
    return _Known(row[0], row[1], row[2], tuple(Role(role) for role in row[3])) if row else None


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two commands at once make one account. The lock is the connection's, so it is gone when the command is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [Alone.FIRST_ACCOUNT])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [Alone.FIRST_ACCOUNT])


def _role(role: str) -> Role:
    for first in FIRST:
        if role == first:
            return first
    listed = "、".join(FIRST)
    raise Refused(
        "account.role",
        Words(f"--role 只能是 {listed}。", f"--role is one of {listed}."),
        remedy=Words("其他岗位由安全管理员授予。", "Other roles are granted by the security administrator."),
        where="role",
    )


def _region(region: str) -> int:
    text = region.strip()
    if text == "0":
        return 0
    if text.isascii() and text.isdigit() and len(text) in DIGITS:
        return int(text.ljust(12, "0"))
    raise _no_such_region(text)


def _no_such_region(region: str) -> NotFound:
    return NotFound(
        "account.region",
        Words(f"没有行政区划 {region[:12]}。", f"There is no division {region[:12]}."),
        remedy=Words(
            "请写 2、4、6、9 或 12 位代码，如六枝特区 520203；0 为全国。",
            "Write its code of 2, 4, 6, 9 or 12 digits, such as 520203 for Liuzhi; 0 is the whole country.",
        ),
        where="region",
    )


def _reason(reason: str) -> str:
    said = reason.strip()
    if not 0 < len(said) <= LONGEST_REASON:
        raise Refused(
            "account.reason",
            Words("请用 --reason 写明原因（1 至 200 字）。", "Say why with --reason (1 to 200 characters)."),
            where="reason",
        )
    return said


def _held(role: Role, login: str) -> Conflict:
    name = ROLE_NAMES[role]
    return Conflict(
        "account.role_held",
        Words(
            f"已有{name.zh}：账号 {login}。", f"There is a {name.en.lower()} already: the account {login}."
        ),
        remedy=Words(
            "其余账号由管理员在系统里建立；进不去时用 doudi account recover。",
            "Administrators make further accounts in the system; if they are locked out, doudi account recover helps.",
        ),
        where="role",
    )


def _in_use(login: str) -> Conflict:
    return Conflict(
        "account.login_in_use",
        Words(f"账号 {login} 已在使用。", f"The account {login} is in use."),
        remedy=Words(
            "三名管理员要用三个不同的账号，由三个人掌握。",
            "The three administrators are three accounts of three persons.",
        ),
        where="login",
    )


def _not_an_administrator(login: str) -> NotFound:
    return NotFound(
        "account.not_an_administrator",
        Words(f"没有名为 {login[:60]} 的管理员账号。", f"No administrator has the account {login[:60]}."),
        remedy=Words(
            "其他账号请系统管理员发激活码、安全管理员解绑动态口令。",
            "For other accounts a system administrator issues the code and a security administrator unbinds devices.",
        ),
        where="login",
    )
