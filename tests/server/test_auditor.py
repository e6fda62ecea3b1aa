"""The independent auditor agrees with a random county, and finds every way of falsifying it that we could think of.

Falsified by a superuser with the triggers off and the constraints dropped: what is left is the auditor alone.
"""

import ast
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from doudi.server.kernel.actor import SYSTEM
from doudi.server.ledger.operations.sum_days import sum_days
from support import auditing, settling
from support.server import connect

SEED = 20171125
PEOPLE = 12


@pytest.fixture(scope="module")
def county_database(
    database_cluster: Path, template_database: str, django_db_setup: None, django_db_blocker: Any
) -> Iterator[str]:
    """A county with random bills at two hospitals, some asked for twice; half of the journal is counted by day."""
    from django.db import connections

    from support.server import copy, drop, use_database

    before, name = connections["default"].settings_dict["NAME"], "fresh_audited"
    copy(database_cluster, template_database, name)
    with django_db_blocker.unblock():
        use_database(database_cluster, name)
        random_county(random.Random(SEED))
        use_database(database_cluster, before)
    yield name
    drop(database_cluster, name)


def random_county(chance: random.Random) -> None:
    county = settling.county()
    persons = [
        county.person(*chance.choice([(), ("subsistence_allowance",), ("destitute",)])) for _ in range(PEOPLE)
    ]
    for turn in range(PEOPLE * 3):
        bill = settling.bill(chance.choice(persons), chance.randrange(1_000_00, 400_000_00, 10))
        clerk, serial = chance.choice([county.first, county.second]), settling.serial()
        done = settling.settled(clerk, bill, serial=serial)
        if chance.random() < 0.2:
            assert settling.settled(clerk, bill, serial=serial) == done
        if turn == PEOPLE:
            sum_days(actor=SYSTEM, now=settling.NOW)


@pytest.fixture
def falsifier(county_database: str, database_cluster: Path) -> Iterator[psycopg.Connection[Any]]:
    """A superuser whom no trigger stops, and whose deeds are undone after the test."""
    with connect(database_cluster, county_database) as connection:
        connection.autocommit = False
        connection.execute("SET LOCAL session_replication_role = replica")
        yield connection
        connection.rollback()


