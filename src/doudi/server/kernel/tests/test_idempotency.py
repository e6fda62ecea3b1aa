"""The same key and content: the same answer, for ever, also when two send it at once. Other content: refused (P2, P3)."""

import threading
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from doudi.server.access.api import Rule, operation, register
from doudi.server.access.guard import GUARDED
from doudi.server.access.roles import Role
from doudi.server.access.rules import _RULES
from doudi.server.audit.api import append
from doudi.server.audit.models import AuditEvent
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import InvariantBroken, Refused
from doudi.server.kernel.idempotency import KeyTaken
from doudi.server.kernel.models import GivenAnswer
from doudi.server.kernel.scope import scoped
from doudi.words import Words
from support.actors import NOW, officer

NAME = "trial.add"


@dataclass(frozen=True, slots=True)
class Added:
    """What the trial operation answers."""

    run: int
    what: str


@pytest.fixture
def add() -> Any:
    """An operation that counts how often it really ran, and leaves an event each time."""
    runs: list[str] = []

    @operation(NAME)
    def add(*, actor: Actor, now: Any, key: str | None, what: str, fails: bool = False) -> Added:
        runs.append(what)
        append("trial.added", actor=actor, at=now)
        if fails:
            raise Refused("trial", Words("不行", "no"))
        return Added(len(runs), what)

    register([Rule(NAME, frozenset({Role.COUNTY}))])
    add.runs = runs  # type: ignore[attr-defined]
    yield add
    del GUARDED[NAME], _RULES[NAME]


@pytest.mark.django_db
class TestOneAtATime:
    def test_the_same_again_gets_the_same_and_does_nothing(self, add: Any) -> None:
        me = officer()
        first = add(actor=me, now=NOW, key="k", what="甲")
        again = add(actor=me, now=NOW + timedelta(days=4000), key="k", what="甲")
        assert first == again == Added(1, "甲")
        assert add.runs == ["甲"]
        with scoped(me.scope):
            assert AuditEvent.objects.filter(event="trial.added", user_id=me.user).count() == 1

    def test_other_content_under_the_key_is_refused(self, add: Any) -> None:
        me = officer()
        add(actor=me, now=NOW, key="k", what="甲")
        with pytest.raises(KeyTaken, match="request_key_taken"):
            add(actor=me, now=NOW, key="k", what="乙")
        assert add.runs == ["甲"]

    def test_keys_belong_to_their_user(self, add: Any) -> None:
        assert add(actor=officer(), now=NOW, key="k", what="甲").run == 1
        assert add(actor=officer(), now=NOW, key="k", what="乙").run == 2

    def test_without_a_key_each_call_counts(self, add: Any) -> None:
        me = officer()
        assert [add(actor=me, now=NOW, key=None, what="甲").run for _ in range(2)] == [1, 2]

    def test_a_refused_try_leaves_the_key_free(self, add: Any) -> None:
        me = officer()
        with pytest.raises(Refused):
            add(actor=me, now=NOW, key="k", what="甲", fails=True)
        assert add(actor=me, now=NOW, key="k", what="乙").what == "乙"
        with scoped(me.scope):
            assert GivenAnswer.objects.count() == 1
            assert AuditEvent.objects.filter(event="trial.added", user_id=me.user).count() == 1
            refused = AuditEvent.objects.get(event=NAME, user_id=me.user)
        assert (refused.outcome, refused.detail) == ("refused", {"code": "trial"})

    def test_the_content_cannot_be_read_from_what_is_kept(self, add: Any) -> None:
        me = officer()
        add(actor=me, now=NOW, key="k", what="520203198001010010")
        with scoped(me.scope):
            row = GivenAnswer.objects.get()
        assert "520203198001010010" not in row.request_sm3
        assert len(row.request_sm3) == 64

    def test_an_operation_without_a_trace_is_a_fault(self, add: Any) -> None:
        @operation("trial.silent")
        def silent(*, actor: Actor, now: Any, key: str | None) -> Added:
            return Added(0, "")

        register([Rule("trial.silent", frozenset({Role.COUNTY}))])
        try:
            with pytest.raises(InvariantBroken, match=r"audit\.missing:trial\.silent"):
                silent(actor=officer(), now=NOW, key=None)
        finally:
            del GUARDED["trial.silent"], _RULES["trial.silent"]


def test_two_at_once_do_it_once(add: Any, fresh_database: str) -> None:
    """A double click on two connections: one waits for the other's commit and reads its answer."""
    me, answers, together = officer(), [], threading.Barrier(4)

    def click() -> None:
        together.wait()
        try:
            answers.append(add(actor=me, now=NOW, key="double", what="甲"))
        finally:
            connections.close_all()

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert answers == [Added(1, "甲")] * 4
    assert add.runs == ["甲"]
