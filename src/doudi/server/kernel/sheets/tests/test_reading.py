"""What offices send: encodings, titles above the header, merged headings, hidden rows, formulas, closing rows."""

import datetime as dt
import io
import itertools

import pytest

from doudi.server.kernel.sheets.api import Column, find_header, mapping_of, open_sheet, read_rows, repeated
from doudi.server.kernel.sheets.decode import separator_of
from doudi.words import Words
from support.sheets import HEADINGS, RosterKind, roster, with_headings, xlsx

COLUMNS = RosterKind.columns


def read(content: bytes, columns=COLUMNS):
    with open_sheet(content) as sheet:
        rows = list(sheet.rows)
        found = find_header(rows, sheet, columns)
        return found, list(
            read_rows(
                rows,
                after=found.layout.rows[-1],
                mapping=found.mapping,
                columns=columns,
                from_1904=sheet.from_1904,
            )
        )


TEXT = '证件号码,姓名,补助金额\n11010519491231002X,张三,"1,234.50"\n'


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode("utf-8"),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("gb18030"),
        TEXT.replace(",", "\t").replace('"1\t234.50"', '"1,234.50"').encode("utf-16"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace(",", ";").replace('"1;234.50"', '"1,234.50"').encode("gbk"),
    ],
)
def test_encodings_and_separators(content: bytes) -> None:
    _, (row,) = read(content)
    assert dict(row.values) == {"code": "11010519491231002X", "name": "张三", "amount": 123450}
    assert not row.problems


def test_rare_characters_survive_gb18030() -> None:
    _, (row,) = read("姓名,证件号码\n王㐂𠮷,1\n".encode("gb18030"))
    assert row.values["name"] == "王㐂𠮷"


def test_the_separator_is_the_one_that_splits_evenly() -> None:
    assert separator_of("a;b;c\n1,5;2;3\n2,5;3;4\n") == ";"
    assert separator_of("a\tb\n1,2,3\t4\n") == "\t"
    assert separator_of("only one column\nx\n") == ","


def test_titles_above_the_header_are_passed_over() -> None:
    content = xlsx(
        ["2026 年医疗救助对象名单"], ["制表单位：六枝特区民政局", None, "单位：元"], [], HEADINGS, *roster(2)
    )
    found, rows = read(content)
    assert found.layout.rows == (4,)
    assert [row.number for row in rows] == [5, 6]


def test_headings_on_two_rows_with_merged_cells_above() -> None:
    def merge(book, page) -> None:
        page.merge_range(1, 0, 2, 0, "序号")
        page.merge_range(1, 1, 1, 2, "本人")
        page.merge_range(1, 3, 1, 4, "户主")
        page.merge_range(0, 0, 0, 4, "名单")

    columns = (
        Column("name", Words("姓名", "Name"), ("本人姓名",)),
        Column("head", Words("户主姓名", "Head of the household")),
        Column("code", Words("本人证件号码", "Number")),
    )
    found, (row,) = read(
        xlsx(
            [],
            [],
            [None, "姓名", "证件号码", "姓名", "证件号码"],
            [1, "张三", "R1", "张大", "R2"],
            shape=merge,
        ),
        columns,
    )
    assert found.layout.rows == (2, 3)
    assert dict(row.values) == {"name": "张三", "head": "张大", "code": "R1"}


@pytest.mark.parametrize(
    "heading",
    [
        "证件号码",
        " 证件\n号码 ",
        "＊证件号码：",
        "*证件号码(必填)",
        "证件号码（18位）",
        "3.证件号码",
        "身份证号",
        "ID number",
        "I D NUMBER",
        "证件 号码",
    ],
)
def test_headings_have_variants(heading: str) -> None:
    assert mapping_of(["序号", heading], COLUMNS) == {"code": 1}


def test_exact_headings_come_before_those_with_brackets() -> None:
    columns = (Column("income", Words("收入", "Income")), Column("wage", Words("收入（工资）", "Wages")))
    assert mapping_of(["收入（工资）", "收入"], columns) == {"wage": 0, "income": 1}


def test_repeated_headings_are_told_and_the_leftmost_is_read() -> None:
    found, (row,) = read(xlsx(["姓名", "姓 名", "证件号码"], ["左", "右", "R1"]))
    assert row.values["name"] == "左"
    assert "heading_twice" in found.layout.notices
    assert repeated(["姓名", "姓 名"]) == ("姓名", "姓 名")


def test_hidden_rows_columns_and_formulas_are_noticed_and_links_not_followed() -> None:
    def shape(book, page) -> None:
        page.set_row(2, None, None, {"hidden": True})
        page.set_column(3, 3, None, None, {"hidden": True})
        page.write_formula(4, 2, "=1+1", None, 2)

    with open_sheet(xlsx(HEADINGS, *roster(3), ["R9", "李", None, None], shape=shape)) as sheet:
        assert (sheet.hidden_rows, sheet.hidden_columns, sheet.formulas, sheet.links) == (1, 1, 1, False)
        rows = list(sheet.rows)
    assert len(rows) == 5  # hidden rows are read
    assert rows[4][1][2] == 2  # the saved result


def test_closing_rows_are_set_aside_and_empty_rows_passed_over() -> None:
    content = xlsx(
        HEADINGS,
        *roster(1),
        [],
        ["合计", None, 1000],
        ["填表人：王五", None, None, "审核人：赵六"],
        ["说明：共 1 行。"],
    )
    _, rows = read(content)
    assert [(row.number, row.closing) for row in rows] == [(2, False), (4, True), (5, True), (6, True)]


def test_a_person_called_like_a_closing_word_is_an_entry() -> None:
    _, (row,) = read(xlsx(HEADINGS, ["R1", "合计", "1", "1980-01-01"]))
    assert not row.closing


def test_row_numbers_are_those_of_the_sheet_when_it_begins_lower() -> None:
    _, (row,) = read(xlsx([], [], [None, None, *HEADINGS], [None, None, *roster(1)[0]]))
    assert (row.number, row.values["code"]) == (4, "R00000000")


def test_the_1904_calendar() -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.epoch = dt.datetime(1904, 1, 1)  # noqa: DTZ001
    for row in (HEADINGS, ["R1", "张三", None, dt.datetime(1980, 1, 2)], ["R2", "李四", None, 27760]):  # noqa: DTZ001
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    _, rows = read(out.getvalue())
    assert [row.values["day"] for row in rows] == [dt.date(1980, 1, 2), dt.date(1980, 1, 2)]


def test_a_known_file_gives_the_same_rows_and_is_not_searched_again() -> None:
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    for row in (["姓名", "编号"], ["张三", "A1"], ["李四", "=1+1"]):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    out = io.BytesIO()
    book.save(out)
    with open_sheet(out.getvalue()) as sheet:
        first, seen = list(sheet.rows), (sheet.hidden_rows, sheet.formulas)
    with open_sheet(out.getvalue(), known=True) as sheet:
        assert list(sheet.rows) == first
        assert (sheet.hidden_rows, sheet.formulas) == (0, 0)
    assert seen == (1, 1)


def test_leaving_early_ends_the_reading_program() -> None:
    with open_sheet(with_headings(roster(3000))) as sheet:
        assert len(list(itertools.islice(sheet.rows, 5))) == 5


def test_formulas_in_csv_stay_texts() -> None:
    _, (row,) = read('姓名,证件号码\n"=LINK(""x"")",@SUM(A1)\n'.encode())
    assert row.values["name"] == '=LINK("x")'
    assert row.values["code"] == "@SUM(A1)"
