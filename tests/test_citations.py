"""Every number, date and list has a source or a reason; what is assumed is listed."""

from pathlib import Path

import pytest

from doudi.policy.citations import Cited, assumptions, named_path, source_at, uncited
from doudi.policy.library import Library, Policy
from support.policies import ALL_IDS, SHIPPED_IDS, policy

HEAD = """
policy: county
title: {zh: 县}
region: "520203"
in_force: {from: 2020-01-01, cite: law}
sources: {law: {title: 文件}, plan: {title: 方案}}
"""
LAW = """
people:
  poor: {zh: 低保对象, any: [subsistence_allowance], cite: law, assumed: 文件只写“困难群众”}
payers:
  - payer: aid
    cite: {law: 按60%救助}
    benefits:
      - benefit: share
        when: {age: {at_least: 60}}
        deductible: {per: year, amount: [{from: 2020-01-01, value: 100, cite: plan}, {from: 2021-01-01, value: 200}]}
        rate: {by: level, rows: {county: 60%}, default: 50%, assumed: 文件未写}
        cap: [{per: year, amount: 1000, cite: [law, {plan: 一千元}]}]
        adjust:
          - {number: rate, when: {people: poor}, points: 5%, cite: plan}
"""


def load(folder: Path, text: str, name: str = "county") -> Policy:
    (folder / f"{name}.yaml").write_text(text, "utf-8")
    return Library([folder], shipped=False).load(name)


BENEFIT = ("payers", 0, "benefits", 0)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (("in_force",), Cited((("law", None),))),
        (("people", "poor", "any", 0), Cited((("law", None),), "文件只写“困难群众”")),
        (("payers", 0), Cited((("law", "按60%救助"),))),
        ((*BENEFIT, "deductible", 0, "value"), Cited((("plan", None),))),
        ((*BENEFIT, "deductible", "dated", 0, "value"), Cited((("plan", None),))),
        ((*BENEFIT, "deductible", 1, "value"), Cited((("law", "按60%救助"),))),
        ((*BENEFIT, "rate", "rows", "county"), Cited((), "文件未写")),
        ((*BENEFIT, "rate", "default"), Cited((), "文件未写")),
        ((*BENEFIT, "cap", 0, "value"), Cited((("law", None), ("plan", "一千元")))),
        ((*BENEFIT, "adjust", 0, "points", "value"), Cited((("plan", None),))),
        (("title", "zh"), Cited()),
        (("nothing", "of", 7), Cited()),
    ],
)
def test_the_nearest_source_counts(tmp_path: Path, path: tuple[str | int, ...], found: Cited) -> None:
    tree = load(tmp_path, HEAD + LAW).tree
    assert source_at(tree, path) == found
    assert source_at(tree, path) == found, "as remembered"


def test_trees_are_not_confused(tmp_path: Path) -> None:
    trees = [load(tmp_path, (HEAD + LAW).replace("按60%救助", f"第{n}条")).tree for n in range(20)]
    found = [source_at(tree, ("payers", 0)).cites[0][1] for tree in trees]
    assert found == [f"第{n}条" for n in range(20)]


def test_everything_cited_is_told_nothing(tmp_path: Path) -> None:
    assert uncited(load(tmp_path, HEAD + LAW)) == []


