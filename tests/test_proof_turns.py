"""Each member of a list, each side of a test, each number: some worked case must come out otherwise without it."""

from pathlib import Path

import pytest

from doudi.proof.cases import run_cases
from doudi.proof.coverage import coverage, coverage_problems
from doudi.proof.coverage_groups import codes, stepped
from doudi.proof.coverage_rerun import unnoticed, variants
from doudi.proof.coverage_variants import replaced, shown
from doudi.proof.outcome import Asked
from support.policies import SHIPPED_IDS, one_benefit, policy, written
from support.random_policies import random_policy
from support.random_years import some_years

PAYER = """payers:
  - payer: aid
    assumed: 测试用
    benefits:
      - {benefit: share, when: {WHEN}, rate: 50%}
"""
DAY = "discharged: 2017-09-10, in_scope: 100"


def case(name: str, *bills: str, person: str = "sex: F", expect: str = "", events: str = "") -> str:
    listed = "".join(f"      - {{id: b{n}, {bill}}}\n" for n, bill in enumerate(bills, 1))
    return (
        f"  - case: {name}\n    person: {{id: p1, {person}}}\n"
        + (f"    bills:\n{listed}" if bills else "")
        + (f"    events: {events}\n" if events else "")
        + (f"    expect: {expect}\n" if expect else "")
    )


def turns(folder: Path, body: str, *cases: str, more: str = "") -> dict[str, list[str]]:
    """List → what in it no case turns on."""
    trial = written(folder, body, cases="policy: trial\ncases:\n" + "".join(cases) + more)
    results, tree = run_cases(trial)
    assert tree is not None
    found = coverage(trial, results, tree)
    return {path: [one.name.en for one in listed] for path, listed in found.indifferent().items()}


def body(groups: str, when: str, more: str = "") -> str:
    return groups + PAYER.replace("WHEN", when) + more


PEOPLE = "people: {poor: {zh: 贫困, any: [destitute, orphan, aids], assumed: 测试用}}\n"


def held(*codes_held: str) -> str:
    return "categories: [" + ", ".join(f"{{code: {code}}}" for code in codes_held) + "]"


def test_a_category_that_no_case_holds_alone_is_told(tmp_path: Path) -> None:
    both = case("both", f"care: inpatient, {DAY}", person=held("destitute", "orphan"))
    none = case("none", f"care: inpatient, {DAY}")
    found = turns(tmp_path, body(PEOPLE, "people: poor"), both, none)
    assert found["people.poor.any"] == ["destitute", "orphan", "aids"], "either suffices: neither decides"
    alone = [
        case(one, f"care: inpatient, {DAY}", person=held(one)) for one in ("destitute", "orphan", "aids")
    ]
    assert turns(tmp_path, body(PEOPLE, "people: poor"), *alone, none) == {}
    assert turns(tmp_path, body(PEOPLE, "people: poor"), *alone[:2], none) == {"people.poor.any": ["aids"]}


@pytest.mark.parametrize(("key", "found"), [("all", ["orphan"]), ("none", [])])
def test_all_and_none_have_two_sides(key: str, found: list[str], tmp_path: Path) -> None:
    group = f"people: {{poor: {{zh: 贫困, any: [destitute], {key}: [orphan], assumed: 测试用}}}}\n"
    one = case("one", f"care: inpatient, {DAY}", person=held("destitute"))
    two = case("two", f"care: inpatient, {DAY}", person=held("destitute", "orphan"))
    nobody = case("nobody", f"care: inpatient, {DAY}", person=held("aids"))
    assert turns(tmp_path, body(group, "people: poor"), one, two, nobody).get(f"people.poor.{key}", []) == []
    if key == "all":
        assert turns(tmp_path, body(group, "people: poor"), one, nobody)[f"people.poor.{key}"] == found


def test_a_range_of_codes_is_met_at_both_ends_and_beyond_both(tmp_path: Path) -> None:
    group = "diseases: {tb: {zh: 结核, icd10: [A15-A19, N18.0], assumed: 测试用}}\n"

    def ill(*diagnoses: str) -> str:
        return case("ill", *(f"care: inpatient, diagnoses: [{one}], {DAY}" for one in diagnoses))

    trial = body(group, "disease: tb")
    assert turns(tmp_path, trial, ill("A15.0", "A19", "A14", "A20", "N18.0", "I10, A15")) == {}
    found = turns(tmp_path, trial, ill("A16", "I10"))
    assert found["diseases.tb.icd10"] == ["A15", "A19", "A14", "A20", "N18.0"]
    assert found["diseases.tb.anywhere"] == ["(secondary diagnosis)"]


