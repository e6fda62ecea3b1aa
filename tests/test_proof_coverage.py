"""What the worked cases cover: a number never read or a branch never taken is reported unless it has a reason."""

from pathlib import Path

import pytest

from doudi.proof.cases import run_cases
from doudi.proof.coverage import Coverage, coverage, coverage_problems
from support.policies import written

BODY = """people: {poor: {zh: 低保, any: [subsistence_allowance], assumed: 测试用}}
payers:
  - payer: basic
    assumed: 测试用
    benefits:
      - benefit: stay
        when: {care: inpatient}
        deductible: {by: level, rows: {township: 100, county: 300}}
        rate: [{from: 2017-01-01, value: 60%}, {from: 2018-01-01, value: 70%}]
        adjust: [{number: rate, when: {people: poor}, points: 5%}]
  - payer: catastrophic
    assumed: 测试用
    benefits:
      - benefit: supplement
        cumulative: year
        bands: [{up_to: 1000, rate: 0%}, {above: 1000, rate: 50%}]
        raises_to: {share: 40%, of: in_scope}
        cap: {per: year, amount: 5000}
"""
HEAD = "policy: trial\ncases:\n"
ALL_ITEMS = {
    ("basic.stay", "applied"), ("basic.stay", "not applied"),
    ("basic.stay.deductible.township", "value read"), ("basic.stay.deductible.county", "value read"),
    ("basic.stay.rate@2017-01-01", "value read"), ("basic.stay.rate@2018-01-01", "value read"),
    ("basic.stay.adjust.1", "applied"), ("basic.stay.adjust.1", "not applied"),
    ("basic.stay.adjust.1.points", "value read"),
    ("catastrophic.supplement", "applied"),
    ("catastrophic.supplement.bands.1", "band reached"), ("catastrophic.supplement.bands.2", "band reached"),
    ("catastrophic.supplement.bands.1.rate", "value read"), ("catastrophic.supplement.bands.2.rate", "value read"),
    ("catastrophic.supplement.raises_to", "guarantee raised"),
    ("catastrophic.supplement.raises_to", "guarantee not raised"),
    ("catastrophic.supplement.raises_to.share", "value read"),
    ("catastrophic.supplement.cap.catastrophic_paid", "cap binding"),
    ("catastrophic.supplement.cap.catastrophic_paid", "cap not binding"),
    ("catastrophic.supplement.cap", "value read"),
}  # fmt: skip
POOR = "categories: [{code: subsistence_allowance}]"


def case(name: str, bill: str, person: str = "") -> str:
    """A case without arithmetic: coverage only asks what was read and taken."""
    known = "sex: F" + (f", {person}" if person else "")
    return f"  - case: {name}\n    person: {{id: p1, {known}}}\n    bills:\n      - {{id: b1, {bill}}}\n"


SMALL = case("small", "care: inpatient, facility: {level: county}, discharged: 2017-09-10, in_scope: 900")
OTHERS = [
    case(
        "large", "care: inpatient, facility: {level: township}, discharged: 2018-09-10, in_scope: 9000", POOR
    ),
    case("outpatient", "care: outpatient, discharged: 2017-09-10, in_scope: 2000"),
    case("larger", "care: outpatient, discharged: 2017-09-10, in_scope: 90000"),
]
FULL = "".join([SMALL, *OTHERS])


def covered(
    folder: Path, cases: str, uncovered: str = "", body: str = BODY
) -> tuple[Coverage, list[tuple[str, str]]]:
    """The coverage of some cases, and its findings as (code, path)."""
    policy = written(folder, body, cases=HEAD + cases + uncovered)
    results, tree = run_cases(policy)
    assert tree is not None
    assert not [found for result in results for found in result.problems if found.code == "case_refused"]
    found = coverage(policy, results, tree)
    return found, [(one.code, one.path) for one in coverage_problems(found, tree)]


def excuses(*paths: str, reason: str = "没有这样的单据") -> str:
    return "uncovered:\n" + "".join(f"  - {{path: {path}, reason: {reason}}}\n" for path in paths)


