"""Amounts and rates as text: read strictly, written in two languages and in capitals."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi import money
from doudi.money import (
    MAX_ACCUMULATOR,
    MAX_BILL,
    MAX_RATE,
    MoneyError,
    capital_yuan,
    check_fen,
    format_percent,
    format_yuan,
    format_yuan_en,
    format_yuan_zh,
    parse_percent,
    parse_yuan,
)

amounts = st.integers(-MAX_ACCUMULATOR, MAX_ACCUMULATOR)

REFUSED_YUAN = {
    "": "empty",
    " 5": "spaces",
    "5 ": "spaces",
    "5\n": "spaces",
    "1 000": "spaces",
    "１００": "full_width",
    "100．5": "full_width",
    "6，000": "full_width",
    "6,000": "thousands_separator",
    "1,234,567.89": "thousands_separator",
    "6_000": "thousands_separator",
    "6e3": "scientific",
    "1.5E+3": "scientific",
    "6000元": "unit",
    "1万": "unit",
    "¥5": "unit",
    "￥5": "unit",
    "CNY5": "unit",
    "三百": "unit",
    "6成": "tenths",
    "60%": "percent_sign",
    "-5": "sign",
    "+5": "sign",
    "006": "leading_zero",
    "00": "leading_zero",
    "00.5": "leading_zero",
    "1.234": "decimals",
    "0.000": "decimals",
    "5.": "incomplete",
    ".5": "incomplete",
    ".": "not_a_number",
    "-": "sign",
    "--5": "sign",
    "1.2.3": "not_a_number",
    "0x10": "not_a_number",
    "nan": "not_a_number",
    "inf": "not_a_number",
    "٣": "not_a_number",
    "²": "not_a_number",
    "100000000000.01": "overflow",
}
REFUSED_PERCENT = {
    "": "empty",
    "0.6": "no_percent_sign",
    "60": "no_percent_sign",
    "6成": "tenths",
    "60 %": "spaces",
    "60％": "full_width",
    "-5%": "sign",
    "+5%": "sign",
    "05%": "leading_zero",
    "62.555%": "decimals",
    "%": "not_a_number",
    "60%%": "not_a_number",
    ".5%": "incomplete",
    "1,000%": "thousands_separator",
    "6e1%": "scientific",
    "1000.01%": "rate_too_high",
}


class TestReading:
    @given(amounts)
    def test_reads_what_is_written(self, amount: int) -> None:
        assert parse_yuan(format_yuan(amount), signed=True) == amount

    @given(st.integers(0, MAX_RATE))
    def test_reads_percentages_that_are_written(self, rate: int) -> None:
        assert parse_percent(format_percent(rate)) == rate

    @pytest.mark.parametrize(
        ("text", "fen"),
        [
            ("0", 0),
            ("0.0", 0),
            ("0.01", 1),
            ("0.1", 10),
            ("6000", 600000),
            ("6000.5", 600050),
            ("300.00", 30000),
            ("100000000000", MAX_ACCUMULATOR),
        ],
    )
    def test_yuan(self, text: str, fen: int) -> None:
        assert parse_yuan(text) == fen
        assert parse_yuan("-" + text, signed=True) == -fen

    @pytest.mark.parametrize(
        ("text", "bp"),
        [("0%", 0), ("60%", 6000), ("62.5%", 6250), ("0.05%", 5), ("100.00%", 10000), ("150%", 15000)],
    )
    def test_percent(self, text: str, bp: int) -> None:
        assert parse_percent(text) == bp

    @pytest.mark.parametrize(("text", "code"), REFUSED_YUAN.items())
    def test_refused_yuan(self, text: str, code: str) -> None:
        with pytest.raises(MoneyError) as caught:
            parse_yuan(text)
        assert caught.value.code == code

    @pytest.mark.parametrize(("text", "code"), REFUSED_PERCENT.items())
    def test_refused_percent(self, text: str, code: str) -> None:
        with pytest.raises(MoneyError) as caught:
            parse_percent(text)
        assert caught.value.code == code

    @given(st.text(alphabet="0123456789.,-+%eE元万 ０①", max_size=8))
    def test_any_text_is_read_or_refused(self, text: str) -> None:
        """Nothing else escapes, and what is read is what an exact decimal reads."""
        try:
            fen = parse_yuan(text, signed=True)
        except MoneyError:
            return
        assert Decimal(text) * 100 == fen

    @pytest.mark.parametrize("unwanted", [1, 1.5, True, None, b"1", Decimal(1)])
    def test_only_text_is_read(self, unwanted: object) -> None:
        with pytest.raises(TypeError):
            parse_yuan(unwanted)  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            parse_percent(unwanted)  # type: ignore[arg-type]

    def test_messages_speak_two_languages(self) -> None:
        with pytest.raises(MoneyError) as caught:
            parse_yuan("6,000")
        assert caught.value.zh == "“6,000”含有千位分隔逗号，请去掉"
        assert caught.value.en == "'6,000' has a thousands separator: remove it"
        assert str(caught.value) == f"{caught.value.zh} / {caught.value.en}"
        with pytest.raises(MoneyError, match=r"is beyond the bound of 1000000000\.00 yuan"):
            check_fen(MAX_BILL + 1, MAX_BILL)

    def test_every_message_has_a_test(self) -> None:
        elsewhere = {"denominator", "negative_rate", "negative_part", "no_weight"}
        assert set(money._MESSAGES) == {*REFUSED_YUAN.values(), *REFUSED_PERCENT.values(), *elsewhere}


class TestWriting:
    @pytest.mark.parametrize(
        ("fen", "plain", "grouped"),
        [
            (0, "0.00", "0.00"),
            (5, "0.05", "0.05"),
            (-5, "-0.05", "-0.05"),
            (-1230, "-12.30", "-12.30"),
            (1234560, "12345.60", "12,345.60"),
            (-123456789, "-1234567.89", "-1,234,567.89"),
        ],
    )
    def test_yuan(self, fen: int, plain: str, grouped: str) -> None:
        assert format_yuan(fen) == plain
        assert format_yuan(fen, grouping=True) == grouped
        assert format_yuan_zh(fen) == grouped + "元"
        assert format_yuan_en(fen) == "CNY " + grouped

    @pytest.mark.parametrize(
        ("bp", "text"),
        [
            (0, "0%"),
            (1, "0.01%"),
            (10, "0.1%"),
            (6000, "60%"),
            (6250, "62.5%"),
            (10000, "100%"),
            (-1000, "-10%"),
        ],
    )
    def test_percent(self, bp: int, text: str) -> None:
        assert format_percent(bp) == text


CAPITALS = {
    "0": "零元整",
    "0.01": "壹分",
    "0.05": "伍分",
    "0.10": "壹角",
    "0.50": "伍角",
    "0.55": "伍角伍分",
    "1": "壹元整",
    "1.05": "壹元零伍分",
    "1.50": "壹元伍角",
    "9.99": "玖元玖角玖分",
    "10": "壹拾元整",
    "11": "壹拾壹元整",
    "20.20": "贰拾元贰角",
    "100": "壹佰元整",
    "105": "壹佰零伍元整",
    "110": "壹佰壹拾元整",
    "325.04": "叁佰贰拾伍元零肆分",
    "1000": "壹仟元整",
    "1001": "壹仟零壹元整",
    "1010": "壹仟零壹拾元整",
    "1100": "壹仟壹佰元整",
    "1409.50": "壹仟肆佰零玖元伍角",
    "1680.32": "壹仟陆佰捌拾元叁角贰分",
    "6007.14": "陆仟零柒元壹角肆分",
    "10000": "壹万元整",
    "10001": "壹万零壹元整",
    "10100": "壹万零壹佰元整",
    "11000": "壹万壹仟元整",
    "12345.67": "壹万贰仟叁佰肆拾伍元陆角柒分",
    "16409.02": "壹万陆仟肆佰零玖元零贰分",
    "100500": "壹拾万零伍佰元整",
    "107000.53": "壹拾万柒仟元伍角叁分",
    "1000000": "壹佰万元整",
    "10000000": "壹仟万元整",
    "10203040.05": "壹仟零贰拾万叁仟零肆拾元零伍分",
    "100000000": "壹亿元整",
    "100000001": "壹亿零壹元整",
    "100005000": "壹亿零伍仟元整",
    "100050000": "壹亿零伍万元整",
    "105000000": "壹亿零伍佰万元整",
    "120003000": "壹亿贰仟万叁仟元整",
    "1000000000": "壹拾亿元整",
    "10000000000.01": "壹佰亿元零壹分",
    "98765432109.87": "玖佰捌拾柒亿陆仟伍佰肆拾叁万贰仟壹佰零玖元捌角柒分",
    "100000000000": "壹仟亿元整",
}


def read_capitals(text: str) -> int:
    """Fen from 大写金额, read place by place: independent of how it is written."""
    digits = {character: number for number, character in enumerate("零壹贰叁肆伍陆柒捌玖")}
    places = {"拾": 1000, "佰": 10_000, "仟": 100_000}
    total = section = digit = 0
    for character in text.removesuffix("整"):
        if character in digits:
            digit = digits[character]
        elif character in places:
            section, digit = section + digit * places[character], 0
        elif character in "万亿元":
            scale = {"万": 10**4, "亿": 10**8, "元": 1}[character]
            total, section, digit = total + (section + digit * 100) * scale, 0, 0
        else:
            total, digit = total + digit * {"角": 10, "分": 1}[character], 0
    return total


class TestCapitals:
    @pytest.mark.parametrize(("yuan", "text"), CAPITALS.items())
    def test_table(self, yuan: str, text: str) -> None:
        assert capital_yuan(parse_yuan(yuan)) == text

    def test_negative(self) -> None:
        assert capital_yuan(-1230) == "负壹拾贰元叁角"

    @given(st.integers(1, MAX_ACCUMULATOR) | st.integers(1, 10**7))
    def test_can_be_read_back(self, fen: int) -> None:
        text = capital_yuan(fen)
        assert read_capitals(text) == fen
        assert "零零" not in text
        assert not text.startswith("零")
        assert text.endswith("整") == (fen % 100 == 0)
