"""Money: exact, strict, and the same in both languages."""

import decimal
import itertools
import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.money import (
    BP_ONE,
    MAX_ACCUMULATOR,
    MAX_BILL,
    MAX_RATE,
    MoneyError,
    MoneyOverflow,
    Rounding,
    RoundingMode,
    RoundingUnit,
    allocate,
    capital_yuan,
    check_fen,
    format_percent,
    format_yuan,
    format_yuan_en,
    format_yuan_zh,
    parse_percent,
    parse_yuan,
    share,
)

DECIMAL_MODES = {
    RoundingMode.HALF_UP: decimal.ROUND_HALF_UP,
    RoundingMode.HALF_EVEN: decimal.ROUND_HALF_EVEN,
    RoundingMode.DOWN: decimal.ROUND_DOWN,
}
roundings = st.builds(Rounding, st.sampled_from(RoundingMode), st.sampled_from(RoundingUnit))
bills = st.integers(0, MAX_BILL)
amounts = st.integers(-MAX_ACCUMULATOR, MAX_ACCUMULATOR)
rates = st.integers(0, BP_ONE)
numerators = st.integers(-(10**12), 10**12)
denominators = st.integers(1, 10**6)
UNWANTED = [True, False, 1.0, 0.0, Decimal(1), Fraction(1), "1", None]


class TestRounding:
    @given(numerators, st.integers(0, 6), roundings)
    def test_agrees_with_decimal(self, numerator: int, digits: int, rounding: Rounding) -> None:
        """Over a power of ten the decimal module knows the exact quotient and rounds it by the same rule."""
        with decimal.localcontext(prec=60):
            exact = Decimal(numerator).scaleb(-digits) / int(rounding.unit)
            expected = int(exact.to_integral_value(DECIMAL_MODES[rounding.mode])) * rounding.unit
        assert expected == rounding.divide(numerator, 10**digits)

    @given(numerators, denominators, roundings)
    def test_is_near_and_on_the_unit(self, numerator: int, denominator: int, rounding: Rounding) -> None:
        result = rounding.divide(numerator, denominator)
        error = abs(Fraction(numerator, denominator) - result)
        assert result % rounding.unit == 0
        if rounding.mode is RoundingMode.DOWN:
            assert error < rounding.unit
            assert abs(result) <= abs(Fraction(numerator, denominator))
        else:
            assert 2 * error <= rounding.unit

    @given(numerators, denominators, roundings)
    def test_negative_amounts_mirror(self, numerator: int, denominator: int, rounding: Rounding) -> None:
        assert rounding.divide(-numerator, denominator) == -rounding.divide(numerator, denominator)

    @given(numerators, st.integers(0, 10**6), denominators, roundings)
    def test_is_monotone(self, numerator: int, more: int, denominator: int, rounding: Rounding) -> None:
        assert rounding.divide(numerator, denominator) <= rounding.divide(numerator + more, denominator)

    @given(numerators, denominators, st.integers(1, 1000), roundings)
    def test_fraction_need_not_be_reduced(self, n: int, d: int, factor: int, rounding: Rounding) -> None:
        assert rounding.divide(n, d) == rounding.divide(n * factor, d * factor)

    @pytest.mark.parametrize(
        ("numerator", "denominator", "half_up", "half_even", "down"),
        [
            (5, 2, 3, 2, 2),
            (7, 2, 4, 4, 3),
            (-5, 2, -3, -2, -2),
            (-7, 2, -4, -4, -3),
            (1, 2, 1, 0, 0),
            (-1, 2, -1, 0, 0),
            (4999, 10_000, 0, 0, 0),
            (5001, 10_000, 1, 1, 0),
            (0, 3, 0, 0, 0),
            (2, 3, 1, 1, 0),
        ],
    )
    def test_halves(self, numerator: int, denominator: int, half_up: int, half_even: int, down: int) -> None:
        found = {mode.value: Rounding(mode).divide(numerator, denominator) for mode in RoundingMode}
        assert found == {"half_up": half_up, "half_even": half_even, "down": down}

    @pytest.mark.parametrize(
        ("unit", "mode", "expected"),
        [
            ("JIAO", "half_up", 1230),
            ("YUAN", "half_up", 1200),
            ("JIAO", "down", 1220),
            ("YUAN", "half_even", 1200),
        ],
    )
    def test_units(self, unit: str, mode: str, expected: int) -> None:
        assert Rounding(RoundingMode(mode), RoundingUnit[unit]).divide(1225) == expected

    def test_even_is_counted_in_units(self) -> None:
        half_even = Rounding(RoundingMode.HALF_EVEN, RoundingUnit.YUAN)
        assert [half_even.divide(fen) for fen in (50, 150, 250, 350)] == [0, 200, 200, 400]

    @pytest.mark.parametrize("denominator", [0, -1])
    def test_denominator_is_positive(self, denominator: int) -> None:
        with pytest.raises(MoneyError) as caught:
            Rounding().divide(1, denominator)
        assert caught.value.code == "denominator"

    @pytest.mark.parametrize("unwanted", UNWANTED)
    def test_only_integers(self, unwanted: object) -> None:
        with pytest.raises(TypeError):
            Rounding().divide(unwanted)  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            Rounding().divide(1, unwanted)  # type: ignore[arg-type]

    def test_published_examples(self) -> None:
        """(8,333.33 − 5,000 − 1,000) × 65 % = 1,516.6645; and 2.345, which real systems round both ways."""
        assert (
            share(parse_yuan("8333.33") - parse_yuan("5000") - parse_yuan("1000"), parse_percent("65%"))
            == 151666
        )
        assert Rounding(RoundingMode.HALF_UP).divide(2345, 10) == 235
        assert Rounding(RoundingMode.HALF_EVEN).divide(2345, 10) == 234


