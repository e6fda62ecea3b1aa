"""Actors for tests: plain values for most, accounts with grants where signing in matters.

Everything has its mirror: Liuzhi (520203) and Rongjiang (522632) are two counties of one province.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count

from doudi.server.access import api
from doudi.server.access.models import User
from doudi.server.access.places import Place, join_places, places
from doudi.server.access.roles import FACILITY_ROLES, NEVER_GRANTED, Role
from doudi.server.kernel.actor import SYSTEM, Actor
from doudi.server.kernel.regions import NOWHERE, Ranges
from doudi.server.kernel.scope import Scope, scoped
from doudi.server.reference.api import KnownPlaces

PROVINCE, LIUZHI, RONGJIANG = 520000000000, 520203000000, 522632000000
LIUZHI_TOWN, RONGJIANG_TOWN = 520203101, 522632101
LIUZHI_HOSPITAL, RONGJIANG_HOSPITAL = 9_101, 9_201
NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
"""10:00 in China."""
TODAY = date(2026, 11, 25)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PASSWORD = "Liuzhi-2026-xue"
GRANTED = tuple(role for role in Role if role not in NEVER_GRANTED)

_numbers = count(50_001)


def actor(
    role: Role, code: int = LIUZHI, *, facility: int = 0, user: int = 0, session: str = "0123456789abcdef"
) -> Actor:
    """Somebody in `role` for the region `code` (12 digits), or at a facility."""
    number = user or next(_numbers)
    return Actor(
        user=number,
        login=f"{role}{number}",
        roles=frozenset({role}),
        ranges=NOWHERE if facility else Ranges.of([code]),
        facility=facility,
        facility_name="人民医院" if facility else "",
        session=session,
    )


def officer(code: int = LIUZHI) -> Actor:
    return actor(Role.COUNTY, code)


def approver(code: int = LIUZHI) -> Actor:
    return actor(Role.COUNTY_APPROVER, code)


def clerk(facility: int = LIUZHI_HOSPITAL) -> Actor:
    return actor(Role.WINDOW, facility=facility)


def nowhere(role: Role) -> Actor:
    """Has the role and no place: an empty scope means nothing."""
    number = next(_numbers)
    return Actor(user=number, login=f"{role}{number}", roles=frozenset({role}))


class TwoHospitals:
    """The port of places, with one hospital in each county; others as reference data has them."""

    def region(self, code: int) -> Place | None:
        return {
            0: Place("全国", 0),
            PROVINCE: Place("贵州省", PROVINCE),
            LIUZHI: Place("六枝特区", LIUZHI),
            RONGJIANG: Place("榕江县", RONGJIANG),
        }.get(code)

    def facility(self, number: int) -> Place | None:
        return {
            LIUZHI_HOSPITAL: Place("六枝特区人民医院", LIUZHI),
            RONGJIANG_HOSPITAL: Place("榕江县人民医院", RONGJIANG),
        }.get(number) or KnownPlaces().facility(number)


@contextmanager
def two_hospitals() -> Iterator[None]:
    before = places()
    join_places(TwoHospitals())
    try:
        yield
    finally:
        join_places(before)


def account(
    login: str,
    *roles: Role,
    code: int = LIUZHI,
    facility: int = LIUZHI_HOSPITAL,
    password: str = "",
    until: date | None = None,
) -> int:
    """An account with grants from today on, and a password where one is given: its number. Commits where it can."""
    number = api.create_user(actor=SYSTEM, now=NOW, login=login, display_name="王小明").user
    with two_hospitals():
        for role in roles:
            place = {"facility": facility} if role in FACILITY_ROLES else {"region_code": code}
            api.grant(
                actor=SYSTEM, now=NOW, user=number, role=role, from_date=TODAY, until_date=until, **place
            )
    if password:
        code_shown = api.issue_activation(actor=SYSTEM, now=NOW, user=number)
        api.activate(login=login, code=code_shown.code, password=password, address="", now=NOW)
    return number


def acting(number: int, *, now: datetime = NOW, post: int = 0) -> Actor:
    """The actor an account is in one of its posts, without a session."""
    from doudi.server.access.models import Grant
    from doudi.server.access.posts import actor_of

    with scoped(Scope(user=number)):
        user = User.objects.get(pk=number)
        grants = list(Grant.objects.filter(user=user).order_by("pk"))
    return actor_of(user, grants[post], session="0123456789abcdef")
