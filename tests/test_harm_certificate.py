"""What has a certificate never shows harm, fen by fen; what has none says why."""

from functools import cache
from pathlib import Path

import pytest

from doudi.proof.harm.attributes import days_of
from doudi.proof.harm.certificate import uncertified
from doudi.proof.harm.replay import Replayer
from doudi.proof.harm.sampling import Sampler
from doudi.proof.harm.witness import Confirmer
from support.harm import payer, policy_of
from support.policies import ALL_IDS, policy, settler

CERTIFIED = [
    policy_id
    for policy_id in ALL_IDS
    if not policy(policy_id).document.abstract and not any(uncertified(policy(policy_id).document).values())
]
PAIRS = 10_000 // len(CERTIFIED) + 1


@cache
def sampler(policy_id: str) -> Sampler:
    one = settler(policy_id)
    return Sampler(one.document, one.machine()[0], Confirmer(Replayer(one)), seed=3)


def test_enough_policies_have_a_certificate() -> None:
    assert len(CERTIFIED) >= 30
    assert "national/medical-assistance-2021" in CERTIFIED
    assert PAIRS * len(CERTIFIED) >= 10_000


@pytest.mark.parametrize("policy_id", CERTIFIED)
def test_one_more_fen_changes_the_patient_by_0_or_1_fen(policy_id: str) -> None:
    """Exactly, rounding included, at any accumulators: no tolerance of a fen a payer here."""
    one, made = sampler(policy_id), 0
    replayer = one.confirmer.replayer
    for _ in range(PAIRS * 8):
        witness = one.attributes()
        first, _, part = one.pair(witness)
        second = dict(first)
        second["part", part] += 1
        if part == "in_scope" and one.random.random() < 0.5:  # recorded amounts may grow with the bill
            for key in [key for key in first if key[0] == "any"][:1]:
                second[key] += 1
        pair = replayer.pair(replayer.file(witness, first), replayer.file(witness, second))
        if pair is None:
            continue
        amounts = pair.amounts
        hospital = pair.decisions[1].hospital - pair.decisions[0].hospital
        assert amounts.patient[1] - amounts.patient[0] in (0, 1), pair.files
        assert amounts.payers[1] - amounts.payers[0] in (0, 1), pair.files
        assert hospital in (0, 1)
        made += 1
        if made == PAIRS:
            break
    assert made >= min(PAIRS, 40)


UNCERTIFIED = {
    "whole: true, rate: 50%": "its base is not what is left",
    "portion: tcm, rate: 50%": "its base is not what is left",
    "rate: 50%, counts_at_most: 30% of total": "its base is not what is left",
    "rate: 50%, cap: {per: bill, amount: 30% of total}": "a cap is a share of the bill",
    "formula: 'share(base, 50%)'": "uses an offset or a formula",
    "bands: [{up_to: 100, lump: 0}, {above: 100, lump: 50}]": "its schedule is not continuous",
    "schedule: slab, bands: [{up_to: 100, rate: 10%}, {above: 100, rate: 20%}]": "its schedule is not continuous",
    "bands: [{up_to: 100, rate: 50%}, {above: 100, rate: 60%, plus: -9}]": "its schedule is not continuous",
    "covers: [in_scope, own_pay], rate: 50%": "draws on more than one cost part",
    "rate: 50%, raises_to: {share: 80%, of: total}": "draws on more than one cost part",
    "when: {amount: {of: total, above: 100}}, rate: 50%": "a condition tests an amount",
    "rate: 50%, own_at_least: {share: 40%, of: in_scope}": "promises a share of a part that others have drawn on",
}


@pytest.mark.parametrize("form", UNCERTIFIED)
def test_a_form_that_could_do_harm_has_no_certificate(form: str, tmp_path: Path) -> None:
    found = uncertified(policy_of(tmp_path, payer("basic", "rate: 60%"), payer("aid", form)).document)
    assert found["basic"] is None
    why = found["aid"]
    assert why is not None
    assert why.en == UNCERTIFIED[form]


def test_the_same_forms_on_what_is_left_have_one(tmp_path: Path) -> None:
    forms = ["rate: 50%, raises_to: {share: 80%, of: in_scope}", "rate: 50%, cap: {per: year, amount: 3000}",
             "bands: [{up_to: 100, rate: 50%}, {above: 100, rate: 60%, plus: -10}]",
             "cumulative: year, deductible: 8000, rate: 60%"]  # fmt: skip
    for number, form in enumerate(forms):
        found = uncertified(policy_of(tmp_path, payer("aid", form), name=f"p{number}").document)
        assert found == {"aid": None}, form


def test_days_hold_every_version_of_the_law() -> None:
    document = policy("guizhou/liuzhi/triple-guarantee-2017").document
    assert document.in_force.from_ in days_of(document)
    assert len(days_of(document)) >= 2
