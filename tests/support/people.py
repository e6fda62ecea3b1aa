"""Fictional persons with valid numbers, and actors of two counties and a hospital. No database is touched here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from doudi.server.kernel.actor import Actor
from doudi.server.kernel.regions import Ranges
from doudi.server.people.numbers import check_character

NOW = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 25)
LIUZHI, RONGJIANG, GUIZHOU = 520203000000, 522632000000, 520000000000
TOWN, OTHER_TOWN, THERE = 520203101, 520203102, 522632101
HOSPITAL, OTHER_HOSPITAL = 7, 8


def id_number(birth: date = date(1970, 1, 1), order: int = 2, area: int = 520203) -> str:
    """A valid number: an odd order is a man."""
    first = f"{area}{birth:%Y%m%d}{order:03d}"
    return first + check_character(first)


def numbers(count: int, *, area: int = 520203, year: int = 1950) -> Iterator[str]:
    """Valid, different numbers."""
    for place in range(count):
        day, order = divmod(place, 900)
        year_on, of_year = divmod(day, 336)
        month, of_month = divmod(of_year, 28)
        yield id_number(date(year + year_on, month + 1, of_month + 1), order + 1, area)


def officer(region: int = LIUZHI, *, user: int = 1, role: str = "county") -> Actor:
    return Actor(user=user, login=f"{role}{user}", roles=frozenset({role}), ranges=Ranges.of([region]))


def clerk(facility: int = HOSPITAL, *, user: int = 50) -> Actor:
    return Actor(user=user, login=f"window{user}", roles=frozenset({"window"}), facility=facility)


def registered(actor: Actor | None = None, **words: Any) -> int:
    """Register somebody through the door of people: the number of the person."""
    from doudi.server.people.api import register

    given: dict[str, Any] = {"region": TOWN, "name": "张三", "number": id_number()}
    if words.get("number") == "":
        given |= {"sex": "1", "birth_date": date(2026, 5, 1)}
    return register(actor=actor or officer(), now=NOW, key=None, **{**given, **words}).person
