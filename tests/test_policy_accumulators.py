"""One name, one meaning: what two forms must agree on before they may share an accumulator, and words without effect."""

from pathlib import Path

import pytest

from doudi.policy.library import Library
from doudi.policy.problems import PolicyError
from support.policies import written

TWO = """payers:
  - payer: one
    assumed: 测试用
    YEAR
    benefits: [{benefit: share, rate: 50%, FIRST}]
  - payer: two
    assumed: 测试用
    benefits: [{benefit: share, rate: 50%, SECOND}]
"""
ONE = """payers:
  - payer: one
    assumed: 测试用
    benefits:
      - {benefit: first, when: {care: inpatient}, FIRST}
      - {benefit: second, SECOND}
"""


def codes(folder: Path, body: str, **words: str) -> list[str]:
    for name, text in ({"YEAR": ""} | words).items():
        body = body.replace(name, text)
    try:
        written(folder, body)
    except PolicyError as error:
        return [found.code for found in error.problems]
    return []


def cap(per: str, more: str = "", name: str = "shared") -> str:
    return f"cap: {{per: {per}, as: {name}, amount: 100{more}}}"


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        (cap("year"), cap("year"), []),
        (cap("year"), cap("month"), ["accumulator_period"]),
        (cap("year"), cap("month", name="other"), []),
        (cap("year"), cap("household_year"), ["accumulator_period"]),
        (cap("bill"), cap("year"), []),
        (cap("year"), cap("year", ", each: disease"), ["accumulator_each"]),
        (cap("year", ", each: disease"), cap("year", ", each: disease"), []),
        (cap("year"), "deductible: {amount: 1, per: month, as: shared}", ["accumulator_period"]),
        ("cumulative: {per: year, as: shared}", "cumulative: {per: quarter, as: shared}", ["accumulator_period"]),
        ("deductible: {amount: 1, at_most: {amount: 5, as: shared}}", cap("month"), ["accumulator_period"]),
        ("deductible: {amount: 1, as: shared}", "deductible: {amount: 1, as: shared, across_year: new}",
         ["across_year_mixed"]),
    ],
)  # fmt: skip
def test_two_payers_with_one_accumulator(first: str, second: str, found: list[str], tmp_path: Path) -> None:
    assert codes(tmp_path, TWO, FIRST=first, SECOND=second) == found


def test_a_named_cap_counts_as_well(tmp_path: Path) -> None:
    named = "caps: {most: {per: month, as: shared, amount: 100}}\n    cap: most"
    assert codes(tmp_path, TWO, YEAR=named, FIRST="note: 无", SECOND=cap("year")) == ["accumulator_period"]
    assert codes(tmp_path, TWO, YEAR=named, FIRST="note: 无", SECOND=cap("month")) == []


def test_a_shared_accumulator_has_one_year(tmp_path: Path) -> None:
    year = 'year: {begins: "07-01"}'
    assert codes(tmp_path, TWO, YEAR=year, FIRST=cap("year"), SECOND=cap("year")) == ["accumulator_year"]
    assert codes(tmp_path, TWO, YEAR=year, FIRST=cap("lifetime"), SECOND=cap("lifetime")) == []
    usual = 'year: {begins: "01-01", as_of: discharged}'
    assert codes(tmp_path, TWO, YEAR=usual, FIRST=cap("year"), SECOND=cap("year")) == []


def owed(share: str, of: str, per: str = "year") -> str:
    return f"patient_at_most: {{share: {share}, of: {of}, per: {per}}}"


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ("rate: 50%, cumulative: year, pays: catch_up", "rate: 50%, cumulative: {per: month, as: b}, pays: catch_up",
         ["catch_up_periods"]),
        ("rate: 50%, cumulative: year, pays: catch_up", "rate: 50%, cumulative: {per: month, as: b}", []),
        ("rate: 50%, cumulative: year, pays: catch_up", "rate: 40%, cumulative: year, pays: catch_up", []),
        (owed("10%", "total"), owed("20%", "in_scope"), ["owed_of_differs"]),
        (owed("10%", "total"), owed("20%", "total"), []),
        (owed("10%", "total"), owed("20%", "in_scope", "bill"), []),
        (owed("10%", "[in_scope, first_pay]"), owed("10%", "[first_pay, in_scope]"), []),
        ("rate: 50%, cumulative: {per: year, when: {care: inpatient}}", "rate: 40%, cumulative: year",
         ["position_when_differs"]),
        ("rate: 50%, cumulative: {per: year, when: {care: inpatient}}",
         "rate: 40%, cumulative: {per: year, when: {care: inpatient}}", []),
        ("rate: 50%, pays: catch_up", "rate: 50%", ["catch_up_idle"]),
        ("formula: base, cumulative: year, pays: catch_up", "rate: 50%", ["catch_up_idle"]),
        ("rate: 50%, pays: difference", "rate: 50%", []),
        ("raises_to: {share: 90%, of: in_scope, per: year}", "rate: 50%", ["guarantee_period"]),
        ("own_at_least: {share: 90%, of: in_scope, per: year}", "rate: 50%", ["guarantee_period"]),
        ("own_at_least: {share: 90%, of: in_scope, per: bill}", "rate: 50%", []),
        ("rate: {value: 50%, default: 40%}", "rate: 50%", ["default_idle"]),
        ("rate: {by: level, rows: {county: 50%}, default: 40%}", "rate: 50%", []),
    ],
)  # fmt: skip
def test_benefits_of_one_payer(first: str, second: str, found: list[str], tmp_path: Path) -> None:
    assert codes(tmp_path, ONE, FIRST=first, SECOND=second) == found


@pytest.mark.parametrize(
    ("amount", "found"), [("30% of total", ["adjust_percent_cap"]), ("100", []), ("30% of income", [])]
)
def test_only_an_amount_can_be_adjusted(amount: str, found: list[str], tmp_path: Path) -> None:
    income = "figures: {income: {zh: 收入, value: 10000, assumed: 测试用}}\n"
    adjust = "adjust: [{number: cap, when: {referred: true}, times: 150%}]"
    capped = f"rate: 50%, cap: {{per: bill, amount: {amount}}}, {adjust}"
    assert codes(tmp_path, income + ONE, FIRST=capped, SECOND="rate: 50%") == found


def test_the_shipped_policies_share_nothing_by_accident() -> None:
    library = Library()
    assert all(library.load(name) for name in library.ids())