def test_everything_that_can_be_covered_is_known(tmp_path: Path) -> None:
    found, _ = covered(tmp_path, SMALL)
    assert {(item.path, item.what.en) for item in found.items} == ALL_ITEMS
    assert all(item.what.zh for item in found.items)


def test_cases_that_read_and_take_everything_leave_nothing(tmp_path: Path) -> None:
    found, problems = covered(tmp_path, FULL)
    assert (found.missing(), problems) == ([], [])
    assert found.counts(True) == (9, 9, 0)
    assert found.counts(False) == (11, 11, 0)


def test_what_no_case_reads_or_takes_is_reported(tmp_path: Path) -> None:
    found, problems = covered(tmp_path, SMALL)
    missing = {(item.path, item.what.en) for item in found.missing()}
    assert missing == {
        ("basic.stay", "not applied"), ("basic.stay.deductible.township", "value read"),
        ("basic.stay.rate@2018-01-01", "value read"), ("basic.stay.adjust.1", "applied"),
        ("basic.stay.adjust.1.points", "value read"), ("catastrophic.supplement.bands.2", "band reached"),
        ("catastrophic.supplement.raises_to", "guarantee raised"),
        ("catastrophic.supplement.cap.catastrophic_paid", "cap binding"),
    }  # fmt: skip
    assert len([code for code, _ in problems if code == "case_uncovered"]) == len(missing)
    assert ("case_uncovered", "catastrophic.supplement.bands.2") in problems


@pytest.mark.parametrize("left_out", range(4))
def test_every_case_is_needed(left_out: int, tmp_path: Path) -> None:
    cases = [SMALL, *OTHERS]
    _, problems = covered(tmp_path, "".join(one for n, one in enumerate(cases) if n != left_out))
    assert problems
    assert "case_uncovered" in {code for code, _ in problems} <= {"case_uncovered", "case_indifferent"}


def test_a_reason_excuses_what_is_missing(tmp_path: Path) -> None:
    found, problems = covered(tmp_path, SMALL, excuses("catastrophic.supplement.bands.2"))
    assert ("case_uncovered", "catastrophic.supplement.bands.2") not in problems
    assert found.counts(False)[2] == 1
    paths = {path for path, _ in ALL_ITEMS}
    needed = {item.path for item in covered(tmp_path, SMALL)[0].missing()}
    left = covered(tmp_path, SMALL, excuses(*sorted(needed & paths)))[1]
    assert {code for code, _ in left} == {"case_indifferent"}
    indifferent = [path for _, path in left]
    assert covered(tmp_path, SMALL, excuses(*sorted(needed & paths), *indifferent))[1] == []


def test_an_excuse_without_a_reason_excuses_nothing(tmp_path: Path) -> None:
    _, problems = covered(tmp_path, SMALL, excuses("catastrophic.supplement.bands.2", reason=""))
    assert ("case_uncovered", "catastrophic.supplement.bands.2") in problems


def test_an_excuse_for_what_is_covered_or_does_not_exist_is_reported(tmp_path: Path) -> None:
    for path in ("basic.stay.rate@2017-01-01", "basic.stay.nothing"):
        _, problems = covered(tmp_path, FULL, excuses(path))
        assert problems == [("case_covered_after_all", path)]


def test_a_value_counts_as_read_only_where_its_benefit_counts(tmp_path: Path) -> None:
    """An outpatient of the county does not read the deductible of an inpatient."""
    outpatient = case(
        "one", "care: outpatient, facility: {level: county}, discharged: 2017-09-10, in_scope: 900"
    )
    found, _ = covered(tmp_path, outpatient)
    missing = {item.path for item in found.missing()}
    assert {"basic.stay.deductible.county", "basic.stay.rate@2017-01-01"} <= missing


