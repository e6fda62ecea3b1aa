"""What some persons are insured by: on a day, over time. Two queries, however many persons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain

from django.db.models import Q

from doudi.server.access.api import query
from doudi.server.enrolment.data import Enrolment
from doudi.server.enrolment.models import Enrolment as Row
from doudi.server.enrolment.queries.records import record
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.compiled import rows_where
from doudi.server.people.api import many_same_person_ids
from doudi.server.recognition.api import believed_on, by_person, valid_on

Found = dict[int, tuple[Enrolment, ...]]


def _of(persons: Iterable[int], condition: Q, *order: str) -> Found:
    groups = many_same_person_ids(persons)
    records = set(chain.from_iterable(groups.values()))
    rows = rows_where("enrolment.rows", Row.objects.all, condition & Q(person_id__in=records), *order)
    return {person: tuple(map(record, found)) for person, found in by_person(rows, groups).items()}


@query("enrolment.enrolments_on")
def enrolments_on(
    *, viewer: Actor, person: int, day: date, known_by: date | None = None
) -> tuple[Enrolment, ...]:
    """The enrolments whose period holds `day`, whatever their status (`Enrolment.insures` says whether they count).

    With `known_by` as they were known at the end of that day (P10).
    """
    del viewer
    return _of([person], valid_on(day) & believed_on(known_by), "-basic", "scheme", "id")[person]


@query("enrolment.enrolments_of_many")
def enrolments_of_many(
    *, viewer: Actor, persons: Sequence[int], day: date, known_by: date | None = None
) -> Found:
    """The same for many persons at once; everybody asked for has an entry."""
    del viewer
    return _of(persons, valid_on(day) & believed_on(known_by), "-basic", "scheme", "id")


@query("enrolment.periods_of_many")
def periods_of_many(*, viewer: Actor, persons: Sequence[int], known_by: date | None = None) -> Found:
    """Every enrolment of every year: what the engine takes (`data.insurances`)."""
    del viewer
    return _of(persons, believed_on(known_by), "from_date", "id")


@query("enrolment.enrolment_history")
def enrolment_history(*, viewer: Actor, person: int) -> tuple[Enrolment, ...]:
    """Everything ever entered, the latest year first; with what was replaced or void, for the timeline."""
    del viewer
    return _of([person], Q(), "-year", "-from_date", "scheme", "-id")[person]
