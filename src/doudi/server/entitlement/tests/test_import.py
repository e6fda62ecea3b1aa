"""Opening balances from a file: judged, written once, the same file again changes nothing, undone while untouched."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from doudi.server.entitlement import api
from doudi.server.entitlement.import_kinds import OpeningBalances
from doudi.server.entitlement.models import OpeningBalance
from doudi.server.imports.api import Change, Judgement, Row, Task, Verdict, kind_of
from doudi.server.kernel.actor import SYSTEM
from doudi.server.kernel.scope import scoped
from doudi.server.people.api import PersonMatch
from support.standing import NOW, TODAY, TOWN, officer, person

KIND = OpeningBalances()
COUNTY, TRIPLE = 520203000, "guizhou/liuzhi/triple-guarantee-2017"
NUMBERS = {f"52020319800101{index:03d}X": index for index in range(5)}


@pytest.fixture
def persons(monkeypatch: pytest.MonkeyPatch, db: None) -> list[int]:
    """Five persons found by five numbers (numbers themselves are the matter of people)."""
    found = [person(name=f"张{index}") for index in range(5)]
    matches = {number: PersonMatch(found[index], TOWN, "张某") for number, index in NUMBERS.items()}
    monkeypatch.setattr(
        "doudi.server.entitlement.import_kinds.match_numbers",
        lambda *, viewer, numbers: {one: matches[one] for one in numbers if one in matches},
    )
    api.put_in_force(
        actor=SYSTEM, now=NOW, key=None, region=COUNTY, policy=TRIPLE, from_date=date(2017, 6, 1)
    )
    return found


def task(locking: bool = False) -> Task:
    return Task(41, officer(), NOW, TODAY, COUNTY, {"source": "原系统导出"}, locking)


def row(number: int, used: object = 5_000_000, what: str = "大病补充保险·累计已付", period: str = "2017年",
        who: str | None = None) -> Row:  # fmt: skip
    return Row(
        number, {"number": who or list(NUMBERS)[number], "accumulator": what, "period": period, "used": used}
    )


def examine(rows: list[Row]) -> list[Verdict]:
    with scoped(officer().scope):
        return KIND.examine(rows, task())


def judged(rows: list[Row]) -> list[Judgement]:
    return [verdict.judgement for verdict in examine(rows)]


def test_the_kind_is_known_to_imports() -> None:
    assert kind_of("entitlement.opening_balances").words.zh


def test_what_is_read_is_what_is_written_and_the_same_file_again_changes_nothing(persons: list[int]) -> None:
    rows = [row(0), row(1, 0), row(2, 99)]
    assert judged(rows) == [Judgement.NEW] * 3
    with scoped(officer().scope):
        changes = KIND.apply(list(zip(rows, KIND.examine(rows, task()), strict=True)), task(True))
    assert [(one.row, one.did) for one in changes] == [(0, "made"), (1, "made"), (2, "made")]
    assert judged(rows) == [Judgement.UNCHANGED] * 3
    (found,) = api.opening_balances(viewer=officer(), person=persons[0])
    assert (found.accumulator, found.period, found.used_fen) == ("catastrophic_paid", "2017", 5_000_000)
    assert (found.source, found.import_number) == ("原系统导出", 41)
    (verdict,) = examine([row(0, 4_000_000)])
    assert verdict.judgement is Judgement.CHANGED
    assert [(one.before, one.after) for one in verdict.differences] == [("50,000.00", "40,000.00")]


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"who": "520203198001010999"}, "number"),
        ({"what": "牙科累计"}, "accumulator"),
        ({"what": ""}, "accumulator"),
        ({"period": "2017-08"}, "period"),
        ({"period": ""}, "period"),
        ({"used": -1}, "used"),
        ({"used": None}, "used"),
        ({"used": 10**15}, "used"),
    ],
)
def test_a_row_that_cannot_be_used_says_in_which_column(
    persons: list[int], change: dict[str, object], column: str
) -> None:
    del persons
    (verdict,) = examine([row(0, **change)])  # type: ignore[arg-type]
    assert verdict.judgement is Judgement.REFUSED
    assert [problem.column for problem in verdict.problems] == [column]


def test_two_rows_about_one_sum_are_the_same_however_it_is_called(persons: list[int]) -> None:
    del persons
    names = ("大病补充保险·累计已付", "大病补充保险 · 累计已付", "catastrophic_paid")
    with scoped(officer().scope):
        assert len({KIND.same(row(0, what=name), task()) for name in names}) == 1
        assert KIND.same(row(0), task()) != KIND.same(row(0, period="2016"), task())


def test_undo_gives_back_what_stood_there_unless_it_was_set_since(persons: list[int]) -> None:
    setting = {"actor": officer(), "now": NOW, "key": None, "person": persons[0], "accumulator": "catastrophic_paid",
               "period": "2017", "source": "窗口核对"}  # fmt: skip
    api.set_opening_balance(**setting, used_fen=100)  # type: ignore[arg-type]
    rows = [row(0), row(1)]

    def applied() -> list[Change]:
        with scoped(officer().scope):
            return KIND.apply(list(zip(rows, KIND.examine(rows, task()), strict=True)), task(True))

    changes = applied()
    with scoped(officer().scope):
        assert KIND.undo(changes, task(True)) == []
        kept = OpeningBalance.objects.get()
    assert (kept.person_id, kept.used_fen, kept.source, kept.import_number) == (
        persons[0],
        100,
        "窗口核对",
        None,
    )
    changes = applied()
    api.set_opening_balance(**setting, used_fen=777)  # type: ignore[arg-type]
    with scoped(officer().scope):
        (obstacle,) = KIND.undo(changes, task(True))
        assert (obstacle.row, OpeningBalance.objects.count()) == (0, 2)


def test_a_batch_takes_as_many_reads_as_a_row(persons: list[int]) -> None:
    del persons
    counts = []
    for rows in ([row(0)], [row(index) for index in range(5)]):
        with scoped(officer().scope), CaptureQueriesContext(connection) as queries:
            KIND.examine(rows, replace(task(), memory={}))
        counts.append(len(queries))
    assert counts[0] == counts[1]
