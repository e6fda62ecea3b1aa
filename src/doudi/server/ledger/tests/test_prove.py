"""The nightly proof finds what went round the triggers, names it, keeps it and raises an alarm."""

import logging
from pathlib import Path
from typing import Any

import psycopg
import pytest

from doudi.server.audit.api import TrailFilter, trail
from doudi.server.kernel.actor import SYSTEM
from doudi.server.ledger.api import close_period, periods, prove, sum_days
from support import actors
from support.ledger import COUNTY, THERE, TOWN_THERE, write

OFFICER = actors.officer()


def proof(region: int = COUNTY) -> Any:
    return periods(viewer=actors.officer(region * 1000), region=region, today=actors.TODAY).proof


@pytest.mark.django_db
def test_good_books_are_proved() -> None:
    assert proof() is None
    for _ in range(3):
        write(posted_on=actors.TODAY.replace(month=10))
    write(region=TOWN_THERE)
    sum_days(actor=SYSTEM, now=actors.NOW)
    write()
    close_period(
        actor=actors.approver(), now=actors.NOW, key=None, region=COUNTY, month=actors.TODAY.replace(month=10)
    )
    proved = prove(actor=SYSTEM, now=actors.NOW)
    assert (proved.counties, proved.entries, proved.lines, proved.broken) == (2, 5, 25, ())
    assert (proof().entries, proof().lines, proof().holds, proof().found) == (4, 20, True, ())
    assert proof(THERE).entries == 1


HARM = {
    "a line is changed": (
        "UPDATE ledger_line SET fen = fen + 1 WHERE position = 1 AND entry_id = {entry}",
        3,
    ),
    "a line is gone": ("DELETE FROM ledger_line WHERE position = 1 AND entry_id = {entry}", 3),
    "an entry is gone from its lines": ("UPDATE ledger_entry SET line_count = 4 WHERE id = {entry}", 1),
    "a sum of a day is changed": (
        "UPDATE ledger_daysum SET credit_fen = 5 WHERE id = (SELECT min(id) FROM ledger_daysum)",
        1,
    ),
    "a sum is gone": ("DELETE FROM ledger_daysum WHERE id = (SELECT min(id) FROM ledger_daysum)", 1),
    "a closing is changed": (
        "UPDATE ledger_closing SET opening_fen = 5 WHERE id = (SELECT min(id) FROM ledger_closing)",
        1,
    ),
    "a closing is gone": ("DELETE FROM ledger_closing WHERE id = (SELECT min(id) FROM ledger_closing)", 1),
}


def test_each_harm_is_found_where_it_was_done(
    fresh_database: str, database_cluster: Path, caplog: pytest.LogCaptureFixture
) -> None:
    october = actors.TODAY.replace(month=10)
    entry = write(posted_on=october)
    write(region=TOWN_THERE)
    close_period(actor=actors.approver(), now=actors.NOW, key=None, region=COUNTY, month=october)
    sum_days(actor=SYSTEM, now=actors.NOW)
    tables = [f"ledger_{name}" for name in ("line", "entry", "daysum", "closing")]
    with psycopg.connect(
        host=str(database_cluster), dbname=fresh_database, user="postgres", autocommit=True
    ) as admin:
        admin.execute("SET session_replication_role = replica")
        for table in tables:
            admin.execute(f"CREATE TABLE kept_{table} AS SELECT * FROM {table}")
        for harm, (statement, wrong) in HARM.items():
            admin.execute(statement.format(entry=entry))
            with caplog.at_level(logging.ERROR, logger="doudi.ledger"):
                assert prove(actor=SYSTEM, now=actors.NOW).broken == (COUNTY,), harm
            assert not proof().holds
            assert len(proof().found) == wrong, (harm, proof().found)
            assert proof(THERE).holds
            for table in tables:
                admin.execute(f"DELETE FROM {table}")
                admin.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")
    assert prove(actor=SYSTEM, now=actors.NOW).broken == ()
    assert sum("ledger does not agree" in record.message for record in caplog.records) == len(HARM)
    found = trail(OFFICER, TrailFilter(events=("ledger.proof_failed",)), size=50)
    assert len(found.items) == len(HARM)
