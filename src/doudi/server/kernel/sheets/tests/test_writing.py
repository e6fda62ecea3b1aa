"""Lists that are written: read back by two other libraries; no cell is ever a formula, whatever its text."""

import csv
import datetime as dt
import io
import tracemalloc

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doudi.server.kernel.sheets.api import ListColumn, Marked, open_sheet, write_csv, write_workbook
from doudi.server.kernel.sheets.parts import letters
from doudi.server.kernel.sheets.write import FORMULA_STARTS
from doudi.words import Words

COLUMNS = (
    ListColumn(Words("姓名", "Name")),
    ListColumn(Words("证件号码", "ID number"), width=22),
    ListColumn(Words("金额", "Amount"), "money"),
    ListColumn(Words("日期", "Date"), "date"),
    ListColumn(Words("比例", "Rate"), "percent"),
    ListColumn(Words("人数", "Persons"), "whole"),
)
ROW = ("张三", "520203198001010027", -123456, dt.date(2017, 9, 1), 7050, 3)
NAME = Words("名单", "List")


def sheet_of(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content)).active


def test_forms_header_freeze_filter_and_footer() -> None:
    content = write_workbook(COLUMNS, [ROW, ROW], name=NAME, footer=[Words("筛选：低保", "Filter: dibao")])
    sheet = sheet_of(content)
    assert sheet.title == "名单"
    assert [cell.value for cell in sheet[1]] == ["姓名", "证件号码", "金额", "日期", "比例", "人数"]
    assert sheet["A1"].font.b
    assert [cell.value for cell in sheet[2]] == [
        "张三", "520203198001010027", -1234.56, dt.datetime(2017, 9, 1), 0.705, 3,  # noqa: DTZ001
    ]  # fmt: skip
    assert [cell.number_format for cell in sheet[2]][:3] == ["@", "@", "#,##0.00"]
    assert sheet["B2"].data_type == "s"
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:F3")
    assert sheet.column_dimensions["B"].width == 22
    assert [sheet.cell(row, 1).value for row in (5, 6)] == ["说明：共 2 行。", "筛选：低保"]


def test_english_and_empty_cells() -> None:
    sheet = sheet_of(write_workbook(COLUMNS, [(None,) * 6], name=NAME, language="en"))
    assert sheet["A1"].value == "Name"
    assert sheet["A4"].value == "Note: rows in all: 1."
    assert all(cell.value is None for cell in sheet[2])


def test_what_is_written_is_read_again_by_our_own_reader() -> None:
    with open_sheet(write_workbook(COLUMNS, [ROW], name=NAME)) as sheet:
        rows = [cells for _, cells in sheet.rows]
    assert rows[1] == ["张三", "520203198001010027", -1234.56, ["d", "2017-09-01"], 0.705, 3]


def test_marked_cells_are_red_with_a_comment() -> None:
    note = Words("校验码不符。", "The check digit is wrong.")
    content = write_workbook(COLUMNS[:2], [("张三", Marked("520203198001010000", note))], name=NAME)
    sheet = sheet_of(content)
    assert sheet["B2"].value == "520203198001010000"
    assert sheet["B2"].comment.text == "校验码不符。"
    assert sheet["B2"].fill.fgColor.rgb == "FFFFC7CE"
    assert sheet["A2"].comment is None


def test_equal_lists_are_equal_bytes() -> None:
    assert write_workbook(COLUMNS, [ROW], name=NAME) == write_workbook(COLUMNS, [ROW], name=NAME)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "＝1",
        '=HYPERLINK("http://x","y")',
        "=cmd|' /C calc'!A0",
    ],
)
def test_texts_that_begin_like_a_formula_stay_texts(text: str) -> None:
    sheet = sheet_of(write_workbook(COLUMNS[:1], [(text,)], name=NAME))
    cell = sheet["A2"]
    assert cell.data_type != "f"
    assert cell.quotePrefix
    (line,) = list(
        csv.reader(io.StringIO(write_csv(COLUMNS[:1], [(text,)]).decode("utf-8-sig"), newline=""))
    )[1:]
    assert line[0].startswith("'")


HOSTILE = st.text(
    alphabet=st.one_of(
        st.sampled_from("=+-@\t\r\n '\"|!,;=＝＋\u3000\ufeff\x00\x0b_x0041_<&>"), st.characters()
    ),
    max_size=40,
)


@settings(deadline=None, max_examples=150)
@given(st.lists(HOSTILE, min_size=1, max_size=8))
def test_fuzz_no_text_becomes_a_formula_or_breaks_the_file(texts: list[str]) -> None:
    content = write_workbook([COLUMNS[0]] * len(texts), [texts], name=NAME, counted=False)
    sheet = sheet_of(content)
    for cell, text in zip(sheet[2], texts, strict=True):
        assert cell.data_type in ("s", "n", "inlineStr")
        assert "<f>" not in str(cell.value or "") or "<f>" in text
    lines = list(
        csv.reader(
            io.StringIO(
                write_csv([COLUMNS[0]] * len(texts), [texts]).decode("utf-8-sig", "replace"), newline=""
            )
        )
    )
    for shown in lines[1]:
        assert not shown.lstrip(" \u3000\ufeff").startswith(FORMULA_STARTS)


def test_negative_amounts_in_csv_are_numbers_and_not_texts() -> None:
    content = write_csv(COLUMNS, [ROW]).decode("utf-8-sig")
    assert content.splitlines()[1] == "张三,520203198001010027,-1234.56,2017-09-01,70.50%,3"


def test_texts_that_look_like_escapes_come_back_unchanged() -> None:
    with open_sheet(write_workbook(COLUMNS[:1], [("a_x0041_b",)], name=NAME)) as sheet:
        assert [cells for _, cells in sheet.rows][1] == ["a_x0041_b"]


def test_memory_does_not_grow_with_the_rows() -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        content = write_workbook(
            COLUMNS[:2], (("岩脚镇", "520203198001010027") for _ in range(count)), name=NAME
        )
        found = tracemalloc.get_traced_memory()[1] - len(content)
        tracemalloc.stop()
        return found

    assert peak(20_000) < 2 * peak(2_000) + 500_000


def test_names_of_columns_and_sheets() -> None:
    assert [letters(place) for place in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert sheet_of(write_workbook(COLUMNS[:1], [], name=Words("a/b:[c]*?" * 9, "x"))).title
