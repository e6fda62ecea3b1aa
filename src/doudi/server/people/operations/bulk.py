"""Many rows at once: one statement and one parameter for a whole batch.

The batch goes as one JSON text that PostgreSQL reads as rows. A row of twenty columns costs a tenth of what as many
parameters cost; `COPY` would be quicker still, but is not allowed on tables with row-level security.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from psycopg import sql

from doudi.server.kernel.actor import Actor
from doudi.server.people import names, vault
from doudi.server.people.numbers import Number

PERSON = {
    "region": "int",
    "village_code": "bigint",
    "name": "text",
    "initials": "text",
    "sex": "text",
    "birth_date": "date",
    "number_kind": "text",
    "number_sealed": "bytea",
    "number_index": "bytea",
    "number_index_next": "bytea",
    "tail_index": "bytea",
    "disability_category": "smallint",
    "disability_level": "smallint",
    "phone_sealed": "bytea",
    "phone_index": "bytea",
    "ethnicity": "text",
    "status": "text",
    "guardian_id": "bigint",
    "birth_order": "smallint",
    "source_import": "bigint",
    "created_at": "timestamptz",
    "created_by": "bigint",
    "changed_at": "timestamptz",
    "changed_by": "bigint",
}
HOUSEHOLD = {
    "region": "int",
    "number": "text",
    "village_code": "bigint",
    "address_sealed": "bytea",
    "source_import": "bigint",
    "created_at": "timestamptz",
    "created_by": "bigint",
}
MEMBERSHIP = {
    "person_id": "bigint",
    "household_id": "bigint",
    "region": "int",
    "relation": "text",
    "from_date": "date",
    "source_import": "bigint",
}
BANK_CARD = {
    "person_id": "bigint",
    "region": "int",
    "number_sealed": "bytea",
    "number_index": "bytea",
    "bank": "text",
    "holder_name": "text",
    "from_date": "date",
}

_INSERT = """
INSERT INTO {table} ({names}{shared})
SELECT {names}{values} FROM json_to_recordset(%s::json) AS rows ({typed}, place int) ORDER BY place
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to be registered whose facts were read and compared before (`identity.py`)."""

    region: int
    name: str
    sex: str
    birth_date: date
    number: Number | None = None
    village_code: int | None = None
    phone: str = ""
    ethnicity: str = ""
    guardian: int | None = None
    birth_order: int | None = None


def insert(
    table: str, types: Mapping[str, str], rows: Sequence[Mapping[str, Any]], **shared: Any
) -> list[int]:
    """The ids of the new rows, in their order. `rows` by the names of `types`; what a row lacks is null.

    `shared`: columns of `types` that have one value in all rows; it travels once.
    """
    if not rows:
        return []
    own = {word: kind for word, kind in types.items() if word not in shared}
    typed = [sql.SQL("{} {}").format(sql.Identifier(word), sql.SQL(kind)) for word, kind in own.items()]
    values = [sql.SQL(", {}::{}").format(sql.Placeholder(), sql.SQL(types[word])) for word in shared]
    statement = sql.SQL(_INSERT).format(
        table=sql.Identifier(table),
        names=sql.SQL(", ").join(map(sql.Identifier, own)),
        shared=sql.SQL("").join(sql.SQL(", {}").format(sql.Identifier(word)) for word in shared),
        values=sql.SQL("").join(values),
        typed=sql.SQL(", ").join(typed),
    )
    data = json.dumps([_row(place, row) for place, row in enumerate(rows)], separators=(",", ":"))
    with connection.cursor() as cursor:
        cursor.execute(statement, [*shared.values(), data])
        return sorted(number for (number,) in cursor.fetchall())


def _row(place: int, row: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = {"place": place}
    for word, value in row.items():
        if isinstance(value, str | int):
            plain[word] = value
        elif value is not None:
            plain[word] = _plain(value)
    return plain


def _plain(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return "\\x" + bytes(value).hex()
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def insert_persons(
    people: Sequence[NewPerson], *, actor: Actor, now: datetime, source_import: int | None = None
) -> list[int]:
    """The ids of the new persons, in their order. Numbers are unique or the statement fails."""
    rows: list[dict[str, Any]] = [
        {
            "region": one.region,
            "village_code": one.village_code,
            "name": one.name,
            "initials": names.initials(one.name),
            "sex": one.sex,
            "birth_date": one.birth_date,
            "ethnicity": one.ethnicity,
            "guardian_id": one.guardian,
            "birth_order": one.birth_order,
        }
        for one in people
    ]
    for county in {one.region // 1000 for one in people}:
        here = [place for place, one in enumerate(people) if one.region // 1000 == county]
        sealed = vault.number_columns_of(
            [(people[p].number, people[p].name) for p in here], region=county * 1000
        )
        phones = vault.phone_columns_of([people[p].phone for p in here], region=county * 1000)
        for place, number, phone in zip(here, sealed, phones, strict=True):
            card = people[place].number
            category, level = card.disability if card and card.disability else (None, None)
            rows[place] |= number._asdict()
            rows[place] |= {"phone_sealed": phone[0], "phone_index": phone[1]}
            rows[place] |= {"disability_category": category, "disability_level": level}
    return insert(
        "people_person",
        PERSON,
        rows,
        status="present",
        source_import=source_import,
        created_at=now,
        created_by=actor.user,
        changed_at=now,
        changed_by=actor.user,
    )
