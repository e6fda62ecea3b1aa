"""What only the author hears: each kind of advice where it is due, and not where it is not."""

from pathlib import Path

import pytest

from doudi.policy.advice import advice
from support.policies import ALL_IDS, SHIPPED_IDS, policy, written

PEOPLE = "people: {poor: {zh: 低保对象, any: [subsistence_allowance], assumed: 测试用}}\n"
RENAL = "diseases: {renal: {zh: 肾病, icd10: [N18], assumed: 测试用}}\n"


def told(folder: Path, benefits: str, head: str = "", payer: str = "") -> list[tuple[str, str]]:
    """(code, severity) of the advice on a policy with these benefits."""
    listed = "".join(f"      - {one}\n" for one in benefits.splitlines())
    body = f"payers:\n  - payer: aid\n    assumed: 测试用\n{payer}    benefits:\n{listed}"
    found = advice(written(folder, body, head=head))
    return [(one.code, one.severity) for one in found if one.code != "cases_missing"]


def codes(folder: Path, benefits: str, head: str = "", payer: str = "") -> list[str]:
    return [code for code, _ in told(folder, benefits, head, payer)]


@pytest.mark.parametrize("policy_id", SHIPPED_IDS)
def test_shipped_policies_need_no_advice(policy_id: str) -> None:
    assert [one.line("zh") for one in advice(policy(policy_id))] == []


@pytest.mark.parametrize("policy_id", ALL_IDS)
def test_no_policy_jumps_without_saying_so(policy_id: str) -> None:
    assert [one.line("zh") for one in advice(policy(policy_id)) if one.code == "jump_not_accepted"] == []


BANDS = "bands: [{up_to: 10000, rate: 50%}, {above: 10000, rate: 60%"
JUMPS = [
    (f"{BANDS}}}]", 0),
    (f"schedule: slab, {BANDS}}}]", 1),
    ("schedule: slab, bands: [{rate: 50%}]", 0),
    ("bands: [{up_to: 100, lump: 0}, {above: 100, lump: 50}]", 1),
    (f"{BANDS}, plus: -1000}}]", 0),
    (f"{BANDS}, plus: -999.99}}]", 1),
    ("bands: [{rate: 50%, plus: 10}]", 1),
    ("when: {amount: {above: 100}}, rate: 50%", 1),
    (
        "when: {any: [{care: inpatient}, {all: [{not: {amount: {of: in_scope, reaching: 100}}}]}]}, rate: 50%",
        1,
    ),
    ("rate: 50%, adjust: [{number: rate, when: {amount: {above: 100}}, points: 5%}]", 1),
]


@pytest.mark.parametrize(("benefit", "jumps"), JUMPS)
def test_a_jump_must_be_accepted(tmp_path: Path, benefit: str, jumps: int) -> None:
    assert codes(tmp_path, f"{{benefit: share, {benefit}}}") == ["jump_not_accepted"] * jumps
    assert codes(tmp_path, f"{{benefit: share, {benefit}, accepted: {{reason: 文件如此}}}}") == []


def test_a_quick_table_is_compared_row_by_row(tmp_path: Path) -> None:
    def bands(city: str) -> str:
        low, high = (
            "{by: level, rows: {county: 50%, city: 40%}, default: 40%}",
            "{by: level, rows: {county: 60%, city: ",
        )
        rows = f"{high}{city}}}, default: 50%}}"
        return f"{{benefit: share, bands: [{{rate: {low}}}, {{above: 10000, rate: {rows}, plus: -1000}}]}}"

    assert codes(tmp_path, bands("50%")) == []
    assert codes(tmp_path, bands("51%")) == ["jump_not_accepted"]


@pytest.mark.parametrize(("payer", "jumps"), [("    when: {amount: {above: 100}}\n", 1), ("", 0)])
def test_an_amount_in_the_condition_of_the_payer_jumps_too(tmp_path: Path, payer: str, jumps: int) -> None:
    assert codes(tmp_path, "{benefit: share, rate: 50%}", payer=payer) == ["jump_not_accepted"] * jumps


