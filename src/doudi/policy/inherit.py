"""A child policy: its parent's tree with what the child adds and overrides (nation → province → city → county).

Everything happens on trees that know their lines, so a finding points into the file where a thing was written.
An override names a path and replaces, adds to or removes what stands there; with `from` it is an amendment: the old
number holds until that day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from doudi.money import format_percent, format_yuan
from doudi.policy.problems import PolicyError, Problem, problem
from doudi.policy.scalars import read_any_rate, read_yuan
from doudi.policy.source import Node
from doudi.words import did_you_mean

OWN = frozenset({"policy", "title", "region", "in_force", "extends", "abstract", "cases", "overrides"})
NAMED_LISTS = {"payers": "payer", "bill": "rule", "grants": "grant", "entitlements": "entitlement",
               "targets": "target", "gaps": "gap"}  # fmt: skip
NAMED_MAPS = frozenset({"sources", "figures", "categories", "people", "diseases", "procedures", "programmes"})
NAMES = (*NAMED_LISTS.values(), "benefit", "subsidy")
VALUE_KEYS = frozenset({"value", "amount", "by", "rows", "default", "range", "cite", "assumed", "note"})
CITES = ("cite", "assumed", "note")


def inherit(parent: Node, child: Node) -> Node:
    """The child's whole tree. Raises PolicyError."""
    problems: list[Problem] = []
    sections = {key: node for key, node in parent.mapping().items() if key not in OWN}
    keys = {key: where for key, where in parent.keys.items() if key not in OWN}
    for key, node in child.mapping().items():
        if key in NAMED_LISTS and key in sections:
            sections[key] = _joined_lists(sections[key], node, NAMED_LISTS[key], problems)
        elif key in NAMED_MAPS and key in sections:
            sections[key] = _joined_maps(sections[key], node, problems)
        elif key != "overrides":
            sections[key] = node
            keys[key] = child.keys[key]
    tree = Node(sections, child.where, keys)
    tree = _overridden(tree, child, problems)
    if problems:
        raise PolicyError(problems)
    return tree


def _joined_lists(old: Node, new: Node, name_key: str, problems: list[Problem]) -> Node:
    taken = {item.at(name_key).text() for item in old.items() if item.at(name_key)}  # type: ignore[union-attr]
    for item in new.items():
        name = item.at(name_key)
        if name is not None and name.text() in taken:
            problems.append(_twice(name, str(name.text())))
    return Node(old.items() + new.items(), new.where)


def _joined_maps(old: Node, new: Node, problems: list[Problem]) -> Node:
    for name in new.mapping():
        if name in old.mapping():
            problems.append(_twice(replace(new, where=new.keys[name]), name))
    return Node({**old.mapping(), **new.mapping()}, new.where, {**old.keys, **new.keys})


def _twice(node: Node, name: str) -> Problem:
    return problem("section_name_twice", node.where, name=name)


def _overridden(tree: Node, child: Node, problems: list[Problem]) -> Node:
    overrides = child.at("overrides")
    seen: dict[tuple[str, str], int] = {}
    for override in overrides.items() if overrides else []:
        path = override.at("path")
        changes = [key for key in ("replace", "add", "remove") if key in override.mapping()]
        if path is None or path.text() is None or len(changes) != 1:
            problems.append(problem("override_form", override.where))
            continue
        begins = override.at("from")
        key = (str(path.text()), str(begins.text()) if begins else "")
        if key in seen:
            problems.append(problem("override_conflict", override.where, path=key[0], line=seen[key]))
            continue
        seen[key] = override.where.line
        steps = str(path.text()).split(".")
        change = _change(override, changes[0], child, key[0])
        try:
            tree = _edited(tree, _rooted(tree, steps), change, path)
        except PolicyError as error:
            problems.extend(error.problems)
    return tree


def _rooted(tree: Node, steps: list[str]) -> list[str]:
    """A path that begins with a section stays; one that begins with a payer's name goes below `payers`."""
    return steps if steps[0] in tree.mapping() else ["payers", *steps]


def _named(items: list[Node], step: str) -> int | None:
    for index, item in enumerate(items):
        if any((name := item.at(key)) is not None and name.text() == step for key in NAMES):
            return index
    return int(step) if step.isdigit() and int(step) < len(items) else None


def _edited(node: Node, steps: list[str], change: Callable[[Node], Node | None], path: Node) -> Node:
    """`node` with the change made at the end of `steps`."""
    step, rest = steps[0], steps[1:]
    if isinstance(node.value, dict):
        if step not in node.value and "benefits" in node.value:
            return replace(node, value={**node.value, "benefits": _edited(node.value["benefits"], steps, change, path)})
        if step in node.value:
            new = change(node.value[step]) if not rest else _edited(node.value[step], rest, change, path)
            kept = {key: child for key, child in node.value.items() if key != step or new is not None}
            return replace(node, value=kept if new is None else {**kept, step: new})
    index = _named(node.items(), step)
    if index is None:
        known = list(node.mapping()) or [str(n.text()) for i in node.items() for k in NAMES if (n := i.at(k))]
        raise PolicyError(
            [problem("override_path_unknown", path.where, path=path.text(), step=step, hint=did_you_mean(step, known))]
        )
    items = list(node.items())
    edited = change(items[index]) if not rest else _edited(items[index], rest, change, path)
    items[index : index + 1] = [] if edited is None else [edited]
    return replace(node, value=items)


