"""The demo's accounts: one for every desk in both counties, so that the walls between them can be tried.

The password is drawn anew for each demo and printed once: a demo that somebody leaves running is not open to whoever has
read this file. Grants carry the number 0, the server, as their giver.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from doudi.server.access.api import ROLE_NAMES, Role
from doudi.server.access.models import Grant, User
from doudi.server.access.passwords import hashed
from doudi.server.reference.models import Facility
from doudi.words import Words

LIUZHI, RONGJIANG, LIUPANSHUI, GUIZHOU = 520203000000, 522632000000, 520200000000, 520000000000
PLACES = {
    LIUZHI: ("liuzhi", Words("六枝特区", "Liuzhi")),
    RONGJIANG: ("rongjiang", Words("榕江县", "Rongjiang")),
    LIUPANSHUI: ("liupanshui", Words("六盘水市", "Liupanshui")),
    GUIZHOU: ("guizhou", Words("贵州省", "Guizhou")),
}
BY_REGION = (
    (LIUZHI, (Role.COUNTY, Role.COUNTY_APPROVER, Role.HEALTH, Role.FAMILY_DOCTOR, Role.POLICY, Role.AUDIT)),
    (LIUZHI, (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)),
    (RONGJIANG, (Role.COUNTY, Role.COUNTY_APPROVER)),
    (LIUPANSHUI, (Role.OVERSIGHT,)),
    (GUIZHOU, (Role.OVERSIGHT,)),
)
WINDOWS = (
    ("county", LIUZHI),
    ("township", LIUZHI),
    ("city", 520201000000),
    ("province", 520103000000),
    ("county", RONGJIANG),
)
"""A window clerk in a hospital of each level: level, county in which to take the first."""
DOCTOR_TOWNSHIP = 520203102000
"""The family doctor serves one township."""


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of the demo: how to sign in, and as what."""

    login: str
    password: str
    post: Words
    role: Role
    place: str


def password() -> str:
    """Four groups that can be read aloud; satisfies both password policies."""
    letters = "abcdefghjkmnpqrstuvwxyz"
    group = "".join(secrets.choice(letters) for _ in range(4))
    return f"Doudi-{group}-{secrets.randbelow(9000) + 1000}"


def make_accounts(now: datetime, today: date, secret: str) -> list[DemoAccount]:
    """Users with one grant each. `secret` is the password of all of them."""
    kept = hashed(secret)
    return [_made(post, kept, secret, now, today) for post in (*_region_posts(), *_window_posts())]


@dataclass(frozen=True, slots=True)
class Post:
    """What an account is for. `region`: 12-digit code of where it reaches, or where its facility lies."""

    login: str
    role: Role
    place: Words
    region: int
    facility: int | None = None


def _region_posts() -> Iterator[Post]:
    for region, roles in BY_REGION:
        short, place = PLACES[region]
        for role in roles:
            login = f"{short}-{role.value.replace('_', '-')}"
            if role is Role.FAMILY_DOCTOR:
                yield Post(login, role, Words("岩脚镇", "Yanjiao"), DOCTOR_TOWNSHIP)
            else:
                yield Post(login, role, place, region)


def _window_posts() -> Iterator[Post]:
    for level, county in WINDOWS:
        hospital = _hospital(level, county)
        login = f"window-{level}" if county != RONGJIANG else "window-rongjiang"
        yield Post(login, Role.WINDOW, Words(hospital.name, hospital.name), county, hospital.pk)


def _hospital(level: str, county: int) -> Facility:
    rows = Facility.objects.filter(
        standings__level=level, region__gte=county // 1000, region__lt=county // 1000 + 1000
    )
    return rows.order_by("pk")[0]


def _made(post: Post, kept: str, secret: str, now: datetime, today: date) -> DemoAccount:
    words = ROLE_NAMES[post.role]
    user = User.objects.create(
        login=post.login,
        display_name=f"演示·{words.zh}",
        password=kept,
        password_changed_at=now,
        created_at=now,
    )
    Grant.objects.create(
        user=user,
        role=post.role,
        region_code=post.region,
        facility_id=post.facility,
        place_name=post.place.zh,
        from_date=today,
        granted_by=0,
    )
    said = Words(f"{words.zh}（{post.place.zh}）", f"{words.en} ({post.place.en})")
    return DemoAccount(post.login, secret, said, post.role, post.place.zh)
