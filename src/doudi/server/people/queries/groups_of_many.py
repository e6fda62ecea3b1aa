"""Records that are one person, for many persons in one query: up to what stands for each, and down to all of it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from doudi.server.kernel.reading import once

_GROUPS = """
WITH RECURSIVE
up AS (
    SELECT id AS asked, id, merged_into_id FROM people_person WHERE id = ANY(%s)
    UNION
    SELECT up.asked, above.id, above.merged_into_id FROM up JOIN people_person above ON above.id = up.merged_into_id
),
down AS (
    SELECT asked, id FROM up
    UNION
    SELECT down.asked, below.id FROM down JOIN people_person below ON below.merged_into_id = down.id
)
SELECT asked, array_agg(id ORDER BY id) FROM down GROUP BY asked
"""


def many_same_person_ids(persons: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """By each person asked for: all records of that person in the open scope, in order of number, itself among them.

    One query for any number of persons, and one for all who ask of the same on a page. Who is not in scope has itself
    alone, which shows nothing.
    """
    asked = tuple(sorted(set(persons)))
    return once(("people.records", asked), lambda: _read(asked))


def _read(asked: tuple[int, ...]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {person: (person,) for person in asked}
    if not asked:
        return found
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS, [list(asked)])
        found.update((person, tuple(ids)) for person, ids in cursor.fetchall())
    return found
