"""A child policy: its parent's tree with what the child adds and overrides (nation → province → city → county).

Everything happens on trees that know their lines, so a finding points into the file where a thing was written.
An override names a path and replaces, adds to or removes what stands there; with `from` it is an amendment: the old
number holds until that day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any, Self, TypeAlias

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from doudi.money import format_percent, format_yuan
from doudi.policy.problems import PolicyError, Problem, problem
from doudi.policy.scalars import Day, Text, Truth, read_any_rate, read_signed_yuan, read_yuan
from doudi.policy.schema import keys_at, takes_number
from doudi.policy.source import Node
from doudi.policy.validate import validated
from doudi.policy.values import Cited, Model
from doudi.words import did_you_mean

OWN = frozenset(
    {"policy", "title", "region", "in_force", "extends", "abstract", "variant", "cases", "overrides"}
)
NAMED_LISTS = {"payers": "payer", "bill": "rule", "grants": "grant", "entitlements": "entitlement",
               "targets": "target", "gaps": "gap"}  # fmt: skip
NAMED_MAPS = frozenset(
    {"sources", "figures", "funds", "categories", "people", "diseases", "procedures", "programmes"}
)
NAMES = (*NAMED_LISTS.values(), "benefit", "subsidy")
VALUE_KEYS = frozenset({"value", "amount", "by", "rows", "default", "range", "cite", "assumed", "note"})
CITES = ("cite", "assumed", "note")
Path: TypeAlias = tuple[str | int, ...]
Change: TypeAlias = Callable[[Node, Path], Node | None]


class _Override(Cited):
    """One override as written; what it replaces is read once it stands in its place."""

    path: Text
    replace: Any = None
    add: Text | None = None
    remove: Truth | None = None
    from_: Day | None = Field(None, alias="from")
    until: Day | None = None

    @model_validator(mode="after")
    def _one_change(self) -> Self:
        changes = (self.replace is not None, self.add is not None, self.remove is True)
        if sum(changes) != 1 or self.remove is False:
            raise PydanticCustomError("override_form", "one change")
        if (self.remove and self.from_) or (self.until and not self.from_):
            raise PydanticCustomError("override_dates", "from and until")
        return self


class _Overrides(Model):
    overrides: list[_Override]


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
    tree = _overridden(Node(sections, child.where, keys), child, problems)
    for steps, bound in _bounds(parent, []):
        tree = _bounded(tree, steps, bound)
    if problems:
        raise PolicyError(problems)
    return tree


def _bounds(node: Node, steps: list[str]) -> Iterator[tuple[list[str], Node]]:
    """The bounds that a parent sets, each with the override path of its number."""
    for key, child in node.mapping().items():
        if key == "bound":
            yield steps, child
        yield from _bounds(child, [*steps, key])
    for index, item in enumerate(node.items()):
        names = [str(name.text()) for key in NAMES if (name := item.at(key)) is not None]
        yield from _bounds(item, [*steps, names[0] if names else str(index)])


def _bounded(tree: Node, steps: list[str], bound: Node) -> Node:
    """The child's tree in which the number at `steps`, if it is still there, carries the parent's bound."""

    def bind(old: Node, _: Path) -> Node:
        body = old.mapping() if old.mapping() else {"value": old}
        both = {**(body["bound"].mapping() if "bound" in body else {}), **bound.mapping()}
        kept = replace(bound, value=both)
        return Node({**body, "bound": kept}, old.where, old.keys, old.cites)

    try:
        return _edited(tree, steps, bind, bound)
    except PolicyError:
        return tree


def _joined_lists(old: Node, new: Node, name_key: str, problems: list[Problem]) -> Node:
    taken = {name.text() for item in old.items() if (name := item.at(name_key)) is not None}
    names = [name for item in new.items() if (name := item.at(name_key)) is not None]
    problems.extend(_twice(name, str(name.text())) for name in names if name.text() in taken)
    return Node(old.items() + new.items(), new.where)


def _joined_maps(old: Node, new: Node, problems: list[Problem]) -> Node:
    both = [name for name in new.mapping() if name in old.mapping()]
    problems.extend(_twice(replace(new, where=new.keys[name]), name) for name in both)
    return Node({**old.mapping(), **new.mapping()}, new.where, {**old.keys, **new.keys})


def _twice(node: Node, name: str) -> Problem:
    return problem("section_name_twice", node.where, name=name)


def _overridden(tree: Node, child: Node, problems: list[Problem]) -> Node:
    written = child.at("overrides")
    if written is None:
        return tree
    try:
        forms = validated(_Overrides, Node({"overrides": written}, child.where, child.keys)).overrides
    except PolicyError as error:
        problems.extend(error.problems)
        return tree
    seen: dict[tuple[str, date | None], int] = {}
    for form, node in zip(forms, written.items(), strict=True):
        path = node.mapping()["path"]
        key = (form.path, form.from_)
        if key in seen:
            problems.append(problem("override_conflict", path.where, path=form.path, line=seen[key]))
            continue
        seen[key] = path.where.line
        steps = form.path.split(".")
        try:
            new = node.at("replace") if form.from_ is None else None
            tree = _edited(tree, _rooted(tree, steps), _change(node, child, form.path), path, new=new)
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
    return int(step) if step.isdecimal() and int(step) < len(items) else None


def _edited(
    node: Node, steps: list[str], change: Change, path: Node, here: Path = (), new: Node | None = None
) -> Node:
    """`node` (at `here`) with the change made at the end of `steps`; `new` may stand where nothing stood."""
    step, rest = steps[0], steps[1:]

    def inner(child: Node, key: str | int) -> Node | None:
        return _edited(child, rest, change, path, (*here, key), new) if rest else change(child, (*here, key))

    if isinstance(node.value, dict):
        if not rest and new is not None and (added := _created(node, step, change, here, new)) is not None:
            return added
        if step not in node.value and "benefits" in node.value:
            benefits = _edited(node.value["benefits"], steps, change, path, (*here, "benefits"), new)
            return replace(node, value={**node.value, "benefits": benefits})
        if step in node.value:
            new = inner(node.value[step], step)
            kept = {key: child for key, child in node.value.items() if key != step or new is not None}
            return replace(node, value=kept if new is None else {**kept, step: new})
    index = _named(node.items(), step)
    if index is None:
        raise PolicyError([_unknown(node, step, path, here)])
    items = list(node.items())
    edited = inner(items[index], index)
    items[index : index + 1] = [] if edited is None else [edited]
    return replace(node, value=items)


def _created(node: Node, step: str, change: Change, here: Path, new: Node) -> Node | None:
    """`node` with what it did not have: a key that its form knows, or a benefit of a payer under its own name."""
    body = node.mapping()
    if step in body:
        return None
    if step in keys_at(here):
        written = change(new, (*here, step))
        return replace(node, value={**body, step: written or new}, keys={**node.keys, step: new.where})
    name, benefits = new.at("benefit"), body.get("benefits")
    if name is None or name.text() != step or benefits is None or _named(benefits.items(), step) is not None:
        return None
    added = change(new, (*here, "benefits", len(benefits.items()))) or new
    listed = replace(benefits, value=[*benefits.items(), added])
    return replace(node, value={**body, "benefits": listed})


def _unknown(node: Node, step: str, path: Node, here: Path) -> Problem:
    """The finding for a path that breaks at `step`, with what is there instead."""
    known = [key for key in node.mapping() if key not in CITES]
    known += [
        str(name.text()) for item in node.items() for key in NAMES if (name := item.at(key)) is not None
    ]
    if benefits := node.at("benefits"):
        known += [str(name.text()) for item in benefits.items() if (name := item.at("benefit")) is not None]
    if here == ("payers",):
        known += [*NAMED_LISTS, *NAMED_MAPS]
    hint = did_you_mean(step, known)
    return problem("override_path_unknown", path.where, str(path.text()), step=step, hint=hint)


def _change(override: Node, child: Node, path: str) -> Change:
    """What one override does to the node at its path."""
    written = override.mapping()

    def change(old: Node, here: Path) -> Node | None:
        if "remove" in written:
            return None
        number = takes_number(here) and _is_number(old)
        if "add" in written:
            new = _added(old, override, path)
        elif number:
            new = _replaced(old, written["replace"], override)
        else:
            new = replace(written["replace"], cites=_cites(override))
        if "from" not in written:
            return new
        if not number or not _is_number(new):
            raise PolicyError([problem("override_dated", override.where, path=path)])
        return _amended(old, new, override, child)

    return change


def _cites(override: Node) -> dict[str, Node]:
    return {key: override.mapping()[key] for key in CITES if key in override.mapping()}


def _is_number(node: Node) -> bool:
    """A scalar, a mapping with a value, or a dated list."""
    if node.items():
        return all("from" in item.mapping() for item in node.items())
    return node.text() is not None or bool({"value", "amount", "by"} & node.mapping().keys())


def _replaced(old: Node, new: Node, override: Node) -> Node:
    """The new number; further keys of the old one (`per`, `as`, `bound` …) are kept."""
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
            return replace(plus(old), cites=_cites(override))
        if old.items():
            return replace(old, value=[reading(item) for item in old.items()])
        if _is_number(old):
            return reading(old)
    except (ValueError, PydanticCustomError):
        pass
    raise PolicyError([problem("override_add", addend.where, path=path, text=addend.text())])


def _sum(text: str, addend: str) -> str:
    if text.endswith("%") != addend.endswith("%"):
        raise ValueError(addend)
    if text.endswith("%"):
        sign = -1 if addend.startswith("-") else 1
        return format_percent(read_any_rate(text) + sign * read_any_rate(addend.removeprefix("-")))
    return format_yuan(read_yuan(text) + read_signed_yuan(addend))


def _amended(old: Node, new: Node, override: Node, child: Node) -> Node:
    """A dated list: the old number, from `from` the new one, from `until` the old one again."""
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


def _text(node: Node | None) -> str:
    return str(node.text()) if node is not None else ""


def _day(item: Node) -> str:
    return _text(item.at("from"))


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
