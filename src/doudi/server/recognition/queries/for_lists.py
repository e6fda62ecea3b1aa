"""The valid rows of the persons a batch of a list is about: two queries, inside the scope that imports has opened."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from doudi.server.people.api import many_same_person_ids
from doudi.server.recognition.models import Recognition as Row
from doudi.server.recognition.persons import by_person


def valid_rows(persons: Sequence[int]) -> dict[int, list[Row]]:
    """By person, the earliest first."""
    groups = many_same_person_ids(persons)
    records = set(chain.from_iterable(groups.values()))
    rows = Row.objects.filter(person_id__in=records, state="valid").order_by("from_date", "id")
    return by_person(rows, groups)
