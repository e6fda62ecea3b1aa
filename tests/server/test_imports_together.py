"""Two at once: workers, clicks and lists that meet in the same rows, with real commits and several connections."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from doudi.server.imports import api as imports
from doudi.server.imports.api import State
from doudi.server.kernel.errors import Refused
from support.importing import NOW, OFFICER, detail, examined, upload
from support.sheets import RosterKind, entries, roster, roster_kind, with_headings


@pytest.fixture(autouse=True)
def kind(fresh_database: str) -> RosterKind:
    return roster_kind(lasting=True)


def together(*works: Callable[[], object]) -> list[object]:
    """Run at the same moment, each on a connection of its own; what they answer, or the codes of their refusals."""
    answers: list[object] = [None] * len(works)
    gate = threading.Barrier(len(works))

    def run(place: int) -> None:
        gate.wait()
        try:
            answers[place] = works[place]()
        except Refused as refused:
            answers[place] = refused.code
        except Exception as error:  # noqa: BLE001 - shown by the assertion
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def asked(number: int, count: int) -> int:
    imports.apply(actor=OFFICER, now=NOW, key=None, number=number, expected=count)
    return number


def write(number: int) -> Callable[[], object]:
    return lambda: imports.apply_now(actor=OFFICER, now=NOW, number=number, tell=lambda *_: None)


def test_two_workers_with_the_same_import_write_it_once() -> None:
    number = asked(examined(with_headings(roster(50))).summary.number, 50)
    answers = together(write(number), write(number), write(number))
    assert (
        sorted(answers, key=str)[1:] == ["import_state", "import_state"] or answers.count("import_state") == 2
    )
    assert len(entries()) == 50
    assert detail(number).summary.state == State.APPLIED


def test_two_lists_with_the_same_people_at_once_make_nobody_twice() -> None:
    first, second = (
        examined(with_headings(roster(50, name=name))).summary.number for name in ("张三", "李四")
    )
    for number in (first, second):
        asked(number, 50)
    answers = together(write(first), write(second))
    assert answers.count("import_stale") == 1
    assert len(entries()) == 50
    assert len({name for _, name, _ in entries()}) == 1  # the whole of one, nothing of the other


def test_a_double_click_on_import_asks_for_one_job() -> None:
    number = examined(with_headings(roster(3))).summary.number

    def click(key: str | None) -> Callable[[], object]:
        return lambda: imports.apply(actor=OFFICER, now=NOW, key=key, number=number, expected=3)

    same = together(click("one"), click("one"))
    assert same[0] == same[1]
    other = together(click("two"), click("three"))
    assert other == ["import_state", "import_state"]


def test_two_uploads_with_one_key_are_one_import() -> None:
    content = with_headings(roster(3))
    answers = together(*[lambda: upload(content, key="k") for _ in range(3)])
    assert len({str(answer) for answer in answers}) == 1
    assert len(imports.imports(viewer=OFFICER).items) == 1


def test_choosing_while_it_is_being_written_waits_and_is_refused() -> None:
    number = asked(examined(with_headings(roster(300))).summary.number, 300)
    answers = together(
        write(number),
        lambda: imports.choose(actor=OFFICER, now=NOW, key=None, number=number, chosen=False),
    )
    assert answers[1] == "import_state"
    assert len(entries()) == 300


def test_a_preview_is_of_no_use_after_another_list_was_written() -> None:
    first, second = (examined(with_headings(roster(5))).summary.number for _ in range(2))
    for number in (first, second):
        asked(number, 5)
    write(first)()
    with pytest.raises(Refused) as caught:
        write(second)()
    assert caught.value.code == "import_stale"
    assert len(entries()) == 5
