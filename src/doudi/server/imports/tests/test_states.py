"""The life of an import is a table; what is not in it cannot happen, and whatever stops on the way goes back."""

import datetime as dt

import pytest

from doudi.server.imports import api as imports
from doudi.server.imports.api import STATE_NAMES, State
from doudi.server.imports.models import StagedImport
from doudi.server.imports.operations.remove_expired import remove_expired
from doudi.server.imports.retention import KEPT, KEPT_IF_ABANDONED
from doudi.server.imports.states import ENDED, STEPS, WORKING, after
from doudi.server.kernel.actor import SYSTEM
from doudi.server.kernel.errors import Refused
from doudi.server.kernel.jobs import cancel, job_state, work_off
from doudi.server.kernel.scope import scoped
from support.importing import NOW, OFFICER, applied, detail, examined, undone, upload
from support.sheets import RosterKind, entries, roster, roster_kind, with_headings

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kind() -> RosterKind:
    return roster_kind()


def code_of(call):
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.code


CALLS = {  # in an order in which each finds what it needs
    "choose": lambda n: imports.choose(actor=OFFICER, now=NOW, key=None, number=n, chosen=True),
    "apply": lambda n: imports.apply(actor=OFFICER, now=NOW, key=None, number=n, expected=1),
    "undo": lambda n: imports.undo(actor=OFFICER, now=NOW, key=None, number=n, reason=""),
    "map": lambda n: imports.map_columns(
        actor=OFFICER, now=NOW, key=None, number=n, mapping={"code": 0, "name": 1}
    ),
    "examine": lambda n: imports.examine(actor=OFFICER, now=NOW, key=None, number=n),
    "discard": lambda n: imports.discard(actor=OFFICER, now=NOW, key=None, number=n),
}


def test_every_state_has_a_name_and_the_ends_lead_nowhere() -> None:
    assert set(STATE_NAMES) == set(State)
    assert not any(state in ENDED for state, _ in STEPS)
    for state in State:
        assert state in ENDED or any(start == state for start, _ in STEPS)
        assert state == State.UPLOADED or state in STEPS.values()
    for state in WORKING:
        assert after(state, "fail") is not None
        assert not any(start == state and step in CALLS for start, step in STEPS)  # only the worker moves it


def stand(number: int, state: State) -> None:
    with scoped(OFFICER.scope):
        StagedImport.objects.filter(pk=number).update(state=str(state), job=None)


def test_a_step_that_is_not_in_the_table_is_refused_and_one_that_is_leads_where_it_says() -> None:
    number = examined(with_headings(roster(1))).summary.number
    possible = [(state, step) for state in State for step in CALLS]
    for state, step in possible:
        if (state, step) not in STEPS:
            stand(number, state)
            assert code_of(lambda step=step: CALLS[step](number)) == "import_state"
            assert detail(number).summary.state == state
    inside = [pair for pair in possible if pair in STEPS]
    for state, step in sorted(inside, key=lambda pair: list(CALLS).index(pair[1])):
        stand(number, state)
        CALLS[step](number)
        assert detail(number).summary.state == STEPS[state, step]
        if step == "discard":
            break


def test_cancelling_a_job_before_it_begins_frees_the_import() -> None:
    number = examined(with_headings(roster(2))).summary.number
    begun = imports.apply(actor=OFFICER, now=NOW, key=None, number=number, expected=2)
    assert detail(number).summary.state == State.APPLYING
    cancel(actor=OFFICER, job=begun.job, now=NOW)
    work_off()
    assert entries() == []
    assert detail(number).summary.state == State.EXAMINED  # seen at once
    assert applied(number).summary.applied_rows == 2  # and tried again


def test_a_fault_is_tried_again_and_then_frees_the_import(monkeypatch: pytest.MonkeyPatch) -> None:
    number = examined(with_headings(roster(2))).summary.number

    def broken(self, rows, task):
        raise RuntimeError("张三")  # a fault's text is nobody's business

    monkeypatch.setattr(RosterKind, "apply", broken)
    monkeypatch.setattr("doudi.server.imports.jobs.ATTEMPTS", 1)
    begun = imports.apply(actor=OFFICER, now=NOW, key=None, number=number, expected=2)
    work_off()
    found = detail(number)
    assert found.summary.state == State.EXAMINED
    assert found.trouble is not None
    assert found.trouble.code == "import_fault"
    assert "张三" not in found.trouble.words.zh
    assert job_state(OFFICER, begun.job).result is None
    assert entries() == []


def test_a_job_that_begins_again_after_its_commit_does_nothing_twice() -> None:
    """The answer was lost after the commit: the second run finds the import applied and is done."""
    number = examined(with_headings(roster(2))).summary.number
    imports.apply(actor=OFFICER, now=NOW, key=None, number=number, expected=2)
    work_off()
    assert (
        code_of(lambda: imports.apply_now(actor=OFFICER, now=NOW, number=number, tell=lambda *_: None))
        == "import_state"
    )
    assert len(entries()) == 2


def test_progress_tells_rows_and_ends_at_the_whole() -> None:
    number = upload(with_headings(roster(4500))).number
    imports.examine(actor=OFFICER, now=NOW, key=None, number=number)
    told: list[tuple[int, int]] = []
    imports.examine_now(actor=OFFICER, now=NOW, number=number, tell=lambda *each: told.append(each))
    assert told == [(2000, 4500), (4000, 4500), (4500, 4500)]
    imports.apply(actor=OFFICER, now=NOW, key=None, number=number, expected=4500)
    told.clear()
    imports.apply_now(actor=OFFICER, now=NOW, number=number, tell=lambda *each: told.append(each))
    assert [done for done, _ in told] == [2000, 4000, 4500, 6500, 8500, 9000]
    assert {total for _, total in told} == {9000}
    assert len(entries()) == 4500


def test_files_and_rows_are_removed_when_their_time_is_over() -> None:
    abandoned = examined(with_headings(roster(1))).summary.number
    kept = examined(with_headings(roster(2))).summary.number
    applied(kept)
    when = detail(kept).summary.applied_at
    assert when is not None
    assert remove_expired(actor=SYSTEM, now=NOW + dt.timedelta(days=1)).imports == 0
    later = NOW + KEPT_IF_ABANDONED + dt.timedelta(hours=1)
    assert remove_expired(actor=SYSTEM, now=later).imports == 1
    found = detail(abandoned)
    assert found.removed_at == later
    assert found.sample == ()
    assert found.steps == {"discard"}
    assert found.summary.counts.new == 1  # the trace stays
    assert code_of(lambda: applied(abandoned, expected=1)) == "import_removed"

    assert remove_expired(actor=SYSTEM, now=when + KEPT + dt.timedelta(hours=1)).imports == 1
    assert code_of(lambda: undone(kept)) == "import_removed"
    assert len(imports.changes(viewer=OFFICER, import_number=kept).items) == 2
    assert (
        imports.imports_of(
            viewer=OFFICER, object_kind="entry", object_id=entries("SELECT id FROM roster")[0][0]
        )[0].number
        == kept
    )


def test_only_the_server_removes() -> None:
    assert code_of(lambda: remove_expired(actor=OFFICER, now=NOW)) == "not_allowed"
