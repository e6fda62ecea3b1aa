"""Whole numbers to persons, many at once: what imports and claims are matched by."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from doudi.server.access.api import query
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.regions import in_ranges
from doudi.server.people import vault
from doudi.server.people.data import PersonMatch
from doudi.server.people.models import Person
from doudi.server.people.number_errors import BadNumber
from doudi.server.people.numbers import Number, read_number
from doudi.server.people.queries.among import among
from doudi.server.people.queries.groups import group

CHUNK = 5000


@query("people.match_numbers")
def match_numbers(*, viewer: Actor, numbers: Iterable[str]) -> dict[str, PersonMatch]:
    """By each text that is a whole number of somebody in scope, as it was given. A merged record answers as the record
    it is merged into. One query for 5,000 numbers; texts that are no numbers are left out.
    """
    read: dict[str, Number] = {}
    for text in numbers:
        try:
            read[text] = read_number(text, today=date.max)
        except BadNumber:
            continue
    found = persons_of(viewer, read.values())
    return {text: found[number.key] for text, number in read.items() if number.key in found}


def persons_of(viewer: Actor, numbers: Iterable[Number]) -> dict[str, PersonMatch]:
    """By `Number.key`."""
    unique = list({number.key: number for number in numbers}.values())
    found: dict[str, PersonMatch] = {}
    for start in range(0, len(unique), CHUNK):
        part = unique[start : start + CHUNK]
        by_index = dict(zip(vault.number_indexes(part), part, strict=True))
        rows = Person.objects.filter(in_ranges(viewer.ranges), among("number_index", by_index, "bytea"))
        for row in rows.only("number_index", "region", "name", "merged_into_id"):
            number = by_index[bytes(row.number_index or b"")]
            found[number.key] = _match(row if row.merged_into_id is None else _survivor(row))
    return found


def _match(row: Person) -> PersonMatch:
    return PersonMatch(row.pk, row.region, row.name)


def _survivor(row: Person) -> Person:
    """The record that stands for the person; merged records are few, so these are queries for each."""
    above = Person.objects.filter(pk=group(row.pk)[0]).first()
    return above or row


def person_of_number(viewer: Actor, number: str) -> int | None:
    """Who in scope has this whole number: the record that stands for them. Inside an open scope; it has no rule."""
    try:
        read = read_number(number, today=date.max)
    except BadNumber:
        return None
    found = persons_of(viewer, [read]).get(read.key)
    return found.id if found else None
