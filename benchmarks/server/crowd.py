"""Many people and past bills made of one, by the database itself: rows of a template copied under other numbers.

Everything a settlement leaves is copied (version, record, entry, lines, debt, accumulators, the row of the lock), so that
the independent auditor agrees with the crowd as with people who came one by one. Triggers are off while it is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

BILLS = 6
"""Past bills of everybody: three million of half a million people."""


@dataclass(frozen=True)
class Template:
    """Who and what is copied: a person with standing, open at the hospitals; their one settlement, its entry."""

    person: int
    settlement: int
    entry: int


PEOPLE = (
    (
        "people_person",
        {"id": "{base} + n", "number_index": "sha256(int8send({base} + n))", "tail_index": "NULL"},
        "id",
    ),
    ("enrolment_enrolment", {"person_id": "{base} + n"}, "person_id"),
    ("recognition_recognition", {"person_id": "{base} + n"}, "person_id"),
)
NUMBER = "{first} + (n - {low}) * {bills} + b"
ENTRY = "{first_entry} + (n - {low}) * {bills} + b"
PERSON = "{base} + n"
HISTORY = (
    (
        "settlement_settlement",
        {
            "id": NUMBER, "root_id": NUMBER, "person_id": PERSON, "serial": f"'C' || {NUMBER}", "posted_no": "b",
            "stay": f"'C' || {NUMBER}", "entry_id": ENTRY,
        },
        "id",
    ),
    ("settlement_record", {"settlement_id": NUMBER, "person_id": PERSON}, "settlement_id"),
    ("settlement_debt", {"root_id": NUMBER, "current_id": NUMBER, "person_id": PERSON, "open_fen": None}, "root_id"),
)  # fmt: skip
JOURNAL = (
    ("ledger_entry", {"id": ENTRY, "person_id": PERSON, "source_id": NUMBER}, "id"),
    ("ledger_line", {"entry_id": ENTRY, "person_id": PERSON}, "entry_id"),
)
COUNTED = (
    ("settlement_subject", {"id": None, "subject_id": "{base} + n", "bills": "{bills}"}, "subject_id"),
    (
        "settlement_accumulator",
        {"id": None, "subject_id": "{base} + n", "used_fen": "used_fen * {bills}"},
        "subject_id",
    ),
)
SEQUENCES = ("people_person", "settlement_settlement", "ledger_entry")


def people(connection: Any, template: Template, base: int, low: int, high: int) -> None:
    """Persons numbered `base + low` to `base + high`, with their standing."""
    for table, changed, key in PEOPLE:
        words = {"base": base, "low": low, "bills": BILLS}
        _copy(connection, table, changed, key, template.person, f"generate_series({low}, {high}) n", words)
    _sequences(connection)


def opened(connection: Any, template: Template, persons: list[int]) -> None:
    """These persons, and nobody else of the crowd, are open at the hospitals: those whom their windows found lately."""
    connection.execute("SET session_replication_role = replica")
    connection.execute("DELETE FROM access_opening WHERE person_id <> %s", [template.person])
    connection.execute(
        "INSERT INTO access_opening (person_id, region, facility_id, user_id, kind, reason, opened_at, until_at)"
        " SELECT p, region, facility_id, user_id, kind, reason, opened_at, '2099-01-01'"
        "   FROM access_opening, unnest(%s::bigint[]) p WHERE person_id = %s",
        [persons, template.person],
    )
    connection.execute("ANALYZE access_opening")


def history(connection: Any, template: Template, base: int, low: int, high: int) -> None:
    """`BILLS` past bills of each of these persons."""
    first = connection.execute("SELECT max(id) FROM settlement_settlement").fetchone()[0]
    entry = connection.execute("SELECT max(id) FROM ledger_entry").fetchone()[0]
    words = {"base": base, "low": low, "bills": BILLS, "first": first, "first_entry": entry}
    everyone = f"generate_series({low}, {high}) n"
    each = f"{everyone}, generate_series(1, {BILLS}) b"
    for table, changed, key in HISTORY:
        _copy(connection, table, changed, key, template.settlement, each, words)
    for table, changed, key in JOURNAL:
        _copy(connection, table, changed, key, template.entry, each, words)
    for table, changed, key in COUNTED:
        _copy(connection, table, changed, key, template.person, everyone, words)
    _sequences(connection)


def _copy(
    connection: Any,
    table: str,
    changed: dict[str, str | None],
    key: str,
    value: int,
    of: str,
    words: dict[str, int],
) -> None:
    """The template's rows once for each `n` (and `b`); columns in `changed` get another value, None: their default."""
    columns = [
        name
        for (name, generated) in connection.execute(
            "SELECT column_name, is_generated FROM information_schema.columns WHERE table_schema = 'public'"
            " AND table_name = %s ORDER BY ordinal_position",
            [table],
        )
        if generated == "NEVER" and name not in {column for column, to in changed.items() if to is None}
    ]
    if "id" in columns and "id" not in changed:
        columns.remove("id")
    told = ", ".join(
        (changed[name] or "").format(**words) if name in changed else f"t.{name}" for name in columns
    )
    connection.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {told} FROM {table} t, {of} WHERE t.{key} = {value}"
    )


def _sequences(connection: Any) -> None:
    for table in SEQUENCES:
        connection.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")
