"""Upload, check, choose, import, undo: the counts add up at every step, and the table agrees with them."""

import pytest
from django.db import IntegrityError, connection, transaction

from doudi.server.imports import api as imports
from doudi.server.imports.api import AS_NEW, State
from doudi.server.imports.models import StagedImport
from doudi.server.kernel.errors import Refused
from doudi.server.kernel.jobs import job_state, work_off
from doudi.server.kernel.scope import scoped
from support.importing import LIUZHI, NEIGHBOUR, NOW, OFFICER, applied, detail, examined, rows, undone, upload
from support.sheets import HEADINGS, RosterKind, entries, roster, roster_kind, with_headings, xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kind() -> RosterKind:
    return roster_kind()


def code_of(call):
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.code


def counts(found):
    c = found.summary.counts
    return (c.rows, c.new, c.changed, c.unchanged, c.refused, c.duplicate, c.chosen)


def test_from_upload_to_undo() -> None:
    found = examined(with_headings([*roster(3), ["R9", "拒绝", "1", ""]]))
    assert found.summary.state == State.EXAMINED
    assert counts(found) == (4, 3, 0, 0, 1, 0, 3)
    assert entries() == []  # examining writes nothing

    done = applied(found.summary.number)
    assert (done.summary.state, done.summary.applied_rows) == (State.APPLIED, 3)
    assert [code for code, _, _ in entries()] == ["R00000000", "R00000001", "R00000002"]
    assert entries()[0] == ("R00000000", "张三", 100050)
    changes = imports.changes(viewer=OFFICER, import_number=found.summary.number).items
    assert [(change.row, change.did, change.object_kind) for change in changes] == [
        (2, "made", "entry"), (3, "made", "entry"), (4, "made", "entry"),
    ]  # fmt: skip

    back = undone(found.summary.number)
    assert back.summary.state == State.UNDONE
    assert entries() == []


def test_the_same_file_again_changes_nothing() -> None:
    content = with_headings(roster(5))
    first = examined(content)
    applied(first.summary.number)
    again = upload(content)
    assert [(e.number, e.state) for e in again.seen_before] == [(first.summary.number, State.APPLIED)]
    imports.examine(actor=OFFICER, now=NOW, key=None, number=again.number)
    work_off()
    found = detail(again.number)
    assert counts(found) == (5, 0, 0, 5, 0, 0, 0)
    assert found.seen_before[0].number == first.summary.number
    assert code_of(lambda: applied(again.number, expected=0)) == "import_nothing_chosen"
    assert len(entries()) == 5


def test_changed_rows_show_what_would_change_and_undo_restores_it() -> None:
    applied(examined(with_headings(roster(2))).summary.number)
    found = examined(with_headings(roster(2, cents=75)))
    assert counts(found) == (2, 0, 2, 0, 0, 0, 2)
    (difference,) = rows(found.summary.number)[0].differences
    assert (difference.column, difference.before, difference.after) == ("amount", "100050", "100075")
    applied(found.summary.number)
    assert [amount for _, _, amount in entries()] == [100075, 100175]
    undone(found.summary.number)
    assert [amount for _, _, amount in entries()] == [100050, 100150]


def test_only_chosen_rows_are_imported() -> None:
    number = examined(with_headings(roster(4))).summary.number
    left = imports.choose(actor=OFFICER, now=NOW, key=None, number=number, chosen=False, rows=[3, 4])
    assert (left.touched, left.chosen) == (2, 2)
    assert applied(number).summary.applied_rows == 2
    assert [code for code, _, _ in entries()] == ["R00000000", "R00000003"]


def test_refused_and_unchanged_rows_cannot_be_chosen() -> None:
    number = examined(with_headings([*roster(1), ["R9", "拒绝", "1", ""]])).summary.number
    chosen = imports.choose(actor=OFFICER, now=NOW, key=None, number=number, chosen=True, rows=[2, 3])
    assert chosen.chosen == 1
    with (
        pytest.raises(IntegrityError),
        scoped(OFFICER.scope),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE imports_stagedrow SET chosen = true WHERE staged_id = %s AND number = 3", [number]
        )


def test_an_import_is_refused_where_another_number_of_rows_was_seen() -> None:
    number = examined(with_headings(roster(4))).summary.number
    imports.choose(actor=OFFICER, now=NOW, key=None, number=number, chosen=False, rows=[3])
    assert code_of(lambda: applied(number, expected=4)) == "import_choice_changed"
    assert entries() == []


def test_possible_duplicates_wait_for_a_decision() -> None:
    applied(examined(with_headings([["R1", "李四", "10", "1990-05-05"]])).summary.number)
    found = examined(with_headings([[None, "李四", "20", "1990-05-05"], [None, "王五", "30", ""]]))
    number = found.summary.number
    assert counts(found) == (2, 1, 0, 0, 0, 1, 1)
    (row,) = rows(number, "duplicate")
    assert row.candidates[0].reason.zh == "姓名相同"

    assert code_of(lambda: decide(number, [row.number], 999)) == "import_row_decision"
    assert code_of(lambda: decide(number, [3], AS_NEW)) == "import_row_decision"  # no duplicate
    decide(number, [row.number], row.candidates[0].number)
    assert counts(detail(number)) == (2, 1, 1, 0, 0, 0, 2)
    assert rows(number, "changed")[0].differences[0].after == "2000"
    decide(number, [row.number], AS_NEW)  # thought better of it
    assert counts(detail(number)) == (2, 2, 0, 0, 0, 0, 2)
    applied(number)
    assert entries() == [("R1", "李四", 1000), (None, "李四", 2000), (None, "王五", 3000)]


