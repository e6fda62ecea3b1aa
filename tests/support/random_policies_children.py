"""A random policy as a child: a template holds everything, the child overrides some of its numbers and adds a little."""

from __future__ import annotations

from collections.abc import Iterator

from support.random_policies_numbers import ASSUMED, Draw, Tree, number, rate

OWN = ("policy", "title", "region", "in_force", "variant")


def as_child(d: Draw, tree: Tree, name: str) -> dict[str, Tree] | None:
    """The files of a parent and its child; None where nothing in the tree can be overridden."""
    places = list(_rates(tree))
    if not places:
        return None
    parent_name = f"{name}-parent"
    parent: Tree = {**tree, "policy": parent_name, "abstract": "true", "region": "520000"}
    child: Tree = {key: tree[key] for key in OWN if key in tree} | {"policy": name, "extends": parent_name}
    child["sources"] = {"county": {"title": "县里的文件"}}
    if d.chance(40):
        child["people"] = {"more": {"zh": "测试", "any": ["veteran"], "assumed": ASSUMED}}
    child["overrides"] = [
        _override(d, path, written) for path, written in d.sample(places, k=min(2, len(places)))
    ]
    return {parent_name: parent, name: child}


def _rates(tree: Tree) -> Iterator[tuple[str, str]]:
    """(path, text) of the plain rates of benefits."""
    for payer in tree["payers"]:
        for benefit in payer.get("benefits", []):
            if isinstance(benefit.get("rate"), str):
                yield f"{payer['payer']}.{benefit['benefit']}.rate", benefit["rate"]


def _override(d: Draw, path: str, written: str) -> Tree:
    """Another number, a number from a date on, or some points more where that stays a rate."""
    form: Tree = {"path": path, "cite": "county"}
    if d.chance(30) and written in ("50%", "60%", "70%"):
        form["add"] = d.choice(("5%", "10%", "-5%"))
    else:
        form["replace"] = rate(d) if d.chance(50) else {"value": rate(d)}
        if d.chance(40):
            form["from"] = d.day(100, 300)
            if d.chance(50):
                form["until"] = d.day(301, 900)
        elif d.chance(30):
            form["replace"] = number(d, rate)
    return form
