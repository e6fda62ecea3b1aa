"""Months are closed in order, each once, never beside a posting, and never change again (P11)."""

import threading
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections

from doudi.server.kernel.actor import SYSTEM
from doudi.server.kernel.errors import Forbidden, Refused
from doudi.server.kernel.locks import Within
from doudi.server.kernel.scope import scoped
from doudi.server.ledger.api import (
    close_period,
    deposit_float,
    open_period,
    periods,
    post_many,
    sum_days,
    trial_balance,
)
from doudi.server.ledger.models import Closing
from doudi.server.ledger.operations import periods as closing
from support import actors
from support.ledger import COUNTY, THERE, TOWN_THERE, bill, write
from support.server import RUNTIME

OFFICER, APPROVER = actors.officer(), actors.approver()
AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = (date(2026, month, 1) for month in (8, 9, 10, 11))


def close(month: date, **words: Any) -> Any:
    return close_period(
        actor=words.pop("actor", APPROVER), now=actors.NOW, key=None, region=COUNTY, month=month, **words
    )


def code(call: Any) -> str:
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.code


@pytest.mark.django_db
def test_months_are_closed_in_order_and_each_once() -> None:
    write(posted_on=date(2026, 8, 5))
    write(posted_on=date(2026, 10, 5))
    assert code(lambda: close(SEPTEMBER)) == "month_not_next"
    assert code(lambda: close(NOVEMBER)) == "month_not_over"
    assert close(date(2026, 8, 31)).accounts == 5
    assert code(lambda: close(AUGUST)) == "month_not_next"
    assert close(SEPTEMBER).accounts == 5, "nothing moved, the balances are kept all the same"
    seen = periods(viewer=OFFICER, region=COUNTY, today=actors.TODAY)
    assert [(one.month, one.closed) for one in seen.months] == [
        (NOVEMBER, False), (OCTOBER, False), (SEPTEMBER, True), (AUGUST, True),
    ]  # fmt: skip
    assert seen.months[-1].by_login == APPROVER.login
    assert seen.next_to_close == OCTOBER
    assert close(OCTOBER).month == OCTOBER
    assert periods(viewer=OFFICER, region=COUNTY, today=actors.TODAY).next_to_close is None


@pytest.mark.django_db
def test_a_closed_month_never_changes() -> None:
    write(posted_on=date(2026, 9, 5))
    write(posted_on=date(2026, 10, 5))
    before = trial_balance(viewer=OFFICER, region=COUNTY, month=SEPTEMBER)
    close(SEPTEMBER)
    for day in (date(2026, 9, 30), date(2026, 3, 1)):
        assert code(lambda day=day: write(posted_on=day)) == "period_closed"
    write(region=TOWN_THERE, posted_on=date(2026, 9, 5))
    write(posted_on=OCTOBER)
    sum_days(actor=SYSTEM, now=actors.NOW)
    after = trial_balance(viewer=OFFICER, region=COUNTY, month=SEPTEMBER)
    assert (before.closed, after.closed) == (False, True)
    assert after.lines == before.lines
    with scoped(APPROVER.scope):
        kept = {
            row.account_id: (row.opening_fen, row.debit_fen, row.credit_fen) for row in Closing.objects.all()
        }
    assert kept == {
        line.account.id: (line.opening_fen, line.debit_fen, line.credit_fen) for line in before.lines
    }


@pytest.mark.django_db
def test_many_postings_and_deposits_are_refused_in_words() -> None:
    write(posted_on=date(2026, 9, 5))
    close(SEPTEMBER)

    def bulk() -> None:
        with scoped(SYSTEM.scope):
            post_many(actor=SYSTEM, now=actors.NOW, rows=[bill(), bill(posted_on=date(2026, 9, 8))])

    assert code(bulk) == "period_closed"


@pytest.mark.django_db
def test_a_deposit_of_a_closed_month_is_refused_in_words() -> None:
    write(posted_on=date(2026, 9, 5))
    close(SEPTEMBER)
    words: dict[str, Any] = {"region": COUNTY, "fund": "civil_affairs", "sum_fen": 5, "voucher": "1"}
    assert code(
        lambda: deposit_float(actor=OFFICER, now=actors.NOW, key=None, on_date=date(2026, 9, 8), **words)
    ) == "period_closed"  # fmt: skip


