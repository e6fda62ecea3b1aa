"""Whom an administrator administers: accounts whose grants all lie inside their own region, and never oneself."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from doudi.server.access.errors import no_such, refused
from doudi.server.access.models import Grant, User
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.clock import business_date
from doudi.server.kernel.regions import Ranges, region_key
from doudi.words import Words

ACCOUNT = Words("账号", "account")


def outside(ranges: Ranges) -> Q:
    """Grants whose region does not lie in `ranges`."""
    inside = Q(pk__in=[])
    for start, end in ranges.pairs:
        inside |= Q(region_code__gte=start * 1000, region_code__lt=end * 1000)
    return ~inside


def in_force_or_to_come(now: datetime) -> Q:
    """Grants that have not ended."""
    return Q(until_date__isnull=True) | Q(until_date__gt=business_date(now))


def inside(actor: Actor, region_code: int) -> bool:
    """Whether a region (12 digits) lies in the actor's ranges."""
    return region_key(region_code) in actor.ranges


def own_account(actor: Actor) -> User:
    """The actor's own account, locked."""
    row = User.objects.select_for_update().filter(pk=actor.user, is_active=True).first()
    if row is None:
        raise no_such(ACCOUNT, "actor")
    return row


def administered(actor: Actor, user: int, now: datetime) -> User:
    """The account's row, locked. Refused for oneself; an account that also works elsewhere is not there."""
    row = User.objects.select_for_update().filter(pk=user).first()
    if row is None:
        raise no_such(ACCOUNT, "user")
    if user == actor.user:
        raise refused(
            "not_for_oneself",
            "不能为自己的账号办理，请由另一名管理员办理。",
            "Nobody does this for their own account; another administrator must.",
            where="user",
        )
    if Grant.objects.filter(in_force_or_to_come(now), outside(actor.ranges), user_id=user).exists():
        raise no_such(ACCOUNT, "user")
    return row
