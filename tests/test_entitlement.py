"""The card itself: for every policy and person, in both languages, the same bytes for the same facts, never a refusal."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from doudi.cli.main import main
from doudi.engine.data import Balances, Filing, Holding, Insurance, Person, Span
from doudi.engine.entitlement import Card, Subject, card
from doudi.engine.entitlement.text import card_lines
from doudi.policy.library import Policy
from support.policies import ALL_IDS, policy, written
from support.random_policies import random_policy
from support.random_years import some_years

TRIPLE, CHONGQING = "guizhou/liuzhi/triple-guarantee-2017", "chongqing/five-layers-2017"
DAY = date(2017, 9, 1)
OPEN = Span(None, None)
POOR = Person(
    "p", born=date(1957, 3, 1), insured=(Insurance("rural", None, OPEN),),
    categories=(Holding("subsistence_allowance", Span(date(2016, 1, 1), None)),),
)  # fmt: skip
HELPED = """people:
  helped: {zh: 救助对象, en: helped, any: [destitute, subsistence_allowance], assumed: 测试用}
  left:
    zh: 脱贫人口
    any: [registered_poor]
    keeps: {after_exit_until: 2018-01-01, assumed: 测试用}
    assumed: 测试用
"""


def on(tried: Policy | str, person: Person = POOR, day: date = DAY, **other: object) -> Card:
    found = policy(tried) if isinstance(tried, str) else tried
    return card(found, Subject(person), day, **other)  # type: ignore[arg-type]


def spoken(told: Card) -> list[str]:
    return [text for language in ("zh", "en") for text, _ in card_lines(told, language)]  # type: ignore[arg-type]


@pytest.mark.parametrize("policy_id", ALL_IDS)
def test_every_policy_has_a_card_for_everybody(policy_id: str) -> None:
    found = policy(policy_id)
    nobody = Person("nobody")
    people = [
        nobody,
        replace(nobody, insured=()),
        POOR,
        replace(POOR, born=None),
        *(f.person for f in some_years(found, 3, 6)),
    ]
    begins = found.document.in_force.from_
    for person in people:
        for day in (begins - timedelta(1), begins, begins + timedelta(400), date(2040, 2, 29)):
            told = on(found, person, day)
            assert told == on(found, person, day)
            assert all(line.strip() or not line for line in spoken(told))
            assert not any("{" in line or "None" in line for line in spoken(told))


@pytest.mark.parametrize("seeds", [range(0, 60, 2), range(1, 60, 2)], ids=str)
def test_random_policies_have_a_card_too(seeds: range) -> None:
    for seed in seeds:
        found = random_policy(seed)
        for facts in some_years(found, seed, 2):
            told = card(
                found, Subject(facts.person, facts.bills[0].filings), facts.bills[0].settled, facts.opening
            )
            assert spoken(told)
            hash(told)


def test_the_same_facts_give_the_same_bytes_whatever_was_asked_before() -> None:
    first = repr(on(TRIPLE))
    for facts in some_years(policy(TRIPLE), 5, 10):
        on(TRIPLE, facts.person)
    assert repr(on(TRIPLE)) == first
    assert repr(on(TRIPLE, replace(POOR, id="another", sex="M", household="h"))) == first


def test_whoever_is_not_insured_reads_why_nothing_is_paid_and_what_would_change_it() -> None:
    told = on(TRIPLE, replace(POOR, insured=()))
    assert told.participation.insured is False
    assert [payer.applies for payer in told.payers] == ["no", "no", "no"]
    assert {why.wants.zh for payer in told.payers for why in payer.because if why.kind == "uninsured"} == {
        "已参保"
    }
    lapsed = on(
        TRIPLE, replace(POOR, insured=(Insurance("rural", None, Span(date(2016, 1, 1), date(2017, 1, 1))),))
    )
    assert lapsed.participation.refused
    assert "没有参保" in lapsed.participation.words.zh
    assert {(payer.applies, payer.benefits, payer.because[0].kind) for payer in lapsed.payers} == {
        ("no", (), "participation")
    }
    assert [(one.counts_for, one.because.zh) for one in lapsed.categories] == [
        ((), "当日不能结算，见参保情况")
    ]
    assert lapsed.options[0].meters == ()
    assert on(
        "jilin/baishan/major-disease-2017", replace(POOR, insured=(Insurance("employee", None, OPEN),))
    ).participation.refused


def test_categories_say_which_count_and_why_the_others_do_not(tmp_path: Path) -> None:
    head = HELPED
    body = """
payers:
  - payer: aid
    assumed: 测试用
    benefits:
      - benefit: help
        rate: 50%
        adjust:
          - {number: rate, when: {people: helped}, points: 10%}
          - {number: rate, when: {people: left}, points: 10%}
"""
    found = written(tmp_path, body, head=head)
    year = Span(date(2017, 1, 1), date(2017, 8, 1))
    held = {
        "destitute": OPEN,
        "subsistence_allowance": OPEN,
        "registered_poor": year,
        "orphan": OPEN,
        "veteran": Span(date(2018, 1, 1), None),
    }
    person = replace(POOR, categories=tuple(Holding(code, span) for code, span in held.items()))
    told = {one.code: one for one in on(found, person).categories}
    assert {code: one.standing for code, one in told.items()} == {
        "destitute": "counts",
        "subsistence_allowance": "counts",
        "registered_poor": "kept",
        "orphan": "not_in_policy",
        "veteran": "not_in_policy",
    }
    assert all(one.counts_for == () for one in told.values())  # each of three gives the same ten points
    assert "就高不就低" in told["destitute"].because.zh
    alone = on(found, replace(person, categories=(Holding("registered_poor", year),))).categories[0]
    assert alone.counts_for == ("aid",)
    assert "2018-01-01 前继续享受" in alone.because.zh
    later = on(
        found, replace(person, categories=(Holding("registered_poor", year),)), date(2018, 1, 1)
    ).categories[0]
    assert (later.standing, later.counts_for) == ("ended", ())
    early = on(
        found, replace(person, categories=(Holding("destitute", Span(date(2018, 1, 1), None)),))
    ).categories[0]
    assert (early.standing, early.because.zh) == ("not_yet", "2018-01-01 起才认定")


def test_where_one_category_alone_counts_each_is_told_by_itself(tmp_path: Path) -> None:
    head = "identity: {several: best_single, assumed: 测试用}\n" + HELPED
    body = """