def test_an_age_is_met_on_the_last_day_and_on_the_birthday(tmp_path: Path) -> None:
    group = "diseases: {child: {zh: 儿童, icd10: [C91], age: {below: 15}, assumed: 测试用}}\n"
    bill = "care: inpatient, diagnoses: [C91], admitted: 2017-09-10, " + DAY
    secondary = "care: inpatient, diagnoses: [I10, C91], admitted: 2017-09-10, " + DAY
    young = case("young", bill, secondary, person="born: 2002-09-11")
    grown = case("grown", bill, person="born: 2002-09-10")
    older = case("older", bill, person="born: 1960-01-01")
    assert turns(tmp_path, body(group, "disease: child"), young, grown) == {}
    assert turns(tmp_path, body(group, "disease: child"), young, older) == {
        "diseases.child.age.below": ["15"]
    }


def test_each_alternative_and_the_other_side_of_a_test(tmp_path: Path) -> None:
    trial = body("", "care: [inpatient, special_outpatient], referred: true")
    yes, no = f"care: inpatient, referred: true, {DAY}", f"care: inpatient, {DAY}"
    assert turns(tmp_path, trial, case("one", yes)) == {"aid.share.when": ["care special_outpatient"]}
    other = f"care: special_outpatient, referred: true, {DAY}"
    outside = f"care: outpatient, referred: true, {DAY}"
    assert turns(tmp_path, trial, case("all", yes, no, other, outside)) == {}
    assert turns(tmp_path, trial, case("all", yes, other, outside)) == {"aid.share.when": ["not referred"]}


def test_a_number_that_is_read_and_does_not_decide_is_told(tmp_path: Path) -> None:
    trial = one_benefit("rate: 50%, cap: {per: bill, amount: 10}")
    large = case("large", f"care: inpatient, {DAY}")
    small = case("small", "care: inpatient, discharged: 2017-09-10, in_scope: 10")
    assert turns(tmp_path, trial, large)["aid.share.rate.value"] == ["(the number)"]
    assert turns(tmp_path, trial, large, small) == {}


def test_payers_of_the_same_parts_stand_in_an_order_that_some_case_sees(tmp_path: Path) -> None:
    trial = """payers:
  - {payer: one, assumed: 测试用, benefits: [{benefit: share, rate: 50%}]}
  - {payer: two, assumed: 测试用, when: {referred: true}, benefits: [{benefit: share, rate: 30%}]}
  - {payer: three, assumed: 测试用, covers: own_pay, benefits: [{benefit: share, rate: 30%}]}
"""
    alone = f"care: inpatient, own_pay: 10, {DAY}"
    both = f"care: inpatient, referred: true, {DAY}"
    assert turns(tmp_path, trial, case("alone", alone))["payers"] == ["one before two"]
    assert turns(tmp_path, trial, case("alone", alone, both)) == {}


def test_a_list_of_a_programme_is_met_member_by_member_and_day_by_day(tmp_path: Path) -> None:
    groups = """diseases:
  a: {zh: 甲, icd10: A15, assumed: 测试用}
  b: {zh: 乙, icd10: B20, assumed: 测试用}
programmes:
  p: {zh: 专项, roster: true, diseases: [{from: 2017-06-01, until: 2018-01-01, names: [a, b]}], assumed: 测试用}
"""
    bill = "care: inpatient, roster: [p], diagnoses: [{}], admitted: {}, discharged: {}, in_scope: 100"
    days = [bill.format("A15", day, day) for day in ("2017-05-31", "2017-06-01", "2017-12-31", "2018-01-01")]
    others = [
        bill.format("B20", "2017-07-01", "2017-07-01"),
        bill.format("I10, A15, B20", "2017-07-01", "2017-07-01"),
    ]
    absent = bill.replace("roster: [p], ", "").format("A15", "2017-07-01", "2017-07-01")
    trial = body(groups, "programme: p")
    assert turns(tmp_path, trial, case("all", *days, *others, absent)) == {}
    found = turns(tmp_path, trial, case("few", days[1], absent))
    assert found["programmes.p.diseases.1.names"] == ["b"]
    assert found["programmes.p.diseases.1.until"] == ["2017-12-31", "2018-01-01"]
    assert "programmes.p.roster" not in found