def _change(override: Node, kind: str, child: Node, path: str) -> Callable[[Node], Node | None]:
    """What one override does to the node at its path."""

    def new_value(old: Node) -> Node:
        if kind == "add":
            return _added(old, override, path)
        return _replaced(old, override.mapping()["replace"], override)

    def change(old: Node) -> Node | None:
        if kind == "remove":
            return None
        begins = override.at("from")
        return new_value(old) if begins is None else _amended(old, new_value(old), override, child, path)

    return change


def _cites(override: Node) -> dict[str, Node]:
    return {key: override.mapping()[key] for key in CITES if key in override.mapping()}


def _is_number(node: Node) -> bool:
    """A scalar, a mapping with a value, or a dated list."""
    if node.text() is not None:
        return any(char.isdigit() for char in str(node.text()))
    if node.items():
        return all("from" in item.mapping() for item in node.items())
    return bool({"value", "amount", "by"} & node.mapping().keys())


def _replaced(old: Node, new: Node, override: Node) -> Node:
    """The new node; of a number with further keys (`per`, `as`, `bound` …) those are kept."""
    if not _is_number(old) or (new.text() is not None and not _is_number(new)):
        return new
    kept = {key: node for key, node in old.mapping().items() if key not in VALUE_KEYS}
    body = new.mapping() if new.mapping() else {"value": new}
    return Node({**kept, **body, **_cites(override)}, new.where, {**old.keys, **new.keys})


def _added(old: Node, override: Node, path: str) -> Node:
    """The old number with `add` added: to the value, to each row, to each dated reading."""
    addend = override.mapping()["add"]

    def plus(node: Node) -> Node:
        if isinstance(node.value, dict):
            return replace(node, value={key: plus(child) for key, child in node.value.items()})
        return replace(node, value=_sum(str(node.text()), str(addend.text())), where=addend.where)

    def reading(node: Node) -> Node:
        body = dict(node.mapping())
        for key in ("value", "amount", "rows", "default"):
            if key in body and not body[key].items():
                body[key] = plus(body[key])
            elif key in body:
                body[key] = replace(body[key], value=[reading(item) for item in body[key].items()])
        kept = {key: child for key, child in body.items() if key not in (*CITES, "range")}
        return replace(node, value={**kept, **_cites(override)})

    try:
        if old.text() is not None:
            return Node({"value": plus(old), **_cites(override)}, addend.where)
        if old.items():
            return replace(old, value=[reading(item) for item in old.items()])
        if _is_number(old):
            return reading(old)
    except ValueError:
        pass
    raise PolicyError([problem("override_add", override.where, path=path)])


def _sum(text: str, addend: str) -> str:
    if text.endswith("%") != addend.endswith("%"):
        raise ValueError(addend)
    if text.endswith("%"):
        return format_percent(read_any_rate(text) + read_any_rate(addend))
    return format_yuan(read_yuan(text) + read_yuan(addend))


def _amended(old: Node, new: Node, override: Node, child: Node, path: str) -> Node:
    """A dated list: the old number, from `from` the new one, from `until` the old one again."""
    if not _is_number(old) or not _is_number(new):
        raise PolicyError([problem("override_dated", override.where, path=path)])
    begins, ends = override.mapping()["from"], override.at("until")
    start = child.at("in_force", "from")
    old_items = _dated(old, start if start is not None else begins)
    kept = [item for item in old_items if _day(item) < _text(begins)]
    items = [*kept, _with_from(new, begins)]
    if ends is not None and ends.text() is not None:
        later = [item for item in old_items if _day(item) > _text(ends)]
        resumed = [item for item in old_items if _day(item) <= _text(ends)]
        items += [_with_from(resumed[-1], ends)] if resumed else []
        items += later
    outer = {key: node for key, node in old.mapping().items() if key not in VALUE_KEYS}
    listed = Node(items, override.where)
    return Node({**outer, "value": listed}, override.where, old.keys) if outer else listed


def _text(node: Node) -> str:
    return str(node.text())


def _day(item: Node) -> str:
    return _text(item.mapping()["from"])


def _dated(old: Node, start: Node) -> list[Node]:
    """The readings of a number as dated items; an undated one begins with the policy."""
    inner = next((old.mapping()[key] for key in ("value", "amount") if key in old.mapping()), old)
    if inner.items():
        return inner.items()
    return [_with_from(old, start)]


def _with_from(node: Node, begins: Node) -> Node:
    body = dict(node.mapping()) if node.mapping() else {"value": node}
    if "amount" in body:
        body["value"] = body.pop("amount")
    kept = {key: child for key, child in body.items() if key in VALUE_KEYS}
    return Node({"from": begins, **kept}, node.where, node.keys)


