"""What went wrong elsewhere with lists and files, each by name; the last two hold every kind to its word."""

import pytest

from doudi.server.imports import api as imports
from doudi.server.kernel.errors import Refused
from doudi.server.kernel.jobs import work_off
from support.importing import LIUZHI, NOW, OFFICER, applied, detail, examined, rows, upload
from support.sheets import HEADINGS, RosterKind, entries, roster, roster_kind, with_headings, xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kind() -> RosterKind:
    return roster_kind()


def one(code: object, name: str = "张三") -> imports.RowView:
    number = examined(xlsx(HEADINGS, [code, name, "1", "1980-01-01"])).summary.number
    (row,) = rows(number)
    return row


def test_double_click() -> None:
    number = examined(with_headings(roster(2))).summary.number
    answers = [
        imports.apply(actor=OFFICER, now=NOW, key="click", number=number, expected=2) for _ in range(2)
    ]
    work_off()
    assert answers[0] == answers[1]
    assert len(entries()) == 2


def test_the_same_file_imported_twice() -> None:
    content = with_headings(roster(3))
    for new in (3, 0):
        found = examined(content)
        assert found.summary.counts.new == new
        if new:
            applied(found.summary.number)
    assert found.summary.counts.unchanged == 3
    assert found.seen_before


def test_an_import_that_says_success_and_lost_rows() -> None:
    found = examined(with_headings([*roster(2500), ["R1", "拒绝", "", ""], *roster(3)]))
    counts = found.summary.counts
    assert (
        counts.rows
        == 2504
        == counts.new + counts.changed + counts.unchanged + counts.refused + counts.duplicate
    )
    done = applied(found.summary.number)
    assert done.summary.applied_rows == len(entries()) == counts.new == 2500
    assert imports.changes(viewer=OFFICER, import_number=found.summary.number).total == 2500


def test_the_answer_lost_after_the_commit() -> None:
    number = upload(with_headings(roster(1)), key="lost").number
    assert upload(with_headings(roster(1)), key="lost").number == number
    assert len(imports.imports(viewer=OFFICER).items) == 1


def test_one_stray_row_does_not_abort_the_list() -> None:
    found = examined(with_headings([*roster(3), ["乱", None, "乱", "乱"]]))
    assert (found.summary.counts.new, found.summary.counts.refused) == (3, 1)
    assert applied(found.summary.number).summary.applied_rows == 3


def test_18_digit_ids_rounded_by_excel_to_15_digits() -> None:
    for code in (520203198001010000, 5.2020319800101e17, "5.20203E+17", "520203198001010000"):
        row = one(code)
        assert row.judgement == "refused"
        assert row.problems[0].words.zh == "Excel 已把后三位变成 000，请将该列设为文本后重新导出。"


def test_lower_case_x_and_leading_apostrophe() -> None:
    for code in (
        "11010519491231002x",
        "'11010519491231002X",
        " 110105 19491231 002X",
        "１１０１０５１９４９１２３１００２Ｘ",
    ):
        number = examined(xlsx(HEADINGS, [code, "张三", "1", "1980-01-01"])).summary.number
        if detail(number).summary.counts.new:
            applied(number)
    assert [code for code, _, _ in entries()] == ["11010519491231002X"]


def test_15_digit_ids_and_disability_cards_of_20_to_22_digits_are_read_whole() -> None:
    for code in ("110105491231002", "11010519491231002X43", "11010519491231002X43B1"):
        applied(examined(xlsx(HEADINGS, [code, "张三", "1", "1980-01-01"])).summary.number)
    assert one(110105491231002).judgement == "unchanged"  # 15 digits survive a number cell
    assert {code for code, _, _ in entries()} == {
        "110105491231002",
        "11010519491231002X43",
        "11010519491231002X43B1",
    }


def test_newborns_without_an_id_and_twins_are_entries() -> None:
    number = examined(
        xlsx(HEADINGS, [None, "张小一", "1", "2026-01-01"], [None, "张小二", "1", "2026-01-01"])
    ).summary.number
    assert applied(number).summary.applied_rows == 2


def test_a_number_in_the_name_column_of_a_shifted_row_is_not_swallowed() -> None:
    assert one("R1", "x" * 21).judgement == "refused"  # longer than a name


def test_every_kind_that_is_registered_keeps_its_word_about_columns() -> None:
    """Headings of one kind are not ambiguous, every column has both languages, and somebody may import it."""
    from doudi.server.kernel.sheets.api import bare

    for kind in imports.kinds_for(OFFICER):
        assert kind.roles
        assert kind.words.zh != kind.words.en
        assert kind.guide.zh
        seen: dict[str, str] = {}
        for column in kind.columns:
            for heading in (column.words.zh, column.words.en, *column.headings):
                assert seen.setdefault(bare(heading), column.name) == column.name, (kind.name, heading)


def test_no_kind_takes_a_hostile_cell_for_a_fault() -> None:
    """Every registered kind judges rows of nonsense without an exception, and writes nothing."""
    nonsense = ("=1+1", "-", "0", "\u202e", "' OR 1=1", "9" * 40, "2026-02-30", "1e99", "是", "名" * 300)
    for kind in imports.kinds_for(OFFICER):
        headings = [column.words.zh for column in kind.columns]
        body = [[text] * len(headings) for text in nonsense]
        options = {
            option.name: _some(option) for option in kind.options if option.needed and option.default is None
        }
        try:
            found = examined(xlsx(headings, *body), kind=kind.name, options=options, region=LIUZHI)
        except Refused:  # said, and nothing kept
            continue
        assert found.trouble is None or found.trouble.code == "import_no_rows", (kind.name, found.trouble)
        assert found.summary.state in ("examined", "refused"), kind.name


def _some(option: imports.Option) -> str:
    if option.form == "choice":
        return option.choices[0][0]
    return {"date": "2026-01-01", "year": "2026", "whole": "1", "money": "1", "yes_no": "是"}.get(
        option.form, "x"
    )
