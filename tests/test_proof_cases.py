"""What is wrong with a worked case is found and said: each finding has a small bad case file that produces it."""

from pathlib import Path

import pytest

from doudi.policy.problems import PolicyError, Problem
from doudi.proof.cases import run_cases
from support.policies import one_benefit, written

BODY = """people: {poor: {zh: 低保, any: [subsistence_allowance], assumed: 测试用}}
""" + one_benefit("deductible: {amount: 300}, rate: 70%, when: {people: poor}")
CASE = """policy: trial
cases:
  - case: one
    person: {id: p1, categories: [{code: subsistence_allowance}], insured: {scheme: resident, until: 2017-10-01}}
    bills:
      - {id: b1, care: inpatient, admitted: 2017-09-01, discharged: 2017-09-10, in_scope: 1000.50, own_pay: 20}
    because:
      - base = 1000.50 - 300
      - b1.aid = round(base * 70%)
      - b1.patient = 1020.50 - b1.aid
    expect:
      b1: {aid: 490.35, patient: 530.15}
"""


def findings(folder: Path, cases: str, body: str = BODY) -> list[Problem]:
    results, _ = run_cases(written(folder, body, cases=cases))
    return [found for result in results for found in result.problems]


def one_finding(folder: Path, wrong: str, right: str) -> Problem:
    """The single finding of the good case with one text replaced."""
    assert right in CASE
    (found,) = findings(folder, CASE.replace(right, wrong))
    return found


def line_of(text: str) -> int:
    return next(n for n, line in enumerate(CASE.splitlines(), 1) if text in line)


def test_a_good_case_has_no_finding(tmp_path: Path) -> None:
    results, tree = run_cases(written(tmp_path, BODY, cases=CASE))
    assert tree is not None
    ((result,),) = (results,)
    assert (result.name, result.bills, result.problems) == ("one", 1, [])
    assert result.decisions[0].shares == {"aid": 49035}


def test_a_policy_without_cases_has_none(tmp_path: Path) -> None:
    assert run_cases(written(tmp_path, BODY)) == ([], None)


def test_a_missing_case_file_is_an_error(tmp_path: Path) -> None:
    policy = written(tmp_path, BODY, cases=CASE)
    (tmp_path / "trial.cases.yaml").unlink()
    with pytest.raises(PolicyError):
        run_cases(policy)


def test_arithmetic_that_cannot_be_read_is_found_at_its_line(tmp_path: Path) -> None:
    found = findings(tmp_path, CASE.replace("base = 1000.50 - 300", "base = 1000.50 − 300"))
    assert [one.code for one in found if one.code == "case_syntax"]
    first = found[0]
    assert (first.code, first.where.line) == ("case_syntax", line_of("base = 1000.50"))
    assert "−" in first.what.zh
    assert "−" in first.what.en


def test_unequal_sides_are_found(tmp_path: Path) -> None:
    found = findings(tmp_path, CASE.replace("base * 70%)", "base * 70%) = 490"))[0]
    assert found.code == "case_syntax"
    assert "490.35 ≠ 490.00" in found.what.en


def test_an_expected_amount_that_the_arithmetic_does_not_give_is_found(tmp_path: Path) -> None:
    found = one_finding(tmp_path, "b1.patient = 530.16", "b1.patient = 1020.50 - b1.aid")
    assert found.code == "case_arithmetic"
    assert found.where.line == line_of("patient: 530.15")
    for text in (found.what.zh, found.what.en):
        assert "530.16" in text
        assert "530.15" in text


def test_a_fen_of_difference_is_found_and_told_once_where_arithmetic_and_engine_agree(tmp_path: Path) -> None:
    found = one_finding(tmp_path, "aid: 490.34", "aid: 490.35")
    assert found.code == "case_arithmetic"
    both = findings(
        tmp_path, CASE.replace("aid: 490.35", "aid: 490.34").replace("base * 70%)", "base * 70%) - 0.01")
    )
    assert {one.code for one in both} == {"case_differs", "case_arithmetic"}