@pytest.mark.parametrize(("unit", "jumps"), [("fen", 0), ("jiao", 1), ("yuan", 1)])
def test_a_coarse_rounding_unit_jumps(tmp_path: Path, unit: str, jumps: int) -> None:
    found = codes(tmp_path, "{benefit: share, rate: 50%}", head=f"rounding: {{to: {unit}}}\n")
    assert found == ["jump_not_accepted"] * jumps


@pytest.mark.parametrize(
    ("benefits", "payer", "unreachable"),
    [
        ("{benefit: all, rate: 50%}\n{benefit: poor, when: {people: poor}, rate: 60%}", "", 1),
        ("{benefit: poor, when: {people: poor}, rate: 60%}\n{benefit: all, rate: 50%}", "", 0),
        (
            "{benefit: old, until: 2018-01-01, rate: 50%}\n{benefit: new, when: {people: poor}, rate: 60%}",
            "",
            0,
        ),
        (
            "{benefit: all, rate: 50%}\n{benefit: poor, when: {people: poor}, rate: 60%}",
            "    choose: best\n",
            0,
        ),
    ],
)
def test_a_benefit_nobody_reaches(tmp_path: Path, benefits: str, payer: str, unreachable: int) -> None:
    assert codes(tmp_path, benefits, PEOPLE, payer) == ["benefit_unreachable"] * unreachable


def test_unknown_categories_and_sources(tmp_path: Path) -> None:
    head = "people: {poor: {zh: 低保, any: [subsistence_allowanc], none: [nobody], cite: paper}}\n"
    found = told(tmp_path, "{benefit: share, when: {people: poor}, rate: 50%}", head)
    assert found == [
        ("category_unknown", "error"),
        ("category_unknown", "error"),
        ("source_unknown", "error"),
    ]
    own = "categories: {nobody: {zh: 无, assumed: 测试用}}\n"
    assert len(told(tmp_path, "{benefit: share, when: {people: poor}, rate: 50%}", head + own)) == 2


GROUPS = (
    PEOPLE
    + RENAL
    + """
procedures: {transplant: {zh: 移植, icd9cm3: ["55.6"], assumed: 测试用}}
programmes: {nine: {zh: 大病救治, assumed: 测试用}}
figures: {income: {zh: 收入, value: 30000, assumed: 测试用}}
sources: {paper: {title: 文件}}
"""
)
USES = [
    "when: {people: poor}, rate: 50%",
    "when: {any: [{not: {disease: renal}}]}, rate: 50%",
    "when: {procedure: transplant}, rate: 50%",
    "when: {routed: nine}, rate: 50%",
    "rate: 50%, deductible: 1% of income",
    "rate: {value: 50%, cite: paper}",
    "rate: {by: people, rows: {poor: 50%, other: 40%}}",
    "rate: {by: [level, disease], rows: {county: {renal: 50%, other: 40%}}, default: 10%}",
]


@pytest.mark.parametrize("use", USES)
def test_what_is_used_is_not_called_unused(tmp_path: Path, use: str) -> None:
    assert told(tmp_path, f"{{benefit: share, {use}}}", GROUPS) == [("group_unused", "warning")] * 5


def test_the_groups_of_a_template_are_for_its_children(tmp_path: Path) -> None:
    assert told(tmp_path, "{benefit: share, rate: 50%}", GROUPS + "abstract: true\n") == []


@pytest.mark.parametrize(
    ("programme", "extra", "told_count"),
    [
        ("count: 2, diseases: [renal]", "", 1),
        ("count: 1, diseases: [renal]", "", 0),
        ("count: 2, diseases: [renal]", "gaps: [{gap: nine_list, kind: silent, zh: 名单未见}]\n", 0),
        (
            "diseases: [{from: 2017-01-01, names: [renal], count: 1}, {from: 2018-01-01, names: [renal], count: 9}]",
            "",
            1,
        ),
    ],
)
def test_lists_are_as_long_as_the_document_says(
    tmp_path: Path, programme: str, extra: str, told_count: int
) -> None:
    head = f"{RENAL}programmes: {{nine: {{zh: 救治, {programme}, assumed: 测试用}}}}\n{extra}"
    found = codes(tmp_path, "{benefit: share, when: {programme: nine}, rate: 50%}", head)
    assert found == ["list_count"] * told_count


