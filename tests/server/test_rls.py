"""The net under every query: what PostgreSQL lets the server see, tried past the server, table by table from pg_catalog.

Plain psycopg as the runtime role, real commits. Nothing here names a table but the short lists of exceptions, each with
its reason: a table made tomorrow is tried with the others, or fails.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from support.catalogue_of_tables import Table, fill, insert, loosen, tables, value
from support.server import AUDITOR, OWNER, RUNTIME, connect, copy, drop

UNPROTECTED = {
    "django_migrations": "names of migrations, read when the server starts",
    "django_content_type": "names of tables",
    "django_session": "opaque keys and signed values of cookies, read before anybody is known",
    "kernel_worker": "names and pulse of background processes",
    "auth_group": "Django's, unused; the runtime role has no right to it",
    "auth_group_permissions": "Django's, unused; the runtime role has no right to it",
    "auth_permission": "Django's, unused; the runtime role has no right to it",
}
READ_BY_ANYBODY = {
    "access_user": "who works here; read by signing in, changed by rules of administrators",
    "access_grant": "who may act where; a grant may name any level of regions",
    "access_session": "asked before the actor is known",
    "access_token": "asked before the actor is known; only hashes",
    "access_attempt": "asked before the actor is known; only hashes",
    "audit_seal": "SM3 of batches, no content",
    "audit_dayhead": "SM3 of days, no content",
}
"""Protected tables without a region that any scope, even an empty one, reads. Reference data is beside them."""
PUBLIC_LAW = {
    "entitlement_policyinforce": "which policy is in force where is public law, written in its region",
    "entitlement_assumptioncheck": "which assumptions of a policy a county has confirmed; no person in it",
}
"""Named by region and read with any scope, like reference data; written at home."""
REFERENCE = "reference_"
LIUZHI, RONGJIANG = 520203101, 522632101
OURS, THEIRS = 11, 22
SCOPE_OURS = "{[520203000,520204000)}"

Catalogue = dict[str, Table]


@pytest.fixture(scope="module")
def database(database_cluster: Path, template_database: str) -> Iterator[tuple[Path, str]]:
    name = f"rls_{template_database[-16:]}_{id(object()) % 100000}"
    copy(database_cluster, template_database, name)
    yield database_cluster, name
    drop(database_cluster, name)


@pytest.fixture(scope="module")
def catalogue(database: tuple[Path, str]) -> Catalogue:
    with connect(*database) as admin:
        return tables(admin, RUNTIME)


@pytest.fixture(scope="module")
def protected(catalogue: Catalogue) -> list[Table]:
    return [table for table in catalogue.values() if table.name not in UNPROTECTED]


@pytest.fixture(scope="module")
def filled(database: tuple[Path, str], protected: list[Table]) -> tuple[Path, str]:
    """Rows of both counties in every protected table."""
    with connect(*database) as admin:
        admin.execute("SET session_replication_role = replica")
        for table in protected:
            admin.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table.name)))
        loosen(admin)
        for table in protected:
            fill(admin, table, region=LIUZHI, person=OURS, seed=1, user_id=OURS)
            fill(admin, table, region=RONGJIANG, person=THEIRS, seed=2, user_id=THEIRS)
    return database


@pytest.fixture
def runtime(filled: tuple[Path, str]) -> Iterator[psycopg.Connection[Any]]:
    with connect(*filled, user=RUNTIME) as connection:
        yield connection


def enter(
    connection: psycopg.Connection[Any], scope: str = SCOPE_OURS, *, facility: int = 0, user: int = 0
) -> None:
    connection.execute(
        "SELECT set_config('doudi.scope', %s, true), set_config('doudi.facility', %s, true),"
        " set_config('doudi.user', %s, true)",
        [scope, str(facility), str(user)],
    )


def count(connection: psycopg.Connection[Any], table: Table, where: str = "true") -> int:
    query = sql.SQL("SELECT count(*) FROM {} WHERE " + where).format(sql.Identifier(table.name))
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else -1


def public(table: Table) -> bool:
    return table.name.startswith(REFERENCE) or table.name in PUBLIC_LAW


def by_region(protected: list[Table]) -> list[Table]:
    return [table for table in protected if "region" in table.columns and not public(table)]


def test_every_table_has_been_considered(catalogue: Catalogue) -> None:
    open_tables = {name for name, table in catalogue.items() if not (table.enabled and table.forced)}
    assert open_tables == set(UNPROTECTED) & set(catalogue), "protect it, or give a reason in UNPROTECTED"
    for name, reason in UNPROTECTED.items():
        if name in catalogue:
            assert not catalogue[name].names_somebody
            assert "no right" not in reason or catalogue[name].rights == frozenset()


def test_every_protected_table_has_all_policies(protected: list[Table]) -> None:
    wanted = {"runtime_sees", "runtime_adds", "runtime_changes", "runtime_removes", "owner_migrates"}
    assert {table.name: wanted - table.policies for table in protected if wanted - table.policies} == {}


def test_no_policy_is_open_to_everybody(database: tuple[Path, str], protected: list[Table]) -> None:
    """A condition that is simply true is the owner's alone."""
    with connect(*database) as admin:
        found = admin.execute(
            "SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'public'"
            " AND (qual = 'true' OR with_check = 'true') AND roles <> ARRAY[%s]::name[]",
            [OWNER],
        ).fetchall()
    assert found == []
    assert protected


