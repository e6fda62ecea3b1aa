"""The exact find: across regions, opened for the facility alone, counted, the same answer for whatever is not found."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest
from django.db import connection

from doudi.server.access.api import BudgetExceeded
from doudi.server.access.limits import BUDGETS, Allowance
from doudi.server.access.models import Opening
from doudi.server.audit.models import AuditEvent
from doudi.server.kernel.errors import Forbidden, NotFound, Refused
from doudi.server.kernel.scope import EVERYWHERE, NOTHING, Scope, scoped
from doudi.server.people import api as people
from doudi.server.people import vault
from doudi.server.people.models import Person
from doudi.server.people.numbers import read_number
from support.people import (
    NOW,
    OTHER_HOSPITAL,
    RONGJIANG,
    THERE,
    TODAY,
    TOWN,
    clerk,
    id_number,
    officer,
    registered,
)

NUMBER = id_number()
HERE, ELSEWHERE = clerk(), clerk(OTHER_HOSPITAL, user=51)
US, THEM = officer(), officer(RONGJIANG, user=2)


def find(text: str, actor: Any = HERE) -> people.FoundAtFacility:
    from doudi.server.kernel import clock

    return people.find_at_facility(actor=actor, now=clock.now(), number=text)


@pytest.mark.django_db
def test_a_facility_anywhere_finds_by_the_whole_number_and_sees_the_person() -> None:
    one = registered(THEM, region=THERE)
    with pytest.raises(NotFound):
        people.person(viewer=HERE, person=one)
    found = find(NUMBER)
    assert found.person is not None
    assert (found.person.id, found.person.name) == (one, "张**")
    assert NUMBER not in repr(found)
    assert people.person(viewer=HERE, person=one).summary.id == one
    assert [item.id for item in people.opened_here(viewer=HERE)] == [one]
    assert (
        people.unmask(actor=HERE, now=NOW, person=one, field="name", purpose="核对住院证件").value == "张三"
    )
    with pytest.raises(NotFound):
        people.person(viewer=ELSEWHERE, person=one)
    assert people.opened_here(viewer=ELSEWHERE) == ()


@pytest.mark.django_db
def test_unknown_mistyped_and_shared_get_one_answer() -> None:
    one = registered()
    two = registered(number=id_number(order=4), name="李四")
    for person in (one, two):
        people.add_card(actor=US, now=NOW, key=None, person=person, number="123456789012")
    answers = {
        find(text) for text in (id_number(order=6), NUMBER[:-1], "", "张三", "123456789012", "210987654321")
    }
    assert answers == {people.FoundAtFacility(None)}
    with scoped(Scope(EVERYWHERE)):
        assert AuditEvent.objects.filter(event="people.find_missed", outcome="refused").count() == 6
        assert Opening.objects.count() == 0


@pytest.mark.django_db
def test_a_card_of_one_person_finds_them_while_it_is_current() -> None:
    one = registered()
    people.add_card(
        actor=US, now=NOW, key=None, person=one, number="123456789012", from_date=date(2026, 1, 1)
    )
    assert find("1234 5678 9012").person is not None
    people.add_card(actor=US, now=NOW, key=None, person=one, number="210987654321", from_date=TODAY)
    from datetime import datetime
    from zoneinfo import ZoneInfo

    after = datetime(2026, 12, 25, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert people.find_at_facility(actor=ELSEWHERE, now=after, number="123456789012").person is None


@pytest.mark.django_db
def test_a_merged_record_opens_the_person_with_all_records() -> None:
    one = registered(THEM, region=THERE)
    child = registered(THEM, region=THERE, number="", name="张三", guardian=one, birth_order=1)
    people.merge(actor=THEM, now=NOW, key=None, keep=one, absorb=child, reason="同一人")
    found = find(NUMBER)
    assert found.person is not None
    with scoped(HERE.scope):
        assert people.same_person_ids(child) == (one, child)


@pytest.mark.django_db
def test_only_a_facility_finds_and_its_tries_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Forbidden):
        find(NUMBER, US)
    monkeypatch.setitem(BUDGETS, "people.find", (Allowance(86400, 3),))
    for _ in range(3):
        find(id_number(order=6))
    with pytest.raises(BudgetExceeded):
        find(id_number(order=6))


@pytest.mark.django_db
def test_the_function_of_the_database_answers_to_a_whole_index_only() -> None:
    registered()
    index = vault.number_indexes([read_number(NUMBER, today=TODAY)])[0]
    with scoped(NOTHING), connection.cursor() as cursor:
        assert Person.objects.count() == 0
        cursor.execute("SELECT person_id, region FROM people_find(%s)", [[index]])
        assert len(cursor.fetchall()) == 1
        cursor.execute("SELECT people_taken(%s)", [[index, bytes(32)]])
        assert [bytes(found) for (found,) in cursor.fetchall()] == [index]
        for wrong in (b"", index[:-1], index + b"\0", bytes(32)):
            cursor.execute("SELECT * FROM people_find(%s)", [[wrong]])
            assert cursor.fetchall() == []
        cursor.execute(
            "SELECT proname, prosecdef, proconfig, pg_get_function_result(oid) FROM pg_proc"
            " WHERE proname LIKE 'people_find%'"
        )
        for _, definer, settings, result in cursor.fetchall():
            assert definer
            assert settings == ["search_path=pg_catalog, public"]
            assert result == "TABLE(person_id bigint, region integer, survivor bigint)"


@pytest.mark.django_db
def test_the_function_is_called_by_the_runtime_role_alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_function_privilege('doudi_auditor', 'people_find(bytea[])', 'execute'),"
            " has_function_privilege('doudi_runtime', 'people_find(bytea[])', 'execute'),"
            " has_function_privilege('doudi_runtime', 'people_group(bigint[])', 'execute')"
        )
        assert cursor.fetchone() == (False, True, False)


@pytest.mark.django_db
def test_broken_glass_reads_one_person_of_another_county_and_does_not_write() -> None:
    from doudi.server.kernel import clock

    one = registered(THEM, region=THERE)
    with pytest.raises(Refused):
        people.find_in_emergency(actor=US, now=clock.now(), number=NUMBER, reason="", ticket="")
    found = people.find_in_emergency(
        actor=US, now=clock.now(), number=NUMBER, reason="急诊转运核对", ticket="T-1"
    )
    assert found.person is not None
    assert people.person(viewer=US, person=one).summary.id == one
    assert people.persons(viewer=US).items == ()
    with pytest.raises(NotFound):
        people.correct(actor=US, now=NOW, key=None, person=one, reason="改名", name="李四")


def test_many_windows_find_one_person_at_once(fresh_database: str) -> None:
    """Real connections: every window gets the answer, each facility has one opening."""
    from django.db import connections

    one = registered(THEM, region=THERE)
    answers: list[int | None] = []

    def window(place: int) -> None:
        found = find(NUMBER, clerk(HERE.facility + place % 2, user=100 + place))
        answers.append(found.person.id if found.person else None)
        connections.close_all()

    threads = [threading.Thread(target=window, args=(place,)) for place in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [one] * 8
    with scoped(Scope(EVERYWHERE)):
        assert set(Opening.objects.values_list("facility_id", flat=True)) == {
            HERE.facility,
            HERE.facility + 1,
        }
    connections.close_all()


def test_two_officers_register_one_number_at_once(fresh_database: str) -> None:
    """One succeeds; the other is told, by the constraint, without where."""
    from django.db import connections

    told: list[str] = []
    gate = threading.Barrier(2)

    def desk(actor: Any, region: int) -> None:
        gate.wait()
        try:
            registered(actor, region=region)
            told.append("registered")
        except Refused as refused:
            told.append(refused.code)
        connections.close_all()

    threads = [
        threading.Thread(target=desk, args=(US, TOWN)),
        threading.Thread(target=desk, args=(THEM, THERE)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["number_taken_elsewhere", "registered"]
    connections.close_all()


def test_two_officers_merge_crosswise_at_once(fresh_database: str) -> None:
    """Locks are taken by rising id, so the two do not wait for each other, and no ring comes of it."""
    from django.db import connections

    one, two = registered(), registered(number=id_number(order=4))
    told: list[str] = []
    gate = threading.Barrier(2)

    def desk(keep: int, absorb: int) -> None:
        gate.wait()
        try:
            people.merge(
                actor=US, now=NOW, key=None, keep=keep, absorb=absorb, reason="同一人", numbers_differ=True
            )
            told.append("merged")
        except Refused as refused:
            told.append(refused.code)
        connections.close_all()

    threads = [threading.Thread(target=desk, args=pair) for pair in ((one, two), (two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["already_merged", "merged"]
    connections.close_all()
