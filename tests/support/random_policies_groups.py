"""The groups of a random policy – people, diseases, procedures, programmes – and conditions that speak of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

from doudi.policy.conditions import Care, Channel, Grade, Level, PartOrTotal, Place
from support.random_policies_numbers import SCHEMES, TIERS, Draw, Tree, yuan

CATEGORIES = (
    "destitute",
    "subsistence_allowance",
    "orphan",
    "registered_poor",
    "left_poverty",
    "disabled_severe_own",
)
OWN_CATEGORY = "disabled_severe_own"
ICD10 = ("A15-A19", "F00-F99", "N18.5", "C50", "I21", "B20-B24", "J45", "M17")
ICD9 = ("39.95", "36.0-36.9", "81.5")
FLAGS = ("designated", "referred", "emergency", "contract", "accident", "uninsured", "assessed",
         "in_pooling_area", "in_province")  # fmt: skip


def groups(d: Draw) -> Tree:
    """The sections of groups; `d` knows their names afterwards."""
    tree: Tree = {}
    if d.chance(80):
        tree["people"] = {f"group_{i}": people(d) for i in range(d.randint(1, 3))}
        d.people = list(tree["people"])
        if any(OWN_CATEGORY in str(group) for group in tree["people"].values()):
            tree["categories"] = {OWN_CATEGORY: category(d)}
    if d.chance(60):
        tree["diseases"] = {f"disease_{i}": disease(d) for i in range(d.randint(1, 3))}
        d.diseases = list(tree["diseases"])
    if d.chance(25):
        tree["procedures"] = {"operation": named(d, {"icd9cm3": d.one_or_more(ICD9)})}
        d.procedures = ["operation"]
    if d.chance(35):
        tree["programmes"] = {f"programme_{i}": programme(d) for i in range(d.randint(1, 2))}
        d.programmes = list(tree["programmes"])
    return tree


def named(d: Draw, tree: Tree) -> Tree:
    """With a name in Chinese, now and then in English, and its source."""
    return d.sourced({"zh": "测试", **({"en": "test"} if d.chance(30) else {}), **tree})


def category(d: Draw) -> Tree:
    return named(d, {"department": "民政部门", "basis": "测试"} if d.chance(60) else {})


def people(d: Draw) -> Tree:
    """A group of categories: one of them, all of them, none of them."""
    tree: Tree = {}
    kind = d.randrange(100)
    if kind < 70:
        tree["any"] = d.one_or_more(CATEGORIES, 4)
    elif kind < 80:
        tree["all"] = d.one_or_more(CATEGORIES, 2)
    if not tree or d.chance(15):
        tree["none"] = d.one_or_more(CATEGORIES, 2)
    if d.chance(20):
        tree["keeps"] = d.cited({"after_exit_until": d.day()}, 50)
    return named(d, tree)


def disease(d: Draw) -> Tree:
    tree: Tree = {"icd10": d.one_or_more(ICD10, 3)}
    if d.chance(30):
        tree["anywhere"] = d.choice(("true", "false"))
    if d.chance(20):
        tree["age"] = age(d)
    return named(d, tree)


def age(d: Draw) -> Tree:
    """Whole years from, below, or both."""
    low, high = d.choice((0, 6, 18, 60)), d.choice((14, 65, 80))
    return d.choice(
        ({"at_least": str(low)}, {"below": str(high)}, {"at_least": str(min(low, 13)), "below": str(high)})
    )


def programme(d: Draw) -> Tree:
    tree: Tree = {}
    if d.people and d.chance(40):
        tree["people"] = d.one_or_more(d.people)
    if d.chance(30):
        tree["roster"] = "true"
    if d.diseases and d.chance(60):
        listed = d.some(d.diseases)
        dated: Tree = {"names": d.one_or_more(d.diseases)}
        if d.chance(50):
            dated["from"] = d.day(-200, 100)
        if d.chance(30):
            dated["until"] = d.day(200)
        if d.chance(40):
            dated["count"] = str(len(dated["names"]) if isinstance(dated["names"], list) else 1)
        tree["diseases"] = listed if d.chance(30) else [d.cited(dated, 50)]
        if d.chance(30) and tree["diseases"] is listed:
            tree["count"] = str(len(listed))
    if d.chance(50):
        tree["routing"] = [routing(d) for _ in range(d.randint(1, 2))]
    if d.chance(40):
        tree["designated"] = "true"
    return named(d, tree)


def routing(d: Draw) -> Tree:
    tree: Tree = {"levels": d.one_or_more(get_args(Level), 3)}
    if d.diseases and d.chance(50):
        tree["diseases"] = d.one_or_more(d.diseases)
    if d.chance(30):
        tree["age"] = age(d)
    return d.cited(tree, 40)


# --- conditions ----------------------------------------------------------------------------------------------


def condition(d: Draw, depth: int = 2) -> Any:
    """A condition of one to three tests, or a list of conditions that must all hold."""
    if depth and d.chance(6):
        return [condition(d, depth - 1) for _ in range(d.randint(1, 2))]
    makers = dict(_TESTS)
    for key, known in _named(d).items():
        if known:
            makers[key] = _one_of(known)
    tree: Tree = {}
    for key in d.sample(sorted(makers), k=d.choice((1, 1, 1, 2, 2, 3))):
        tree[key] = makers[key](d)
    if depth and d.chance(20):
        tree["any"] = [condition(d, depth - 1) for _ in range(d.randint(1, 3))]
    if depth and d.chance(6):
        tree["all"] = [condition(d, depth - 1) for _ in range(d.randint(1, 2))]
    if depth and d.chance(12):
        tree["not"] = condition(d, depth - 1)
    if depth and d.chance(15):
        tree = {d.choice(("any", "all")): [tree, condition(d, depth - 1)]}
    return tree


def of_person(d: Draw) -> Any:
    """A condition that asks only about the person."""
    return {"people": d.choice(d.people)} if d.people and d.chance(60) else {"age": age(d)}


def _one_of(known: list[str]) -> Callable[[Draw], Any]:
    return lambda d: d.one_or_more(known)


def _named(d: Draw) -> dict[str, list[str]]:
    return {
        "people": d.people,
        "disease": d.diseases,
        "procedure": d.procedures,
        "programme": d.programmes,
        "routed": d.programmes,
        "designated_for": d.programmes,
    }


def _admission(d: Draw) -> Tree:
    low, high = d.randint(1, 2), d.randint(2, 4)
    return d.choice(
        ({"at_least": str(low)}, {"at_most": str(high)}, {"at_least": str(low), "at_most": str(high)})
    )


def _amount(d: Draw) -> Tree:
    d.cliff = True
    of = {"of": d.choice(get_args(PartOrTotal))} if d.chance(80) else {}
    return {**of, d.choice(("above", "reaching")): yuan(d, 30_000)}


_TESTS: dict[str, Callable[[Draw], Any]] = {
    "care": lambda d: d.one_or_more(get_args(Care), 4),
    "level": lambda d: d.one_or_more(get_args(Level), 4),
    "grade": lambda d: d.one_or_more(get_args(Grade), 2),
    "scheme": lambda d: d.one_or_more(SCHEMES, 2),
    "tier": lambda d: d.one_or_more(TIERS, 2),
    "channel": lambda d: d.one_or_more(get_args(Channel), 1),
    "place": lambda d: d.one_or_more(get_args(Place), 2),
    "filing": lambda d: d.one_or_more(d.filings, 2),
    "age": age,
    "admission": _admission,
    "amount": _amount,
    **{flag: lambda d: d.choice(("true", "false")) for flag in FLAGS},
}
