"""Worked cases whose facts cannot be read settle no bill, and say why."""

from pathlib import Path

from doudi.proof.cases import run_cases
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
