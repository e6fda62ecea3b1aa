"""Grants: given and ended by the security administrator, inside their own region, never to themselves.

Lock: the user's row; so that two grants at the same time cannot make an incompatible pair together.
"""

from __future__ import annotations

from datetime import date, datetime

from doudi.server.access.data import Granted
from doudi.server.access.errors import conflict, no_such, refused
from doudi.server.access.guard import operation
from doudi.server.access.models import Grant, Session, Token, User
from doudi.server.access.operations.administer import ACCOUNT, administered, inside
from doudi.server.access.places import places
from doudi.server.access.roles import FACILITY_ROLES, NEVER_GRANTED, ROLE_NAMES, Role, conflicts
from doudi.server.audit.api import append
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.clock import business_date
from doudi.words import Words

GRANT = Words("授权", "grant")


@operation("access.grant")
def grant(
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
    user: int,
    role: Role,
    region_code: int | None = None,
    facility: int | None = None,
    from_date: date,
    until_date: date | None = None,
) -> Granted:
    """Give `user` a role for a region (12-digit code; 0 the whole country) or for a facility, from a day on."""
    del key
    row = administered_for_grant(actor, user)
    code, name = _place(actor, role, region_code, facility)
    if until_date is not None and until_date <= from_date:
        raise refused(
            "grant_dates",
            "截止日期须晚于起始日期。",
            "The end must be after the beginning.",
            where="until_date",
        )
    if from_date < business_date(now):
        raise refused(
            "grant_back_dated", "授权不能倒签。", "A grant cannot be back-dated.", where="from_date"
        )
    _compatible(row, role, from_date, until_date)
    made = Grant.objects.create(
        user=row,
        role=role,
        region_code=code,
        facility_id=facility,
        place_name=name,
        from_date=from_date,
        until_date=until_date,
        granted_by=actor.user,
    )
    append(
        "access.granted",
        actor=actor,
        at=now,
        object_kind="grant",
        object_id=made.pk,
        detail={"user": row.pk, "role": role, "region": code, "facility": facility or 0},
    )
    return Granted(grant=made.pk, user=row.pk, until=until_date)


def administered_for_grant(actor: Actor, user: int) -> User:
    """The account to be granted to, locked: any account but one's own; what matters is where the new grant reaches."""
    row = User.objects.select_for_update().filter(pk=user, is_active=True).first()
    if row is None:
        raise no_such(ACCOUNT, "user")
    if row.pk == actor.user:
        raise refused(
            "not_for_oneself",
            "不能给自己授权，请由另一名安全管理员办理。",
            "Nobody grants to themselves; another security administrator must.",
            where="user",
        )
    return row


def _place(actor: Actor, role: Role, region_code: int | None, facility: int | None) -> tuple[int, str]:
    if role in NEVER_GRANTED:
        raise refused("role_never_granted", "该岗位不能授予。", "This role is never granted.", where="role")
    at_facility = role in FACILITY_ROLES
    if at_facility != (facility is not None) or at_facility == (region_code is not None):
        zh, en = ("医疗机构", "a facility") if at_facility else ("行政区划", "a region")
        raise refused(
            "grant_place",
            f"岗位“{ROLE_NAMES[role].zh}”须按{zh}授予。",
            f"This role is granted for {en}.",
            where="role",
        )
    if facility is not None:
        place = places().facility(facility)
    else:
        place = places().region(region_code if region_code is not None else -1)
    if place is None or not inside(actor, place.region_code):
        raise no_such(Words("机构或区划", "facility or region"), "facility" if at_facility else "region_code")
    return place.region_code, place.name


def _compatible(row: User, role: Role, from_date: date, until_date: date | None) -> None:
    others = Grant.objects.filter(user=row).exclude(until_date__lte=from_date)
    if until_date is not None:
        others = others.filter(from_date__lt=until_date)
    for other in others:
        if pairs := conflicts(frozenset({role, Role(other.role)})):
            first, second = (ROLE_NAMES[name] for name in pairs[0])
            raise conflict(
                "roles_incompatible",
                f"“{first.zh}”与“{second.zh}”不能由同一人担任。",
                f"{first.en} and {second.en} may not be held by one person.",
                where="role",
            )


@operation("access.end_grant")
def end_grant(*, actor: Actor, now: datetime, key: str | None = None, grant: int, reason: str) -> Granted:
    """End a grant today: sessions and tokens of this post stop at their next request."""
    del key
    row = Grant.objects.select_for_update().filter(pk=grant).first()
    if row is None or not inside(actor, row.region_code):
        raise no_such(GRANT, "grant")
    if row.user_id == actor.user:
        administered(actor, row.user_id, now)
    today = business_date(now)
    if row.until_date is not None and row.until_date <= today:
        raise conflict("grant_ended", "该授权已经结束。", "The grant has ended already.", where="grant")
    row.until_date, row.ended_by = max(today, row.from_date), actor.user
    row.save(update_fields=["until_date", "ended_by"])
    Session.objects.filter(grant=row, ended_at__isnull=True).update(ended_at=now, ended_why="post_ended")
    Token.objects.filter(grant=row, ended_at__isnull=True).update(ended_at=now, ended_by=actor.user)
    append(
        "access.grant_ended",
        actor=actor,
        at=now,
        object_kind="grant",
        object_id=row.pk,
        purpose=reason,
        detail={"user": row.user_id, "role": row.role},
    )
    return Granted(grant=row.pk, user=row.user_id, until=row.until_date)