def test_a_reason_may_speak_of_some_members_only(tmp_path: Path) -> None:
    one = case("one", f"care: inpatient, {DAY}", person=held("destitute"))
    none = case("none", f"care: inpatient, {DAY}")
    excuse = "uncovered:\n  - {path: people.poor.any, members: [orphan], reason: 本县没有孤儿}\n"
    assert turns(tmp_path, body(PEOPLE, "people: poor"), one, none, more=excuse) == {
        "people.poor.any": ["aids"]
    }
    all_of_it = excuse.replace("members: [orphan], ", "")
    assert turns(tmp_path, body(PEOPLE, "people: poor"), one, none, more=all_of_it) == {}


@pytest.mark.parametrize(("members", "met"), [("destitute", 3), ("aids, destitute", 2), ("nobody", 3)])
def test_a_reason_that_is_not_needed_is_told(members: str, met: int, tmp_path: Path) -> None:
    excuse = f"uncovered:\n  - {{path: people.poor.any, members: [{members}], reason: 没有}}\n"
    cases = [
        case(one, f"care: inpatient, {DAY}", person=held(one))
        for one in ("destitute", "orphan", "aids")[:met]
    ]
    text = "policy: trial\ncases:\n" + "".join([*cases, case("none", f"care: inpatient, {DAY}")]) + excuse
    trial = written(tmp_path, body(PEOPLE, "people: poor"), cases=text)
    results, tree = run_cases(trial)
    assert tree is not None
    found = coverage_problems(coverage(trial, results, tree), tree)
    assert [one.code for one in found] == ["case_covered_after_all"]


def test_what_no_case_reaches_is_told_once(tmp_path: Path) -> None:
    found = turns(tmp_path, body("", "care: inpatient"), case("one", f"care: inpatient, {DAY}"))
    assert found == {}, "not applied is told as uncovered already"


# --- the variants themselves ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "step", "moved"),
    [
        ("C19", 1, "C20"),
        ("C20", -1, "C19"),
        ("F00", -1, None),
        ("F99", 1, None),
        ("N18.9", 1, None),
        ("D6A", 1, None),
    ],
)
def test_a_code_moves_by_its_last_digits(code: str, step: int, moved: str | None) -> None:
    assert stepped(code, step) == moved


def test_variants_of_codes_leave_the_others_as_they_are() -> None:
    assert [value for _, value in codes(["A15-A16", "N18"])] == [
        ["A16-A16", "N18"], ["A15-A15", "N18"], ["A14-A16", "N18"], ["A15-A17", "N18"], ["A15-A16", "~"],
    ]  # fmt: skip


@pytest.mark.parametrize("policy_id", SHIPPED_IDS)
def test_each_variant_of_a_shipped_policy_is_another_policy_with_a_place(policy_id: str) -> None:
    document = policy(policy_id).document
    listed = variants(document)
    assert len({(one.path, one.name.en) for one in listed}) == len(listed)
    for one in listed:
        assert replaced(document, one.at, one.value) != document, one.path
        assert one.path == shown(document, one.at)


def test_without_cases_nothing_is_noticed() -> None:
    trial = policy(SHIPPED_IDS[0])
    assert len(unnoticed(trial, [])) == len(variants(trial.document)) > 50


@pytest.mark.parametrize("seed", range(8))
def test_any_policy_can_be_varied_and_one_more_case_never_notices_less(seed: int) -> None:
    trial = random_policy(seed)
    years = [Asked(facts, (2018,), (2018,), True) for facts in some_years(trial, seed, 3)]
    every = {(one.path, one.name.en) for one in variants(trial.document)}
    few, more = (
        {(one.path, one.name.en) for one in unnoticed(trial, years[:count])} for count in (1, len(years))
    )
    assert more <= few <= every