def test_the_runtime_role_owns_nothing_and_can_bypass_nothing(
    database: tuple[Path, str], catalogue: Catalogue
) -> None:
    assert {table.owner for table in catalogue.values()} == {OWNER}
    with connect(*database) as admin:
        for role in (RUNTIME, AUDITOR, OWNER):
            attributes = admin.execute(
                "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = %s",
                [role],
            ).fetchone()
            assert attributes == (False, False, False, False)
        assert admin.execute(
            "SELECT count(*) FROM pg_class WHERE relowner = %s::regrole AND relnamespace = 'public'::regnamespace",
            [RUNTIME],
        ).fetchone() == (0,)
        assert admin.execute(
            "SELECT count(*) FROM pg_auth_members WHERE member IN (%s::regrole, %s::regrole)",
            [RUNTIME, AUDITOR],
        ).fetchone() == (0,)
    assert {name for name, table in catalogue.items() if "TRUNCATE" in table.rights} == set()


def test_functions_that_run_as_their_owner_are_named_here(database: tuple[Path, str]) -> None:
    """SECURITY DEFINER goes round the policies: each is a door, and has its tests with its app."""
    with connect(*database) as admin:
        found = admin.execute(
            "SELECT proname, array_to_string(proconfig, ' '), has_function_privilege(%s, oid, 'EXECUTE'),"
            " has_function_privilege('public', oid, 'EXECUTE')"
            " FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace",
            [RUNTIME],
        ).fetchall()
        assert admin.execute("SELECT has_schema_privilege(%s, 'public', 'CREATE')", [RUNTIME]).fetchone() == (
            False,
        )
    assert {name for name, *_ in found} <= set(DEFINERS)
    for name, settings, runtime_may, anybody_may in found:
        assert "search_path" in settings, name
        assert runtime_may == (DEFINERS[name] != "called by the others alone"), name
        assert not anybody_may or name == "doudi_unsealed_since", name


DEFINERS = {
    "people_find": "whole blind indexes to numbers of persons and regions, nothing else",
    "people_find_card": "the whole blind index of a card, likewise",
    "people_taken": "which whole blind indexes of a batch exist, for imports",
    "people_group": "called by the others alone",
    "ledger_accounts_for_posting": "numbers of accounts by what they are of, opened where missing; no sums",
    "ledger_lines_hold": "called by the others alone",
    "ledger_entry_whole": "called by the others alone",
    "settlement_day_changes": "called by the others alone",
    "settlement_debt_count": "called by the others alone",
    "settlement_debt_of_versions": "called by the others alone",
    "settlement_debt_of_parts": "called by the others alone",
    "doudi_unsealed_since": "one instant: since when events wait to be sealed",
}


