"""The verdict on whole policies: the shipped ones are harmless or say where not; what the command prints and writes."""

import json
from functools import cache
from pathlib import Path

import pytest

from doudi.cli.main import main
from doudi.proof.harm import HarmReport, solver
from doudi.proof.harm.check import check_harm
from doudi.proof.harm.findings import harm_problems
from support.harm import payer, policy_of, replayed
from support.policies import SHIPPED_IDS, SMALL_IDS, policy

ACCEPTED = {  # shipped benefit → the harm is shown by a bill
    ("chongqing/five-layers-2017", "relief_fund", "outside_the_list"): True,
    ("chongqing/five-layers-2017", "family_fund", "family_year"): False,  # paid at the end of the year
    ("guizhou/rongjiang/medical-assistance-2017-whole", "assistance", "aid"): True,
    ("guizhou/rongjiang/medical-assistance-2017-whole", "family_planning", "aid"): True,
    ("jilin/baishan/major-disease-2017", "assistance", "special_outpatient"): True,
}
HARMFUL = {  # small policies that try one sentence of the language, and do harm with it
    "adjust-order": {"hardship_worse"},
    "bases": {"patient_gains"},
    "deductible-portion": {"hardship_worse"},
    "first": {"hardship_worse"},
    "formula": {"patient_gains"},
    "guarantee-beyond": {"patient_gains"},
    "portion": {"patient_gains"},
}
BRANCHES = {"amount-cliff", "caps", "case-by-case", "deductible-portion", "fee-lines", "formula", "guarantee-year",
            "lump", "lump-across-bills", "portion", "pro-rata", "quick", "rounding-down-yuan", "rounding-jiao",
            "rounding-up-to-what-is-left", "slab"}  # fmt: skip
TESTED = {"bases", "guarantee-beyond"}


@cache
def report(policy_id: str) -> HarmReport:
    return check_harm(policy(policy_id))


@pytest.mark.parametrize("policy_id", SHIPPED_IDS)
def test_no_shipped_policy_does_undeclared_harm(policy_id: str) -> None:
    found = report(policy_id)
    assert found.harmless, [harm.words.en for harm in found.findings]
    assert found.method in ("certificate", "branches")
    assert found.hardship == "branches"
    assert found.classes > 0
    assert found.vectors > found.classes
    assert harm_problems(policy(policy_id), found) == []
    assert found.overflow is not None
    assert found.overflow.safe


def test_what_the_shipped_law_accepts_is_real() -> None:
    found = {
        (policy_id, one.payer, one.benefit): one
        for policy_id in SHIPPED_IDS
        for one in report(policy_id).accepted
    }
    assert {key: one.shown is not None for key, one in found.items()} == ACCEPTED
    for (policy_id, payer_name, _), one in found.items():
        if one.shown is not None:
            (patient, _), (then, _) = replayed(policy(policy_id), one.shown)
            assert (patient, then) == one.shown.amounts.patient
            assert patient - then > len(policy(policy_id).document.payers)
            assert one.shown.payer == payer_name


@pytest.mark.parametrize("policy_id", SMALL_IDS)
def test_small_policies_are_classified(policy_id: str) -> None:
    found = report(policy_id)
    assert {harm.kind for harm in found.findings} == HARMFUL.get(policy_id, set())
    method = "branches" if policy_id in BRANCHES else "tested" if policy_id in TESTED else "certificate"
    assert found.method == method
    for harm in found.findings:
        amounts = replayed(policy(policy_id), harm)
        assert tuple(patient for patient, _ in amounts) == harm.amounts.patient


def test_the_same_policy_gives_the_same_report() -> None:
    assert check_harm(policy("portion")) == check_harm(policy("portion"))


# --- without the solver -----------------------------------------------------------------------------------------


def test_without_the_solver_a_suspicion_is_undecided_and_never_passes(tmp_path: Path) -> None:
    same = payer("aid", "when: {amount: {of: total, above: 20000}}, rate: 50%", "rate: 50%")
    policy_with_idle_test = policy_of(tmp_path, same)
    assert check_harm(policy_with_idle_test).method == "branches", (
        "the solver proves that the test changes nothing"
    )
    found = check_harm(policy_with_idle_test, use_solver=False)
    assert (found.method, found.findings) == ("undecided", ())
    assert not found.harmless
    assert any("solver" in note.en for note in found.notes)


def test_without_the_solver_slopes_still_prove() -> None:
    found = check_harm(policy("shandong/county-community-2024"), use_solver=False)
    assert found.method == "branches"


def test_without_the_solver_random_bills_still_find_a_cliff(tmp_path: Path) -> None:
    lump = payer("aid", "bands: [{up_to: 20000, lump: 0}, {above: 20000, lump: 8000}]")
    found = check_harm(policy_of(tmp_path, lump), use_solver=False)
    assert [harm.kind for harm in found.findings] == ["patient_gains"]


def test_the_command_does_not_pass_what_stays_undecided(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(solver, "available", lambda: False)
    code = main(["policy", "check", "jilin/baishan/major-disease-2017", "--lang", "en"])
    out = capsys.readouterr().out
    assert code == 1
    assert "undecided" in out
    assert "doudi[proof]" in out


# --- the command --------------------------------------------------------------------------------------------------


def test_the_command_says_how_it_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "check", "shandong/catastrophic-2014", "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "no harm: more cost proved by form, to the fen (14 classes" in out
    assert "hardship never worse: proved class by class" in out
    assert "every number stays within 64 bits" in out


def test_the_command_writes_the_two_bills_and_settle_replays_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = "jilin/baishan/major-disease-2017"
    assert main(["policy", "check", target, "--bills", str(tmp_path), "--json"]) == 0
    (data,) = json.loads(capsys.readouterr().out)["policies"]
    shown = data["harm"]["accepted"][0]["shown"]
    patients = []
    for file in shown["files"]:
        assert json.loads(Path(file).read_text("utf-8")) in (shown["before"], shown["after"])
        assert main(["settle", file, "--json"]) == 0
        patients.append(json.loads(capsys.readouterr().out)["bills"][0]["patient"])
    first, second = (int(patient.replace(".", "")) for patient in patients)
    assert first - second > 100, "the dearer bill costs the patient at least a yuan less"


def test_data_has_every_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "trial.yaml"
    policy_of(tmp_path, payer("aid", "bands: [{up_to: 20000, lump: 0}, {above: 20000, lump: 8000}]"))
    assert main(["policy", "check", str(file), "--json", "--lang", "zh"]) == 1
    (data,) = json.loads(capsys.readouterr().out)["policies"]
    (finding,) = data["harm"]["findings"]
    assert (finding["kind"], finding["step_fen"], finding["payer"]) == ("patient_gains", 1, "aid")
    assert "harm_more_cost" in {problem["code"] for problem in data["problems"]}
    assert not data["harm"]["ok"]
