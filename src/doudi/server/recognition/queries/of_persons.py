"""What is known of some persons: on a day, over time. Two queries, however many persons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain

from django.db.models import Q

from doudi.server.access.api import query
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.compiled import rows_where
from doudi.server.people.api import many_same_person_ids
from doudi.server.recognition.data import Recognition
from doudi.server.recognition.dated import believed_on, valid_on
from doudi.server.recognition.models import Recognition as Row
from doudi.server.recognition.persons import by_person
from doudi.server.recognition.queries.records import record

Found = dict[int, tuple[Recognition, ...]]


def _of(persons: Iterable[int], condition: Q, *order: str) -> Found:
    groups = many_same_person_ids(persons)
    records = set(chain.from_iterable(groups.values()))
    rows = rows_where("recognition.rows", Row.objects.all, condition & Q(person_id__in=records), *order)
    return {person: tuple(map(record, found)) for person, found in by_person(rows, groups).items()}


@query("recognition.categories_on")
def categories_on(
    *, viewer: Actor, person: int, day: date, known_by: date | None = None
) -> tuple[Recognition, ...]:
    """The categories of a person on `day`; with `known_by` as they were known at the end of that day (P10)."""
    del viewer
    return _of([person], valid_on(day) & believed_on(known_by), "category", "id")[person]


@query("recognition.categories_of_many")
def categories_of_many(
    *, viewer: Actor, persons: Sequence[int], day: date, known_by: date | None = None
) -> Found:
    """The same for many persons at once; everybody asked for has an entry."""
    del viewer
    return _of(persons, valid_on(day) & believed_on(known_by), "category", "id")


@query("recognition.periods_of_many")
def periods_of_many(*, viewer: Actor, persons: Sequence[int], known_by: date | None = None) -> Found:
    """Every period of every category, ended ones too: what the engine takes (`data.holdings`)."""
    del viewer
    return _of(persons, believed_on(known_by), "category", "from_date", "id")


@query("recognition.category_history")
def category_history(*, viewer: Actor, person: int) -> tuple[Recognition, ...]:
    """Everything ever entered, the latest beginning first; with what was replaced or void, for the timeline."""
    del viewer
    return _of([person], Q(), "-from_date", "category", "-id")[person]
