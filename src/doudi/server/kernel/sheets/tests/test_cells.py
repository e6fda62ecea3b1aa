"""A cell becomes a value or says why not. The pitfalls of identity numbers are named one by one."""

import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from doudi.server.kernel.sheets.api import ROUNDED, Column, cleaned, plain, rounded_number, value_of
from doudi.server.kernel.sheets.columns import Form
from doudi.words import Words


def value(cell, form: Form = "text", **more):
    found, problem = value_of(cell, Column("x", Words("列", "Column"), form=form), **more)
    return problem if problem is not None else found


def test_numbers_of_18_digits_rounded_by_excel_to_15_digits_are_refused() -> None:
    assert value(520203198001010000, "id_number") == ROUNDED
    assert value(5.20203198001010e17, "id_number") == ROUNDED
    assert value("5.20203E+17", "id_number") == ROUNDED
    assert value("520203198001010000", "id_number") == ROUNDED  # a CSV saved after the rounding
    assert ROUNDED.zh == "Excel 已把后三位变成 000，请将该列设为文本后重新导出。"


def test_true_numbers_that_end_in_000_are_not_taken_for_rounded() -> None:
    for sequence in range(100):
        first = f"5202031980{sequence:02d}0100"[:14] + "00"  # … 17 digits below
        number = (first + "0")[:17]
        total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(number))
        whole = number + "10X98765432"[total % 11]
        assert not rounded_number(whole)


def test_lower_case_x() -> None:
    assert value("11010519491231002x", "id_number") == "11010519491231002X"


def test_leading_apostrophe_and_spaces_inside() -> None:
    assert value("'110105194912310021", "id_number") == "110105194912310021"
    assert value(" 110105 19491231 0021\u00a0", "id_number") == "110105194912310021"
    assert value("１１０１０５１９４９１２３１００２１", "id_number") == "110105194912310021"


def test_15_digit_numbers_and_disability_cards_of_20_to_22_digits_pass_as_texts() -> None:
    assert value("110105491231002", "id_number") == "110105491231002"
    assert value(110105491231002, "id_number") == "110105491231002"  # 15 digits: Excel keeps them all
    assert value("11010519491231002X43B1", "id_number") == "11010519491231002X43B1"


def test_direction_marks_and_control_characters_are_removed() -> None:
    assert value("\u202e张\u200b三\ufeff\x07") == "张三"
    assert value("张\r\n三") == "张 三"
    assert value("\u2066\u2069") is None


@pytest.mark.parametrize(
    "cell",
    ["2017-9-1", "2017/09/01", "2017.9.1", "20170901", 20170901, "2017年9月1日", " 2017-09-01 00:00:00",
     ["d", "2017-09-01"], ["t", "2017-09-01 00:00:00"], 42979, "２０１７－９－１"],
)  # fmt: skip
def test_dates_as_offices_write_them(cell) -> None:
    assert value(cell, "date") == dt.date(2017, 9, 1)


@pytest.mark.parametrize(
    "cell",
    ["2017-02-29", "17-9-1", "9/1/2017", "2017年9月", "今天", 60, 0, -1, True, 99999, 1.5e9, "1899-12-31"],
)
def test_what_is_no_date(cell) -> None:
    assert isinstance(value(cell, "date"), Words)


def test_serial_numbers_of_both_calendars() -> None:
    assert value(42979, "date", from_1904=True) == dt.date(2021, 9, 2)
    assert value(61, "date") == dt.date(1900, 3, 1)


@pytest.mark.parametrize(
    ("cell", "fen"),
    [("1,234.50", 123450), ("￥1,234.5", 123450), ("1234.5元", 123450), (1234.5, 123450), (0.1 + 0.2, 30), (12, 1200),
     ("(12.30)", -1230), ("-0.01", -1), ("１２．３０", 1230), ("-", None), ("", None), (1234567890.12, 123456789012)],
)  # fmt: skip
def test_amounts_become_fen(cell, fen) -> None:
    assert value(cell, "money") == fen


@pytest.mark.parametrize(
    "cell", ["1.234", "1,23.5", "12a", 0.001, "1e3", True, ["d", "2017-09-01"], 1e14, "十元", "1.2.3"]
)
def test_what_is_no_amount(cell) -> None:
    assert isinstance(value(cell, "money"), Words)


@given(st.integers(min_value=-(10**14), max_value=10**14))
def test_every_amount_of_two_decimals_survives_a_number_cell(fen: int) -> None:
    """15 significant digits hold every amount below 10 trillion yuan."""
    if abs(fen) < 10**15:
        sign, rest = "-" if fen < 0 else "", abs(fen)
        assert value(f"{sign}{rest // 100:,}.{rest % 100:02d}", "money") == fen
        if rest < 10**14:
            assert value(float(f"{sign}{rest // 100}.{rest % 100:02d}"), "money") == fen


@pytest.mark.parametrize(
    ("cell", "points"),
    [("70%", 7000), (0.7, 7000), (70, 7000), ("70.55%", 7055), (1, 10000), ("0.5%", 50), (0.07, 700)],
)
def test_rates_become_basis_points(cell, points) -> None:
    assert value(cell, "percent") == points


def test_whole_numbers_years_and_yes_or_no() -> None:
    assert [value(cell, "whole") for cell in ("3", 3, "1,200", "3.0", "")] == [3, 3, 1200, 3, None]
    assert isinstance(value(3.5, "whole"), Words)
    assert [value(cell, "year") for cell in ("2017年", 2017, "2017年度")] == [2017] * 3
    assert isinstance(value("17", "year"), Words)
    assert [value(cell, "yes_no") for cell in ("是", "√", True, "否", "无", "")] == [
        True,
        True,
        True,
        False,
        False,
        None,
    ]
    assert isinstance(value("也许", "yes_no"), Words)


def test_needed_and_too_long() -> None:
    column = Column("x", Words("列", "Column"), needed=True, longest=3)
    assert value_of("  ", column)[1] is not None
    assert value_of(None, column)[1] is not None
    assert value_of("四个字长", column)[1] is not None


FORMS: tuple[Form, ...] = (
    "text",
    "identifier",
    "id_number",
    "date",
    "year",
    "whole",
    "money",
    "percent",
    "yes_no",
)


@given(
    st.one_of(st.text(max_size=40), st.integers(), st.floats(allow_nan=False), st.booleans()),
    st.sampled_from(FORMS),
)
@example(cell=float("inf"), form="date")
@example(cell=float("-inf"), form="date")
@example(cell="A\u200b\u0301", form="text")
@example(cell="A \u0301", form="identifier")
def test_no_cell_is_a_fault(cell, form: Form) -> None:
    """Whatever stands in a cell is a value or a sentence, never an exception."""
    found, problem = value_of(cell, Column("x", Words("列", "Column"), form=form))
    assert problem is None or (found is None and problem.zh and problem.en)
    if isinstance(found, str):
        assert found == cleaned(found)
    assert isinstance(plain(cell), str)
