"""Keys of the policy language that are easily mistyped in the models: what is written is what counts."""

from pathlib import Path

import pytest

import doudi.policy
from support.files import a_bill, settled
from support.policies import one_benefit, written


def test_the_yearly_limit_of_a_deductible_is_kept_under_the_name_it_is_given(tmp_path: Path) -> None:
    limit = "deductible: {amount: 100, per: stay, at_most: {per: year, amount: 150, as: taken_this_year}}, rate: 100%"
    trial = written(tmp_path, one_benefit(limit))
    told = settled(trial, a_bill("b1", in_scope="200"), a_bill("b2", in_scope="200"))
    assert [bill["shares"]["aid"] for bill in told["bills"]] == ["100.00", "150.00"]
    assert told["accumulators"]["person"]["taken_this_year"] == {"2017": "150.00"}


def test_the_public_names_lead_where_they_live() -> None:
    homes = {name: getattr(doudi.policy, name).__module__ for name in doudi.policy.__all__}
    assert homes == {
        "Library": "doudi.policy.library",
        "Policy": "doudi.policy.library",
        "PolicyError": "doudi.policy.problems",
        "Problem": "doudi.policy.problems",
        "Where": "doudi.policy.problems",
        "policy_schema": "doudi.policy.schema",
    }
    with pytest.raises(AttributeError):
        _ = doudi.policy.nothing


@pytest.mark.parametrize("kind", ["lump", "slab", "marginal"])
def test_a_schedule_that_is_named_as_its_bands_are_is_accepted(kind: str, tmp_path: Path) -> None:
    pays = "lump" if kind == "lump" else "rate"
    bands = f"[{{{pays}: 10%}}, {{above: 100, {pays}: 20%}}]"
    bands = bands.replace("%", "") if kind == "lump" else bands
    assert written(tmp_path, one_benefit(f"schedule: {kind}, bands: {bands}")).id == "trial"
