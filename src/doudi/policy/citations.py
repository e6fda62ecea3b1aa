"""Where each number of a policy comes from: the nearest `cite` or `assumed` around it.

Every number, date and list of the law must have a source or a reason why it stands there without one. In a child
policy an override carries its own source, which covers what it put in place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from doudi.policy.benefits import Band, Benefit
from doudi.policy.beyond import Claims, Goal
from doudi.policy.checks.numbers import values_of
from doudi.policy.conditions import AgeSpan, AmountTest, CountSpan
from doudi.policy.document import InForce
from doudi.policy.groups import Disease, DiseaseList, Keeps, People, Procedure, Programme, Routing
from doudi.policy.library import Policy
from doudi.policy.meaning import forms_of
from doudi.policy.payers import Clearing
from doudi.policy.problems import Problem, Where, problem
from doudi.policy.source import Node, read_file
from doudi.policy.validate import locate
from doudi.policy.values import Value

Path: TypeAlias = tuple[str | int, ...]
_REMEMBERED_TREES = 8

# What needs a source besides numbers: form → its keys that hold a number, a date or a list.
_DATES = ("from", "until")
_NEED: dict[type[Any], tuple[str, ...]] = {
    InForce: ("from",),
    Keeps: ("after_exit_until",),
    People: ("any", "all", "none"),
    Disease: ("icd10",),
    Procedure: ("icd9cm3",),
    Programme: ("count",),
    DiseaseList: ("names", "count", *_DATES),
    Routing: ("levels",),
    AgeSpan: ("at_least", "below"),
    CountSpan: ("at_least", "at_most"),
    AmountTest: ("above", "reaching"),
    Band: ("above", "reaching", "plus", "lump"),
    Benefit: ("counts_at_most", "formula"),
    Clearing: ("float",),
    Claims: ("within_working_days", "papers", "where", "stops_clock"),
    Goal: ("at_most", "at_least", "about"),
}
_NAMES = ("payer", "benefit", "rule", "grant", "entitlement", "target", "gap", "subsidy", "from")


@dataclass(frozen=True, slots=True)
class Cited:
    """The sources of one number: (key of `sources`, quoted passage or None), and the reason where it is assumed."""

    cites: tuple[tuple[str, str | None], ...] = ()
    assumed: str | None = None


_known: dict[int, tuple[Node, dict[Path, Cited]]] = {}


def source_at(tree: Node, path: Path) -> Cited:
    """The citation that covers a path; steps that the file does not have are passed over."""
    remembered = _known.get(id(tree))
    if remembered is None or remembered[0] is not tree:
        while len(_known) >= _REMEMBERED_TREES:
            del _known[next(iter(_known))]
        remembered = _known[id(tree)] = (tree, {})
    found = remembered[1].get(path)
    if found is None:
        found = remembered[1][path] = _nearest(tree, path)
    return found


def _nearest(tree: Node, path: Path) -> Cited:
    found = _own(tree)
    for node in _nodes_along(tree, path):
        found = _own(node) or found
    return found or Cited()


def _nodes_along(tree: Node, path: Path) -> Iterator[Node]:
    """The nodes below `tree` on the way to a path; a dated number may stand below `value` or `amount`."""
    node = tree
    for step in path:
        child = node.child(step)
        for key in ("value", "amount"):
            inner = node.child(key)
            if child is None and inner is not None:
                child = (
                    inner.child(step)
                    if isinstance(step, int)
                    else inner
                    if step in ("value", "dated")
                    else None
                )
        if child is not None:
            node = child
            yield node


def _own(node: Node) -> Cited | None:
    """The citation a node carries itself: that of its mapping, else that of the override which put it there."""
    for body in (node.mapping(), node.cites):
        if "cite" in body or "assumed" in body:
            cites = tuple((name, passage) for name, passage, _ in _cites_in(body.get("cite")))
            assumed = body.get("assumed")
            return Cited(cites, assumed.text() if assumed is not None else None)
    return None


def _cites_in(cite: Node | None) -> Iterator[tuple[str, str | None, Node]]:
    """(source, passage, node that names the source) of a `cite:`."""
    for item in (cite.items() or [cite]) if cite is not None else []:
        if (text := item.text()) is not None:
            yield text.strip(), None, item
        for name, passage in item.mapping().items():
            yield name, passage.text(), Node(name, item.keys[name])


def cited_sources(tree: Node) -> Iterator[tuple[Path, str, Node]]:
    """(path, source, node that names it) of every citation of a policy."""
    for path, node in tree.walk():
        for body in (node.mapping(), node.cites):
            for name, _, place in _cites_in(body.get("cite")):
                yield path, name, place


def uncited(policy: Policy) -> list[Problem]:
    """A finding for every number, date, list and override without `cite` or `assumed`."""
    tree = policy.tree
    found: dict[Path, Problem] = {}
    for path in needing_source(policy):
        if source_at(tree, path) == Cited():
            node, _ = locate(tree, path)
            found.setdefault(path, _uncited(node, named_path(tree, path)))
    raw = read_file(policy.path, tree.where.file).at("overrides")
    for override in raw.items() if raw else []:
        written = override.mapping()
        if not _carries_source(override) and not _carries_source(written.get("replace", override)):
            node = written["path"]
            found[("overrides", str(node.text()))] = _uncited(node, str(node.text()))
    return sorted(found.values(), key=lambda one: one.where)


def _carries_source(node: Node) -> bool:
    """Whether a mapping, or every item of a list, has its own source."""
    if node.items():
        return all(_carries_source(item) for item in node.items())
    return bool({"cite", "assumed"} & node.mapping().keys())


def _uncited(node: Node, path: str) -> Problem:
    return problem("uncited", node.where, path)


def needing_source(policy: Policy) -> Iterator[Path]:
    """The paths of everything that needs a source: numbers reading by reading, then dates and lists."""
    for path, value in values_of(policy.document):
        for index in range(len(value.dated or [])):
            yield (*path, "dated", index)
        if value.dated is None:
            yield path
    for path, form in forms_of(policy.document):
        if isinstance(form, Value):
            continue
        keys = _NEED.get(type(form), _DATES if "from_" in type(form).model_fields else ())
        for key in keys:
            if getattr(form, key, None) is None and getattr(form, f"{key}_", None) is None:
                continue
            if locate(policy.tree, (*path, key))[0] is not locate(policy.tree, path)[0]:
                yield (*path, key)


def assumed_places(policy: Policy) -> list[tuple[str, str, Where]]:
    """(path as an override would write it, reason, place) of every `assumed`, each once, in the order of the file."""
    found: dict[Where, tuple[str, str, Where]] = {}
    for path, node in policy.tree.walk():
        for body in (node.mapping(), node.cites):
            reason = body.get("assumed")
            if reason is not None and (text := reason.text()):
                found.setdefault(reason.where, (named_path(policy.tree, path), text, reason.where))
    return sorted(found.values(), key=lambda one: one[2])


def assumptions(policy: Policy) -> list[Problem]:
    """A note for every `assumed` of a policy, each once, with what it covers and its reason."""
    return [
        problem("assumption", where, path, severity="note", reason=reason)
        for path, reason, where in assumed_places(policy)
    ]


def named_path(tree: Node, path: Path) -> str:
    """A path as an override would write it: `catastrophic.supplement.rate` for payers.1.benefits.0.rate.

    Items of lists go by their name, dated readings by their date.
    """
    node, shown = tree, []
    for step in path:
        inner = (
            node if node.child(step) is not None else (node.child("value") or node.child("amount") or node)
        )
        child = inner.child(step)
        if child is None:
            shown += [] if step in ("dated", "value") or isinstance(step, int) else [str(step)]
            continue
        if isinstance(step, int):
            names = [str(name.text()) for key in _NAMES if (name := child.at(key)) is not None]
            shown.append(names[0] if names else str(step))
        elif step not in ("value", "amount") or not child.items():
            shown.append(step)
        node = child
    steps = [step for step in shown if step != "benefits"]
    return ".".join(steps[1:] if len(steps) > 1 and steps[0] == "payers" else steps)
