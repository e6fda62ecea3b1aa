"""Payers of a random policy in their order, and the rules that change a bill before the first of them."""

from __future__ import annotations

from typing import Any

from doudi.policy.conditions import PARTS
from support.random_policies_benefits import PERIODS, POSITIONS, Payer, benefit, cap
from support.random_policies_groups import condition
from support.random_policies_numbers import Draw, Tree, amount, number, rate


def bill_rules(d: Draw) -> list[Tree]:
    """One or two rules that move a share or set a price."""
    rules: list[Tree] = []
    for index in range(d.randint(1, 2)):
        rule: Tree = {"rule": f"rule_{index}"}
        if d.chance(80):
            rule["when"] = condition(d, 1)
        if d.chance(60):
            of, to = d.sample(PARTS, 2)
            rule |= {"move": number(d, rate), "of": of, "to": to}
        else:
            rule["fixed_price"] = number(d, amount)
            if d.chance(60):
                rule["below"] = d.choice(("actual", "price"))
        if d.chance(15):
            rule["name"] = "测试规则"
        if d.chance(15):
            rule["from"] = d.day(-100, 300)
        if d.chance(15):
            rule["until"] = d.day(301, 1000)
        rules.append(d.sourced(rule))
    return rules


def payers(d: Draw, count: int) -> Tree:
    """The payers, and now and then their `order` where they are written in another one."""
    d.shares_accumulators = d.chance(40)
    listed: list[Tree] = []
    billed: list[str] = []
    deductibles: list[str] = []
    yearly = d.chance(12)
    for index in range(count):
        year_end = yearly and index == count - 1 and index > 0
        payer = _frame(d, index, billed, deductibles, count)
        payer.year_end = year_end
        listed.append(_payer(d, payer, index))
        if not year_end:
            billed.append(payer.name)
        if payer.has_deductible:
            deductibles.append(payer.name)
    if len(listed) > 1 and d.chance(20):
        order = [tree["payer"] for tree in listed]
        d.shuffle(listed)
        return {"payers": listed, "order": order}
    return {"payers": listed}


def _frame(d: Draw, index: int, billed: list[str], deductibles: list[str], count: int) -> Payer:
    """The choices that the benefits of a payer share."""
    name = ("basic", "catastrophic", "aid", "charity", "hospital")[index] if index < 5 else f"payer_{index}"
    payer = Payer(
        name, list(billed), list(deductibles), index == count - 1, d.choice(("first", "first", "best", "all"))
    )
    payer.period = d.choice(("stay", "stay", *PERIODS))
    payer.position = d.choice(POSITIONS)
    payer.across = d.choice(("old", "difference", "new"))
    payer.owed = d.choice((["in_scope"], ["in_scope", "first_pay"], ["total"]))
    if d.chance(30):
        payer.caps = {f"limit_{number}": cap(d, payer, named=True) for number in range(d.randint(1, 2))}
    return payer


def _payer(d: Draw, payer: Payer, index: int) -> Tree:
    tree: Tree = {"payer": payer.name, **d.sourced({})}
    if d.chance(40):
        tree["name"] = d.choice(("支付方", {"zh": "支付方", "en": "payer"}))
    d.cliff = False
    if d.chance(30):
        tree["when"] = condition(d)
    payer.cliff = (
        d.cliff or payer.choose == "best"
    )  # benefits of which the best counts may draw on other parts
    decided = (
        d.choice(("here", "elsewhere", "case_by_case")) if d.chance(25) and not payer.year_end else "here"
    )
    if decided != "here" or d.chance(20):
        tree["decided"] = decided
    if decided == "case_by_case":
        tree["approver"] = "县医疗保障局"
    if payer.choose != "first" or d.chance(20):
        tree["choose"] = payer.choose
    if payer.year_end or d.chance(10):
        tree["settled"] = "year_end" if payer.year_end else "bill"
    if payer.year_end or d.chance(10):
        tree["for"] = d.choice(("person", "household"))
    if payer.caps:
        tree["caps"] = payer.caps
    if d.chance(12):
        tree["cap"] = d.choice([*payer.caps, cap(d, payer, named=False)])
    _outside(d, tree, index)
    if decided == "here" or d.chance(60):
        tree["benefits"] = _benefits(d, payer)
    elif d.chance(50):
        tree["covers"] = d.choice((["total"], d.some(PARTS, 3)))
    return tree


def _outside(d: Draw, tree: Tree, index: int) -> None:
    """What does not change a bill's arithmetic within a version: dates, the fund, the year, clearing."""
    if d.chance(25):
        tree["fund"] = d.choice(d.funds)
    if d.chance(5):
        tree["from"] = d.day(-100, 300)
    if d.chance(5):
        tree["until"] = d.day(501, 1000)
    if not d.shares_accumulators and d.chance(12):
        tree["year"] = year(d)
    if d.chance(15):
        clearing: Tree = {
            "advanced_by": "定点医院",
            "repaid": d.choice(("at_once", "monthly", "quarterly", "yearly")),
        }
        tree["clearing"] = d.cited(clearing | ({"float": "500000"} if d.chance(50) else {}))


def year(d: Draw, document: bool = False) -> Tree:
    """Which benefit year a bill belongs to."""
    tree: Tree = {}
    if d.chance(60):
        tree["begins"] = d.choice(("01-01", "07-01", "04-15"))
    if d.chance(60) or not tree:
        tree["as_of"] = d.choice(("admitted", "discharged", "settled"))
    if document and d.chance(30):
        tree["across"] = d.choice(("whole", "split"))
    return d.cited(tree)


def _benefits(d: Draw, payer: Payer) -> list[Any]:
    """One to three benefits; the last mostly has no condition, so that somebody is paid."""
    count = d.choice((1, 1, 2, 2, 3))
    made: list[Tree] = []
    for index in range(count):
        last = index == count - 1
        conditional = not last if payer.choose == "first" else d.chance(50)
        made.append(benefit(d, payer, index, conditional or d.chance(25)))
    shared = [tree for tree in made if "covers" in tree]
    if shared and d.chance(25):
        for tree in made:
            if tree.get("covers") == ["in_scope"]:
                del tree["covers"]
    return made