def test_a_band_at_whose_edge_the_position_stands_is_not_reached(tmp_path: Path) -> None:
    at_edge = case("one", "care: outpatient, discharged: 2017-09-10, in_scope: 1000.00")
    above = case("one", "care: outpatient, discharged: 2017-09-10, in_scope: 1000.01")
    second = "catastrophic.supplement.bands.2"
    assert second in {item.path for item in covered(tmp_path, at_edge)[0].missing()}
    assert second not in {item.path for item in covered(tmp_path, above)[0].missing()}


def test_a_default_is_covered_only_by_a_bill_that_falls_back_on_it(tmp_path: Path) -> None:
    body = """payers:
  - payer: aid
    assumed: 测试用
    benefits: [{benefit: share, rate: {by: level, rows: {county: 70%}, default: 50%}}]
"""
    county = case("one", "care: inpatient, facility: {level: county}, discharged: 2017-09-10, in_scope: 900")
    city = case("two", "care: inpatient, facility: {level: city}, discharged: 2017-09-10, in_scope: 900")
    assert covered(tmp_path, county, body=body)[1] == [("case_uncovered", "aid.share.rate.default")]
    assert covered(tmp_path, city, body=body)[1] == [("case_uncovered", "aid.share.rate.county")]
    assert covered(tmp_path, county + city, body=body)[1] == []


def test_bill_rules_and_year_end_payers_are_part_of_it(tmp_path: Path) -> None:
    body = """bill: [{rule: away, when: {referred: false}, move: 10%, of: in_scope, to: first_pay, assumed: 测试用}]
payers:
  - {payer: basic, assumed: 测试用, benefits: [{benefit: share, rate: 50%}]}
  - payer: fund
    assumed: 测试用
    settled: year_end
    for: person
    covers: total
    benefits:
      - benefit: family
        bands: [{up_to: 100, lump: 0}, {above: 100, lump: 50}]
        accepted: {reason: 测试用, assumed: 测试用}
"""
    away = case("one", "care: inpatient, discharged: 2017-09-10, in_scope: 900")
    found, _ = covered(tmp_path, away, body=body)
    paths = {(item.path, item.what.en) for item in found.items}
    assert {("bill.away", "applied"), ("bill.away", "not applied"), ("bill.away.move", "value read")} <= paths
    assert {("fund.family", "applied"), ("fund.family.bands.2", "band reached")} <= paths
    missing = {item.path for item in found.missing()}
    assert "bill.away" in missing
    assert "fund.family.bands.2" in missing
    closed = away + '    year_end: {"2017": {fund: 50.00}}\n'
    assert "fund.family.bands.2" not in {
        item.path for item in covered(tmp_path, closed, body=body)[0].missing()
    }


def test_grants_premiums_and_subsidies_are_covered_where_a_case_receives_them(tmp_path: Path) -> None:
    body = """people: {poor: {zh: 低保, any: [subsistence_allowance], assumed: 测试用}}
payers:
  - {payer: aid, assumed: 测试用, benefits: [{benefit: share, rate: 50%}]}
grants:
  - {grant: death, name: {zh: 补助}, event: death, when: {people: poor}, amount: 1000, per: event, assumed: 测试用}
enrolment:
  premium: 180
  assumed: 测试用
  subsidies: [{subsidy: poor, people: poor, share: 100%, pay: direct, assumed: 测试用}]
"""
    bill = "care: inpatient, discharged: 2017-09-10, in_scope: 100"
    received = "    events: [{event: death, date: 2017-09-20}]\n"
    given = received + '    expect: {enrolment: {"2017": {own: 0.00, subsidy_poor: 180.00}}}\n'
    beyond = {"grants.death", "enrolment.premium", "enrolment.poor"}
    rich, poor = case("rich", bill), case("poor", bill, POOR)
    assert {path for _, path in covered(tmp_path, rich, body=body)[1]} >= beyond
    assert {path for _, path in covered(tmp_path, rich + received, body=body)[1]} >= beyond
    assert not {path for _, path in covered(tmp_path, poor + given, body=body)[1]} & beyond
