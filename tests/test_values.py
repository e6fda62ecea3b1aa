"""How a policy writes numbers, dates and codes: what each means, and what is refused."""

from datetime import date

import pytest
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from doudi.money import MAX_BILL
from doudi.policy.scalars import (
    ShareOf,
    read_amount_or_share,
    read_any_rate,
    read_count,
    read_date,
    read_rate,
    read_signed_yuan,
    read_truth,
    read_yuan,
)
from doudi.policy.values import AmountValue, Cite, RateValue


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0", 0),
        ("6000", 600000),
        ("6000.5", 600050),
        ("300.00", 30000),
        (" 12.34 ", 1234),
        ("1000000000", MAX_BILL),
    ],
)
def test_yuan_are_read_as_fen(text: str, fen: int) -> None:
    assert read_yuan(text) == fen


def test_a_minus_only_where_it_can_mean_something() -> None:
    assert read_signed_yuan("-100") == -10000
    with pytest.raises(PydanticCustomError, match="amount_negative"):
        read_yuan("-100")


@pytest.mark.parametrize(
    ("text", "bp"), [("0%", 0), ("60%", 6000), ("62.5%", 6250), ("0.05%", 5), ("100%", 10000)]
)
def test_rates_are_read_as_basis_points(text: str, bp: int) -> None:
    assert read_rate(text) == bp


def test_a_factor_may_exceed_the_whole_but_not_everything() -> None:
    assert read_any_rate("120%") == 12000
    for read, text in ((read_rate, "100.01%"), (read_any_rate, "1000.01%"), (read_any_rate, "9" * 40 + "%")):
        with pytest.raises(PydanticCustomError, match="rate_too_large"):
            read(text)


REFUSED = [
    (read_yuan, "1000000000.01", "amount_too_large"),
    (read_yuan, "9" * 400, "amount_too_large"),
    (read_yuan, "6,000", "amount_grouped"),
    (read_yuan, "6，000", "amount_full_width"),
    (read_yuan, "60 000", "amount_grouped"),
    (read_yuan, "6000 元", "amount_unit"),
    (read_yuan, "￥6000", "amount_unit"),
    (read_yuan, "十万", "amount_malformed"),
    (read_yuan, "+5", "amount_malformed"),
    (read_yuan, ".5", "amount_malformed"),
    (read_yuan, "00", "amount_leading_zero"),
    (read_yuan, "0.005", "amount_decimals"),
    (read_yuan, "", "expected_text"),
    (read_yuan, None, "expected_text"),
    (read_yuan, ["6000"], "expected_text"),
    (read_rate, "60", "rate_without_percent"),
    (read_rate, "60％", "rate_full_width"),
    (read_rate, "6成", "rate_tenths"),
    (read_rate, "-5%", "rate_negative"),
    (read_rate, "5 %", "rate_malformed"),
    (read_rate, "%", "rate_malformed"),
    (read_amount_or_share, "10% of", "share_of_malformed"),
    (read_amount_or_share, "10% of 收入", "share_of_malformed"),
    (read_amount_or_share, "10 of income", "rate_without_percent"),
    (read_date, "2017-6-1", "date_format"),
    (read_date, "２０１７-06-01", "date_format"),
    (read_date, "2017-02-30", "date_impossible"),
    (read_date, "0000-01-01", "date_impossible"),
    (read_truth, "True", "truth_format"),
    (read_truth, None, "expected_text"),
    (read_count, "1.0", "count_malformed"),
    (read_count, "1000000", "count_malformed"),
    (read_count, "٣", "count_malformed"),
]  # fmt: skip


@pytest.mark.parametrize(("read", "text", "code"), REFUSED)
def test_what_could_be_meant_in_two_ways_is_refused(read: object, text: object, code: str) -> None:
    assert callable(read)
    with pytest.raises(PydanticCustomError) as raised:
        read(text)
    assert raised.value.type == code


@pytest.mark.parametrize(
    ("read", "text", "hint"),
    [
        (read_rate, "0.6", "60%"),
        (read_rate, "0.625", "62.5%"),
        (read_rate, "60", "Write 60%."),
        (read_rate, "1", "Write 100%, or 1%"),
        (read_date, "2017年6月1日", "2017-06-01"),
        (read_date, "20170601", "2017-06-01"),
        (read_truth, "NO", "false"),
        (read_truth, "是", "true"),
    ],
)
def test_the_hint_says_what_was_probably_meant(read: object, text: str, hint: str) -> None:
    assert callable(read)
    with pytest.raises(PydanticCustomError) as raised:
        read(text)
    assert hint in (raised.value.context or {})["hint"].en


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("1.2万元", "12000"),
        ("6,000.50", "6000.50"),
        ("3亿", "300000000"),
        ("0.5万", "5000"),
        ("两万3", "6000"),
    ],
)
def test_an_amount_with_a_unit_is_written_out(text: str, plain: str) -> None:
    with pytest.raises(PydanticCustomError) as raised:
        read_yuan(text)
    assert (raised.value.context or {})["plain"] == plain


