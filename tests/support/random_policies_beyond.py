"""The head of a random policy with its switches, and what it says beyond the bill."""

from __future__ import annotations

from typing import Any, get_args

from doudi.policy.beyond import Measure
from doudi.policy.payers import DateOfBill
from support.random_policies_groups import condition, of_person
from support.random_policies_numbers import SCHEMES, Draw, Tree, amount, dated, number, rate, yuan
from support.random_policies_payers import year

DATES = get_args(DateOfBill)


def head(d: Draw) -> Tree:
    """Id, dates, sources, figures, and the switches of the whole policy."""
    force: Tree = d.sourced({"from": d.start.isoformat()})
    if d.chance(30):
        force["until"] = d.day(700, 1300)
    tree: Tree = {"title": d.choice(({"zh": "随机"}, {"zh": "随机", "en": "random"})), "region": "520203",
                  "in_force": force}  # fmt: skip
    if d.chance(10):
        tree["note"] = "随机"
    if d.chance(5):
        tree["variant"] = d.choice(("true", "false"))
    tree |= _switches(d)
    tree["sources"] = {"law": _source(d), **({"news": _source(d)} if d.chance(20) else {})}
    d.sources = list(tree["sources"])
    if d.chance(25):
        gap = {"gap": "silence", "kind": d.choice(("silent", "open", "conflict")), "zh": "测试"}
        tree["gaps"] = [d.sourced(gap | ({"en": "test"} if d.chance(50) else {}))]
    if d.chance(35):
        tree["figures"] = {"income": _figure(d), **({"wage": _figure(d)} if d.chance(30) else {})}
        d.figures = list(tree["figures"])
    if d.chance(20):
        tree["funds"] = {"own_fund": d.choice(({"zh": "自有基金"}, {"zh": "自有基金", "en": "own fund"}))}
        d.funds.append("own_fund")
    return tree


def _switches(d: Draw) -> Tree:
    tree: Tree = {}
    if d.chance(40):
        tree["law"] = d.cited({"as_of": d.choice(DATES)})
    if d.chance(45):
        form: Tree = {"as_of": d.choice(DATES)} if d.chance(70) else {}
        several = {"several": d.choice(("best_per_payer", "best_single"))} if d.chance(60) or not form else {}
        tree["identity"] = d.cited(form | several)
    if d.chance(40):
        tree["year"] = year(d, document=True)
    if d.chance(45):
        unit = d.choice(("fen", "fen", "jiao", "yuan"))
        d.coarse = unit != "fen"
        tree["rounding"] = d.cited({"to": unit, "mode": d.choice(("half_up", "half_even", "down"))})
    if d.chance(20):
        tree["reversal"] = d.choice(("replay", "stand"))
    if d.chance(20):
        tree["pooling_area"] = d.choice(("520203", "5202"))
    if d.chance(10):
        tree["schemes"] = d.one_or_more(SCHEMES)
    return tree


def _source(d: Draw) -> Tree:
    tree: Tree = {"title": "测试文件"}
    more: dict[str, Any] = {"document": "测试", "section": "第一章", "url": "https://example.org/", "published": d.day(),
                            "kind": d.choice(("document", "news", "software", "repository"))}  # fmt: skip
    return tree | {key: value for key, value in more.items() if d.chance(35)}


def _figure(d: Draw) -> Tree:
    """A number of the region, plain or dated; tables and shares of figures are no figures."""
    value: Any = yuan(d)
    if d.chance(50):
        value = [{key: text for key, text in reading.items() if key not in ("by", "rows", "default")}
                 for reading in dated(d, yuan)]  # fmt: skip
        for reading in value:
            reading.setdefault("value", yuan(d))
    return {
        "zh": "居民收入",
        **({"en": "income"} if d.chance(30) else {}),
        "value": value,
        **d.sourced({}),
    }


def beyond(d: Draw) -> Tree:
    """Premiums, grants, entitlements, claims by hand, targets."""
    tree: Tree = {}
    if d.chance(18):
        tree["enrolment"] = {"premium": number(d, amount), **d.sourced({}),
                             "subsidies": [_subsidy(d, index) for index in range(d.randint(1, 2))]}  # fmt: skip
    if d.chance(18):
        tree["grants"] = [_grant(d, index) for index in range(d.randint(1, 2))]
    if d.chance(12):
        form: Tree = {"entitlement": "treatment_first", "zh": "先诊疗后付费", **d.sourced({})}
        form |= {"en": "treatment first"} if d.chance(50) else {}
        form |= {"when": condition(d, 1)} if d.chance(60) else {}
        tree["entitlements"] = [form | ({"instalments": "true"} if d.chance(50) else {})]
    if d.chance(12):
        claims: Tree = {"where": d.one_or_more(("政务大厅", "乡镇卫生院")), "within_working_days": "20"}
        tree["claims"] = claims | {"stops_clock": ["补正材料"], "papers": ["发票"], **d.sourced({})}
    if d.chance(25):
        tree["targets"] = [_target(d, index) for index in range(d.randint(1, 3))]
    return tree


def _spans(d: Draw) -> Tree:
    return ({"from": d.day(-100, 300)} if d.chance(25) else {}) | (
        {"until": d.day(301, 900)} if d.chance(25) else {}
    )


def _subsidy(d: Draw, index: int) -> Tree:
    tree: Tree = {"subsidy": f"subsidy_{index}", **_spans(d)}
    if d.people and d.chance(60):
        tree["people"] = d.one_or_more(d.people)
    tree |= {"share": number(d, rate)} if d.chance(50) else {"amount": number(d, amount)}
    if d.chance(40):
        tree["fund"] = d.choice(d.funds)
    if d.chance(40):
        tree["pay"] = d.choice(("direct", "first_refund_later"))
    return d.cited(tree)


def _grant(d: Draw, index: int) -> Tree:
    tree: Tree = {
        "grant": f"grant_{index}",
        "name": d.choice(("补助", {"zh": "补助", "en": "grant"})),
        "event": "death",
    }
    tree |= {"amount": number(d, amount), **d.sourced({}), **_spans(d)}
    if d.chance(50):
        tree["when"] = of_person(d)
    if d.chance(60):
        tree["per"] = d.choice(("event", "month", "year"))
    return tree | ({"fund": d.choice(d.funds)} if d.chance(30) else {})


def _target(d: Draw, index: int) -> Tree:
    measures = get_args(Measure)
    goal = d.choice(
        ({"at_most": "10%"}, {"at_least": "90%"}, {"about": "50%"}, {"at_least": "5%", "at_most": "60%"})
    )
    tree: Tree = {"target": f"share_{index}", "name": "自付比例", "numerator": d.choice(measures),
                  "denominator": d.choice(measures), "goal": goal, **d.sourced({})}  # fmt: skip
    if d.chance(50):
        tree["per"] = d.choice(("bill", "year"))
    return tree | ({"when": condition(d, 1)} if d.chance(40) else {})