def test_without_a_scope_every_table_is_empty_and_takes_nothing(
    runtime: psycopg.Connection[Any], protected: list[Table]
) -> None:
    for table in protected:
        if "SELECT" in table.rights:
            assert count(runtime, table) == 0, table.name
        else:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                count(runtime, table)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            runtime.execute(insert(table), [value(kind, 3) for kind in table.columns.values()])
        name = sql.Identifier(table.name)
        first = sql.Identifier(next(iter(table.columns)))
        for right, statement in (
            ("UPDATE", sql.SQL("UPDATE {} SET {} = {}").format(name, first, first)),
            ("DELETE", sql.SQL("DELETE FROM {}").format(name)),
        ):
            if right in table.rights:
                assert runtime.execute(statement).rowcount == 0, table.name
            else:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    runtime.execute(statement)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            runtime.execute(sql.SQL("TRUNCATE {}").format(name))


def test_an_empty_scope_is_nothing_not_everything(
    runtime: psycopg.Connection[Any], protected: list[Table]
) -> None:
    with runtime.transaction():
        enter(runtime, "{}")
        seen = {table.name for table in protected if "SELECT" in table.rights and count(runtime, table)}
    assert seen <= {table.name for table in protected if public(table)} | set(READ_BY_ANYBODY)
    assert not any("person_id" in table.columns for table in protected if table.name in seen)


def test_a_county_sees_its_own_rows_and_never_the_other_s(
    runtime: psycopg.Connection[Any], protected: list[Table]
) -> None:
    tried = by_region(protected)
    assert len(tried) > 10
    with runtime.transaction():
        enter(runtime)
        for table in tried:
            assert count(runtime, table, f"region = {RONGJIANG}") == 0, table.name
            if table.name not in OWNED_BY_USER:
                assert count(runtime, table, f"region = {LIUZHI}") == 1, table.name
        for table in protected:
            if "person_id" in table.columns:
                assert count(runtime, table, f"person_id = {THEIRS}") == 0, table.name
    for table in tried:
        assert count(runtime, table) == 0, "the scope ended with its transaction"


OWNED_BY_USER: set[str] = set()
"""Tables with a region that even the region's own scope does not show without being the row's user."""


def test_the_other_s_rows_can_be_neither_written_nor_moved(
    runtime: psycopg.Connection[Any], protected: list[Table], catalogue: Catalogue
) -> None:
    """Not added, not changed, not removed by number; and one's own rows cannot be pushed over the border."""
    for table in protected:
        if "region" not in table.columns or table.name in ADDED_FOR_ANY_REGION:
            continue
        name = sql.Identifier(table.name)
        with runtime.transaction(force_rollback=True):
            enter(runtime)
            if "UPDATE" in table.rights:
                assert changed(runtime, table, RONGJIANG, RONGJIANG) in ({0, -1} if public(table) else {0})
                assert changed(runtime, table, LIUZHI, RONGJIANG) in {0, -1}, table.name
            if "DELETE" in table.rights:
                removed = runtime.execute(
                    sql.SQL("DELETE FROM {} WHERE region = %s").format(name), [RONGJIANG]
                )
                assert removed.rowcount == 0, table.name
            if "INSERT" in table.rights:
                row = {name: value(kind, 5) for name, kind in table.columns.items()}
                row |= {name: RONGJIANG for name in ("region", "from_region") if name in row}
                row |= {name: THEIRS for name in ("person_id",) if name in row}
                with pytest.raises(psycopg.errors.InsufficientPrivilege), runtime.transaction():
                    runtime.execute(insert(table), list(row.values()))
    assert set(ADDED_FOR_ANY_REGION) <= set(catalogue)


def changed(connection: psycopg.Connection[Any], table: Table, region: int, to: int) -> int:
    """How many rows of `region` could be given the region `to`; -1 where the database refuses."""
    statement = sql.SQL("UPDATE {} SET region = %s WHERE region = %s").format(sql.Identifier(table.name))
    try:
        with connection.transaction():
            return connection.execute(statement, [to, region]).rowcount
    except psycopg.errors.InsufficientPrivilege:
        return -1


