"""Worked cases whose facts cannot be read settle no bill, and say why."""

import re
from fractions import Fraction
from pathlib import Path

from doudi.policy.problems import Problem
from doudi.proof.cases import run_cases
from doudi.proof.coverage import coverage, coverage_problems
from doudi.proof.gallery import gallery
from doudi.proof.reconcile import plain
from support.policies import one_benefit, written

CASES = """policy: trial
cases:
  - case: nobody
    zh: 没有人
    derived: 边界
    bills: [{id: b1, in_scope: 100}]
    expect: {b1: {aid: 50.00}}
"""


def test_a_case_whose_facts_cannot_be_read_has_settled_no_bill(tmp_path: Path) -> None:
    results, _ = run_cases(written(tmp_path, one_benefit("rate: 50%"), cases=CASES))
    assert [(result.name, result.bills, result.decisions) for result in results] == [("nobody", 0, [])]
    assert [problem.code for problem in results[0].problems] == ["case_refused"]


ENROLMENT = """enrolment:
  premium: 180
  assumed: 测试用
  subsidies: [{subsidy: county, share: 50%, from: 2018-01-01, assumed: 测试用}]
"""
YEARS = """policy: trial
cases:
  - case: premium
    zh: 参保资助从第二年起
    derived: 边界
    person: {id: p1}
    because:
      - enrolment.own = 180
    expect: {enrolment: {"2017": {own: 180.00, subsidy_county: 0.00}}}
"""


def test_a_subsidy_that_gives_nothing_that_year_may_be_expected_to_give_nothing(tmp_path: Path) -> None:
    trial = written(tmp_path, one_benefit("rate: 50%") + ENROLMENT, cases=YEARS)
    assert [problem.code for result in run_cases(trial)[0] for problem in result.problems] == []
    unknown = YEARS.replace("subsidy_county", "subsidy_city")
    trial = written(tmp_path, one_benefit("rate: 50%") + ENROLMENT, cases=unknown)
    assert [problem.code for result in run_cases(trial)[0] for problem in result.problems] == [
        "case_name_unknown"
    ]


def unreached(folder: Path, benefit: str, *amounts: str) -> list[str]:
    """The bands that cases with bills of these amounts never reach; `700+100` are two bills of one case."""
    cases = []
    for index, amount in enumerate(amounts):
        bills = [
            f"{{id: b{number}, care: inpatient, discharged: 2017-09-1{number}, in_scope: {one}}}"
            for number, one in enumerate(amount.split("+"))
        ]
        cases.append(f"  - case: of_{index}\n    person: {{id: p1}}\n    bills: [{', '.join(bills)}]\n")
    trial = written(folder, one_benefit(benefit), cases="policy: trial\ncases:\n" + "".join(cases))
    results, tree = run_cases(trial)
    assert tree is not None
    found = coverage_problems(coverage(trial, results, tree), tree)
    return bands(found)


def bands(found: list[Problem]) -> list[str]:
    """Paths of bands among findings of coverage."""
    return [one.path for one in found if re.search(r"bands\.\d$", one.path)]


TABLE = "bands: [{rate: 50%}, {above: 200, rate: 60%}, {above: 1000, rate: 70%}]"


def test_of_a_slab_only_the_band_that_pays_is_covered(tmp_path: Path) -> None:
    slab = f"schedule: slab, {TABLE}"
    assert unreached(tmp_path, slab, "2000") == ["aid.share.bands.1", "aid.share.bands.2"]
    assert unreached(tmp_path, slab, "200", "1000") == ["aid.share.bands.3"]


def test_bands_above_a_deductible_are_covered_on_their_own_scale(tmp_path: Path) -> None:
    above = f"deductible: {{amount: 500, per: bill}}, edges: above_deductible, {TABLE}"
    assert unreached(tmp_path, above, "1500") == ["aid.share.bands.3"]
    assert unreached(tmp_path, above, "1500.01") == []
    assert unreached(tmp_path, above, "700") == ["aid.share.bands.2", "aid.share.bands.3"]


def test_a_band_below_the_position_where_a_bill_begins_is_not_covered_by_it(tmp_path: Path) -> None:
    yearly = f"cumulative: year, {TABLE}"
    assert unreached(tmp_path, yearly, "1000") == ["aid.share.bands.3"]
    assert unreached(tmp_path, yearly, "1000.01") == []


def test_a_reconciled_sum_is_shown_with_its_name_or_number_and_both_figures() -> None:
    shown = {entry.id: entry for entry in gallery() if entry.id in ("W7", "W8")}
    assert shown["W7"].checks == (("78825", "78,825", "78,825"),)
    assert shown["W8"].checks == (("农合+民政", "3,628", "3,388"), ("农合+民政+大病", "3,628", "3,953"))


def test_half_a_hundredth_is_rounded_up() -> None:
    rounded = {5: "0.01", -5: "0.00", 1995: "2.00", 994: "0.99", -1005: "-1.00", -12: "-0.01"}
    assert {value: plain(Fraction(value, 1000)) for value in rounded} == rounded


def test_a_bill_covers_the_bands_from_where_it_begins_above_the_deductible(tmp_path: Path) -> None:
    above = f"deductible: {{amount: 500, per: year}}, edges: above_deductible, cumulative: year, {TABLE}"
    assert unreached(tmp_path, above, "700+100") == ["aid.share.bands.3"]
    assert unreached(tmp_path, above, "700") == ["aid.share.bands.2", "aid.share.bands.3"]