def test_half_a_fen_that_nobody_rounded_is_found(tmp_path: Path) -> None:
    found = findings(tmp_path, CASE.replace("round(base * 70%)", "base * 70.001%"))
    assert {one.code for one in found} == {"case_arithmetic"}


def test_an_amount_that_is_not_derived_is_found(tmp_path: Path) -> None:
    found = one_finding(tmp_path, "owed = 1020.50 - b1.aid", "b1.patient = 1020.50 - b1.aid")
    assert found.code == "case_underived"
    assert found.where.line == line_of("aid: 490.35")


def test_a_payer_that_pays_but_is_not_expected_is_found(tmp_path: Path) -> None:
    found = one_finding(tmp_path, "b1: {patient: 530.15}", "b1: {aid: 490.35, patient: 530.15}")
    assert found.code == "case_differs"
    assert "490.35" in found.what.en


def test_an_engine_or_law_that_says_otherwise_is_found(tmp_path: Path) -> None:
    found = findings(tmp_path, CASE, BODY.replace("70%", "71%"))
    assert [one.code for one in found] == ["case_differs", "case_differs"]
    assert "497.36" in found[0].what.zh


def test_a_refused_bill_is_found_with_its_reason(tmp_path: Path) -> None:
    changed = CASE.replace("admitted: 2017-09-01, discharged: 2017-09-10", "discharged: 2016-09-10")
    found = findings(tmp_path, changed)[0]
    assert found.code == "case_refused"
    assert "date_outside_policy" in found.what.en
    assert "2016-09-10" in found.what.zh


def test_a_file_that_cannot_be_read_is_found(tmp_path: Path) -> None:
    found = one_finding(tmp_path, "inscope: 1000.50", "in_scope: 1000.50")
    assert found.code == "case_refused"
    assert "key_unknown" in found.what.en


def test_an_expected_refusal_is_fine_and_another_one_is_not(tmp_path: Path) -> None:
    refused = CASE.replace("until: 2017-10-01", "until: 2017-09-01").replace(
        "b1: {aid: 490.35, patient: 530.15}", "b1: {refused: not_insured}"
    )
    assert findings(tmp_path, refused) == []
    assert {one.code for one in findings(tmp_path, refused.replace("not_insured", "bill_empty"))} == {
        "case_refused",
        "case_differs",
    }


def test_a_bill_that_should_be_refused_and_is_not_is_found(tmp_path: Path) -> None:
    found = findings(tmp_path, CASE.replace("b1: {aid", "b1: {refused: not_insured, aid"))
    assert [one.code for one in found] == ["case_differs"]


def test_an_amount_expected_of_nobody_is_found(tmp_path: Path) -> None:
    """A misspelt payer or bill must not pass because nobody pays 0.00."""
    for wrong in ("b1: {aed: 0.00, aid", "b2: {aid: 0.00}\n      b1: {aid"):
        found = findings(tmp_path, CASE.replace("b1: {aid", wrong))
        assert found, wrong


def test_the_other_bills_of_a_case_settle_after_a_refused_one(tmp_path: Path) -> None:
    second = CASE.replace(
        "    because:",
        "      - {id: b2, care: inpatient, discharged: 2017-11-10, in_scope: 1}\n"
        "      - {id: b3, care: inpatient, admitted: 2017-09-11, discharged: 2017-09-12, in_scope: 300.01}\n    because:",
    )
    more = "      b2: {refused: not_insured}\n      b3: {aid: 0.01, patient: 300.00}\n"
    because = "      - b3.aid = round(0.01 * 70%)\n      - b3.patient = 300.01 - b3.aid\n    expect:"
    assert findings(tmp_path, second.replace("    expect:", because) + more) == []


def test_both_languages_say_what_is_wrong(tmp_path: Path) -> None:
    for found in findings(tmp_path, CASE.replace("490.35", "490.34").replace("owed", "x")):
        assert found.what.zh != found.what.en
        assert found.mend.zh
        assert found.mend.en
