"""Counting the journal: each line once, and none passed over that commits late."""

import threading
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections

from doudi.server.kernel.actor import SYSTEM
from doudi.server.kernel.locks import Within
from doudi.server.kernel.scope import scoped
from doudi.server.ledger.api import post_many, sum_days, trial_balance
from doudi.server.ledger.models import DaySum
from doudi.server.ledger.operations import sum_days as counting
from support import actors, ledger
from support.ledger import COUNTY, HOSPITAL, TOWN, bill, write
from support.server import RUNTIME

OFFICER = actors.officer()


@pytest.mark.django_db
def test_counting_again_adds_nothing_and_late_days_are_added_beside() -> None:
    write()
    first = sum_days(actor=SYSTEM, now=actors.NOW)
    again = sum_days(actor=SYSTEM, now=actors.NOW)
    assert (first.lines, again.lines, again.until_entry) == (5, 0, first.until_entry)
    write()  # the same day, after it was counted
    assert sum_days(actor=SYSTEM, now=actors.NOW).lines == 5
    with scoped(SYSTEM.scope):
        assert DaySum.objects.filter(account__kind="charges").count() == 2
    lines = trial_balance(viewer=OFFICER, region=COUNTY, month=ledger.DAY).lines
    assert {line.account.kind: line.credit_fen for line in lines}["charges"] == 2 * 83_500


def test_an_entry_that_is_still_to_come_is_waited_for(
    fresh_database: str, database_cluster: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lower number that commits after a higher one is not passed over."""
    monkeypatch.setattr(counting, "TRIES", 1)
    write()
    slow = "INSERT INTO ledger_entry (region, posted_on, template, facility, source_kind, source_id, line_count, by_user)"
    with psycopg.connect(host=str(database_cluster), dbname=fresh_database, user=RUNTIME) as other:
        other.execute("SELECT set_config('doudi.scope', '{[0,1000000000)}', true)")
        other.execute(
            f"WITH e AS ({slow} VALUES ({TOWN}, '2026-11-12', 'settle', {HOSPITAL}, '', 0, 2, 0) RETURNING *)"
            " INSERT INTO ledger_line (entry_id, position, account_id, region, facility, posted_on, fen)"
            " SELECT e.id, row_number() OVER (), a.id, e.region, e.facility, e.posted_on,"
            " CASE kind WHEN 'own' THEN 4 ELSE -4 END FROM e, ledger_account a WHERE kind IN ('own', 'charges')"
        )
        write()  # a higher number, committed
        waiting = sum_days(actor=SYSTEM, now=actors.NOW)
        assert (waiting.waiting, waiting.lines) == (True, 0)
        other.commit()
    counted = sum_days(actor=SYSTEM, now=actors.NOW)
    assert (counted.waiting, counted.lines) == (False, 5 + 2 + 5)


def test_the_lock_comes_before_the_number(fresh_database: str, database_cluster: Path) -> None:
    """While somebody has the journal alone, a posting waits and has taken no number yet."""
    write()
    with psycopg.connect(host=str(database_cluster), dbname=fresh_database, user="postgres") as other:

        def given() -> Any:
            return other.execute("SELECT last_value FROM ledger_entry_id_seq").fetchone()

        for many in (False, True):
            other.execute("SELECT pg_advisory_xact_lock(%s, 0)", [Within.POSTING])
            before = given()
            thread = threading.Thread(target=post_one, args=[many])
            thread.start()
            while not other.execute(
                "SELECT count(*) FROM pg_locks WHERE classid = 8204 AND NOT granted"
            ).fetchone()[0]:  # type: ignore[index]
                other.execute("SELECT pg_sleep(0.005)")
            assert given() == before
            other.commit()
            thread.join()
            assert given() != before


def post_one(many: bool) -> None:
    if many:
        with scoped(SYSTEM.scope):
            post_many(actor=SYSTEM, now=actors.NOW, rows=[bill()])
    else:
        write()
    connections.close_all()
