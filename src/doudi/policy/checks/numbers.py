"""Checks of numbers: figures exist, tables have rows that can be, ranges hold, dates leave no gap."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, get_args

from doudi.money import MoneyError, parse_percent, parse_yuan
from doudi.policy.conditions import PARTS, Care, Channel, Grade, Level, Place
from doudi.policy.document import PolicyDocument
from doudi.policy.problems import Problem, problem
from doudi.policy.scalars import ShareOf
from doudi.policy.source import Node
from doudi.policy.validate import MEANT, locate, where_of
from doudi.policy.values import Reading, Value
from doudi.words import Words, did_you_mean

Path = tuple[str | int, ...]
ROWS: dict[str, tuple[str, ...]] = {
    "level": get_args(Level),
    "grade": get_args(Grade),
    "care": get_args(Care),
    "place": get_args(Place),
    "channel": get_args(Channel),
    "admission": ("1", "2", "3", "4", "5"),
}
_BILL_SHARES = ("cap", "counts_at_most")


def attribute_words(attribute: str) -> Words:
    """What people call an attribute of a table, in brackets; nothing where the word speaks for itself."""
    names = {
        "level": "机构级别", "grade": "机构等级", "care": "就医方式", "place": "就医地", "channel": "结算渠道",
        "admission": "本年第几次住院", "people": "人群", "disease": "病种", "scheme": "险种", "tier": "档次",
    }  # fmt: skip
    return Words(f"（{names[attribute]}）" if attribute in names else "", "")


def values_of(document: PolicyDocument) -> Iterator[tuple[Path, Value[Any]]]:
    """Every number of a policy with its path."""

    def below(path: Path, value: Any) -> Iterator[tuple[Path, Value[Any]]]:
        if isinstance(value, Value):
            yield path, value
        if isinstance(value, list):
            for index, item in enumerate(value):
                yield from below((*path, index), item)
        elif isinstance(value, dict):
            for key, item in value.items():
                yield from below((*path, key), item)
        elif hasattr(type(value), "model_fields"):
            for name, field in type(value).model_fields.items():
                if not (isinstance(value, Value) and name in Value.model_fields):
                    yield from below((*path, field.alias or name), getattr(value, name))

    yield from below((), document)


def number_problems(document: PolicyDocument, tree: Node) -> Iterator[Problem]:
    """Every finding about the numbers of a policy."""
    for path, value in values_of(document):
        yield from _bound(value, tree, path)
        for index, reading in enumerate(value.readings()):
            here = (*path, "dated", index) if value.dated is not None else path
            yield from _shares(document, reading, tree, here)
            yield from _rows(document, reading, tree, here)
            yield from _range(reading, tree, here)
        yield from _starts(document, value, tree, path)
        if path[0] == "figures":
            yield from _figure(value, tree, path)


def _figure(value: Value[Any], tree: Node, path: Path) -> Iterator[Problem]:
    """A figure is an amount, perhaps dated; shares are taken of it."""
    for index, reading in enumerate(value.readings()):
        if reading.by is not None or isinstance(reading.value, ShareOf):
            here = (*path, "dated", index) if value.dated is not None else path
            yield problem("figure_form", where_of(tree, here), name=path[1])


def scalars_of(reading: Reading[Any]) -> list[Any]:
    """Every number of a reading: its value or its rows, and its default."""
    return [scalar for _, scalar in placed(reading) if scalar is not None]


def _shares(document: PolicyDocument, reading: Reading[Any], tree: Node, path: Path) -> Iterator[Problem]:
    for steps, scalar in placed(reading):
        if not isinstance(scalar, ShareOf) or scalar.of in document.figures:
            continue
        node, shown = locate(tree, (*path, *steps))
        if scalar.of in (*PARTS, "total"):
            plain = steps == ("value",) and "dated" not in path
            if not plain or not any(step in _BILL_SHARES or step == "caps" for step in path):
                yield problem("share_not_here", node.where, shown, name=scalar.of)
        else:
            hint = did_you_mean(scalar.of, [*document.figures, *PARTS, "total"])
            yield problem("figure_unknown", node.where, shown, name=scalar.of, hint=hint)


def _rows(document: PolicyDocument, reading: Reading[Any], tree: Node, path: Path) -> Iterator[Problem]:
    if reading.rows is None or reading.by is None:
        return
    nested = [isinstance(row, dict) for row in reading.rows.values()]
    if any(nested) != (len(reading.by) == 2) or (any(nested) and not all(nested)):
        yield problem("table_nesting", where_of(tree, (*path, "rows")), wanted=len(reading.by))
        return
    for name, row in reading.rows.items():
        yield from _row(document, reading.by[0], name, tree, (*path, "rows"))
        for inner in row if isinstance(row, dict) else []:
            yield from _row(document, reading.by[1], inner, tree, (*path, "rows", name))


def _row(document: PolicyDocument, attribute: str, name: str, tree: Node, path: Path) -> Iterator[Problem]:
    if attribute in ("scheme", "tier"):
        return
    groups = {"people": [*document.people, "other"], "disease": [*document.diseases, "other"]}
    known = groups[attribute] if attribute in groups else list(ROWS[attribute])
    if name not in known:
        node, shown = locate(tree, path)
        where = node.keys.get(name, node.where)
        yield problem(
            "table_row_unknown",
            where,
            shown,
            row=name,
            meaning=attribute_words(attribute),
            by=attribute,
            hint=did_you_mean(MEANT.get(name, name), known),
        )


def _range(reading: Reading[Any], tree: Node, path: Path) -> Iterator[Problem]:
    if reading.range is None or not isinstance(reading.value, int):
        return
    percent = "%" in reading.range
    ends = [end.strip() for end in re.split(r"[–—~～至-]", reading.range)]
    try:
        if percent:
            low, high = (parse_percent(end if "%" in end else f"{end}%") for end in ends)
        else:
            low, high = (parse_yuan(end) for end in ends)
    except (MoneyError, ValueError):
        yield problem("range_malformed", where_of(tree, (*path, "range")), range=reading.range)
        return
    if not low <= reading.value <= high:
        node, shown = locate(tree, (*path, "value"))
        yield problem("range_outside", node.where, shown, value=node.text(), range=reading.range)


def _bound(value: Value[Any], tree: Node, path: Path) -> Iterator[Problem]:
    """Numbers outside what the parent allows; shares of a figure are not known before a year is."""
    if value.bound is None:
        return
    for index, reading in enumerate(value.readings()):
        here = (*path, "dated", index) if value.dated is not None else path
        for steps, scalar in placed(reading):
            for key, limit in (("at_least", value.bound.at_least), ("at_most", value.bound.at_most)):
                if not (isinstance(scalar, int) and isinstance(limit, int)):
                    continue
                if scalar < limit if key == "at_least" else scalar > limit:
                    node, shown = locate(tree, (*here, *steps))
                    bound = where_of(tree, (*path, "bound", key))
                    told = locate(tree, (*path, "bound", key))[0].text()
                    yield problem(
                        "bound_crossed",
                        node.where,
                        shown,
                        value=node.text(),
                        bound=f"{key} {told}",
                        set=bound,
                    )


def placed(reading: Reading[Any]) -> Iterator[tuple[Path, Any]]:
    """Every number of a reading with the steps that lead to it."""
    yield ("value",), reading.value
    yield ("default",), reading.default
    for name, row in (reading.rows or {}).items():
        if isinstance(row, dict):
            for inner, scalar in row.items():
                yield ("rows", name, inner), scalar
        else:
            yield ("rows", name), row


def _starts(document: PolicyDocument, value: Value[Any], tree: Node, path: Path) -> Iterator[Problem]:
    """A dated number that begins after the form it stands in leaves a gap."""
    if value.dated is None or path[0] in ("figures",):
        return
    first = value.dated[0].from_
    start = _begins(document, path)
    if first is not None and first > start:
        node, shown = locate(tree, (*path, "dated", 0, "from"))
        yield problem("dated_starts_late", node.where, shown, severity="warning", start=start, first=first)


def _begins(document: PolicyDocument, path: Path) -> date:
    """From when the form at a path can apply."""
    start = document.in_force.from_
    if path[0] == "payers" and isinstance(path[1], int):
        payer = document.payers[path[1]]
        start = max(start, payer.from_ or start)
        if len(path) > 3 and path[2] == "benefits" and isinstance(path[3], int):
            start = max(start, payer.benefits[path[3]].from_ or start)
    return start