def test_a_random_county_is_found_right(county_database: str, database_cluster: Path) -> None:
    address = f"host={database_cluster} dbname={county_database} user=doudi_auditor"
    run = subprocess.run(
        [sys.executable, auditing.SCRIPT, address], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert f"settlements={PEOPLE * 3} versions={PEOPLE * 3} entries={PEOPLE * 3} " in run.stdout
    assert run.stdout.rstrip().endswith(f"records={PEOPLE * 3} differences=0")


@pytest.mark.parametrize("role", ["doudi_auditor", "doudi_owner", "doudi_runtime", "postgres"])
def test_every_role_sees_the_same(county_database: str, database_cluster: Path, role: str) -> None:
    with connect(database_cluster, county_database, role) as connection, connection.transaction():
        counts, found = auditing.audited(connection)
    assert found == []
    assert counts["settlements"] == PEOPLE * 3


ONE = "(SELECT min(id) FROM settlement_settlement WHERE paid_fen > 0)"
FALSIFIED = {
    "a fen more on a line": (
        "UPDATE ledger_line SET fen = fen + 1 WHERE position = 1 AND entry_id = 1",
        "does not sum to zero",
    ),
    "a line gone": ("DELETE FROM ledger_line WHERE position = 1 AND entry_id = 2", "does not sum to zero"),
    "an entry gone, its lines too": (
        "DELETE FROM ledger_line WHERE entry_id = 3; DELETE FROM ledger_entry WHERE id = 3",
        "a version and its entry",
    ),
    "lines swapped between funds": (
        """UPDATE ledger_line l SET account_id = b.id FROM ledger_account a, ledger_account b WHERE l.account_id = a.id
            AND l.entry_id = 4 AND a.kind = 'due' AND b.kind = 'due' AND b.facility = a.facility
            AND b.region = a.region AND b.fund <> a.fund""",
        "the journal of a settlement",
    ),
    "both sides of an entry raised": (
        "UPDATE ledger_line SET fen = fen * 2 WHERE entry_id = 5",
        "the journal of a settlement",
    ),
    "a line moved to another hospital": (
        "UPDATE ledger_line SET facility = 999999 WHERE entry_id = 6 AND position = 1",
        "a line is not of its entry",
    ),
    "a sum of a day": (
        "UPDATE ledger_daysum SET debit_fen = debit_fen + 100 WHERE id = (SELECT min(id) FROM ledger_daysum)",
        "the sums by day",
    ),
    "an entry without a settlement": (
        """INSERT INTO ledger_entry (region, posted_on, template, facility, person_id, source_kind, source_id, line_count,
              by_user)
           SELECT region, posted_on, template, facility, person_id, source_kind, source_id, line_count, by_user
             FROM ledger_entry WHERE id = 7;
           INSERT INTO ledger_line (entry_id, position, region, facility, person_id, posted_on, fen, account_id)
           SELECT (SELECT max(id) FROM ledger_entry), position, region, facility, person_id, posted_on, fen, account_id
             FROM ledger_line WHERE entry_id = 7""",
        "a version and its entry",
    ),
    "a settlement gone": (
        f"DELETE FROM settlement_settlement WHERE id = {ONE}",
        "a version has no record",
    ),
    "a serial twice": (
        (
            "DROP INDEX settlement_once; UPDATE settlement_settlement SET (facility_id, serial) ="
            f" (SELECT facility_id, serial FROM settlement_settlement WHERE id = {ONE}) WHERE id = {ONE} + 1"
        ),
        "was settled twice",
    ),
    "a place left out": (
        f"UPDATE settlement_settlement SET posted_no = posted_no + 90 WHERE id = {ONE}",
        "are not 1 to n",
    ),
    "two current versions": (
        f"""DROP INDEX settlement_one_current;
            ALTER TABLE settlement_settlement DROP CONSTRAINT settlement_versions_follow;
            UPDATE settlement_settlement SET root_id = {ONE}, version = 2, replaces_id = {ONE}, kind = 'replaced'
             WHERE id = {ONE} + 1""",
        "a chain of versions",
    ),
    "no current version": (
        f"UPDATE settlement_settlement SET superseded_at = now() WHERE id = {ONE}",
        "a chain of versions",
    ),
    "a share raised, the patient's lowered": (
        (
            "UPDATE settlement_settlement SET paid_fen = paid_fen + 5, patient_fen = patient_fen - 5"
            " WHERE id = (SELECT min(id) FROM settlement_settlement WHERE patient_fen > 5)"
        ),
        "shares, hospital and patient",
    ),
    "another fund": (
        (
            "UPDATE settlement_settlement SET funds = jsonb_set(funds, '{0,1}', '\"somebody_else\"')"
            f" WHERE id = {ONE}"
        ),
        "the journal of a settlement",
    ),
    "another payer": (
        f"UPDATE settlement_settlement SET funds = jsonb_set(funds, '{{0,0}}', '\"else\"') WHERE id = {ONE}",
        "the funds of a payer",
    ),
    "an accumulator lowered": (
        (
            "UPDATE settlement_accumulator SET used_fen = used_fen - 1 WHERE id ="
            " (SELECT min(id) FROM settlement_accumulator WHERE used_fen > 0)"
        ),
        "an accumulator is not",
    ),
    "an accumulator of nobody": (
        (
            "INSERT INTO settlement_accumulator (scope, subject_id, region, name, period, used_fen)"
            " VALUES ('person', 999999, 520203101, 'x', '2026', 7)"
        ),
        "an accumulator is not",
    ),
    "an accumulator gone": (
        "DELETE FROM settlement_accumulator WHERE id = (SELECT min(id) FROM settlement_accumulator WHERE used_fen > 0)",
        "an accumulator is not",
    ),
    "versions counted wrongly": (
        "UPDATE settlement_subject SET bills = bills + 1 WHERE id = (SELECT min(id) FROM settlement_subject)",
        "the number of versions",
    ),
    "a debt forgotten": (
        "DELETE FROM settlement_debt WHERE root_id = (SELECT min(root_id) FROM settlement_debt)",
        "a debt is not",
    ),
    "a debt lowered by hand": (
        """UPDATE settlement_debt SET paid_fen = paid_fen + 1 WHERE root_id =
           (SELECT min(root_id) FROM settlement_debt)""",
        "what patients owe a facility",
    ),
    "money taken on a debt that no entry has": (
        """INSERT INTO settlement_debtmove (root_id, region, facility_id, person_id, kind, fen, channel, serial,
              request_sm3, fund, reason, moved_on, entry_id, by_user, by_login)
           SELECT root_id, region, facility_id, person_id, 'paid', 1, 'cash', 'X', '', '', '', settled_on, 1, 1, 'x'
             FROM settlement_debt LIMIT 1""",
        "what met a debt is not",
    ),
    "a record gone": (
        f"DELETE FROM settlement_record WHERE settlement_id = {ONE}",
        "a version has no record",
    ),
    "a record of another bill": (
        (
            f"UPDATE settlement_record SET packed = (SELECT packed FROM settlement_record WHERE settlement_id = {ONE}+1)"
            f" WHERE settlement_id = {ONE}"
        ),
        "is not the decision of its version",
    ),
    "a broken record": (
        f"UPDATE settlement_record SET packed = substring(packed for 40) WHERE settlement_id = {ONE}",
        "cannot be read",
    ),
    "a record without its amounts": (
        (
            "UPDATE settlement_settlement SET hospital_fen = hospital_fen + 7, patient_fen = patient_fen - 7"
            " WHERE id = (SELECT min(id) FROM settlement_settlement WHERE patient_fen > 7)"
        ),
        "tells other amounts",
    ),
}


@pytest.mark.parametrize("how", FALSIFIED)
def test_what_was_falsified_is_found(falsifier: psycopg.Connection[Any], how: str) -> None:
    statements, told = FALSIFIED[how]
    for statement in statements.split(";"):
        assert falsifier.execute(statement).rowcount != 0
    _, found = auditing.audited(falsifier)
    assert any(told in difference for difference in found), found


def test_a_record_changed_with_its_hash_kept_is_found(falsifier: psycopg.Connection[Any]) -> None:
    import json
    import zlib

    number, packed = falsifier.execute(
        "SELECT settlement_id, packed FROM settlement_record ORDER BY settlement_id LIMIT 1"
    ).fetchone()
    record = json.loads(zlib.decompress(packed))
    record["facts"]["person"]["born"] = "1900-01-01"
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    falsifier.execute(
        "UPDATE settlement_record SET packed = %s WHERE settlement_id = %s", [zlib.compress(text), number]
    )
    assert auditing.audited(falsifier)[1] == [f"the record of version {number} does not have its own hash"]


def test_it_is_small_and_imports_nothing_of_doudi() -> None:
    text = auditing.SCRIPT.read_text("utf-8")
    assert len(text.splitlines()) < 300
    imported = {
        name.partition(".")[0]
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [one.name for one in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        )
    }
    assert imported - sys.stdlib_module_names == {"psycopg"}
