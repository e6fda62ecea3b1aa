"""Each kind of harm has a small bad policy, the bill that shows it, and the same policy made good."""

from pathlib import Path

import pytest

from doudi.policy.library import Policy
from doudi.proof.harm import HarmReport
from doudi.proof.harm.check import check_harm
from support.harm import PEOPLE, payer, policy_of, replayed

BASIC = payer("basic", "rate: 60%")

# what is wrong → (payers, the payer and benefit it comes from, kind, step in fen if it is a jump)
BAD: dict[str, tuple[list[str], tuple[str, str], str, int | None]] = {
    "the base forgets what was paid": (
        [BASIC, payer("aid", "whole: true, deductible: 5000, rate: 50%")],
        ("aid", "b1"), "patient_gains", None,
    ),
    "the base takes off only one of two": (
        [BASIC, payer("second", "deductible: 3000, rate: 50%"),
         payer("aid", "less: [basic], deductible: 5000, rate: 70%")],
        ("aid", "b1"), "patient_gains", None,
    ),
    "an offset that two payers take off": (
        [payer("extra", "rate: 60%", more="covers: own_pay"), payer("aid", "offset: [extra], rate: 50%"),
         payer("last", "offset: [extra], rate: 50%")],
        ("last", "b1"), "payers_fall", None,
    ),
    "a cap grows with the whole bill": (
        [payer("basic", "rate: 90%"),
         payer("aid", "rate: 100%, cap: {per: bill, amount: 30% of total}", more="covers: own_pay")],
        ("aid", "b1"), "patient_gains", None,
    ),
    "a marked sum that others have paid": (
        [payer("basic", "rate: 95%"), payer("aid", "portion: tcm, rate: 50%")],
        ("aid", "b1"), "patient_gains", None,
    ),
    "a promise of the whole after others": (
        [payer("basic", "bands: [{up_to: 10000, rate: 10%}, {above: 10000, rate: 90%}]"),
         payer("aid", "deductible: 3000, rate: 10%, own_at_least: {share: 40%, of: in_scope}")],
        ("aid", "b1"), "patient_gains", None,
    ),
    "a formula that counts more than is left": (
        [BASIC, payer("aid", "formula: 'min(max(share(total, 60%) - 3000, 0), base)'")],
        ("aid", "b1"), "patient_gains", None,
    ),
    "one rate for the whole amount": (
        [payer("aid", "schedule: slab, bands: [{up_to: 10000, rate: 30%}, {above: 10000, rate: 40%}]")],
        ("aid", "b1"), "patient_gains", 1,
    ),
    "a rate that falls for the whole amount": (
        [payer("aid", "schedule: slab, bands: [{up_to: 10000, rate: 50%}, {above: 10000, rate: 40%}]")],
        ("aid", "b1"), "payers_fall", 1,
    ),
    "a lump sum": (
        [payer("aid", "bands: [{up_to: 20000, lump: 0}, {above: 20000, lump: 8000}]")],
        ("aid", "b1"), "patient_gains", 1,
    ),
    "a quick table whose pieces do not meet": (
        [payer("aid", "bands: [{up_to: 10000, rate: 50%}, {above: 10000, rate: 60%, plus: -900}]")],
        ("aid", "b1"), "patient_gains", 1,
    ),
    "a test on an amount": (
        [payer("aid", "when: {amount: {of: total, above: 20000}}, rate: 70%", "rate: 50%")],
        ("aid", "b1"), "patient_gains", 1,
    ),
    "the best draws on other parts": (
        [payer("aid", "covers: in_scope, rate: 50%", "covers: own_pay, deductible: 1000, rate: 90%",
               more="choose: best"),
         payer("last", "rate: 100%", more="covers: own_pay")],
        ("aid", "b1"), "patient_gains", 1,
    ),
}  # fmt: skip


def report(policy: Policy) -> HarmReport:
    return check_harm(policy)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_policy_is_found_with_its_bill(name: str, tmp_path: Path) -> None:
    payers, cause, kind, step = BAD[name]
    policy = policy_of(tmp_path, *payers)
    found = report(policy)
    assert not found.harmless
    mine = [harm for harm in found.findings if (harm.payer, harm.benefit) == cause]
    assert mine, [(harm.payer, harm.benefit, harm.kind, harm.words.en) for harm in found.findings]
    harm = mine[0]
    assert harm.kind == kind
    (patient, payers_sum), (patient_then, payers_then) = replayed(policy, harm)
    assert harm.amounts.patient == (patient, patient_then)
    assert harm.amounts.payers == (payers_sum, payers_then)
    rounded = len(policy.document.payers)
    fell = patient - patient_then if kind == "patient_gains" else payers_sum - payers_then
    assert fell > rounded, "more than rounding can explain"
    assert harm.amounts.total[1] - harm.amounts.total[0] == harm.step_fen >= 1
    if step is not None:
        assert harm.step_fen == step


def test_the_bill_of_a_slab_stands_at_its_edge(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, *BAD["one rate for the whole amount"][0])
    (harm,) = report(policy).findings
    assert harm.amounts.total == (1_000_000, 1_000_001)
    assert harm.amounts.patient == (700_000, 600_001)
    assert harm.words.zh.endswith(
        "费用 10,000.01 元比 10,000.00 元多 0.01 元，自己反而少付 999.99 元，出在aid。"
    )
    assert harm.path == ("payers", 0, "benefits", 0)


