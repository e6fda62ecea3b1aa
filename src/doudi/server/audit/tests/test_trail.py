"""Reading the trail: what narrows it, what pages it, who sees it, and how it reads."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from doudi.server.audit import api as audit
from doudi.server.audit import words
from doudi.server.audit.data import TrailFilter
from doudi.server.kernel.actor import SYSTEM, Actor
from doudi.server.kernel.regions import Ranges
from doudi.server.kernel.scope import EVERYWHERE, scoped
from doudi.words import Words

pytestmark = pytest.mark.django_db

LIUZHI, RONGJIANG = 520203000000, 522632000000
CLERK = Actor(7, "clerk", frozenset({"county"}), Ranges.of([LIUZHI]))
WINDOW = Actor(8, "window", frozenset({"window"}), facility=31)
AUDITOR = Actor(20, "auditor", frozenset({"audit"}), Ranges.of([LIUZHI]))
ELSEWHERE = Actor(21, "elsewhere", frozenset({"audit"}), Ranges.of([RONGJIANG]))
COUNTRY = Actor(22, "country", frozenset({"audit"}), EVERYWHERE)
NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)


def write(event: str = "people.opened", *, actor: Actor = CLERK, **options: Any) -> None:
    values = {"at": NOW, "region": 520203101, "outcome": "seen"} | options
    with scoped(actor.scope):
        audit.append(event, actor=actor, **values)


def names(viewer: Actor, **wanted: Any) -> list[str]:
    return [event.event for event in audit.trail(viewer, TrailFilter(**wanted)).items]


def test_the_scope_of_the_viewer_narrows_every_read() -> None:
    write("test.here", person=5)
    write("test.there", region=522632101, person=5)
    write("test.window", actor=WINDOW, person=5)
    write("test.server", actor=SYSTEM, region=0)
    assert names(AUDITOR) == ["test.window", "test.here"]
    assert names(ELSEWHERE) == ["test.there"]
    assert names(WINDOW) == ["test.window"]
    write("test.own", actor=AUDITOR, region=522632101)
    assert names(AUDITOR) == ["test.window", "test.here"]
    assert names(AUDITOR, user=AUDITOR.user) == ["test.own"]
    assert names(Actor(0, "nobody")) == []
    assert names(COUNTRY) == ["test.own", "test.server", "test.window", "test.there", "test.here"]
    assert names(AUDITOR, region_code=RONGJIANG) == []
    assert [seen.login for seen in audit.who_saw(ELSEWHERE, (5,))] == ["clerk"]
    assert {seen.login for seen in audit.who_saw(AUDITOR, (5,))} == {"clerk", "window"}
    assert [day.seen for day in audit.counts_per_day(ELSEWHERE, TrailFilter())] == [2]


def test_what_narrows() -> None:
    write("test.a", person=5, object_kind="recognition", object_id=1)
    write("test.b", person=6, actor=WINDOW, region=520203102)
    write("test.c", outcome="denied", at=NOW + timedelta(days=1))
    assert names(AUDITOR, persons=(5, 6)) == ["test.b", "test.a"]
    assert names(AUDITOR, persons=(5,)) == ["test.a"]
    assert names(AUDITOR, user=8) == ["test.b"]
    assert names(AUDITOR, events=("test.a", "test.c")) == ["test.c", "test.a"]
    assert names(AUDITOR, outcome="denied") == ["test.c"]
    assert names(AUDITOR, facility=31) == ["test.b"]
    assert names(AUDITOR, object_kind="recognition", object_id="1") == ["test.a"]
    assert names(AUDITOR, region_code=520203102000) == ["test.b"]
    assert names(AUDITOR, until_day=date(2026, 3, 3)) == ["test.b", "test.a"]
    assert names(AUDITOR, from_day=date(2026, 3, 3), until_day=date(2026, 3, 4)) == ["test.c"]


def test_a_day_is_a_day_in_china() -> None:
    write("test.before", at=datetime(2026, 3, 1, 15, 59, 59, 999_999, tzinfo=UTC))
    write("test.after", at=datetime(2026, 3, 1, 16, tzinfo=UTC), outcome="done")
    assert names(AUDITOR, from_day=date(2026, 3, 2)) == ["test.after"]
    assert audit.counts_per_day(AUDITOR, TrailFilter()) == (
        audit.DayCount(date(2026, 3, 2), done=1, seen=0, refused=0, denied=0),
        audit.DayCount(date(2026, 3, 1), done=0, seen=1, refused=0, denied=0),
    )


def test_pages_meet_without_gap_or_overlap() -> None:
    for number in range(7):
        write(f"test.{number}")
    read: list[str] = []
    before = None
    while True:
        page = audit.trail(AUDITOR, before=before, size=3)
        read += [event.event for event in page.items]
        before = page.next_before
        if before is None:
            break
    assert read == [f"test.{number}" for number in reversed(range(7))]
    assert len(audit.trail(AUDITOR, size=7).items) == 7
    assert audit.trail(AUDITOR, size=7).next_before is None
    assert len(audit.trail(AUDITOR, size=0).items) == 1


def test_a_page_is_one_query_however_many_events() -> None:
    for number in range(12):
        write(f"test.{number}", person=number % 3)
    for read in (
        lambda: audit.trail(AUDITOR),
        lambda: audit.who_saw(AUDITOR, (0, 1)),
        lambda: audit.counts_per_day(AUDITOR, TrailFilter()),
    ):
        with CaptureQueriesContext(connection) as queries:
            read()
        told = [
            query["sql"] for query in queries.captured_queries if 'FROM "audit_auditevent"' in query["sql"]
        ]
        assert len(told) == 1


def test_who_saw_a_person_counts_each_way_once() -> None:
    write(person=5)
    write(person=5, at=NOW + timedelta(hours=1))
    write("people.unmasked", person=5, purpose="care")
    write(person=6)
    seen = audit.who_saw(AUDITOR, (5,))
    assert [(one.event, one.times) for one in seen] == [("people.opened", 2), ("people.unmasked", 1)]
    assert (seen[0].first_at, seen[0].last_at) == (NOW, NOW + timedelta(hours=1))
    assert audit.who_saw(AUDITOR, (5,), from_day=date(2026, 3, 3)) == ()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "_WORDS", {})
    audit.register_words(
        {
            "people.unmasked": Words("查看了完整证件号码", "saw a full ID number"),
            "imports.applied": Words(
                "写入了 {rows} 行（批次 {object_id}）", "applied {rows} rows (batch {object_id})"
            ),
            "people.find": Words("查找人员", "find a person"),
        }
    )


@pytest.mark.parametrize(
    ("event", "options", "zh", "en"),
    [
        (
            "people.unmasked",
            {"purpose": "救治"},
            "clerk查看了完整证件号码，用途：救治",
            "clerk saw a full ID number, purpose: 救治",
        ),
        (
            "imports.applied",
            {"outcome": "done", "object_id": 3, "detail": {"rows": 9}},
            "clerk写入了 9 行（批次 3）",
            "clerk applied 9 rows (batch 3)",
        ),
        (
            "imports.applied",
            {"outcome": "done"},
            "clerk写入了 — 行（批次 ）",
            "clerk applied — rows (batch )",
        ),
        (
            "people.find",
            {"outcome": "denied"},
            "clerk请求“查找人员”，没有权限",
            "clerk asked for “find a person” without the right to it",
        ),
        ("test.unheard_of", {}, "clerk执行了 test.unheard_of", "clerk did test.unheard_of"),
    ],
)
def test_the_trail_reads_as_sentences(
    told: None, event: str, options: dict[str, Any], zh: str, en: str
) -> None:
    write(event, **options)
    assert audit.describe(audit.trail(AUDITOR).items[0]) == Words(zh, en)


def test_the_server_has_a_name_and_a_text_is_not_said_twice(told: None) -> None:
    write("people.unmasked", actor=SYSTEM)
    assert audit.describe(audit.trail(COUNTRY).items[0]).zh.startswith("系统")
    audit.register_words({"people.find": Words("查找人员", "find a person")})
    with pytest.raises(ValueError, match=r"people\.find"):
        audit.register_words({"people.find": Words("别的", "else")})
    assert set(audit.known_events()) == {"people.unmasked", "imports.applied", "people.find"}
