"""Who a person is, as the standing apps need it: where they belong, and which records were merged into one person.

Rows stay under the record they were entered for; whoever reads asks for all records of the person at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from django.db import models

from doudi.server.kernel.actor import Actor
from doudi.server.people.api import many_same_person_ids, person_facts
from doudi.server.recognition.errors import no_such_person

M = TypeVar("M", bound=models.Model)


def home_of(person: int, actor: Actor) -> int:
    """The region key of a person of whom the actor may write; refused as not found where they may not."""
    region = person_facts(viewer=actor, person=person).region
    if not may_write(region, actor):
        raise no_such_person()
    return region


def may_write(region: int, actor: Actor) -> bool:
    """Whether the actor may write of somebody they see there: in their regions, or opened at their facility.

    Broken glass shows a person and lets nobody write.
    """
    return region in actor.ranges or bool(actor.facility)


def records_of(person: int) -> tuple[int, ...]:
    """All records of the person, in the open scope."""
    return many_same_person_ids([person])[person]


def by_person(rows: Iterable[M], groups: Mapping[int, Iterable[int]]) -> dict[int, list[M]]:
    """Rows by the person asked for, in their order; everybody asked for has a list."""
    asked_by: dict[int, list[int]] = {}
    for person, records in groups.items():
        for record in records:
            asked_by.setdefault(record, []).append(person)
    found: dict[int, list[M]] = {person: [] for person in groups}
    for row in rows:
        for person in asked_by.get(row.person_id, ()):  # type: ignore[attr-defined]
            found[person].append(row)
    return found
