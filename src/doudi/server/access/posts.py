"""Posts: which grants hold on a day, and the actor that a post makes of a user."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from doudi.server.access.data import Post
from doudi.server.access.models import Grant, User
from doudi.server.access.roles import Role
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.regions import NOWHERE, Ranges


def valid_on(day: date, prefix: str = "") -> Q:
    """The filter of grants that hold on `day` (until is exclusive)."""
    return Q(**{f"{prefix}from_date__lte": day}) & (
        Q(**{f"{prefix}until_date__isnull": True}) | Q(**{f"{prefix}until_date__gt": day})
    )


def holds(grant: Grant, day: date) -> bool:
    """Whether a grant holds on `day`."""
    return grant.from_date <= day and (grant.until_date is None or day < grant.until_date)


def post_of(grant: Grant) -> Post:
    """A grant as the post it is."""
    return Post(
        number=grant.pk,
        role=Role(grant.role),
        place=grant.place_name,
        region_code=grant.region_code,
        facility=grant.facility_id or 0,
        until=grant.until_date,
    )


def actor_of(user: User, grant: Grant, *, session: str, role: Role | None = None) -> Actor:
    """`user` acting in one post; `role` in place of the post's where the account must first be set in order."""
    return Actor(
        user=user.pk,
        login=user.login,
        roles=frozenset({role or Role(grant.role)}),
        ranges=NOWHERE if grant.facility_id or role else Ranges.of([grant.region_code]),
        facility=0 if role else grant.facility_id or 0,
        facility_name=grant.place_name if grant.facility_id else "",
        session=session,
        language="en" if user.language == "en" else "zh",
    )
