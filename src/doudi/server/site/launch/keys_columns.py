"""Where sealed values lie: every column of that name in every table, which of them can be sealed again, and how.

Columns are found by their names (`sealed`, `…_sealed`), so that a table made tomorrow is counted without being told; one
that nobody put below counts as kept. Only the header of a value is read to count it (PostgreSQL fetches a slice of it).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import LiteralString

from django.apps import apps
from django.db import connection, models
from psycopg import sql

from doudi.server.access.operations.codes import PURPOSE as CODES
from doudi.server.kernel.papers.queries import purpose_of
from doudi.server.kernel.sealing.keys import keys
from doudi.server.kernel.sealing.seals import FORMAT
from doudi.server.people.operations.keys import SEALED as OF_PEOPLE


@dataclass(frozen=True, slots=True)
class Column:
    """A column of sealed values, by the names of PostgreSQL."""

    table: str
    name: str

    def __str__(self) -> str:
        return f"{self.table}.{self.name}"


@dataclass(frozen=True, slots=True)
class Again:
    """How the values of a column outside people are sealed again: `purpose` of the row's word in column `beside`."""

    purpose: Callable[[str], str]
    beside: str = ""
    batch: int = 500


AGAIN: dict[Column, Again] = {
    Column("access_user", "totp_sealed"): Again(lambda _: CODES),
    Column("access_user", "totp_pending_sealed"): Again(lambda _: CODES),
    Column("kernel_storedpaper", "sealed"): Again(purpose_of, "purpose", batch=8),
    Column("imports_stagedpart", "sealed"): Again(lambda holds: f"imports.{holds}", "holds", batch=50),
}
"""Papers have up to 64 MB: few at a time."""
KEPT: dict[Column, str] = {
    Column("people_personchange", "values_sealed"): "history is never changed",
    Column("access_proposal", "content_sealed"): "what was proposed is never changed",
    Column("access_user", "phone_sealed"): "nothing writes it yet",
    Column("settlement_agreement", "guarantor_sealed"): "what was agreed is never changed",
}
"""Columns whose values stay as they are, and why: the master they need is kept as long."""


def of_people() -> dict[Column, int]:
    """The columns that `people.reseal` seals again, by its number for them."""
    return {
        Column(model._meta.db_table, word): number  # noqa: SLF001 - Django's name for it
        for number, (model, word, _) in enumerate(OF_PEOPLE)
    }


@cache
def sealed_columns() -> tuple[Column, ...]:
    """Every sealed column of every app, sorted."""
    found = [
        Column(model._meta.db_table, field.column or "")  # noqa: SLF001
        for model in apps.get_models()
        for field in model._meta.local_fields  # noqa: SLF001
        if isinstance(field, models.BinaryField) and (field.column or "").endswith("sealed")
    ]
    return tuple(sorted(found, key=str))


def can_be_sealed_again(column: Column) -> bool:
    """Whether the drill renews its values."""
    return column in AGAIN or column in of_people()


_COUNT = """
SELECT get_byte(header, 0) * 256 + get_byte(header, 1), count(*)
FROM (SELECT substring({column} FROM 3 FOR 2) AS header FROM {table} WHERE {column} IS NOT NULL) headers
GROUP BY 1 ORDER BY 1
"""


def counts() -> Mapping[Column, dict[int, int]]:
    """How many values of each column need each version of the master. In an open scope that sees everything."""
    found = {}
    with connection.cursor() as cursor:
        for column in sealed_columns():
            cursor.execute(named(_COUNT, column))
            found[column] = {int(version): int(count) for version, count in cursor.fetchall()}
    return found


_OPEN = "SELECT count(*), min(id) FROM {table} WHERE {column} IS NOT NULL AND substring({column} FROM 1 FOR 4) <> %s"


def outstanding(column: Column) -> tuple[int, int]:
    """How many values are not of the current master and cipher, and the number of the first row that has one."""
    with connection.cursor() as cursor:
        cursor.execute(named(_OPEN, column), [current_header()])
        count, first = cursor.fetchone()
    return int(count), int(first or 0)


def current_header() -> bytes:
    """How every value begins that is sealed now: format, cipher, version of the master."""
    held = keys()
    return bytes([FORMAT, held.cipher.code]) + held.master.to_bytes(2, "big")


def named(text: LiteralString, column: Column, *, beside: str = "id") -> sql.Composed:
    """A query with the names of a column put in; they come from our own models."""
    return sql.SQL(text).format(
        table=sql.Identifier(column.table), column=sql.Identifier(column.name), beside=sql.Identifier(beside)
    )