ADDED_FOR_ANY_REGION = {
    "audit_auditevent": "an event may concern a region outside the actor's scope: a denial, an exact find",
}


def test_a_facility_sees_what_it_opened(
    runtime: psycopg.Connection[Any], filled: tuple[Path, str], protected: list[Table]
) -> None:
    """Rows of the one person, in the tables that follow persons; another facility and another user see none."""
    opening = next(table for table in protected if table.name == "access_opening")
    with connect(*filled) as admin:
        admin.execute("SET session_replication_role = replica")
        for facility, user, kind, seed in ((77, 1, "find", 8), (0, 501, "break_glass", 9)):
            fill(
                admin, opening, region=RONGJIANG, person=THEIRS, seed=seed, facility_id=facility, user_id=user,
                kind=kind, until_at="2999-01-01T00:00:00+00:00",
            )  # fmt: skip
    followed = [
        table for table in by_region(protected)
        if ("person_id" in table.columns or table.name == "people_person")
        and not table.name.startswith(("access_", "audit_"))
    ]  # fmt: skip
    column = {"people_person": "id"}

    def seen(*, facility: int = 0, user: int = 0) -> set[str]:
        with runtime.transaction():
            enter(runtime, "{}", facility=facility, user=user)
            for table in followed:
                assert count(runtime, table, f"{column.get(table.name, 'person_id')} = {OURS}") == 0, (
                    table.name
                )
            return {
                table.name
                for table in followed
                if count(runtime, table, f"{column.get(table.name, 'person_id')} = {THEIRS}")
            }

    assert "people_person" in seen(facility=77)
    assert seen(user=501) == seen(facility=77)
    assert seen() == seen(facility=78) == seen(user=502) == set()
    with runtime.transaction(force_rollback=True):
        enter(runtime, "{}", user=501)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            runtime.execute("UPDATE people_person SET name = 'x'")
    with connect(*filled) as admin:
        admin.execute("DELETE FROM access_opening WHERE until_at > '2900-01-01'")


def test_what_is_append_only_is_so_for_everybody(filled: tuple[Path, str], protected: list[Table]) -> None:
    """Also for the owner and the superuser, while triggers run."""
    kept = [table for table in protected if table.append_only]
    assert "audit_auditevent" in {table.name for table in kept}
    with connect(*filled) as admin:
        for table in kept:
            assert not {"UPDATE", "DELETE", "TRUNCATE"} & table.rights
            name = sql.Identifier(table.name)
            column, kind = next(
                (column, kind) for column, kind in table.columns.items()
                if column not in ("id", "region", "person_id") and not kind.endswith("[]")
            )  # fmt: skip
            other = value(kind, 99)
            for statement in (
                sql.SQL("UPDATE {} SET {} = {}").format(name, sql.Identifier(column), sql.Literal(other)),
                sql.SQL("DELETE FROM {}").format(name),
                sql.SQL("TRUNCATE {} CASCADE").format(name),
            ):
                with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
                    admin.execute(statement)


def test_the_auditor_reads_in_scope_and_writes_nothing(
    filled: tuple[Path, str], protected: list[Table]
) -> None:
    with connect(*filled, user=AUDITOR) as auditor:
        for table in protected:
            assert count(auditor, table) == 0, table.name
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                auditor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table.name)))
        with auditor.transaction():
            enter(auditor)
            assert count(auditor, next(t for t in protected if t.name == "people_person")) == 1


def test_a_scope_does_not_leak_through_a_connection(
    runtime: psycopg.Connection[Any], protected: list[Table]
) -> None:
    """After the commit and after a rollback the connection is nobody's again."""
    person = next(table for table in protected if table.name == "people_person")
    for rolled_back in (False, True):
        with runtime.transaction(force_rollback=rolled_back):
            enter(runtime)
            assert count(runtime, person) == 1
        assert count(runtime, person) == 0
