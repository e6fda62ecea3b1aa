"""What a case may state beyond its payers: funds and rights; and refused premiums, grants and year ends as findings."""

from pathlib import Path

from doudi.policy.problems import Problem
from doudi.proof.cases import run_cases
from support.policies import written

BODY = """people: {poor: {zh: 低保, any: [subsistence_allowance], assumed: 测试用}}
payers:
  - payer: aid
    fund: civil_affairs
    assumed: 测试用
    benefits:
      - {benefit: village, when: {level: village}, fund: district_relief, rate: 50%, note: 由县里另付}
      - {benefit: share, rate: 60%}
  - payer: rest
    fund: charity
    assumed: 测试用
    benefits: [{benefit: share, rate: 10%}]
enrolment:
  premium: [{from: 2017-01-01, value: 180, until: 2019-01-01}, {from: 2020-01-01, value: 250}]
  assumed: 测试用
  subsidies: [{subsidy: poor, people: poor, fund: civil_affairs, share: 100%, pay: direct, assumed: 测试用}]
grants:
  - {grant: death, name: 补助, event: death, amount: {by: people, rows: {poor: 1000}}, fund: insurer, assumed: 测试用}
entitlements:
  - {entitlement: treat_first, zh: 先诊疗后付费, when: {people: poor, care: inpatient}, assumed: 测试用}
  - {entitlement: one_stop, zh: 一站式, assumed: 测试用}
funds: {insurer: {zh: 保险公司}}
"""
CASE = """policy: trial
cases:
  - case: one
    person: {id: p1, sex: F, categories: [{code: subsistence_allowance}]}
    events: [{event: death, date: 2017-10-01}]
    bills:
      - {id: b1, care: inpatient, facility: {level: village}, discharged: 2017-09-10, in_scope: 1000}
      - {id: b2, care: outpatient, facility: {level: county}, discharged: 2017-09-11, in_scope: 1000}
    because:
      - b1.aid = 1000 * 50%
      - b1.rest = (1000 - b1.aid) * 10%
      - b1.patient = 1000 - b1.aid - b1.rest
      - b2.aid = 1000 * 60%
      - b2.rest = (1000 - b2.aid) * 10%
      - b2.patient = 1000 - b2.aid - b2.rest
      - grants.death = 1000
      - enrolment.subsidy_poor = 180
      - funds.district_relief = b1.aid
      - funds.civil_affairs = b2.aid + 180
      - funds.insurer = 1000
      - funds.charity = b1.rest + b2.rest
    expect:
      b1: {aid: 500.00, rest: 50.00, patient: 450.00, entitlements: treat_first one_stop}
      b2: {aid: 600.00, rest: 40.00, patient: 360.00, entitlements: one_stop}
      grants: {death: 1000.00}
      enrolment: {"2017": {own: 0.00, subsidy_poor: 180.00}}
      funds: {district_relief: 500.00, civil_affairs: 780.00, insurer: 1000.00, charity: 90.00}
"""


def findings(folder: Path, cases: str, body: str = BODY) -> list[Problem]:
    results, _ = run_cases(written(folder, body, cases=cases))
    return [found for result in results for found in result.problems]


def told(folder: Path, cases: str, body: str = BODY) -> list[tuple[str, str]]:
    return [(one.code, one.what.en) for one in findings(folder, cases, body)]


def test_funds_and_rights_that_are_right_are_told_nothing(tmp_path: Path) -> None:
    assert told(tmp_path, CASE) == []


def test_a_case_that_states_funds_states_all_of_them(tmp_path: Path) -> None:
    (found,) = told(tmp_path, CASE.replace(", charity: 90.00", ""))
    assert found == ("case_differs", "Case one: funds.charity should be 0.00, the engine says 90.00.")
    assert told(tmp_path, CASE.split("      funds:", maxsplit=1)[0]) == [], (
        "without funds nothing is asked of them"
    )


def test_another_fund_is_found_although_every_amount_is_the_same(tmp_path: Path) -> None:
    changed = BODY.replace("fund: district_relief", "fund: civil_affairs")
    assert [code for code, _ in told(tmp_path, CASE, changed)] == ["case_differs", "case_differs"]
    dropped = BODY.replace("fund: civil_affairs, share", "share")
    assert [code for code, _ in told(tmp_path, CASE, dropped)] == ["case_differs", "case_differs"]


def test_a_fund_that_nobody_knows_is_found(tmp_path: Path) -> None:
    found = told(tmp_path, CASE.replace("charity: 90.00", "charity: 90.00, charitee: 0.00"))
    assert [code for code, _ in found] == ["case_name_unknown"]


def test_a_right_too_many_or_too_few_is_found(tmp_path: Path) -> None:
    for wrong in ("treat_first", "one_stop", "none"):
        (found,) = told(tmp_path, CASE.replace("treat_first one_stop", wrong))
        assert found[0] == "case_differs"
        assert "treat_first one_stop" in found[1]
    less = BODY.replace("when: {people: poor, care: inpatient}", "when: {people: poor}")
    assert [code for code, _ in told(tmp_path, CASE, less)] == ["case_differs"]


def test_a_premium_that_the_law_does_not_give_is_a_finding(tmp_path: Path) -> None:
    gap = CASE.replace('"2017": {own: 0.00, subsidy_poor: 180.00}', '"2019": {own: 0.00}').replace(
        "780.00", "600.00"
    )
    gap = gap.replace("      - enrolment.subsidy_poor = 180\n", "").replace("b2.aid + 180", "b2.aid")
    (found,) = told(tmp_path, gap)
    assert found[0] == "case_refused"
    assert "enrolment.2019" in found[1]
    assert "no_value" in found[1]
    assert told(tmp_path, gap.replace('"2019": {own: 0.00}', '"2019": {refused: no_value}')) == []


def test_a_grant_that_the_law_does_not_give_is_a_finding(tmp_path: Path) -> None:
    nobody = """policy: trial
cases:
  - case: nobody
    person: {id: p1, sex: F}
    events: [{event: death, date: 2017-10-01}]
"""
    (found,) = told(tmp_path, nobody + "    expect: {grants: {death: 0.00}}\n")
    assert found[0] == "case_refused"
    assert told(tmp_path, nobody + "    expect: {grants: {refused: no_value}}\n") == []


def test_a_year_that_cannot_be_closed_is_a_finding(tmp_path: Path) -> None:
    body = """payers:
  - {payer: basic, assumed: 测试用, benefits: [{benefit: share, rate: 50%}]}
  - payer: family
    assumed: 测试用
    settled: year_end
    covers: total
    benefits: [{benefit: year, rate: [{from: 2018-01-01, value: 10%}]}]
"""
    cases = """policy: trial
cases:
  - case: one
    person: {id: p1, sex: F}
    bills: [{id: b1, care: inpatient, discharged: 2017-09-10, in_scope: 100}]
    year_end: {"2017": {family: 5.00}}
    because: [b1.basic = 50, b1.patient = 50, year_end.family = 5]
    expect: {b1: {basic: 50.00, patient: 50.00}}
"""
    (found,) = told(tmp_path, cases, body)
    assert found[0] == "case_refused"
    assert "year_end.2017" in found[1]
    assert told(tmp_path, cases.replace("{family: 5.00}", "{refused: no_value}"), body) == []
