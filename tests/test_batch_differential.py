"""The same law three times: bill by bill, as a wavefront of arrays, and – for some – as a compiled loop."""

import pytest

from doudi.engine.settle import Settler
from doudi.policy.library import Policy
from support.policies import ALL_IDS, policy
from support.random_policies import random_policy
from support.tables import crowd, differences, in_columns, one_by_one

RANDOM = [*range(40), *(pytest.param(seed, marks=pytest.mark.deep) for seed in range(40, 150))]
COMPILED = [*ALL_IDS[:12], *ALL_IDS[12::6]]


def compare(trial: Policy, seed: int, people: int = 12) -> None:
    settler = Settler(trial)
    facts = crowd(trial, seed, people, openings=bool(seed % 2))
    alone = one_by_one(settler, facts)
    assert differences(alone, in_columns(settler, facts)) == {}


@pytest.fixture
def wave(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("doudi.engine.batch.run.compiled", lambda: False)


@pytest.mark.parametrize("policy_id", ALL_IDS)
def test_each_policy_as_a_wavefront(policy_id: str, wave: None) -> None:
    if not policy(policy_id).document.abstract:
        compare(policy(policy_id), 1, 30)


@pytest.mark.parametrize("policy_id", COMPILED)
def test_policies_as_a_compiled_loop(policy_id: str) -> None:
    if not policy(policy_id).document.abstract:
        compare(policy(policy_id), 2, 30)


@pytest.mark.parametrize("seed", RANDOM)
def test_random_policies_as_a_wavefront(seed: int, wave: None) -> None:
    compare(random_policy(seed), seed)