class TestShare:
    @given(bills, rates, roundings)
    def test_is_between_nothing_and_all(self, amount: int, rate: int, rounding: Rounding) -> None:
        assert 0 <= share(amount, rate, rounding) <= rounding.divide(amount) + rounding.unit

    @given(bills, rates)
    def test_of_whole_fen_never_exceeds_the_amount(self, amount: int, rate: int) -> None:
        assert share(amount, rate) <= amount
        assert share(amount, 0) == 0
        assert share(amount, BP_ONE) == amount

    @given(bills, st.integers(0, 10**6), rates, roundings)
    def test_grows_with_the_amount(self, amount: int, more: int, rate: int, rounding: Rounding) -> None:
        assert share(amount, rate, rounding) <= share(amount + more, rate, rounding)

    @given(bills, rates, rates, roundings)
    def test_grows_with_the_rate(self, amount: int, rate: int, other: int, rounding: Rounding) -> None:
        low, high = sorted((rate, other))
        assert share(amount, low, rounding) <= share(amount, high, rounding)

    @given(bills, rates)
    def test_one_more_fen_never_moves_more_than_one_fen(self, amount: int, rate: int) -> None:
        assert share(amount + 1, rate) - share(amount, rate) in (0, 1)

    def test_rate_is_not_negative(self) -> None:
        with pytest.raises(MoneyError) as caught:
            share(100, -1)
        assert caught.value.code == "negative_rate"

    @pytest.mark.parametrize("unwanted", UNWANTED)
    def test_only_integers(self, unwanted: object) -> None:
        with pytest.raises(TypeError):
            share(unwanted, 5000)  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            share(100, unwanted)  # type: ignore[arg-type]


weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=30)


