"""What PostgreSQL itself says about our tables, and rows in all of them without knowing any of them.

Every protected table of a throw-away database gets rows for two counties by introspection: values are made up from the
columns' types, constraints are taken off first. A table made tomorrow is filled and tried like the others.
"""

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

OURS = "public"


@dataclass(frozen=True)
class Table:
    name: str
    owner: str
    enabled: bool
    forced: bool
    policies: frozenset[str]
    columns: dict[str, str]
    """Name → type, but those the database makes itself."""
    rights: frozenset[str]
    """What the runtime role may do."""
    triggers: frozenset[str]

    @property
    def names_somebody(self) -> bool:
        """Whether a person, a household or a region stands in it."""
        return bool(PERSONAL & set(self.columns)) or self.name == "people_person"

    @property
    def append_only(self) -> bool:
        return f"{self.name}_append_only" in self.triggers


PERSONAL = {"person_id", "region", "household_id"}

_TABLES = """
SELECT c.relname, pg_get_userbyid(c.relowner), c.relrowsecurity, c.relforcerowsecurity,
       (SELECT coalesce(array_agg(polname::text), '{}') FROM pg_policy WHERE polrelid = c.oid),
       (SELECT jsonb_object_agg(attname, format_type(atttypid, atttypmod)) FROM pg_attribute
         WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = ''),
       ARRAY(SELECT p FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p
              WHERE has_table_privilege(%(runtime)s, c.oid, p)),
       (SELECT coalesce(array_agg(tgname::text), '{}') FROM pg_trigger WHERE tgrelid = c.oid AND NOT tgisinternal)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %(schema)s AND c.relkind IN ('r', 'p') ORDER BY 1
"""


def tables(connection: psycopg.Connection[Any], runtime: str) -> dict[str, Table]:
    rows = connection.execute(_TABLES, {"runtime": runtime, "schema": OURS}).fetchall()
    return {
        row[0]: Table(
            row[0], row[1], row[2], row[3], frozenset(row[4]), row[5], frozenset(row[6]), frozenset(row[7])
        )
        for row in rows
    }


def loosen(connection: psycopg.Connection[Any]) -> None:
    """As superuser, in a throw-away database: no checks, no foreign keys, no exclusions; unique and not null stay."""
    found = connection.execute(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'f', 'x') AND conparentid = 0"
    ).fetchall()
    for table, name in found:
        connection.execute(
            sql.SQL("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {} CASCADE").format(
                sql.Identifier(table), sql.Identifier(name)
            )
        )


def value(kind: str, seed: int) -> object:
    """A made-up value of a column's type; other seeds, other values."""
    plain = kind.split("(", maxsplit=1)[0].removesuffix("[]")
    if kind.endswith("[]"):
        return "{}"
    width = int(kind.split("(")[1].rstrip(")").split(",")[0]) if "(" in kind else 40
    made: dict[str, object] = {
        "bigint": seed,
        "integer": seed,
        "smallint": seed % 30_000,
        "boolean": True,
        "date": f"2026-01-{seed % 27 + 1:02d}",
        "timestamp with time zone": f"2026-01-{seed % 27 + 1:02d}T00:00:00+00:00",
        "jsonb": "{}",
        "json": "{}",
        "bytea": seed.to_bytes(4, "big"),
        "daterange": f"[2026-01-01,2026-02-{seed % 27 + 1:02d})",
        "int4range": f"[{seed},{seed + 1})",
        "int4multirange": f"{{[{seed},{seed + 1})}}",
        "uuid": f"00000000-0000-0000-0000-{seed:012d}",
        "xid8": str(seed),
    }
    if plain in ("character varying", "text", "character"):
        return f"{seed:06d}"[-width:]
    return made[plain]


def fill(
    connection: psycopg.Connection[Any], table: Table, *, region: int, person: int, seed: int, **given: object
) -> None:
    """One row, as superuser: `region` and `person` where the table has such columns."""
    known: dict[str, object] = {
        "region": region, "person_id": person, "from_region": region, "county": region // 1000, **given,
    }  # fmt: skip
    if table.name == "people_person":
        known["id"] = person
    names = list(table.columns)
    values = [known.get(name, value(table.columns[name], seed)) for name in names]
    connection.execute(insert(table), values)


def insert(table: Table) -> sql.Composed:
    names = list(table.columns)
    return sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({})").format(
        sql.Identifier(table.name),
        sql.SQL(", ").join(map(sql.Identifier, names)),
        sql.SQL(", ").join(sql.SQL("%s::" + table.columns[name]) for name in names),
    )
