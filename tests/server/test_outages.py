"""A database that cannot work is told in words, with what to do; any other fault stays one."""

from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, OperationalError, connection
from django.test import Client
from psycopg import errors

from doudi.server.access.api import Role
from doudi.server.desks.endpoints.exposed import doors
from doudi.server.kernel.outages import outage
from support.clients import client_of
from support.doors import call, token


def raised(below: BaseException, kind: type[DatabaseError] = OperationalError) -> DatabaseError:
    """As Django wraps what the driver raises."""
    try:
        raise kind("x") from below
    except DatabaseError as fault:
        return fault


@pytest.mark.parametrize(
    ("below", "code"),
    [
        (errors.DiskFull(), "no_room"),
        (errors.TooManyConnections(), "database_crowded"),
        (errors.OutOfMemory(), "database_crowded"),
        (errors.AdminShutdown(), "database_gone"),
        (errors.CannotConnectNow(), "database_gone"),
        (errors.ConnectionFailure(), "database_gone"),
        (psycopg.OperationalError("the connection is closed"), "database_gone"),
        (errors.DeadlockDetected(), None),
        (errors.QueryCanceled(), None),
    ],
)
def test_what_the_database_says_is_understood(below: BaseException, code: str | None) -> None:
    found = outage(raised(below))
    assert (found.code if found else None) == code


def test_other_faults_are_no_outage() -> None:
    assert outage(None) is None
    assert outage(ZeroDivisionError()) is None
    assert outage(raised(errors.UniqueViolation(), DatabaseError)) is None


def test_an_outage_is_found_below_what_was_raised_over_it() -> None:
    over = RuntimeError("while tidying up")
    over.__context__ = raised(errors.DiskFull())
    found = outage(over)
    assert found is not None
    assert found.code == "no_room"


@pytest.mark.usefixtures("fresh_database")
def test_a_connection_that_is_killed_is_an_outage() -> None:
    with pytest.raises(OperationalError) as told, connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    connection.close()
    found = outage(told.value)
    assert found is not None
    assert found.code == "database_gone"


def full(**_words: Any) -> None:
    raise raised(errors.DiskFull())


@pytest.mark.django_db
def test_a_program_is_told_to_come_again() -> None:
    client = Client(raise_request_exception=False)
    secret = token(Role.COUNTY)
    door = doors()["people.search"]
    assert door.body  # read from the function's own words before another stands there
    whole = door.function
    object.__setattr__(door, "function", full)
    try:
        answer = call("people.search", {"text": "王"}, secret=secret, client=client)
    finally:
        object.__setattr__(door, "function", whole)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert answer.json()["code"] == "no_room"


@pytest.mark.django_db
def test_an_officer_reads_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    officer = client_of(Role.COUNTY)
    officer.raise_request_exception = False
    monkeypatch.setattr("doudi.server.desks.county.holds.holds", full)
    answer = officer.get("/county/holds/")
    assert answer.status_code == 503
    assert "磁盘已满，这次没有保存任何内容" in answer.content.decode()
    assert "原样再办一次" in answer.content.decode()


@pytest.mark.django_db
def test_what_fails_under_a_form_is_said_in_the_form_s_place(monkeypatch: pytest.MonkeyPatch) -> None:
    officer = client_of(Role.COUNTY)
    officer.raise_request_exception = False
    for fault, status, said in ((full, 503, "磁盘已满"), (lambda **_: 1 / 0, 500, "系统出错了")):
        monkeypatch.setattr("doudi.server.desks.county.holds.holds", fault)
        whole = officer.get("/county/holds/")
        part = officer.get("/county/holds/", headers={"HX-Request": "true"})
        assert [whole.status_code, part.status_code] == [status, status]
        assert said in part.content.decode()
        assert "<!doctype html>" in whole.content.decode()
        assert "<!doctype html>" not in part.content.decode()
