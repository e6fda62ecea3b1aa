"""The harness that puts mistakes into shipped policies: what it draws are mistakes, and it cries wolf at none."""

import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml

from support.policies import ROOT

sys.path.insert(0, str(ROOT / "scripts"))

from faults import draw, files_of, noticed, own_copy, packages, try_package
from faults_evidence import EVIDENCE, NOT_YET, interval, summary
from faults_sense import sense
from faults_sites import OPERATORS, Fault, faults

pytestmark = pytest.mark.deep

SMALLEST = "shandong/catastrophic-2014"
EIGHT = packages()


def text_of(package: str) -> str:
    return (own_copy() / f"{package}.yaml").read_text("utf-8")


def one_fault(package: str, operator: str, ending: str) -> Fault:
    return next(
        fault
        for fault in faults(text_of(package), "1")
        if fault.operator == operator and ".".join(fault.path).endswith(ending)
    )


def test_eight_packages_are_tried_with_the_templates_they_extend() -> None:
    assert len(EIGHT) == 8
    assert files_of("guizhou/rongjiang/medical-assistance-2017")[1] == "guizhou/ncms-2017"


@pytest.mark.parametrize("package", EIGHT)
def test_a_sound_policy_is_not_reported(package: str) -> None:
    assert noticed(own_copy(), files_of(package), Counter()) == ((), "")


def test_every_mistake_changes_the_tree_and_leaves_it_yaml() -> None:
    for package in EIGHT[:3]:
        text = text_of(package)
        tree = yaml.load(text, Loader=yaml.CBaseLoader)
        for fault in faults(text, "1")[::25]:
            changed = yaml.load(fault.applied(text), Loader=yaml.CBaseLoader)
            same_for_yaml = fault.operator == "key twice"  # of two keys YAML keeps the last
            assert (changed == tree) == same_for_yaml, fault


def test_every_operator_finds_places() -> None:
    found = Counter(fault.operator for package in EIGHT for fault in faults(text_of(package), "1"))
    assert set(found) == set(OPERATORS)


def test_the_draw_is_the_same_for_a_seed_and_no_place_is_drawn_twice() -> None:
    drawn = list(draw(SMALLEST, "7"))
    assert drawn == list(draw(SMALLEST, "7")) != list(draw(SMALLEST, "8"))
    places = [(name, fault.path) for name, fault in drawn]
    assert len(set(places)) == len(places) > 100


def test_words_for_people_are_left_alone() -> None:
    for fault in faults(text_of("guizhou/liuzhi/triple-guarantee-2017"), "1"):
        assert not {"title", "zh", "en", "gaps"} & set(fault.path)


def test_what_changes_nothing_has_the_same_sense_and_what_changes_a_number_has_not(tmp_path: Path) -> None:
    def written(name: str, text: str) -> Path:
        folder = tmp_path / name
        (folder / "vocabulary").mkdir(parents=True)
        for section in ("categories", "funds"):
            (folder / "vocabulary" / f"{section}.yaml").write_bytes(
                (own_copy() / "vocabulary" / f"{section}.yaml").read_bytes()
            )
        path = folder / f"{SMALLEST}.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(text, "utf-8")
        return folder

    text = text_of(SMALLEST)
    meant = sense(written("as_it_is", text), SMALLEST)
    assert meant is not None
    assert sense(written("comment", text + "# another comment\n"), SMALLEST) == meant
    usual = one_fault(SMALLEST, "key dropped", "rounding.mode")
    assert sense(written("usual", usual.applied(text)), SMALLEST) == meant
    for number, operator in enumerate(("amount ×10", "rate off by points", "band dropped", "row dropped")):
        fault = next(fault for fault in faults(text, "1") if fault.operator == operator)
        assert sense(written(f"changed_{number}", fault.applied(text)), SMALLEST) != meant


def test_a_handful_of_mistakes_is_tried_and_the_files_are_as_before() -> None:
    before = text_of(SMALLEST)
    outcome = try_package((SMALLEST, 6, "3"))
    assert text_of(SMALLEST) == before == (ROOT / "policies" / f"{SMALLEST}.yaml").read_text("utf-8")
    assert len(outcome.tried) == 6
    assert len({(one.path, one.operator) for one in outcome.tried}) == 6
    assert sum(one.by() is not None for one in outcome.tried) >= 4
    assert all(one.before != one.after for one in outcome.tried)
    assert summary([outcome]).startswith("caught: ")


def test_a_mistake_in_a_number_is_caught_by_a_case_and_not_without_cases(tmp_path: Path) -> None:
    text, path = text_of(SMALLEST), own_copy() / f"{SMALLEST}.yaml"
    fault = next(fault for fault in faults(text, "1") if fault.operator == "rate off by points")
    try:
        path.write_text(fault.applied(text), "utf-8")
        caught, broke = noticed(own_copy(), [SMALLEST], Counter())
    finally:
        path.write_text(text, "utf-8")
    assert ("case" in caught, broke) == (True, "")


def test_the_interval_is_wilsons() -> None:
    low, high = interval(95, 100)
    assert (int(low * 10), int(high * 10)) == (888, 978)


def test_every_survivor_of_the_evidence_has_its_reason() -> None:
    assert NOT_YET not in EVIDENCE.read_text("utf-8")
