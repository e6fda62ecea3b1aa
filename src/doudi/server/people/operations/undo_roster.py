"""Take back what an import of a roster wrote, while nothing depends on it.

A person it made is removed where no row of any table refers to it; a person it changed gets its fields back where they
are still as the import left them. What refers to persons is read from the database's own catalogue, so that a table made
later is asked too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection
from psycopg import sql

from doudi.server.imports.api import Change, Obstacle, Task
from doudi.server.kernel.regions import in_ranges
from doudi.server.people import names, vault
from doudi.server.people.data import NumberKind
from doudi.server.people.models import Membership, Person, PersonChange
from doudi.server.people.numbers import Number
from doudi.server.people.operations import locked
from doudi.server.people.operations.import_roster import FIELDS, along, kept
from doudi.words import Words

CHANGED_SINCE = Words("导入之后又被更正，请先核对。", "It was changed after the import.")
IN_USE = Words("已有认定、参保、备案或其他记录，不能撤销。", "Other records depend on the person by now.")
HOME_IN_USE = Words("这一户已有别的成员。", "The household has other members by now.")

_REFERRING = """
SELECT DISTINCT c.conrelid::regclass::text, a.attname
FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
WHERE c.contype = 'f' AND c.confrelid = %s::regclass
"""


def take_back(changes: Sequence[Change], task: Task) -> list[Obstacle]:
    """Last first: memberships, persons, households. Obstacles name rows."""
    obstacles = _memberships([one for one in changes if one.object_kind == "membership"])
    people = [one for one in changes if one.object_kind == "person"]
    obstacles += _restore([one for one in people if one.did == "changed"], task)
    obstacles += _remove([one for one in people if one.did == "made"], "people_person", IN_USE, task)
    homes = [one for one in changes if one.object_kind == "household"]
    return obstacles + _remove(homes, "people_household", HOME_IN_USE, task)


def _memberships(changes: Sequence[Change]) -> list[Obstacle]:
    rows = {row.pk: row for row in Membership.objects.filter(pk__in={one.object_id for one in changes})}
    obstacles: list[Obstacle] = []
    gone: list[int] = []
    back: list[Membership] = []
    for one in changes:
        row = rows.get(one.object_id)
        if row is None or not _as_left(row, one.after) or (one.did == "made" and row.until_date is not None):
            obstacles.append(Obstacle(one.row, CHANGED_SINCE))
        elif one.did == "made":
            gone.append(row.pk)
        else:
            row.relation = str(one.before.get("relation", row.relation))
            if "until_date" in one.before:
                row.until_date = None
            back.append(row)
    if not obstacles:
        Membership.objects.filter(pk__in=gone).delete()
        Membership.objects.bulk_update(back, ["relation", "until_date"], batch_size=500)
    return obstacles


def _as_left(row: Membership, after: Mapping[str, Any]) -> bool:
    now = {"relation": row.relation, "until_date": row.until_date and row.until_date.isoformat()}
    return all(now[word] == value for word, value in after.items())


def _restore(changes: Sequence[Change], task: Task) -> list[Obstacle]:
    if not changes:
        return []
    mine = Person.objects.filter(in_ranges(task.actor.ranges), pk__in={one.object_id for one in changes})
    rows = {row.pk: row for row in mine.select_for_update(no_key=True).order_by("pk")}
    obstacles: list[Obstacle] = []
    history: list[PersonChange] = []
    for one in changes:
        row = rows.get(one.object_id)
        now = kept(row) if row is not None else {}
        if row is None or any(now[word] != value for word, value in one.after.items()):
            obstacles.append(Obstacle(one.row, CHANGED_SINCE))
            continue
        _put_back(row, {**now, **one.before}, task)
        history.append(locked.entry(row, "import_undone", task.actor, task.now, one.after, one.before))
    if not obstacles:
        Person.objects.bulk_update(rows.values(), FIELDS, batch_size=500)
        along(list(rows.values()))
        PersonChange.objects.bulk_create(history)
    return obstacles


def _put_back(row: Person, values: Mapping[str, Any], task: Task) -> None:
    row.region, row.village_code = values["region"], values["village_code"]
    row.name, row.initials = values["name"], names.initials(values["name"])
    row.sex, row.ethnicity = values["sex"], values["ethnicity"]
    row.birth_date = date.fromisoformat(values["birth_date"])
    row.disability_category, row.disability_level = values["disability_category"], values["disability_level"]
    number = Number(NumberKind(values["number_kind"]), values["number"]) if values["number"] else None
    for word, value in vault.number_columns(number, name=row.name, region=row.region)._asdict().items():
        setattr(row, word, value)
    row.phone_sealed, row.phone_index = vault.phone_columns(values["phone"], region=row.region)
    row.changed_at, row.changed_by = task.now, task.actor.user


def _remove(changes: Sequence[Change], table: str, words: Words, task: Task) -> list[Obstacle]:
    if not changes:
        return []
    rows = {one.object_id: one.row for one in changes}
    if table == "people_person":
        Person.objects.filter(guardian_id__in=rows, source_import=task.number).update(guardian=None)
    used = referred(table, sorted(rows))
    if used:
        return [Obstacle(rows[number], words) for number in sorted(used)]
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("DELETE FROM {} WHERE id = ANY (%s)").format(sql.Identifier(table)), [sorted(rows)]
        )
    return []


def referred(table: str, numbers: Sequence[int]) -> set[int]:
    """Which rows of `table` any row of any table refers to."""
    with connection.cursor() as cursor:
        cursor.execute(_REFERRING, [table])
        used: set[int] = set()
        for name, column in cursor.fetchall():
            cursor.execute(
                sql.SQL("SELECT DISTINCT {column} FROM {table} WHERE {column} = ANY (%s)").format(
                    column=sql.Identifier(column), table=sql.Identifier(name)
                ),
                [list(numbers)],
            )
            used |= {number for (number,) in cursor.fetchall()}
    return used
