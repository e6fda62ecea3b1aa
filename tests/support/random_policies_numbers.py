"""Chance for the generator of policies, and numbers of the law in every form: plain, in tables, dated, as shares.

`Draw` is a random source that also remembers the names which exist in the policy being made, so that what is drawn
later can speak of what was drawn before. Everything is made as plain mappings, lists and texts.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any, TypeAlias

from doudi.policy.checks.numbers import ROWS
from doudi.policy.conditions import PARTS

Tree: TypeAlias = dict[str, Any]
Scalar: TypeAlias = Callable[["Draw"], str]
AMOUNTS = ("0", "0.01", "50", "99.99", "100", "300", "500", "1000", "1500.5", "3000", "6000", "10000", "12345.67",
           "30000", "50000", "100000", "300000", "1000000", "1000000000")  # fmt: skip
RATES = ("0%", "0.01%", "5%", "10%", "20%", "33.33%", "50%", "55%", "60%", "66.67%", "70%", "80%", "85%", "90%",
         "95%", "99.99%", "100%")  # fmt: skip
SCHEMES = ("resident", "employee", "rural")
TIERS = ("一档", "二档")
ASSUMED = "测试用"


class Draw(Random):
    """Chance, with the names known so far."""

    def __init__(self, seed: str) -> None:
        super().__init__(seed)
        self.start = date(2016, 1, 1) + timedelta(days=self.randrange(900))
        self.sources: list[str] = ["law"]
        self.figures: list[str] = []
        self.people: list[str] = []
        self.diseases: list[str] = []
        self.procedures: list[str] = []
        self.programmes: list[str] = []
        self.funds = ["medical_assistance", "civil_affairs"]
        self.filings = ["transfer", "special_disease"]
        self.cliff = self.coarse = False
        self.shares_accumulators = False

    def chance(self, percent: int) -> bool:
        """True so many times in a hundred."""
        return self.randrange(100) < percent

    def some(self, items: Any, most: int = 3) -> list[Any]:
        """One to `most` of the items, none twice."""
        known = list(items)
        return self.sample(known, k=self.randint(1, min(most, len(known))))

    def day(self, low: int = -200, high: int = 1200) -> str:
        """A day around the policy's beginning."""
        return (self.start + timedelta(days=self.randint(low, high))).isoformat()

    def cited(self, tree: Tree, percent: int = 20) -> Tree:
        """Now and then with a source of its own, in one of the ways to write it."""
        if self.chance(percent):
            law = self.choice(self.sources)
            tree["cite"] = self.choice((law, {law: "第一条"}, [law, {law: "第二条"}]))
        elif self.chance(percent // 2):
            tree["assumed"] = ASSUMED
        if self.chance(percent // 4):
            tree["note"] = "随机"
        return tree

    def sourced(self, tree: Tree) -> Tree:
        """With a source, or a reason why there is none."""
        self.cited(tree, 60)
        return tree if {"cite", "assumed"} & tree.keys() else tree | {"assumed": ASSUMED}

    def one_or_more(self, items: Any, most: int = 3) -> Any:
        """A name alone, or a list of names."""
        chosen = self.some(items, most)
        return chosen[0] if len(chosen) == 1 and self.chance(50) else chosen


def yuan(d: Draw, most: int = 200_000) -> str:
    """An amount in yuan: a usual one, or any to the fen."""
    if d.chance(70):
        return d.choice(AMOUNTS[:-1])
    return f"{d.randint(1, most)}.{d.randint(10, 99)}"


def amount(d: Draw) -> str:
    """An amount or a share of a figure of the policy."""
    if d.figures and d.chance(12):
        return f"{d.choice(('10%', '50%', '66.67%', '120%'))} of {d.choice(d.figures)}"
    return d.choice(AMOUNTS) if d.chance(10) else yuan(d)


def rate(d: Draw) -> str:
    """A rate, more often a usual one."""
    if d.chance(80):
        return d.choice(RATES[2:])
    return d.choice(RATES) if d.chance(50) else f"{d.randint(0, 99)}.{d.randint(10, 99)}%"


def number(d: Draw, scalar: Scalar) -> Any:
    """A number of the law in any form."""
    kind = d.randrange(100)
    if kind < 55:
        return scalar(d)
    if kind < 65:
        return dated(d, scalar)
    return number_fields(d, scalar)


def number_fields(d: Draw, scalar: Scalar) -> Tree:
    """A number as a mapping, to which a form may add its own keys."""
    kind = d.randrange(100)
    name = d.choice(("value", "amount"))
    if kind < 50:
        tree = {name: scalar(d)}
        if d.chance(10) and tree[name][0] != "-":
            tree["range"] = f"{tree[name]}–{tree[name]}" if " of " not in tree[name] else "1–2"
    elif kind < 80:
        tree = table(d, scalar)
    else:
        tree = {name: dated(d, scalar)}
    if d.chance(6):
        percent = scalar(d).endswith("%")
        limits = {"at_least": "0%"} if percent else {"at_most": "1000000000"}
        if scalar is amount and d.figures and d.chance(40):
            limits = {d.choice(("at_least", "at_most")): f"10% of {d.choice(d.figures)}"}
        tree["bound"] = d.cited(limits)
    if d.chance(6):
        tree["from"] = d.day(-300, 0)
        if d.chance(30):
            tree["until"] = d.day(600, 1200)
    return d.cited(tree)


def dated(d: Draw, scalar: Scalar) -> list[Tree]:
    """Two or three readings from dates on; now and then one ends before the next begins."""
    day = d.start - timedelta(days=d.randint(0, 400))
    readings: list[Tree] = []
    for _ in range(d.randint(2, 3)):
        body: Tree = table(d, scalar) if d.chance(20) else {"value": scalar(d)}
        if (
            d.chance(4)
            and "value" in body
            and body["value"][0] in "0123456789"
            and " of " not in body["value"]
        ):
            body["range"] = f"{body['value']}–{body['value']}"
        reading: Tree = {"from": day.isoformat(), **body}
        day += timedelta(days=d.randint(100, 500))
        if d.chance(8):
            reading["until"] = (day - timedelta(days=d.choice((0, 0, 1, 30)))).isoformat()
        readings.append(d.cited(reading, 10))
    return readings


def table(d: Draw, scalar: Scalar) -> Tree:
    """A table by one or two attributes; where rows are missing there is mostly a default."""
    names = d.sample(sorted(_rows_of(d)), k=1 if d.chance(75) else 2)
    outer, whole = _some_rows(d, names[0])
    if len(names) == 1:
        rows: Tree = {row: scalar(d) for row in outer}
    else:
        inner, also = _some_rows(d, names[1], 4)
        whole = whole and also
        rows = {row: {name: scalar(d) for name in inner} for row in outer}
    tree: Tree = {"by": names[0] if len(names) == 1 and d.chance(70) else names, "rows": rows}
    if (not whole and d.chance(95)) or d.chance(10):
        tree["default"] = scalar(d)
    return tree


def _rows_of(d: Draw) -> dict[str, list[str]]:
    rows = {name: list(values) for name, values in ROWS.items()}
    rows |= {"scheme": list(SCHEMES), "tier": list(TIERS)}
    rows |= {"people": [*d.people, "other"]} if d.people else {}
    rows |= {"disease": [*d.diseases, "other"]} if d.diseases else {}
    return rows


def _some_rows(d: Draw, attribute: str, most: int = 6) -> tuple[list[str], bool]:
    """Rows of an attribute, and whether every bill finds one."""
    known = _rows_of(d)[attribute]
    chosen = known if len(known) <= most and d.chance(60) else d.some(known, most)
    if attribute in ("people", "disease"):
        return chosen, "other" in chosen
    if attribute in ("scheme", "tier"):
        return chosen, False
    return chosen, len(chosen) == len(known) or (attribute == "admission" and "1" in chosen)


def parts(d: Draw, most: int = 3) -> list[str]:
    """Cost parts, mostly the one in scope."""
    return ["in_scope"] if d.chance(60) else d.some(PARTS, most)
