"""Where a post is held: a region or a facility, found by a part of its name, inside the administrator's own region."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from doudi.server.access.api import FACILITY_ROLES, NEVER_GRANTED, ROLE_NAMES, Role
from doudi.server.desks.places import place_name
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import NotFound, Refused
from doudi.server.kernel.regions import KEY_DIGITS, region_key, significant
from doudi.server.reference.api import FacilityFilter, facilities, region_now, regions
from doudi.words import Words

ROLES = {role: words for role, words in ROLE_NAMES.items() if role not in NEVER_GRANTED}
MOST = 20


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """A place that fits: what the form sends (division code or facility number), and how it is told apart."""

    value: int
    name: str
    where: str


def places_for(viewer: Actor, role: Role, text: str, today: date) -> tuple[PlaceFound, ...]:
    """Facilities for the window, divisions for all others; at most twenty, those of the viewer's region only."""
    if role in FACILITY_ROLES:
        where = FacilityFilter(ranges=viewer.ranges, text=text)
        found = facilities(viewer=viewer, day=today, where=where, size=MOST)
        return tuple(
            PlaceFound(one.id, one.name, f"{one.code} · {place_name(one.region)}") for one in found.items
        )
    if text.isascii() and text.isdigit():
        named = region_now(viewer=viewer, code=int(text), day=today) if len(text) == 12 else ()
    else:
        named = regions(viewer=viewer, day=today, name=text, size=500).items
    inside = [
        one for one in named if significant(one.code) <= KEY_DIGITS and region_key(one.code) in viewer.ranges
    ]
    return tuple(PlaceFound(one.code, one.name, place_name(region_key(one.code))) for one in inside[:MOST])


def chosen(viewer: Actor, role: Role, value: str, text: str, today: date) -> int:
    """The place that the form names: the one that was picked, or the only one that fits what was typed."""
    if value.isascii() and value.isdigit():
        return int(value)
    found = places_for(viewer, role, text, today)
    if len(found) == 1:
        return found[0].value
    if not found:
        raise NotFound(
            "place_absent",
            Words(
                f"您的辖区内没有名称含“{text}”的地区或机构。",
                f"No region or facility of yours has “{text}” in its name.",
            ),
            remedy=Words(
                "请换一个写法；窗口经办选机构，其他岗位选地区。",
                "Write it otherwise; a window's post is at a facility.",
            ),
            where="place",
        )
    raise Refused(
        "place_unclear",
        Words(
            f"有 {len(found)} 个地方符合“{text}”，请选定一个。",
            f"{len(found)} places fit “{text}”; pick one.",
        ),
        where="place",
    )
