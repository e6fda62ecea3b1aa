"""Writing many rows of one table at once: COPY into a temporary table, then one INSERT from there.

PostgreSQL lets nobody COPY into a table with row-level security; a temporary table has none, and the INSERT from it meets
the policies like any other. Three to four times quicker than parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, models
from psycopg import sql

_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Table:
    """The columns of a model that are written. `constant` ones are the same in all rows."""

    def __init__(
        self,
        model: type[models.Model],
        *columns: str,
        constant: dict[str, Any] | None = None,
        key: str = "id",
    ) -> None:
        """`columns` come with each row, in this order; `key`: what the row is called by."""
        self.constant, self.columns = constant or {}, columns
        name = model._meta.db_table  # noqa: SLF001 - Django's public API
        here, given = sql.Identifier(f"demo_{name}"), sql.SQL(", ").join(map(sql.Identifier, columns))
        names = sql.SQL(", ").join(map(sql.Identifier, [*columns, *self.constant]))
        picked = sql.SQL(", ").join(
            [*map(sql.Identifier, columns), *[sql.Placeholder()] * len(self.constant)]
        )
        table = sql.Identifier(name)
        self.makes = sql.SQL(
            "CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT 0::bigint AS place, {} FROM {} WHERE false"
        ).format(here, given, table)
        self.copies = sql.SQL("COPY {} (place, {}) FROM STDIN").format(here, given)
        self.inserts = sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {} ORDER BY place RETURNING {}").format(
            table, names, picked, here, sql.Identifier(key)
        )
        self.empties = sql.SQL("DROP TABLE {}").format(here)

    def add(self, rows: Sequence[tuple[Any, ...]]) -> list[int]:
        """Write the rows; their numbers, in order."""
        if not rows:
            return []
        with connection.cursor() as cursor:
            cursor.execute(self.makes)
            with cursor.copy(self.copies) as copying:
                copying.write("".join(_line(place, row) for place, row in enumerate(rows)))
            cursor.execute(self.inserts, list(self.constant.values()))
            made = [number for (number,) in cursor.fetchall()]
            cursor.execute(self.empties)
        return made


def _line(place: int, row: tuple[Any, ...]) -> str:
    return f"{place}\t" + "\t".join([_text(value) for value in row]) + "\n"


def _text(value: Any) -> str:
    """A value in the text form of COPY."""
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(_ESCAPED)
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)
