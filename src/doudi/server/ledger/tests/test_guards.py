"""What the database refuses by itself, whoever asks: the server's role, the owner of the tables, a superuser."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections

from support.ledger import COUNTY, DAY, HOSPITAL, THERE, TOWN, write
from support.server import OWNER, RUNTIME, copy, drop, use_database

ROLES = (RUNTIME, OWNER, "postgres")
EVERYWHERE = "SELECT set_config('doudi.scope', '{[0,1000000000)}', true)"
ENTRY = (
    "INSERT INTO ledger_entry (region, posted_on, template, facility, person_id, source_kind, source_id, line_count,"
    " by_user) VALUES (%(region)s, %(day)s, 'settle', %(facility)s, %(person)s, '', 0, %(count)s, 0) RETURNING id"
)
WHOLE = f"""
WITH e AS ({ENTRY})
INSERT INTO ledger_line (entry_id, position, account_id, region, facility, person_id, posted_on, fen)
SELECT e.id, l.position, l.account, %(line_region)s, %(line_facility)s, %(line_person)s, %(line_day)s, l.fen
  FROM e, unnest(%(positions)s::int[], %(accounts)s::bigint[], %(fens)s::bigint[]) AS l (position, account, fen)
"""


Attacker = psycopg.Connection[Any]


@pytest.fixture(scope="module")
def database(
    database_cluster: Path, template_database: str, django_db_setup: None, django_db_blocker: Any
) -> Iterator[str]:
    """Three bills in a database that the attacks leave as it is: each is rolled back."""
    before, name = connections["default"].settings_dict["NAME"], f"guards_{template_database[-16:]}"
    copy(database_cluster, template_database, name)
    with django_db_blocker.unblock():
        use_database(database_cluster, name)
        write()
        write(region=THERE + 101)
        write(facility=5)
        use_database(database_cluster, before)
    yield name
    drop(database_cluster, name)


@pytest.fixture(params=ROLES)
def attacker(request: pytest.FixtureRequest, database: str, database_cluster: Path) -> Iterator[Attacker]:
    with psycopg.connect(host=str(database_cluster), dbname=database, user=request.param) as connection:
        connection.execute(EVERYWHERE)
        yield connection
        connection.rollback()


def account(connection: Attacker, kind: str, region: int = COUNTY, facility: int = HOSPITAL) -> int:
    row = connection.execute(
        "SELECT id FROM ledger_account WHERE kind = %s AND region = %s AND facility = %s",
        [kind, region, facility],
    ).fetchone()
    assert row
    return int(row[0])


def words(connection: Attacker, **changed: Any) -> dict[str, Any]:
    own = [account(connection, "own"), account(connection, "charges")]
    made: dict[str, Any] = {
        "region": TOWN, "day": DAY, "facility": HOSPITAL, "person": 7, "count": 2, "line_region": TOWN, "line_day": DAY,
        "line_facility": HOSPITAL, "line_person": 7, "positions": [1, 2], "accounts": own, "fens": [5, -5],
    }  # fmt: skip
    return made | changed


def refused(connection: Attacker, statement: Any, given: Any = None) -> str:
    with pytest.raises(psycopg.errors.IntegrityError) as caught, connection.transaction():
        connection.execute(statement, given)
    return str(caught.value)


def test_entries_that_do_not_hold_are_refused_and_a_good_one_is_not(
    attacker: Attacker,
) -> None:
    attacker.execute(WHOLE, words(attacker))
    charges_there, own_elsewhere = account(attacker, "charges", THERE), account(attacker, "own", facility=5)
    good = words(attacker)["accounts"]
    wrong = [
        {"fens": [5, -4]},
        {"fens": [2**62, 2**62]},  # whose sum is no bigint
        {"count": 3},
        {"count": 1},
        {"positions": [0, 1]},
        {"positions": [1, 3]},
        {"line_region": TOWN + 1},
        {"line_day": date(2026, 11, 13)},
        {"line_facility": 5},
        {"line_person": 8},
        {"line_person": None},
        {"accounts": [good[0], charges_there]},
        {"accounts": [own_elsewhere, good[1]]},
        {"accounts": [good[0], 10**9]},
    ]
    for change in wrong:
        assert "does not balance" in refused(attacker, WHOLE, words(attacker, **change)), change
    assert "ledger_line_not_zero" in refused(attacker, WHOLE, words(attacker, fens=[0, 0]))
    assert "without lines" in refused(attacker, ENTRY, words(attacker))


def test_nothing_is_added_to_an_entry_that_is_there(attacker: Attacker) -> None:
    line = (
        "INSERT INTO ledger_line (entry_id, position, account_id, region, facility, person_id, posted_on, fen)"
        " SELECT e.id, p.position, %s, e.region, e.facility, e.person_id, e.posted_on, p.fen"
        " FROM (SELECT * FROM ledger_entry ORDER BY id LIMIT 1) e, (VALUES (%s, 1), (%s, -1)) p (position, fen)"
    )
    own = account(attacker, "own")
    assert "does not balance" in refused(attacker, line, [own, 6, 7])
    assert "ledger_line_pkey" in refused(attacker, line, [own, 1, 2])
    assert "does not balance" in refused(attacker, line.replace("e.id,", "10^9,", 1), [own, 1, 2])


TABLES = (
    "account", "entry", "line", "count", "daysum", "period", "closing", "floatlevel", "floatmovement", "proof",
)  # fmt: skip


def test_nothing_is_changed_or_removed(attacker: Attacker) -> None:
    for table in TABLES:
        column = "until_entry" if table == "count" else "region"
        for statement in (
            f"UPDATE ledger_{table} SET {column} = {column}",
            f"DELETE FROM ledger_{table}",
            f"TRUNCATE ledger_{table} CASCADE",
        ):
            if attacker.info.user == RUNTIME:
                with pytest.raises(psycopg.errors.InsufficientPrivilege), attacker.transaction():
                    attacker.execute(statement)
            elif table in ("account", "entry", "line") or statement.startswith("TRUNCATE"):
                assert "append-only" in refused(attacker, statement)


def test_a_closed_month_and_what_is_before_it_take_nothing(attacker: Attacker) -> None:
    attacker.execute(
        "INSERT INTO ledger_period (region, month, state, at, by_user, by_login)"
        " VALUES (%s, '2026-10-01', 'closed', now(), 0, '')",
        [COUNTY],
    )
    for day in (date(2026, 10, 31), date(2026, 10, 1), date(2020, 1, 1)):
        with pytest.raises(psycopg.Error) as caught, attacker.transaction():
            attacker.execute(WHOLE, words(attacker, day=day, line_day=day))
        assert caught.value.sqlstate == "DL001"
    attacker.execute(WHOLE, words(attacker, day=date(2026, 11, 1), line_day=date(2026, 11, 1)))
    there = words(
        attacker, region=THERE + 1, line_region=THERE + 1, day=date(2026, 10, 5), line_day=date(2026, 10, 5)
    )
    there["accounts"] = [account(attacker, "own", THERE), account(attacker, "charges", THERE)]
    attacker.execute(WHOLE, there)
