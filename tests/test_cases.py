"""Every worked case of every policy, worked out by hand, against the engine; and what the cases cover."""

import pytest

from doudi.policy.library import Library
from doudi.proof.cases import run_cases
from doudi.proof.coverage import coverage, coverage_problems
from support.policies import ALL_IDS, SHIPPED, SHIPPED_IDS, SMALL, SMALL_IDS, policy

LEAST_CASES = 12
LEAST_YEARS = 3


@pytest.mark.parametrize("policy_id", ALL_IDS)
def test_every_case_comes_out_to_the_fen(policy_id: str) -> None:
    results, _ = run_cases(policy(policy_id))
    findings = [found.line("zh") for result in results for found in result.problems]
    assert results, "no cases"
    assert not findings, "\n".join(findings)


@pytest.mark.parametrize("policy_id", ALL_IDS)
def test_every_case_has_a_name_of_its_own_and_settles_or_refuses_something(policy_id: str) -> None:
    results, _ = run_cases(policy(policy_id))
    names = [result.name for result in results]
    assert sorted(set(names)) == sorted(names)
    idle = [r.name for r in results if not r.node.at("expect") and not r.node.at("year_end")]
    assert not idle


@pytest.mark.parametrize("policy_id", SHIPPED_IDS)
def test_a_package_has_enough_cases_and_years(policy_id: str) -> None:
    results, _ = run_cases(policy(policy_id))
    assert len(results) >= LEAST_CASES
    assert len([result for result in results if result.bills > 1]) >= LEAST_YEARS


@pytest.mark.parametrize("policy_id", SHIPPED_IDS)
def test_the_cases_of_a_package_read_every_value_and_take_every_branch(policy_id: str) -> None:
    results, tree = run_cases(policy(policy_id))
    assert tree is not None
    found = coverage(policy(policy_id), results, tree)
    assert found.counts(True)[1] > 0
    findings = [found.line("zh") + " " + found.path for found in coverage_problems(found, tree)]
    assert not findings, "\n".join(findings)


@pytest.mark.parametrize(("library", "ids"), [(SHIPPED, SHIPPED_IDS), (SMALL, SMALL_IDS)])
def test_every_case_file_belongs_to_a_policy(library: Library, ids: list[str]) -> None:
    (root,) = library.roots
    files = {path.resolve() for path in root.rglob("*.cases.yaml")}
    named = {path.resolve() for one in ids if (path := policy(one).cases_path)}
    assert files == named