def decide(number, numbers, as_number):
    return imports.decide(actor=OFFICER, now=NOW, key=None, number=number, rows=numbers, as_number=as_number)


def test_what_changed_since_the_preview_stops_the_import_and_nothing_is_written() -> None:
    number = examined(with_headings(roster(3))).summary.number
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO roster (region, code, name) VALUES (%s, 'R00000001', '别人')", [LIUZHI])
    found = applied(number)
    assert found.summary.state == State.EXAMINED
    assert found.trouble is not None
    assert found.trouble.code == "import_stale"
    assert "第 3 行" in found.trouble.words.zh
    assert [code for code, _, _ in entries()] == ["R00000001"]
    imports.examine(actor=OFFICER, now=NOW, key=None, number=number)
    work_off()
    assert counts(detail(number)) == (3, 2, 1, 0, 0, 0, 3)


def test_undo_is_refused_whole_while_something_depends_on_a_row() -> None:
    number = examined(with_headings(roster(3))).summary.number
    applied(number)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE roster SET held = true WHERE code = 'R00000001'")
        cursor.execute("UPDATE roster SET name = '改名' WHERE code = 'R00000002'")
    found = undone(number)
    assert found.summary.state == State.APPLIED
    assert found.trouble is not None
    assert [(row, words.zh) for row, words in found.trouble.rows] == [
        (3, "已有救助记录。"),
        (4, "之后被改动过。"),
    ]
    assert len(entries()) == 3  # not even the first was taken back


def test_a_double_click_and_a_repeated_key() -> None:
    uploads = {upload(with_headings(roster(2)), key="k1").number for _ in range(2)}
    assert len(uploads) == 1
    (number,) = uploads
    begun = [imports.examine(actor=OFFICER, now=NOW, key="k2", number=number) for _ in range(2)]
    assert begun[0] == begun[1]
    assert code_of(lambda: imports.examine(actor=OFFICER, now=NOW, key="k3", number=number)) == "import_state"
    work_off()
    asked = [imports.apply(actor=OFFICER, now=NOW, key="k4", number=number, expected=2) for _ in range(2)]
    assert asked[0].job == asked[1].job
    assert code_of(lambda: applied(number, expected=2)) == "import_state"
    work_off()
    assert len(entries()) == 2
    assert code_of(lambda: upload(with_headings(roster(3)), key="k1")) == "request_key_taken"


def test_a_kind_that_loses_a_row_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """An import that says success and lost rows: the invariant stops it and the transaction is rolled back."""
    number = examined(with_headings(roster(3))).summary.number
    whole = RosterKind.apply
    monkeypatch.setattr(RosterKind, "apply", lambda self, rows, task: whole(self, rows[:-1], task))
    begun = imports.apply(actor=OFFICER, now=NOW, key=None, number=number, expected=3)
    work_off()
    assert entries() == []
    assert job_state(OFFICER, begun.job).state in ("waiting", "failed")


def test_a_kind_that_writes_other_than_it_read_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    number = examined(with_headings(roster(3))).summary.number
    whole = RosterKind.apply

    def wrong(self, rows, task):
        changes = whole(self, rows, task)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE roster SET amount = amount / 100 * 100 WHERE code = 'R00000002'")
        return changes

    monkeypatch.setattr(RosterKind, "apply", wrong)
    imports.apply(actor=OFFICER, now=NOW, key=None, number=number, expected=3)
    work_off()
    assert entries() == []


def test_counts_that_do_not_add_up_cannot_be_stored() -> None:
    number = examined(with_headings(roster(3))).summary.number
    with pytest.raises(IntegrityError), scoped(OFFICER.scope), transaction.atomic():
        StagedImport.objects.filter(pk=number).update(rows=4)


def test_a_row_twice_in_the_file_names_the_first() -> None:
    number = examined(with_headings([*roster(2), *roster(1)])).summary.number
    (row,) = rows(number, "refused")
    assert (row.number, row.problems[0].words.zh) == (4, "与第 2 行重复。")


def test_unreadable_cells_refuse_the_row_and_name_the_column() -> None:
    number = examined(with_headings([["R1", None, "1.234", "2026-02-30"]])).summary.number
    (row,) = rows(number, "refused")
    assert {problem.column for problem in row.problems} == {"name", "amount", "day"}


def test_personal_numbers_are_masked_in_the_preview() -> None:
    number = examined(xlsx(HEADINGS, ["11010519491231002X", "张三", "1", ""])).summary.number
    assert rows(number)[0].values["code"] == "110105********002X"


def test_nobody_else_sees_or_touches_it() -> None:
    number = examined(with_headings(roster(1))).summary.number
    assert code_of(lambda: detail(number, NEIGHBOUR)) == "import_not_found"
    assert code_of(lambda: applied(number, actor=NEIGHBOUR, expected=1)) == "import_not_found"
    assert code_of(lambda: rows(number, actor=NEIGHBOUR)) == "import_not_found"
    assert imports.imports(viewer=NEIGHBOUR).items == ()
    assert [each.number for each in imports.imports(viewer=OFFICER).items] == [number]
    assert code_of(lambda: upload(with_headings(roster(1)), actor=NEIGHBOUR)) == "import_region_not_allowed"
