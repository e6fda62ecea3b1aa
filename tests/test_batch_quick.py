"""A little of everything that columns can do, in seconds: what mutation testing runs first."""

from pathlib import Path

import pytest

from doudi.engine.settle import Settler
from doudi.policy.library import Policy
from support.policies import policy, written
from support.random_policies import random_policy
from support.tables import crowd, differences, in_columns, one_by_one

VARIED = [
    "guizhou/rongjiang/medical-assistance-2017", "chongqing/five-layers-2017", "shandong/poverty-2017-top-up",
    "deductible-scopes", "deductible-nth", "household", "cap-each-disease", "pro-rata", "quick", "slab", "lump",
    "rounding-half-even", "rounding-down-yuan", "category-dates", "programme", "benefit-year", "insured", "split-year",
]  # fmt: skip
LOOPED = ["chongqing/five-layers-2017", "deductible-scopes", "pro-rata", "rounding-half-even"]


def compare(trial: Policy, seed: int, people: int = 10) -> None:
    settler, facts = Settler(trial), crowd(trial, seed, people, openings=True)
    assert differences(one_by_one(settler, facts), in_columns(settler, facts)) == {}


@pytest.fixture
def wave(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("doudi.engine.batch.run.compiled", lambda: False)


@pytest.mark.parametrize("policy_id", VARIED)
def test_varied_policies_as_a_wavefront(policy_id: str, wave: None) -> None:
    compare(policy(policy_id), 11)


@pytest.mark.parametrize("seed", range(1000, 1016))
def test_some_random_policies_as_a_wavefront(seed: int, wave: None) -> None:
    compare(random_policy(seed), seed)


def compare_movements(trial: Policy, seed: int, people: int = 10) -> None:
    settler, facts = Settler(trial), crowd(trial, seed, people, openings=True)
    alone = one_by_one(settler, facts, movements=True)
    assert differences(alone, in_columns(settler, facts, movements=True)) == {}


@pytest.mark.parametrize("policy_id", VARIED)
def test_what_accumulators_gain_as_a_wavefront(policy_id: str, wave: None) -> None:
    compare_movements(policy(policy_id), 21)


@pytest.mark.parametrize("seed", range(1100, 1116))
def test_what_accumulators_gain_under_random_policies(seed: int, wave: None) -> None:
    compare_movements(random_policy(seed), seed)


@pytest.mark.parametrize("policy_id", LOOPED)
def test_what_accumulators_gain_as_a_loop(policy_id: str) -> None:
    compare_movements(policy(policy_id), 22, 20)


@pytest.mark.parametrize("policy_id", VARIED)
def test_numbers_as_literals(policy_id: str, wave: None) -> None:
    settler, facts = Settler(policy(policy_id)), crowd(policy(policy_id), 14, 10)
    assert in_columns(settler, facts, literals=True) == in_columns(settler, facts)


@pytest.mark.parametrize("policy_id", LOOPED)
def test_a_few_policies_as_a_loop(policy_id: str) -> None:
    compare(policy(policy_id), 12, 20)


ALONE_TOGETHER = """identity: {several: best_single}
people:
  one: {zh: 特困, any: [destitute], assumed: 测试用}
  two: {zh: 低保, any: [subsistence_allowance], assumed: 测试用}
payers:
  - payer: aid
    assumed: 测试用
    covers: in_scope
    benefits:
      - benefit: share
        rate: {by: people, rows: {one: 50%, two: 60%, other: 10%}}
        cap: {per: household_year, amount: 900}
"""


def test_each_category_alone_with_a_cap_of_the_household(tmp_path: Path) -> None:
    compare(written(tmp_path, ALONE_TOGETHER), 13, 30)
