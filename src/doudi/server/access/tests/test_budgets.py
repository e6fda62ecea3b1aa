"""Budgets count every use, also refused ones and those of the same moment, and leave an alarm."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from doudi.server.access import api, guard
from doudi.server.access import budgets as spending
from doudi.server.access.errors import BudgetExceeded
from doudi.server.access.limits import Allowance
from doudi.server.access.models import Spent
from doudi.server.access.roles import Role
from doudi.server.audit.api import append
from doudi.server.audit.models import AuditEvent
from doudi.server.kernel.actor import SYSTEM
from doudi.server.kernel.errors import InvariantBroken, NotFound
from doudi.server.kernel.scope import scoped
from doudi.words import Words
from support.actors import DAY, HOUR, NOW, actor


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setitem(spending.BUDGETS, "test.look", (Allowance(3600, 3), Allowance(86400, 5)))


def spend(who, amount=1, now=NOW):
    with scoped(who.scope):
        api.spend(who, "test.look", now=now, amount=amount)


def alarms(event):
    with scoped(SYSTEM.scope):
        return AuditEvent.objects.filter(event=event).count()


@pytest.mark.django_db
def test_an_hour_and_a_day_are_counted_apart_and_each_user_alone():
    who, other = actor(Role.COUNTY), actor(Role.COUNTY)
    spend(who, 3)
    assert alarms("budget.exhausted") == 1, "the use that exhausts it is told"
    with pytest.raises(BudgetExceeded):
        spend(who)
    spend(other)
    spend(who, 2, NOW + HOUR)
    with pytest.raises(BudgetExceeded) as caught:
        spend(who, 1, NOW + 2 * HOUR)
    assert "24" in caught.value.words.zh
    spend(who, 1, NOW + DAY)


@pytest.mark.django_db
def test_more_at_once_than_there_is_is_refused_whole():
    who = actor(Role.COUNTY)
    with pytest.raises(BudgetExceeded):
        spend(who, 4)
    spend(who, 3)


@pytest.mark.django_db
def test_the_server_itself_has_no_budget_and_nothing_is_given_back():
    spend(SYSTEM, 1000)
    with pytest.raises(InvariantBroken):
        spend(actor(Role.COUNTY), -1)


@pytest.mark.django_db
def test_a_budget_nobody_wrote_down_has_a_limit_too():
    who = actor(Role.COUNTY)
    with scoped(who.scope), pytest.raises(BudgetExceeded):
        api.spend(who, "never.heard_of", now=NOW, amount=100_000)


def test_uses_of_the_same_moment_are_all_counted(fresh_database, monkeypatch):
    monkeypatch.setitem(spending.BUDGETS, "test.look", (Allowance(86400, 10),))
    who, outcomes = actor(Role.COUNTY), []
    barrier = threading.Barrier(8)

    def looking():
        barrier.wait()
        for _ in range(4):
            try:
                spend(who)
                outcomes.append(True)
            except BudgetExceeded:
                outcomes.append(False)
        connection.close()

    threads = [threading.Thread(target=looking) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (outcomes.count(True), outcomes.count(False)) == (10, 22)
    with scoped(who.scope):
        assert Spent.objects.get().used == 10
    connection.close()


@pytest.fixture
def finder(monkeypatch):
    """An operation whose rule names the budget, and which finds nobody."""
    rule = api.Rule("test.find", frozenset({Role.COUNTY}), budget="test.look")
    monkeypatch.setattr(guard, "rule_of", lambda name: rule)
    monkeypatch.setattr(guard, "GUARDED", {})

    @guard.operation("test.find")
    def find(*, actor, now, key=None, exists) -> int:
        append("test.found", actor=actor, at=now)
        if not exists:
            raise NotFound("absent", Words("无", "none"))
        return 1

    return find


def test_refused_finds_count_and_the_alarm_outlives_the_refusal(fresh_database, finder, monkeypatch):
    monkeypatch.setattr(guard.clock, "now", lambda: NOW)
    who = actor(Role.COUNTY)
    for _ in range(3):
        with pytest.raises(NotFound):
            finder(actor=who, now=NOW, exists=False)
    for _ in range(2):
        with pytest.raises(BudgetExceeded):
            finder(actor=who, now=NOW, exists=True)
    assert (alarms("budget.exhausted"), alarms("budget.exceeded"), alarms("test.found")) == (1, 2, 0)
    monkeypatch.setattr(guard.clock, "now", lambda: NOW + timedelta(hours=1))
    assert finder(actor=who, now=NOW, exists=True) == 1
    connection.close()