class TestAllocate:
    @given(st.integers(0, MAX_BILL), weights.filter(any))
    def test_parts_add_up_and_are_fair(self, total: int, parts: list[int]) -> None:
        allocated = allocate(total, parts)
        assert sum(allocated) == total
        for part, weight in zip(allocated, parts, strict=True):
            quota = Fraction(total * weight, sum(parts))
            assert part in (math.floor(quota), math.ceil(quota))

    @given(weights.filter(any), st.data())
    def test_no_part_exceeds_its_weight(self, parts: list[int], data: st.DataObject) -> None:
        total = data.draw(st.integers(0, min(sum(parts), MAX_BILL)))
        assert all(part <= weight for part, weight in zip(allocate(total, parts), parts, strict=True))

    @given(st.integers(0, 10**6), st.lists(st.integers(0, 1000), min_size=1, max_size=8).filter(any))
    def test_remainders_are_served_largest_first(self, total: int, parts: list[int]) -> None:
        """Who got a fen more had the larger remainder than who did not or, on a tie, stood before."""
        whole = sum(parts)
        extra = [part - total * w // whole for part, w in zip(allocate(total, parts), parts, strict=True)]
        remainders = [total * w % whole for w in parts]
        for i, j in itertools.permutations(range(len(parts)), 2):
            if extra[i] and not extra[j]:
                assert (remainders[i], -i) > (remainders[j], -j)

    @pytest.mark.parametrize(
        ("total", "parts", "expected"),
        [
            (100, [1, 1, 1], [34, 33, 33]),
            (200, [1, 1, 1], [67, 67, 66]),
            (1, [1, 1, 1], [1, 0, 0]),
            (1, [0, 1, 1], [0, 1, 0]),
            (10, [0, 5, 0], [0, 10, 0]),
            (0, [0, 0], [0, 0]),
            (0, [], []),
            (7, [3], [7]),
            (10, [6, 3, 1], [6, 3, 1]),
            (5, [1, 2, 4], [1, 1, 3]),
        ],
    )
    def test_table(self, total: int, parts: list[int], expected: list[int]) -> None:
        assert allocate(total, parts) == expected

    @pytest.mark.parametrize(
        ("total", "parts", "code"),
        [
            (-1, [1], "negative_part"),
            (1, [2, -1], "negative_part"),
            (1, [0, 0], "no_weight"),
            (1, [], "no_weight"),
        ],
    )
    def test_refusals(self, total: int, parts: list[int], code: str) -> None:
        with pytest.raises(MoneyError) as caught:
            allocate(total, parts)
        assert caught.value.code == code

    @pytest.mark.parametrize("unwanted", UNWANTED)
    def test_only_integers(self, unwanted: object) -> None:
        with pytest.raises(TypeError):
            allocate(unwanted, [1])  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            allocate(1, [1, unwanted])  # type: ignore[list-item]


class TestBounds:
    @given(amounts)
    def test_within(self, amount: int) -> None:
        assert check_fen(amount) == amount

    @pytest.mark.parametrize("sign", [1, -1])
    def test_beyond(self, sign: int) -> None:
        assert check_fen(sign * MAX_ACCUMULATOR) == sign * MAX_ACCUMULATOR
        with pytest.raises(MoneyOverflow) as caught:
            check_fen(sign * (MAX_ACCUMULATOR + 1))
        assert caught.value.code == "overflow"
        with pytest.raises(MoneyOverflow):
            check_fen(sign * (MAX_BILL + 1), MAX_BILL)

    def test_everything_that_makes_an_amount_checks_it(self) -> None:
        beyond = MAX_ACCUMULATOR + 1
        for attempt in (
            lambda: Rounding().divide(beyond),
            lambda: share(beyond, BP_ONE),
            lambda: allocate(beyond, [1]),
            lambda: capital_yuan(beyond),
            lambda: parse_yuan("100000000000.01"),
            lambda: parse_yuan("9" * 5000),
        ):
            with pytest.raises(MoneyOverflow):
                attempt()

    def test_products_fit_in_64_bits(self) -> None:
        assert MAX_ACCUMULATOR * MAX_RATE < 2**63

    @pytest.mark.parametrize("unwanted", UNWANTED)
    def test_only_integers(self, unwanted: object) -> None:
        for function in (
            check_fen,
            format_yuan,
            format_yuan_zh,
            format_yuan_en,
            format_percent,
            capital_yuan,
        ):
            with pytest.raises(TypeError):
                function(unwanted)  # type: ignore[arg-type]