payers:
  - payer: aid
    assumed: 测试用
    benefits: [{benefit: help, rate: {by: people, rows: {helped: 60%, left: 70%, other: 10%}}}]
"""
    found = written(tmp_path, body, head=head)
    both = replace(POOR, categories=(Holding("registered_poor", OPEN), Holding("destitute", OPEN)))
    told = on(found, both)
    rates = {one.as_category: one.payers[0].benefits[0].lines[1].text.zh for one in told.options}
    assert rates == {"destitute": "60%", "registered_poor": "70%"}
    assert [one.as_category for one in on(found, replace(POOR, categories=())).options] == [None]


def test_a_filing_decides_what_asks_for_it_and_its_lack_is_the_reason() -> None:
    person = replace(POOR, insured=(Insurance("resident", None, OPEN),))
    without = card(policy(CHONGQING), Subject(person), DAY).payers[0].benefits[1]
    assert (without.applies, without.because[0].words.zh) == ("no", "没有特殊病门诊备案")
    filed = Filing("special_outpatient", Span(date(2017, 1, 1), date(2018, 1, 1)))
    told = card(policy(CHONGQING), Subject(person, (filed,)), DAY)
    assert told.payers[0].benefits[1].applies == "depends"
    assert told.filings == (filed,)
    assert card(policy(CHONGQING), Subject(person, (filed,)), date(2018, 1, 1)).filings == ()


def test_what_depends_on_the_bill_is_told_by_its_cases() -> None:
    """Chongqing: a poor person's county hospital in the area has another rate than one outside it."""
    poor = replace(
        POOR, insured=(Insurance("resident", None, OPEN),), categories=(Holding("registered_poor", OPEN),)
    )
    rate = next(line for line in on(CHONGQING, poor).payers[0].benefits[0].lines if line.kind == "rate")
    assert rate.text.zh == "乡镇级 80%；县级，统筹区内 70%；县级，统筹区外省内、省外 60%；市级、省级 40%"
    plain = next(
        line
        for line in on(CHONGQING, replace(poor, categories=())).payers[0].benefits[0].lines
        if line.kind == "rate"
    )
    assert plain.text.zh == "乡镇级 80%；县级 60%；市级、省级 40%"


def test_opening_balances_are_told_apart_from_what_was_used_since() -> None:
    used = Balances(person={"catastrophic_paid": {"2017": 300, "2016": 999}})
    opening = Balances(person={"catastrophic_paid": {"2017": 100}})
    (cap,) = [
        one for one in on(TRIPLE, balances=used, opening=opening).options[0].meters if one.kind == "cap"
    ]
    assert (cap.used, cap.opening, cap.left, cap.period) == (300, 100, 10_000_000 - 300, "2017")


def test_what_a_household_owes_for_the_year_is_told_where_a_year_end_payer_will_look_at_it() -> None:
    insured = replace(POOR, insured=(Insurance("resident", None, OPEN),))
    poor = replace(insured, categories=(Holding("registered_poor", OPEN),))
    day = date(2018, 5, 1)
    used = Balances(household={"family_fund_owed_own_pay": {"2018": 1_500_000, "2017": 99}})
    owed = [one for one in on(CHONGQING, poor, day, balances=used).options[0].meters if one.kind == "owed"]
    assert [(one.used, one.household, one.period) for one in owed] == [(1_500_000, True, "2018")]
    assert "全自费" in owed[0].title.zh
    assert not [
        one for one in on(CHONGQING, insured, day, balances=used).options[0].meters if one.kind == "owed"
    ]


def test_every_mark_on_a_card_has_its_note_and_assumptions_are_marked() -> None:
    told = on(TRIPLE)
    (option,) = told.options
    marks = {
        mark
        for payer in option.payers
        for benefit in payer.benefits
        for line in benefit.lines
        for mark in line.notes
    }
    assert marks
    assert max(marks) < len(option.notes)
    assert any(note.assumed for note in option.notes)
    assert any(note.passage == "报销比例是60%" for note in option.notes)


def test_the_command_settles_what_came_before_and_shows_the_card(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bill = {
        "id": "b1",
        "care": "inpatient",
        "facility": {"level": "county"},
        "discharged": "2017-07-10",
        "in_scope": 26000,
    }
    later = {**bill, "id": "b2", "discharged": "2017-10-01"}
    person = {"id": "p1", "insured": {"scheme": "rural"}, "categories": [{"code": "subsistence_allowance"}]}
    file = tmp_path / "facts.json"
    file.write_text(json.dumps({"person": person, "bills": [bill, later]}), "utf-8")
    assert main(["policy", "card", TRIPLE, str(file), "--on", "2017-09-01", "--lang", "zh"]) == 0
    out = capsys.readouterr().out
    assert "封顶（每年） 2017：1,206.00 / 100,000.00，还剩 98,794.00" in out
    assert main(["policy", "card", TRIPLE, str(file), "--on", "2017-09-01", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["day"] == "2017-09-01"
