"""The roles and the database of a private cluster, made by a superuser that nothing else uses.

`doudi_owner` owns the tables and runs migrations. `doudi_runtime` is what the server connects as: it owns nothing and
cannot get round row-level security. `doudi_auditor` reads. None of them may make databases or roles.
"""

from __future__ import annotations

from typing import Any

from psycopg import Connection
from psycopg.sql import SQL, Identifier

SUPERUSER = "postgres"
OWNER, RUNTIME, AUDITOR = "doudi_owner", "doudi_runtime", "doudi_auditor"
DATABASE = "doudi"
LIMITS = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION"


def make_roles(connection: Connection[Any]) -> None:
    """The three roles, as they must be; each start sets them right again."""
    for role in (OWNER, RUNTIME, AUDITOR):
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
        verb = SQL("ALTER" if known else "CREATE")
        connection.execute(SQL("{} ROLE {} " + LIMITS).format(verb, Identifier(role)))


def make_database(connection: Connection[Any], name: str = DATABASE) -> None:
    """The owner's database, which nobody but the three roles enters."""
    database, owner = Identifier(name), Identifier(OWNER)
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        connection.execute(SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0").format(database, owner))
    connection.execute(SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    reading = SQL("GRANT CONNECT ON DATABASE {} TO {}")
    connection.execute(reading.format(database, Identifier(AUDITOR)))
    working = SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}")
    connection.execute(working.format(database, Identifier(RUNTIME)))
