"""A child policy: what it inherits, what it overrides, from when, and what its parent does not let it cross."""

from pathlib import Path

import pytest

from doudi.policy.citations import Cited, source_at
from doudi.policy.library import Library, Policy
from doudi.policy.problems import PolicyError
from doudi.policy.source import Node

PROVINCE = """
policy: province
title: {zh: 省}
region: "520000"
in_force: {from: 2020-01-01, cite: law}
sources: {law: {title: 省文件}}
figures: {income: {zh: 收入, value: [{from: 2020-01-01, value: 30000}], cite: law}}
people:
  poor: {zh: 低保对象, any: [subsistence_allowance], cite: law}
payers:
  - payer: basic
    name: {zh: 基本医保}
    cite: law
    caps: {all: {per: year, as: all_paid, amount: 100000}}
    cap: all
    benefits:
      - benefit: inpatient
        when: {care: inpatient}
        deductible: {by: level, rows: {township: 100, county: 300}, default: 500, per: year, as: taken}
        rate: {value: 60%, bound: {at_least: 55%}}
        cap: {per: year, as: inpatient_paid, amount: 30000}
        adjust:
          - {number: rate, when: {people: poor}, points: 10%}
      - benefit: outpatient
        bands:
          - {up_to: 1000, rate: 40%}
          - {above: 1000, rate: 50%}
        counts_at_most: 50% of total
  - payer: aid
    name: {zh: 医疗救助}
    cite: law
    benefits:
      - {benefit: share, rate: 50%, covers: in_scope}
"""
CHILD = """
policy: {name}
title: {{zh: 县}}
region: "{region}"
in_force: {{from: 2020-01-01, cite: own}}
extends: {parent}
"""


@pytest.fixture
def county(tmp_path: Path) -> "Write":
    (tmp_path / "province.yaml").write_text(PROVINCE, "utf-8")
    return Write(tmp_path)