def test_a_share_of_a_figure() -> None:
    assert read_amount_or_share("10% of income") == ShareOf(1000, "income")
    assert read_amount_or_share("6000") == 600000


def test_dates() -> None:
    assert read_date("2020-02-29") == date(2020, 2, 29)


# --- numbers in all their forms ---------------------------------------------------------------------------

RATE: TypeAdapter[RateValue] = TypeAdapter(RateValue)
AMOUNT: TypeAdapter[AmountValue] = TypeAdapter(AmountValue)


def told(value: object) -> list[str]:
    with pytest.raises(ValidationError) as raised:
        RATE.validate_python(value)
    return [error["type"] for error in raised.value.errors()]


def test_a_scalar_and_a_mapping_mean_the_same() -> None:
    assert RATE.validate_python("60%").value == RATE.validate_python({"value": "60%"}).value == 6000
    assert AMOUNT.validate_python({"amount": "100"}).value == AMOUNT.validate_python("100").value == 10000


def test_a_table_keeps_the_order_of_its_rows() -> None:
    table = RATE.validate_python({"by": "level", "rows": {"city": "60%", "county": "70%"}, "default": "50%"})
    assert (table.by, table.rows, table.default) == (["level"], {"city": 6000, "county": 7000}, 5000)
    assert list(table.rows or {}) == ["city", "county"]


def test_two_attributes_nest() -> None:
    table = RATE.validate_python({"by": ["level", "people"], "rows": {"county": {"poor": "80%"}}})
    assert table.rows == {"county": {"poor": 8000}}


@pytest.mark.parametrize("key", ["value", "amount"])
def test_dated_readings_below_a_key_or_alone(key: str) -> None:
    items = [{"from": "2017-01-01", "value": "60%"}, {"from": "2017-09-01", "amount": "70%"}]
    for written in (items, {key: items}):
        found = [(reading.from_, reading.value) for reading in RATE.validate_python(written).readings()]
        assert found == [(date(2017, 1, 1), 6000), (date(2017, 9, 1), 7000)]


def test_a_reading_may_begin_on_the_day_the_last_one_ends() -> None:
    first = {"from": "2017-01-01", "until": "2017-09-01", "value": "60%"}
    assert len(RATE.validate_python([first, {"from": "2017-09-01", "value": "70%"}]).readings()) == 2
    assert told([first, {"from": "2017-08-31", "value": "70%"}]) == ["dated_not_ascending"]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ({"note": "只有说明"}, "value_form"),
        ({"value": "60%", "by": "level", "rows": {"county": "60%"}}, "value_form"),
        ({"value": "60%", "amount": "60%"}, "value_and_amount"),
        ({"by": "level"}, "table_form"),
        ({"by": "level", "rows": {}}, "too_short"),
        ({"by": ["level", "care", "tier"], "rows": {"county": "60%"}}, "too_long"),
        ({"by": "hospital", "rows": {"county": "60%"}}, "literal_error"),
        ([], "too_short"),
        ([{"value": "60%"}], "dated_without_from"),
    ],
)
def test_one_form_at_a_time(written: object, code: str) -> None:
    assert code in told(written)


@pytest.mark.parametrize(
    ("written", "cites"),
    [
        ("report", [Cite(source="report")]),
        ({"report": "报销比例是60%"}, [Cite(source="report", passage="报销比例是60%")]),
        (["report", {"plan": "九种"}], [Cite(source="report"), Cite(source="plan", passage="九种")]),
    ],
)
def test_citations_name_sources_and_quote_passages(written: object, cites: list[Cite]) -> None:
    assert RATE.validate_python({"value": "60%", "cite": written}).cite == cites


@pytest.mark.parametrize("written", [None, [], {}, [["report"]], {"report": None}])
def test_a_citation_of_nothing_is_none(written: object) -> None:
    if written == []:
        assert RATE.validate_python({"value": "60%", "cite": written}).cite == []
    else:
        assert told({"value": "60%", "cite": written}) == ["cite_form"]