BARE = """
figures: {income: {zh: 收入, value: 30000}}
people: {poor: {zh: 低保对象, any: [subsistence_allowance], keeps: {after_exit_until: 2025-01-01}}}
diseases: {renal: {zh: 肾病, icd10: [N18], age: {below: 18}}}
procedures: {transplant: {zh: 移植, icd9cm3: ["55.6"]}}
programmes:
  nine: {zh: 大病救治, count: 1, diseases: [{from: 2020-01-01, names: [renal]}], routing: [{levels: [county]}]}
bill: [{rule: away, move: 10%, of: in_scope, to: first_pay}]
payers:
  - payer: aid
    from: 2020-01-01
    clearing: {float: 1000}
    caps: {year: {per: year, amount: 5000}}
    benefits:
      - benefit: share
        when: {age: {at_least: 60}, admission: {at_least: 2}}
        counts_at_most: 50% of total
        deductible: {amount: 100, at_most: {per: year, amount: 300}}
        bands: [{rate: 50%}, {above: 1000, rate: 60%}]
        adjust: [{number: rate, when: {people: poor}, points: 5%}]
        raises_to: {share: 90%, of: in_scope}
enrolment: {premium: 280, subsidies: [{subsidy: poor, people: poor, share: 50%}]}
grants: [{grant: death, name: 抚慰金, event: death, amount: 10000}]
claims: {where: 县经办机构, within_working_days: 10}
targets: [{target: own, name: 自付, numerator: patient, denominator: total, goal: {at_most: 10%}}]
"""
UNCITED = {
    "figures.income.value", "people.poor.any", "people.poor.keeps.after_exit_until", "diseases.renal.icd10",
    "diseases.renal.age.below", "procedures.transplant.icd9cm3", "programmes.nine.count",
    "programmes.nine.diseases.2020-01-01.names", "programmes.nine.diseases.2020-01-01.from",
    "programmes.nine.routing.0.levels", "bill.away.move", "aid.from", "aid.clearing.float", "aid.caps.year",
    "aid.share.when.age.at_least", "aid.share.when.admission.at_least", "aid.share.counts_at_most",
    "aid.share.deductible", "aid.share.deductible.at_most", "aid.share.bands.0.rate", "aid.share.bands.1.rate",
    "aid.share.bands.1.above", "aid.share.adjust.0.points", "aid.share.raises_to.share", "enrolment.premium",
    "enrolment.subsidies.poor.share", "grants.death.amount", "claims.where", "claims.within_working_days",
    "targets.own.goal.at_most",
}  # fmt: skip


def test_every_number_date_and_list_needs_a_source(tmp_path: Path) -> None:
    found = uncited(load(tmp_path, HEAD + BARE))
    assert {one.path for one in found} == UNCITED
    assert len(found) == len(UNCITED)


CHILD = """
policy: child
title: {zh: 下级}
region: "520203"
in_force: {from: 2020-01-01, cite: own}
extends: county
sources: {own: {title: 县文件}}
overrides:
"""


def test_an_override_needs_its_own_source(tmp_path: Path) -> None:
    load(tmp_path, HEAD + LAW)
    overrides = [
        "{path: aid.share.cap, remove: true}",
        "{path: aid.share.rate, replace: 70%, cite: own}",
        "{path: aid.share.adjust, replace: [{number: rate, points: 5%, cite: own}]}",
        "{path: people.poor.any, replace: [destitute]}",
    ]
    child = load(tmp_path, CHILD + "".join(f"  - {one}\n" for one in overrides), "child")
    assert [(one.path, one.where.line) for one in uncited(child)] == [
        ("aid.share.cap", 9),
        ("people.poor.any", 12),
    ]
    assert source_at(child.tree, (*BENEFIT, "rate", "value")) == Cited((("own", None),))


def test_assumptions_are_listed_once_with_their_reason(tmp_path: Path) -> None:
    load(tmp_path, HEAD + LAW)
    amend = (
        "  - {path: aid.share.rate, from: 2021-01-01, until: 2022-01-01, replace: 70%, assumed: 口头通知}\n"
    )
    found = assumptions(load(tmp_path, CHILD + amend, "child"))
    assert [(Path(one.where.file).name, one.path, one.severity) for one in found] == [
        ("child.yaml", "aid.share.rate.2021-01-01", "note"),
        ("county.yaml", "people.poor", "note"),
        ("county.yaml", "aid.share.rate.2020-01-01", "note"),
    ]
    assert "口头通知" in found[0].what.zh


def test_paths_are_told_as_an_override_writes_them(tmp_path: Path) -> None:
    tree = load(tmp_path, HEAD + LAW).tree
    assert named_path(tree, (*BENEFIT, "rate", "rows", "county")) == "aid.share.rate.rows.county"
    assert named_path(tree, (*BENEFIT, "deductible", "dated", 1)) == "aid.share.deductible.2021-01-01"
    assert named_path(tree, ("people", "poor", "any")) == "people.poor.any"


@pytest.mark.parametrize("policy_id", ALL_IDS)
def test_every_policy_cites_or_assumes_everything(policy_id: str) -> None:
    assert [one.line("zh") for one in uncited(policy(policy_id))] == []


@pytest.mark.parametrize("policy_id", SHIPPED_IDS)
def test_shipped_policies_say_what_they_assume(policy_id: str) -> None:
    found = assumptions(policy(policy_id))
    assert found
    assert len({one.where for one in found}) == len(found)