GOOD = {
    "on what is left": [BASIC, payer("aid", "deductible: 5000, rate: 50%")],
    "a marginal table": [payer("aid", "bands: [{up_to: 10000, rate: 30%}, {above: 10000, rate: 40%}]")],
    "a quick table that meets": [
        payer("aid", "bands: [{up_to: 10000, rate: 50%}, {above: 10000, rate: 60%, plus: -1000}]")
    ],
    "an amount for a cap": [BASIC, payer("aid", "rate: 100%, cap: {per: bill, amount: 30000}", more="covers: own_pay")],
    "raised to a share": [BASIC, payer("aid", "rate: 10%, raises_to: {share: 80%, of: in_scope}")],
    "less, but never more than all": [payer("basic", "rate: 50%"), payer("aid", "less: [basic], rate: 90%")],
    "a cap of the part itself": [payer("aid", "rate: 90%, cap: {per: bill, amount: 30% of in_scope}")],
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_a_good_policy_is_told_nothing(name: str, tmp_path: Path) -> None:
    found = report(policy_of(tmp_path, *GOOD[name]))
    assert found.harmless
    assert found.method in ("certificate", "branches")


# --- accepted silences what it declares ------------------------------------------------------------------------


def test_accepted_silences_its_own_benefit_and_shows_the_bill(tmp_path: Path) -> None:
    accepted = "accepted: {reason: 测试, assumed: 测试用}"
    aid = payer("aid", f"whole: true, deductible: 5000, rate: 50%, {accepted}")
    found = report(policy_of(tmp_path, BASIC, aid))
    assert found.findings == ()
    (shown,) = found.accepted
    assert shown.shown is not None
    assert shown.shown.payer == "aid"
    assert shown.reason == "测试"


def test_accepted_does_not_silence_another_benefit(tmp_path: Path) -> None:
    accepted = "accepted: {reason: 测试, assumed: 测试用}"
    lump = payer(
        "lump",
        f"bands: [{{up_to: 20000, lump: 0}}, {{above: 20000, lump: 8000}}], {accepted}",
        more="covers: own_pay",
    )
    bad = payer("aid", "whole: true, deductible: 5000, rate: 50%")
    found = report(policy_of(tmp_path, lump, BASIC, bad))
    assert [(harm.payer, harm.benefit) for harm in found.findings] == [("aid", "b1")]


def test_accepted_of_the_best_among_others_covers_the_turn_to_other_parts(tmp_path: Path) -> None:
    payers, _, _, _ = BAD["the best draws on other parts"]
    declared = payers[0].replace("rate: 90%}", "rate: 90%, accepted: {reason: 测试, assumed: 测试用}}")
    found = report(policy_of(tmp_path, declared, *payers[1:]))
    assert (found.findings, found.accepted[0].shown is not None) == ((), True)


def test_accepted_of_nothing_is_told(tmp_path: Path) -> None:
    found = report(policy_of(tmp_path, payer("aid", "rate: 60%, accepted: {reason: 测试, assumed: 测试用}")))
    assert found.accepted[0].idle
    kept = payer("aid", "rate: 60%, accepted: {reason: 测试, assumed: 测试用}")
    in_jiao = report(
        policy_of(tmp_path, kept, head=PEOPLE + "rounding: {to: jiao, assumed: 测试用}\n", name="jiao")
    )
    assert not in_jiao.accepted[0].idle, "rounding above the fen is accepted there"


# --- hardship -----------------------------------------------------------------------------------------------------


def test_hardship_that_pays_more_is_shown_with_two_persons(tmp_path: Path) -> None:
    aid = payer("aid", "when: {people: poor}, rate: 90%, cap: {amount: 10000}", "rate: 60%")
    policy = policy_of(tmp_path, aid)
    (harm,) = report(policy).findings
    assert (harm.kind, harm.payer, harm.benefit) == ("hardship_worse", "aid", "b1")
    assert harm.before["person"]["categories"] == []
    assert [held["code"] for held in harm.after["person"]["categories"]] == ["subsistence_allowance"]
    assert harm.before["bills"] == harm.after["bills"]
    (before, _), (after, _) = replayed(policy, harm)
    assert after - before > 1


@pytest.mark.parametrize(
    "aid",
    [
        payer(
            "aid", "when: {people: poor}, rate: 90%, cap: {amount: 10000}", "rate: 60%, cap: {amount: 10000}"
        ),
        payer("aid", "rate: {by: people, rows: {poor: 70%, destitute: 90%, other: 50%}}"),
        payer("aid", "deductible: {by: people, rows: {poor: 100, other: 500}}, rate: 50%"),
    ],
)
def test_better_numbers_are_never_worse(aid: str, tmp_path: Path) -> None:
    found = report(policy_of(tmp_path, aid))
    assert (found.findings, found.hardship) == ((), "branches")


def test_a_second_category_may_be_the_worse_one(tmp_path: Path) -> None:
    aid = payer("aid", "when: {people: destitute}, rate: 60%", "when: {people: poor}, rate: 80%")
    (harm,) = report(policy_of(tmp_path, aid)).findings
    assert [held["code"] for held in harm.before["person"]["categories"]] == ["subsistence_allowance"]
    assert len(harm.after["person"]["categories"]) == 2


# --- overflow ---------------------------------------------------------------------------------------------------------


def test_an_instruction_that_may_leave_64_bits_is_named(tmp_path: Path) -> None:
    fine = report(policy_of(tmp_path, payer("aid", "rate: 60%"), name="fine")).overflow
    assert fine is not None
    assert fine.safe
    nested = "share(share(share(share(share(base, 900%), 900%), 900%), 900%), 900%)"
    wide = report(policy_of(tmp_path, payer("aid", f"formula: 'min({nested}, base)'"), name="wide")).overflow
    assert wide is not None
    assert any("share" in instruction for instruction in wide.instructions)