@pytest.mark.django_db
def test_books_begin_once_and_nothing_is_posted_before() -> None:
    def begin(month: date) -> Any:
        return open_period(actor=APPROVER, now=actors.NOW, key=None, region=COUNTY, month=month)

    write(posted_on=date(2026, 9, 5))
    assert code(lambda: begin(OCTOBER)) == "books_begun"
    assert begin(SEPTEMBER).month == SEPTEMBER
    assert code(lambda: begin(AUGUST)) == "books_begun"
    assert code(lambda: close(AUGUST)) == "month_not_next"
    assert periods(viewer=OFFICER, region=COUNTY, today=actors.TODAY).begun == SEPTEMBER
    assert close(SEPTEMBER).accounts == 5
    assert code(lambda: write(posted_on=date(2026, 8, 31))) == "period_closed"


@pytest.mark.django_db
def test_who_closes() -> None:
    write(posted_on=date(2026, 9, 5))
    for who in (OFFICER, actors.clerk(), actors.approver(actors.RONGJIANG)):
        with pytest.raises(Forbidden):
            close(SEPTEMBER, actor=who)
    with pytest.raises(Forbidden):
        periods(viewer=OFFICER, region=THERE, today=actors.TODAY)


@pytest.fixture
def rival(fresh_database: str, database_cluster: Path) -> Any:
    with psycopg.connect(host=str(database_cluster), dbname=fresh_database, user=RUNTIME) as connection:
        yield connection


POST = """
WITH e AS (
    INSERT INTO ledger_entry (region, posted_on, template, facility, source_kind, source_id, line_count, by_user)
    SELECT 520203101, '2026-09-30', 'settle', facility, '', 0, 2, 0 FROM ledger_account WHERE kind = 'own' RETURNING *
)
INSERT INTO ledger_line (entry_id, position, account_id, region, facility, posted_on, fen)
SELECT e.id, row_number() OVER (), a.id, e.region, e.facility, e.posted_on, CASE kind WHEN 'own' THEN 4 ELSE -4 END
  FROM e, ledger_account a WHERE kind IN ('own', 'charges')
"""


def in_a_thread(call: Any) -> tuple[threading.Thread, list[Any]]:
    answers: list[Any] = []

    def run() -> None:
        try:
            answers.append(call())
        except Refused as refusal:
            answers.append(refusal.code)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, answers


def waits(rival: Any, database: str, *, until: bool = True) -> None:
    """Until somebody else of the database waits for a lock."""
    with psycopg.connect(host=rival.info.host, dbname="postgres", user="postgres", autocommit=True) as admin:
        for _ in range(2000):
            row = admin.execute(
                "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
                " WHERE NOT granted AND locktype = 'advisory' AND a.datname = %s", [database],
            ).fetchone()  # fmt: skip
            if row and row[0]:
                return
            admin.execute("SELECT pg_sleep(0.005)")
    raise AssertionError("nobody waits")


def test_closing_waits_for_a_posting_under_way_and_has_it(rival: Any, fresh_database: str) -> None:
    write(posted_on=date(2026, 9, 5))
    rival.execute("SELECT set_config('doudi.scope', '{[0,1000000000)}', true)")
    rival.execute(POST)
    thread, answers = in_a_thread(lambda: close(SEPTEMBER))
    waits(rival, fresh_database)
    rival.commit()
    thread.join()
    assert answers[0].month == SEPTEMBER
    with scoped(APPROVER.scope):
        assert Closing.objects.get(account__kind="own").debit_fen == 500 + 4


def test_a_posting_that_comes_while_closing_is_refused(rival: Any, fresh_database: str) -> None:
    """The rival has closed and not committed: the posting waits for the end of it, then meets the closed month."""
    write(posted_on=date(2026, 9, 5))
    rival.execute("SELECT set_config('doudi.scope', '{[0,1000000000)}', true)")
    rival.execute("SELECT pg_advisory_xact_lock(%s, %s)", [Within.BOOKS, COUNTY // 1000])
    rival.execute(
        "INSERT INTO ledger_period (region, month, state, at, by_user, by_login) VALUES (%s, %s, 'closed', %s, 0, '')",
        [COUNTY, SEPTEMBER, datetime(2026, 11, 25, tzinfo=UTC)],
    )
    thread, answers = in_a_thread(lambda: write(posted_on=date(2026, 9, 30)))
    waits(rival, fresh_database)
    rival.commit()
    thread.join()
    assert answers == ["period_closed"]


def test_closing_gives_up_before_postings_pile_up(
    rival: Any, fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "LOCK_TIMEOUT", "20ms")
    write(posted_on=date(2026, 9, 5))
    rival.execute("SELECT set_config('doudi.scope', '{[0,1000000000)}', true)")
    rival.execute(POST)
    assert code(lambda: close(SEPTEMBER)) == "posting_under_way"
    rival.commit()
    assert close(SEPTEMBER).month == SEPTEMBER
