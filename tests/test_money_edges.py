"""The edges of money that are easily off by one."""

import pytest

from doudi.money import MAX_RATE, MoneyError, capital_yuan, format_yuan, parse_percent


def test_a_single_fen_owed_keeps_its_sign() -> None:
    assert format_yuan(-1) == "-0.01"
    assert capital_yuan(-1) == "负壹分"


def test_the_highest_rate_is_still_a_rate() -> None:
    assert parse_percent("1000%") == MAX_RATE
    with pytest.raises(MoneyError) as error:
        parse_percent("1000.01%")
    assert error.value.code == "rate_too_high"