class Write:
    """Writes a child below the province and loads it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *overrides: str, more: str = "", region: str = "520203") -> Policy:
        return self.named("county", "province", *overrides, more=more, region=region)

    def named(
        self, name: str, parent: str, *overrides: str, more: str = "", region: str = "520203"
    ) -> Policy:
        text = CHILD.format(name=name, parent=parent, region=region) + more
        if "sources" not in more and name == "county":
            text += "sources: {own: {title: 县文件}}\n"
        if overrides:
            text += "overrides:\n" + "".join(f"  - {{{one}}}\n" for one in overrides)
        (self.folder / f"{name}.yaml").write_text(text, "utf-8")
        return Library([self.folder], shipped=False).load(name)


def plain(policy: Policy, *path: str | int) -> object:
    node = policy.tree.at("payers", 0, "benefits", *path)
    return node.plain() if node is not None else None


def codes(raised: pytest.ExceptionInfo[PolicyError]) -> list[str]:
    return [one.code for one in raised.value.problems]


def test_a_child_without_overrides_is_its_parent(county: Write) -> None:
    child, parent = county(), Library([county.folder], shipped=False).load("province")
    assert child.document.payers == parent.document.payers
    assert (child.document.title.zh, child.document.region) == ("县", "520203")
    assert set(child.document.sources) == {"law", "own"}


def test_replace_keeps_what_belongs_to_the_number(county: Write) -> None:
    child = county("path: basic.inpatient.cap, replace: 20000, cite: own")
    assert plain(child, 0, "cap") == {"per": "year", "as": "inpatient_paid", "value": "20000", "cite": "own"}
    assert plain(child, 1, "counts_at_most") == "50% of total"


def test_replace_a_number_by_a_table(county: Write) -> None:
    child = county(
        "path: basic.inpatient.rate, replace: {by: level, rows: {county: 60%}, default: 55%}, cite: own"
    )
    rate = child.document.payers[0].benefits[0].rate
    assert rate is not None
    assert (rate.value, rate.rows, rate.default) == (None, {"county": 6000}, 5500)


def test_replace_one_row(county: Write) -> None:
    child = county("path: basic.inpatient.deductible.rows.county, replace: 200, cite: own")
    assert plain(child, 0, "deductible", "rows") == {"township": "100", "county": "200"}
    path = ("payers", 0, "benefits", 0, "deductible", "rows")
    assert source_at(child.tree, (*path, "county")) == Cited((("own", None),))
    assert source_at(child.tree, (*path, "township")) == Cited((("law", None),))


@pytest.mark.parametrize(
    ("path", "value", "keys", "expected"),
    [
        ("people.poor.any", "[destitute]", ("people", "poor", "any"), ["destitute"]),
        ("basic.choose_nothing", "x", (), None),
        ("aid.share.covers", "total", ("payers", 1, "benefits", 0, "covers"), "total"),
        ("basic.outpatient.bands.1.above", "2000", ("payers", 0, "benefits", 1, "bands", 1, "above"), "2000"),
        ("basic.caps.all", "90000", ("payers", 0, "caps", "all", "value"), "90000"),
        (
            "basic.outpatient.counts_at_most",
            "40% of total",
            ("payers", 0, "benefits", 1, "counts_at_most"),
            "40% of total",
        ),
        ("figures.income", "[{from: 2020-01-01, value: 2}]", ("figures", "income", "value", 0, "value"), "2"),
    ],
)
def test_replace_anything(
    county: Write, path: str, value: str, keys: tuple[str | int, ...], expected: object
) -> None:
    override = f"path: {path}, replace: {value}, cite: own"
    if expected is None:
        with pytest.raises(PolicyError) as raised:
            county(override)
        assert codes(raised) == ["override_path_unknown"]
        return
    if path.endswith("above"):
        child = county("path: basic.outpatient.bands.0.up_to, replace: 2000, cite: own", override)
    else:
        child = county(override)
    node = child.tree.at(*keys)
    assert node is not None
    assert node.plain() == expected
    assert source_at(child.tree, keys) == Cited((("own", None),))


def test_add_to_a_value_and_to_every_row(county: Write) -> None:
    child = county(
        "path: basic.inpatient.rate, add: 5%, cite: own",
        "path: basic.inpatient.deductible, add: -50, cite: own",
        "path: aid.share.rate, add: -5%, cite: own",
    )
    assert plain(child, 0, "rate", "value") == "65%"
    assert plain(child, 0, "deductible", "rows") == {"township": "50.00", "county": "250.00"}
    assert plain(child, 0, "deductible", "default") == "450.00"
    assert plain(child, 0, "deductible", "per") == "year"
    rate = child.document.payers[1].benefits[0].rate
    assert rate is not None
    assert rate.value == 4500


@pytest.mark.parametrize("addend", ["200", "五", "5% of income"])
def test_add_only_like_to_like(county: Write, addend: str) -> None:
    with pytest.raises(PolicyError) as raised:
        county(f"path: basic.inpatient.rate, add: {addend}, cite: own")
    assert codes(raised) == ["override_add"]


def test_remove(county: Write) -> None:
    child = county(
        "path: basic.inpatient.adjust, remove: true, cite: own", "path: aid, remove: true, cite: own"
    )
    assert child.document.payers[0].benefits[0].adjust == []
    assert [payer.payer for payer in child.document.payers] == ["basic"]


def readings(node: Node | None) -> list[tuple[object, object]]:
    assert node is not None
    return [(item.mapping()["from"].text(), item.mapping()["value"].plain()) for item in node.items()]


def test_amend_keeps_the_old_number_until_the_day(county: Write) -> None:
    child = county("path: basic.inpatient.rate, from: 2021-07-01, replace: 65%, cite: own")
    rate = child.tree.at("payers", 0, "benefits", 0, "rate")
    assert rate is not None
    assert readings(rate.at("value")) == [("2020-01-01", "60%"), ("2021-07-01", "65%")]
    assert rate.at("bound") is not None
    path = ("payers", 0, "benefits", 0, "rate")
    assert source_at(child.tree, (*path, 0, "value")) == Cited((("law", None),))
    assert source_at(child.tree, (*path, 1, "value")) == Cited((("own", None),))


def test_amend_until_a_day_brings_the_old_number_back(county: Write) -> None:
    child = county("path: aid.share.rate, from: 2021-01-01, until: 2022-01-01, replace: 70%, cite: own")
    found = readings(child.tree.at("payers", 1, "benefits", 0, "rate"))
    assert found == [("2020-01-01", "50%"), ("2021-01-01", "70%"), ("2022-01-01", "50%")]


def test_amend_by_adding_and_several_times(county: Write) -> None:
    child = county(
        "path: aid.share.rate, from: 2021-01-01, add: 10%, cite: own",
        "path: aid.share.rate, from: 2022-01-01, replace: 75%, cite: own",
    )
    found = readings(child.tree.at("payers", 1, "benefits", 0, "rate"))
    assert found == [("2020-01-01", "50%"), ("2021-01-01", "60%"), ("2022-01-01", "75%")]


def test_amend_a_cap_keeps_its_period(county: Write) -> None:
    child = county("path: basic.inpatient.cap, from: 2021-01-01, replace: 40000, cite: own")
    (cap,) = child.document.payers[0].benefits[0].cap
    assert not isinstance(cap, str)
    assert (cap.per, cap.as_) == ("year", "inpatient_paid")
    assert [reading.value for reading in cap.readings()] == [3000000, 4000000]


def test_amend_on_the_first_day_replaces(county: Write) -> None:
    child = county("path: aid.share.rate, from: 2020-01-01, replace: 70%, cite: own")
    assert readings(child.tree.at("payers", 1, "benefits", 0, "rate")) == [("2020-01-01", "70%")]


@pytest.mark.parametrize(
    "path", ["basic.inpatient.deductible.rows.county", "people.poor.any", "aid.share.covers"]
)
def test_only_whole_numbers_are_amended(county: Write, path: str) -> None:
    with pytest.raises(PolicyError) as raised:
        county(f"path: {path}, from: 2021-01-01, replace: 200, cite: own")
    assert codes(raised) == ["override_dated"]


def test_two_overrides_of_one_path_and_date_conflict(county: Write) -> None:
    twice = ["path: aid.share.rate, replace: 70%, cite: own", "path: aid.share.rate, add: 1%, cite: own"]
    with pytest.raises(PolicyError) as raised:
        county(*twice)
    assert codes(raised) == ["override_conflict"]
    assert county(twice[0], "path: aid.share.rate, from: 2021-01-01, replace: 80%, cite: own")


@pytest.mark.parametrize(
    ("override", "crossed"),
    [
        ("path: basic.inpatient.rate, replace: 54.99%, cite: own", True),
        ("path: basic.inpatient.rate, replace: 55%, cite: own", False),
        ("path: basic.inpatient.rate, from: 2021-01-01, replace: 50%, cite: own", True),
        ("path: basic.inpatient.rate, replace: {by: level, rows: {county: 70%, city: 50%}}, cite: own", True),
        ("path: basic.inpatient.rate, replace: {value: 50%, bound: {at_least: 40%}}, cite: own", True),
        ("path: basic.inpatient, replace: {benefit: inpatient, rate: 50%}, cite: own", True),
        ("path: basic.inpatient.rate.bound, remove: true, cite: own", False),
        ("path: basic.inpatient, remove: true, cite: own", False),
    ],
)
def test_nobody_crosses_the_bound_of_a_parent(county: Write, override: str, crossed: bool) -> None:
    if crossed:
        with pytest.raises(PolicyError) as raised:
            county(override)
        assert codes(raised) == ["bound_crossed"]
    else:
        county(override)


def test_a_grandchild_is_bound_too(county: Write) -> None:
    county(
        "path: basic.inpatient.rate.bound, remove: true, cite: own",
        "path: aid.share.rate, add: 5%, cite: own",
    )
    with pytest.raises(PolicyError) as raised:
        county.named("town", "county", "path: basic.inpatient.rate, replace: 50%, cite: own", region="520203")
    assert codes(raised) == ["bound_crossed"]
    town = county.named("town", "county", "path: aid.share.rate, add: 5%, cite: own", region="520203")
    rate = town.document.payers[1].benefits[0].rate
    assert rate is not None
    assert rate.value == 6000


@pytest.mark.parametrize(
    ("region", "inside"), [("520203", True), ("520000", True), ("500000", False), ("530203", False)]
)
def test_a_child_lies_inside_its_parent(county: Write, region: str, inside: bool) -> None:
    if inside:
        assert county(region=region).document.region == region
    else:
        with pytest.raises(PolicyError) as raised:
            county(region=region)
        assert codes(raised) == ["region_outside"]


def test_what_a_child_adds_comes_after_what_it_inherits(county: Write) -> None:
    extra = "payers: [{payer: extra, cite: own, benefits: [{benefit: share, rate: 10%}]}]\n"
    assert [payer.payer for payer in county(more=extra).document.payers] == ["basic", "aid", "extra"]
    ordered = county(more=extra + "order: [extra, basic, aid]\n")
    assert ordered.document.order == ["extra", "basic", "aid"]


@pytest.mark.parametrize(
    "more",
    [
        "payers: [{payer: aid, cite: own, benefits: [{benefit: share, rate: 10%}]}]\n",
        "people: {poor: {zh: 低保, any: [destitute], cite: own}}\n",
        "sources: {own: {title: 县文件}, law: {title: 另一份}}\n",
    ],
)
def test_a_name_both_have_is_an_error(county: Write, more: str) -> None:
    with pytest.raises(PolicyError) as raised:
        county(more=more)
    assert codes(raised) == ["section_name_twice"]


def test_a_finding_points_into_the_file_where_the_thing_stands(county: Write) -> None:
    text = PROVINCE.replace("rate: 50%, covers", "rate: 0.5, covers")
    (county.folder / "province.yaml").write_text(text, "utf-8")
    with pytest.raises(PolicyError) as raised:
        county("path: basic.inpatient.rate, replace: 0.6, cite: own")
    places = {(Path(one.where.file).name, one.code) for one in raised.value.problems}
    assert places == {("province.yaml", "rate_without_percent"), ("county.yaml", "rate_without_percent")}


def test_the_hash_is_that_of_the_content(county: Write) -> None:
    first = county("path: aid.share.rate, replace: 70%, cite: own").hash
    again = county("path: aid.share.rate, replace: 70% , cite: own", more="# Nothing of the law.\n").hash
    other = county("path: aid.share.rate, replace: 71%, cite: own").hash
    assert first == again != other


def test_an_override_may_write_a_key_that_the_parent_left_out(county: Write) -> None:
    policy = county("path: aid.share.cap, replace: {per: year, amount: 5000}, cite: own")
    cap = policy.document.payers[1].benefits[0].cap[0]
    assert (cap.value, cap.per) == (500_000, "year")  # type: ignore[union-attr]
    index = ("payers", 1, "benefits", 0, "cap")
    assert source_at(policy.tree, index) == Cited((("own", None),))


def test_an_override_may_add_a_benefit_under_its_own_name(county: Write) -> None:
    more = "{benefit: dental, when: {care: outpatient}, rate: 30%}"
    policy = county(f"path: basic.dental, replace: {more}, cite: own")
    assert [benefit.benefit for benefit in policy.document.payers[0].benefits] == [
        "inpatient",
        "outpatient",
        "dental",
    ]


@pytest.mark.parametrize(
    "override",
    [
        "path: aid.share.capp, replace: 5000, cite: own",  # no key of the form
        "path: basic.dental, replace: {benefit: teeth, rate: 30%}, cite: own",  # another name
        "path: basic.dental, replace: 30%, cite: own",
        "path: aid.share.cap, add: 5000, cite: own",  # nothing to add to
        "path: aid.share.cap, remove: true",
        "path: aid.share.offset, from: 2021-01-01, replace: [basic], cite: own",  # an amendment needs a number
    ],
)
def test_what_cannot_be_created_is_an_unknown_path(county: Write, override: str) -> None:
    with pytest.raises(PolicyError) as caught:
        county(override)
    assert [found.code for found in caught.value.problems] == ["override_path_unknown"]
