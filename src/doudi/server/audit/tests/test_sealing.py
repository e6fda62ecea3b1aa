"""Sealing with several connections: late committers, two sealers, batches, days, and who may write seals."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from doudi.server.audit import api as audit
from doudi.server.audit import chain
from doudi.server.audit.models import AuditEvent, Link, Seal
from doudi.server.kernel.actor import SYSTEM, Actor
from doudi.server.kernel.canonical import canonical, sm3
from doudi.server.kernel.errors import InvariantBroken
from doudi.server.kernel.jobs import enqueue_due, known_kinds, work_off
from doudi.server.kernel.locks import Alone
from doudi.server.kernel.regions import Ranges
from doudi.server.kernel.scope import NOTHING, Scope, scoped
from support.server import AUDITOR, RUNTIME, connect

CLERK = Actor(7, "clerk", frozenset({"county"}), Ranges.of([520203000000]))
NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)

INSERT = """
INSERT INTO audit_auditevent (at, user_id, login, session, event, outcome, region, facility_id, object_kind, object_id,
    purpose, detail) VALUES (now(), 7, 'clerk', '', 'test.rival', 'done', 520203000, 0, '', '', '', '{}') RETURNING id"""

Rival = psycopg.Connection[Any]


@pytest.fixture
def rival(fresh_database: str, database_cluster: Path) -> Iterator[Rival]:
    """A second connection of the runtime role, in a scope, with its transaction in its own hands."""
    connection = psycopg.connect(host=str(database_cluster), dbname=fresh_database, user=RUNTIME)
    connection.execute("SELECT set_config('doudi.scope', '{[520203000,520204000)}', false)")
    connection.execute("SELECT set_config('doudi.user', '7', false)")
    connection.commit()
    yield connection
    connection.close()


def write(count: int = 1, *, at: datetime = NOW, region: int = 520203101) -> None:
    with scoped(CLERK.scope):
        for number in range(count):
            audit.append("test.written", actor=CLERK, at=at, region=region, object_id=number)


def sealed() -> list[int]:
    with scoped(SYSTEM.scope):
        return list(Link.objects.order_by("region", "day", "position").values_list("event", flat=True))


def test_a_late_committer_is_waited_for_and_never_skipped(rival: Rival) -> None:
    row = rival.execute(INSERT).fetchone()  # it has number 1, and has not committed
    assert row == (1,)
    write(2)
    assert audit.seal(now=NOW).events == 0  # the oldest transaction still runs
    assert sealed() == []
    rival.commit()
    assert audit.seal(now=NOW).events == 3
    assert sealed() == [1, 2, 3]
    assert audit.verify().intact


def test_a_lower_number_that_appears_later_comes_later_in_the_chain(rival: Rival) -> None:
    write(2)
    audit.seal(now=NOW)
    rival.execute(INSERT.replace("(at,", "(id, at,").replace("VALUES (", "VALUES (0, "))
    rival.commit()
    audit.seal(now=NOW)
    assert sealed() == [1, 2, 0]
    assert audit.verify().intact


def test_a_transaction_of_another_database_holds_nothing_back(
    fresh_database: str, database_cluster: Path
) -> None:
    with psycopg.connect(host=str(database_cluster), dbname="postgres", user="postgres") as elsewhere:
        elsewhere.execute("SELECT pg_current_xact_id()")
        write(2)
        assert audit.seal(now=NOW).events == 2
        elsewhere.rollback()


def test_a_transaction_that_has_not_written_here_yet_is_waited_for(rival: Rival) -> None:
    """It has its number already, and may write its event at its end, as operations do."""
    rival.execute("SELECT pg_current_xact_id()")
    write(1)
    assert audit.seal(now=NOW).events == 0
    rival.execute(INSERT)
    rival.commit()
    assert audit.seal(now=NOW).events == 2
    assert audit.verify().intact


def test_a_rolled_back_event_leaves_no_hole(rival: Rival) -> None:
    rival.execute(INSERT)
    rival.rollback()
    write(1)
    audit.seal(now=NOW)
    assert sealed() == [2]
    found = audit.verify()
    assert (found.intact, found.events) == (True, 1)


def test_where_another_sealer_is_at_work_nothing_is_done(rival: Rival) -> None:
    write(1)
    rival.execute("SELECT pg_advisory_xact_lock(%s)", [Alone.SEALING])
    assert audit.seal(now=NOW) == audit.Sealed(0, 0)
    rival.commit()
    assert audit.seal(now=NOW) == audit.Sealed(1, 1)
    assert audit.seal(now=NOW) == audit.Sealed(0, 0)


def test_batches_split_between_transactions_never_inside_one(fresh_database: str) -> None:
    for count in (1, 1, 5, 1):
        write(count)
    assert audit.seal(now=NOW, batch=2) == audit.Sealed(3, 8)
    with scoped(SYSTEM.scope):
        assert list(Seal.objects.order_by("number").values_list("events", flat=True)) == [2, 5, 1]
    assert audit.verify().intact


def test_each_county_and_each_day_has_its_chain(fresh_database: str) -> None:
    write(2), write(1, region=520203102), write(1, region=0), write(1, region=522632000)
    audit.seal(now=NOW)
    write(1)
    audit.seal(now=NOW + timedelta(hours=13))  # past midnight in China
    write(1)
    audit.seal(now=NOW)  # a clock set back does not open a day again
    with scoped(SYSTEM.scope):
        places = list(Link.objects.order_by("event").values_list("region", "day", "position"))
    monday, tuesday = date(2026, 3, 2), date(2026, 3, 3)
    assert places == [
        (520203000, monday, 1),
        (520203000, monday, 2),
        (520203000, monday, 3),
        (0, monday, 1),
        (522632000, monday, 1),
        (520203000, tuesday, 1),
        (520203000, tuesday, 2),
    ]
    found = audit.verify()
    assert (found.intact, found.seals, found.days) == (True, 3, 1)


def test_what_is_not_sealed_yet_is_counted_and_is_no_finding(fresh_database: str) -> None:
    assert audit.verify() == audit.Verification(0, 0, 0, 0, 0, 0, ())
    assert audit.head() is None
    write(1)
    audit.seal(now=NOW)
    write(2)
    found = audit.verify()
    assert (found.intact, found.events, found.unsealed) == (True, 1, 2)


def test_sealing_is_late_when_what_waits_is_old(fresh_database: str, settings: Any) -> None:
    assert audit.sealing_lag(NOW) == timedelta()
    write(1, at=NOW - timedelta(hours=30))
    assert audit.sealing_lag(NOW) == timedelta(hours=30)
    with scoped(Scope(user=99)):  # whoever asks, and whatever they see
        assert audit.sealing_is_late(NOW)
    settings.DOUDI_SEALING_LATE_HOURS = 31
    assert not audit.sealing_is_late(NOW)
    audit.seal(now=NOW)
    assert audit.sealing_lag(NOW + timedelta(days=9)) == timedelta()
    write(1, at=NOW - timedelta(hours=30))  # written since the seal, so it waits since then at the earliest
    assert audit.sealing_lag(NOW + timedelta(hours=2)) == timedelta(hours=2)


def test_sealing_comes_round_as_a_job(fresh_database: str) -> None:
    assert "audit.seal" in known_kinds()
    write(1)
    enqueue_due()
    assert work_off() >= 1
    assert len(sealed()) == 1


def test_nobody_but_the_sealer_writes_seals_and_nobody_changes_them(rival: Rival) -> None:
    write(1)
    audit.seal(now=NOW)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        rival.execute("INSERT INTO audit_link VALUES (9, 520203000, '2026-03-02', 2, 1, '')")
    rival.rollback()
    rival.execute("SELECT set_config('doudi.scope', '{[0,1000000000)}', false)")
    for table in ("audit_auditevent", "audit_link", "audit_seal", "audit_dayhead"):
        for statement in (f"UPDATE {table} SET hash = ''", f"DELETE FROM {table}", f"TRUNCATE {table}"):
            if "UPDATE audit_auditevent" in statement:
                statement = "UPDATE audit_auditevent SET login = ''"  # noqa: PLW2901
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                rival.execute(statement)
            rival.rollback()


def test_not_even_the_owner_changes_the_trail(fresh_database: str, database_cluster: Path) -> None:
    write(1)
    audit.seal(now=NOW)
    with connect(database_cluster, fresh_database, "doudi_owner") as owner:
        for table in ("audit_auditevent", "audit_link", "audit_seal"):
            for statement in (f"DELETE FROM {table}", f"TRUNCATE {table}"):
                with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
                    owner.execute(statement)


def test_without_a_scope_nothing_of_the_trail_is_seen(fresh_database: str, database_cluster: Path) -> None:
    write(1)
    with scoped(SYSTEM.scope):
        audit.append("test.system", actor=SYSTEM, at=NOW)
    audit.seal(now=NOW)
    with scoped(NOTHING):
        assert AuditEvent.objects.count() == 0
    for role in (RUNTIME, AUDITOR):
        with connect(database_cluster, fresh_database, role) as plain:
            for table in ("audit_auditevent", "audit_link", "audit_seal", "audit_dayhead"):
                assert plain.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


@pytest.mark.django_db
def test_what_cannot_be_sealed_cannot_be_written() -> None:
    with scoped(CLERK.scope):
        with pytest.raises(TypeError):
            audit.append("test.inexact", actor=CLERK, at=NOW, detail={"share": 0.5})
        audit.append("test.dated", actor=CLERK, at=NOW, region=520203000, detail={"from": date(2026, 3, 1)})
        assert AuditEvent.objects.get().detail == {"from": "2026-03-01"}
    with pytest.raises(InvariantBroken):
        audit.append("test.outside", actor=CLERK, at=NOW)


def test_the_faster_way_to_canonical_bytes_gives_the_same_ones() -> None:
    values = [
        7,
        "2026-03-02T04:00:00.000000Z",
        1,
        "张\u2028\u007f",
        "",
        "e",
        "done",
        0,
        0,
        None,
        "",
        "",
        '"',
        '{"b":[1,{"é":null}],"a":true}',
        9,
    ]
    row = chain.row_of(values)
    day = date(2026, 3, 2)
    body = {"chain": "000000/2026-03-02", "position": 3, "event": row}
    assert chain.link_hash(b"x", 0, day, 3, row) == sm3(b"x", canonical(body))
