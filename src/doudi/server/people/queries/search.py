"""One box for everything: whole number, phone, last four characters with a name, name (with a village), initials.

The text is sent by POST and never stands in an address. What it is, its shape tells:

| typed | found by |
|---|---|
| 520203199001010027, a birth certificate, a permit | whole number |
| 13800000000 | phone |
| 0027 张三, 张三 002X | last four characters and name |
| 张三, 张 | name, else names that begin so |
| 张三 新窑 | name, in a village or township so named |
| zs | initials of the name |
"""

from __future__ import annotations

import re
from datetime import date

from django.db.models import QuerySet

from doudi.server.access.api import query
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import Refused
from doudi.server.kernel.paging import SIZE, Page
from doudi.server.people import names, vault
from doudi.server.people.data import PersonSummary
from doudi.server.people.models import Person
from doudi.server.people.number_errors import BadNumber
from doudi.server.people.numbers import normal, read_number
from doudi.server.people.queries.persons import LAST_LETTER
from doudi.server.people.queries.visible import in_scope, summaries
from doudi.server.reference.api import region_names

_TAIL = re.compile(r"\d{3}[\dX]")
_INITIALS = re.compile(r"[a-z]{1,12}")
_NEAR = 500
"""How many of one name are looked through for a village."""


@query("people.search")
def search(*, viewer: Actor, text: str) -> Page[PersonSummary]:
    """The first page of who is meant by `text`, in the viewer's regions; nobody where it means nothing."""
    rows = found(in_scope(viewer), text)[: SIZE + 1]
    items = summaries(rows[:SIZE], viewer)
    return Page(items, 0, SIZE, len(items), more=len(rows) > SIZE)


def found(rows: QuerySet[Person], text: str) -> list[Person]:
    """Rows in the order they are offered. A merged record is found by its own number, and not by name."""
    plain = " ".join(text.split())
    by_number = _by_number(rows, plain)
    if by_number or not plain:
        return by_number
    whole = rows.filter(merged_into__isnull=True)
    if re.fullmatch(r"[\d+\-() ]{7,16}", plain):
        return _by_phone(whole, plain)
    words = plain.split(" ")
    tails = [word.upper() for word in words if _TAIL.fullmatch(word.upper())]
    others = [word for word in words if not _TAIL.fullmatch(word.upper())]
    if tails:
        return [] if len(tails) > 1 or len(others) != 1 else _by_tail(whole, tails[0], others[0])
    if len(words) == 1 and _INITIALS.fullmatch(plain.lower()):
        return list(whole.filter(initials=plain.lower()).order_by("name", "region", "id")[: SIZE + 1])
    return _by_name(whole, words)


def _by_number(rows: QuerySet[Person], plain: str) -> list[Person]:
    if not re.search(r"\d", plain) or len(normal(plain)) < 8:
        return []
    try:
        number = read_number(plain, today=date.max)
    except BadNumber:
        return []
    return list(rows.filter(number_index__in=vault.both_indexes(number)))


def _by_phone(rows: QuerySet[Person], plain: str) -> list[Person]:
    try:
        phone = names.read_phone(plain)
    except Refused:
        return []
    return list(rows.filter(phone_index=vault.phone_index(phone)).order_by("id")[: SIZE + 1])


def _by_tail(rows: QuerySet[Person], tail: str, name: str) -> list[Person]:
    return list(rows.filter(tail_index=vault.tail_index(tail, name)).order_by("id")[: SIZE + 1])


def _by_name(rows: QuerySet[Person], words: list[str]) -> list[Person]:
    try:
        name = names.read_name(words[0] if len(words) == 2 and not words[0].isascii() else " ".join(words))
    except Refused:
        return []
    place = words[1] if len(words) == 2 and not words[0].isascii() else ""
    order = ("name", "region", "id")
    most = _NEAR if place else SIZE + 1
    exact = list(rows.filter(name=name).order_by(*order)[:most])
    near = exact or list(rows.filter(name__gte=name, name__lt=name + LAST_LETTER).order_by(*order)[:most])
    return _in_place(near, place) if place else near


def _in_place(rows: list[Person], place: str) -> list[Person]:
    codes = {code for row in rows for code in (row.village_code, row.region * 1000) if code}
    names_of = region_names(codes)
    return [
        row
        for row in rows
        if any(place in names_of.get(code, "") for code in (row.village_code or 0, row.region * 1000))
    ]
