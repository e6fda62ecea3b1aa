"""The arithmetic of a worked case: exact, and strict about what it cannot read."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.proof.arithmetic import CaseSyntax, derive, down, float_free, half_up

NAMES = {"a": Fraction(7), "b1.basic": Fraction(1, 3), "year_end.family_fund": Fraction(8000)}
EXACT = {
    "1 + 2 * 3": Fraction(7),
    "(1 + 2) * 3": Fraction(9),
    "10 - 3 - 2": Fraction(5),
    "10 - (3 - 2)": Fraction(9),
    "12 / 3 / 2": Fraction(2),
    "12 / (3 / 2)": Fraction(8),
    "2 * 3 + 4 * 5": Fraction(26),
    "1 / 3": Fraction(1, 3),
    "1 / 3 * 3": Fraction(1),
    "-2 + 5": Fraction(3),
    "2 * -3": Fraction(-6),
    "--2": Fraction(2),
    "-(1 + 2)": Fraction(-3),
    "60%": Fraction(3, 5),
    "60 %": Fraction(3, 5),
    "(26000 - 300) * 70%": Fraction(17990),
    "1000 * 62.5%": Fraction(625),
    "0.1 + 0.2": Fraction(3, 10),
    "a * 2": Fraction(14),
    "b1.basic * 3": Fraction(1),
    "a - b1.basic - b1.basic": Fraction(19, 3),
    "year_end.family_fund": Fraction(8000),
    "min(3, 1, 2)": Fraction(1),
    "max(1, a)": Fraction(7),
    "min(a, max(2, 3))": Fraction(3),
    "round(0.005)": Fraction(1, 100),
    "round(0.0049)": Fraction(0),
    "round(1 / 3)": Fraction(33, 100),
    "round(2 / 3)": Fraction(67, 100),
    "down(2 / 3)": Fraction(66, 100),
    "down(0.019)": Fraction(1, 100),
    "round(1516.6645)": Fraction(151666, 100),
    "  1+1  ": Fraction(2),
}
WRONG = {
    "": "nothing on the right",
    "b": "an unknown name",
    "b1": "half a name",
    "min": "a function without its arguments",
    "a-b1.basic": "a hyphen belongs to a name: write spaces",
    "1 +": "an operand is missing",
    "* 2": "an operand is missing",
    "(1 + 2": "a parenthesis is missing",
    "1 + 2)": "a parenthesis too many",
    "()": "nothing inside",
    "1 2": "an operator is missing",
    "1,000": "a comma",
    "1e3": "scientific",
    "50%%": "percent of percent",
    ".5": "no digit before the point",
    "6000元": "a unit",
    "1 / 0": "division by nothing",
    "1 / (2 - 2)": "division by nothing",
    "round(1, 2)": "one argument too many",
    "min()": "no argument",
    "sum(1, 2)": "an unknown function",
    "1; 2": "another mark",
    "a.__class__": "not Python",
    "2 ** 3": "not Python",
    "１": "a full-width digit",
}


@pytest.mark.parametrize("text", EXACT)
def test_an_expression_is_computed_exactly(text: str) -> None:
    assert derive(f"x = {text}", NAMES) == ("x", EXACT[text])


@pytest.mark.parametrize("text", WRONG)
def test_what_cannot_be_read_is_an_error_that_says_where(text: str) -> None:
    with pytest.raises(CaseSyntax) as caught:
        derive(f"x = {text}", NAMES)
    assert str(caught.value) or not text


@pytest.mark.parametrize(
    "line", ["1 + 1", "= 1", "x", "1x = 1", "x y = 1", "x + 1 = 2", "基本 = 1", "(x) = 1"]
)
def test_a_line_sets_one_name(line: str) -> None:
    with pytest.raises(CaseSyntax):
        derive(line, NAMES)


@pytest.mark.parametrize("name", ["x", "b1.basic", "year_end.fund", "B-1.aid", "_x2"])
def test_names_are_those_of_bills_and_payers(name: str) -> None:
    assert derive(f"{name} = 1", {}) == (name, Fraction(1))


def test_all_sides_must_be_equal() -> None:
    assert derive("x = (6600 - 600) * 60% = 6000 * 60% = 3600", {}) == ("x", Fraction(3600))
    with pytest.raises(CaseSyntax, match=r"3600\.00 ≠ 3600\.01"):
        derive("x = 6000 * 60% = 3600.01", {})
    with pytest.raises(CaseSyntax):
        derive("x = 1 / 3 = 0.33", {})


def test_the_names_given_are_not_changed() -> None:
    names = dict(NAMES)
    derive("y = a + 1", names)
    assert names == NAMES


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(5), "5.00"), (Fraction(1, 2), "0.50"), (Fraction(1, 1000), "0.001"), (Fraction(-3, 2), "-1.50"),
        (Fraction(1, 3), "1/3"), (Fraction(15166645, 10000), "1516.6645"), (Fraction(0), "0.00"),
    ],
)  # fmt: skip
def test_a_value_is_shown_exactly(value: Fraction, text: str) -> None:
    assert float_free(value) == text


@given(st.fractions(0, 10**9))
def test_rounding_is_half_up_to_fen_and_down_never_above(value: Fraction) -> None:
    for rounded in (half_up(value), down(value)):
        assert (rounded * 100).denominator == 1
    assert down(value) <= value < down(value) + Fraction(1, 100)
    assert -Fraction(1, 200) < half_up(value) - value <= Fraction(1, 200)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 10**6))
def test_it_agrees_with_fractions(a: int, b: int, c: int) -> None:
    assert derive(f"x = {a} + {b} * {c} - {a} / {c}", {})[1] == Fraction(a) + b * c - Fraction(a, c)
    assert derive(f"x = ({a} + {b}) / {c}", {})[1] == Fraction(a + b, c)