COUNTY = "rate: {by: level, rows: {county: 70%, city: 60%, province: 50%}}"
TABLES = [
    (COUNTY, "village, township"),
    (f"when: {{care: inpatient}}, {COUNTY}", "township"),
    (f"when: {{level: [county, city]}}, {COUNTY}", ""),
    (f"when: {{not: {{level: [village, township]}}}}, {COUNTY}", ""),
    (f"when: {{any: [{{level: county}}, {{level: township}}]}}, {COUNTY}", "township"),
    (COUNTY.replace("}}", "}, default: 0%}"), ""),
    ("rate: {by: place, rows: {pooling_area: 50%}}", "province, elsewhere"),
    ("when: {in_province: true}, rate: {by: place, rows: {pooling_area: 50%}}", "province"),
    ("rate: 50%, deductible: {by: admission, rows: {'1': 300, '2': 150}}", ""),
    ("rate: 50%, deductible: {by: admission, rows: {'2': 150}}", "1"),
    ("rate: {by: people, rows: {poor: 60%}}", "other"),
    ("when: {people: poor}, rate: {by: people, rows: {poor: 60%}}", ""),
    ("rate: {by: [care, people], rows: {inpatient: {poor: 60%, other: 50%}}}, when: {care: inpatient}", ""),
    ("rate: {by: [care, people], rows: {inpatient: {poor: 60%}}}, when: {care: inpatient}", "other"),
    ("when: {programme: nine, routed: nine}, rate: {by: [disease, level], rows: {renal: {county: 60%}}}", ""),
    (f"when: {{routed: split}}, {COUNTY}", "township"),
    (f"when: {{routed: split, disease: renal}}, {COUNTY}", ""),
    (f"when: {{routed: split, disease: stomach}}, {COUNTY}", "township"),
    ("rate: {by: tier, rows: {high: 60%}}", ""),
]
PROGRAMMES = """
diseases:
  renal: {zh: 肾病, icd10: [N18], assumed: 测试用}
  stomach: {zh: 胃癌, icd10: [C16], assumed: 测试用}
programmes:
  nine: {zh: 救治, diseases: [renal], routing: [{levels: [county]}], assumed: 测试用}
  split: {zh: 救治, routing: [{diseases: [renal], levels: [county]}, {levels: [township]}], assumed: 测试用}
"""


@pytest.mark.parametrize(("benefit", "missing"), TABLES)
def test_a_table_has_a_row_for_every_bill_its_conditions_let_through(
    tmp_path: Path, benefit: str, missing: str
) -> None:
    body = f"payers: [{{payer: aid, assumed: 测试用, benefits: [{{benefit: share, {benefit}}}]}}]\n"
    all_found = advice(written(tmp_path, body, head=PEOPLE + PROGRAMMES))
    found = [one for one in all_found if one.code == "table_row_missing"]
    assert [one.severity for one in found] == (["warning"] if missing else [])
    assert all(f"表里没有 {missing}：" in one.what.zh for one in found)


def test_amounts_decided_elsewhere_need_no_rows(tmp_path: Path) -> None:
    elsewhere = "    decided: elsewhere\n"
    assert codes(tmp_path, f"{{benefit: share, {COUNTY}}}", payer=elsewhere) == []


def test_worked_cases_are_asked_for(tmp_path: Path) -> None:
    body = "payers: [{payer: aid, assumed: 测试用, benefits: [{benefit: share, rate: 50%}]}]\n"
    assert [one.code for one in advice(written(tmp_path, body))] == ["cases_missing"]
    assert advice(written(tmp_path, body, cases="policy: trial\ncases: []\n")) == []
    assert advice(written(tmp_path, body, head="abstract: true\n")) == []
