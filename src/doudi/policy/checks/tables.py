"""Rows that a table lacks although its conditions let such bills through: those bills would have no value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from doudi.policy.checks.numbers import ROWS, attribute_words, values_of
from doudi.policy.conditions import When
from doudi.policy.document import PolicyDocument
from doudi.policy.groups import Programme
from doudi.policy.problems import Problem, problem
from doudi.policy.source import Node
from doudi.policy.validate import locate
from doudi.policy.values import Reading

Path: TypeAlias = tuple[str | int, ...]
_BEDS = {"inpatient", "day_surgery"}
_GROUPS = ("people", "disease")


def missing_rows(document: PolicyDocument, tree: Node) -> Iterator[Problem]:
    """A warning for every table without default that lacks rows which its conditions do not exclude."""
    for path, value in values_of(document):
        conditions = _conditions_along(document, path)
        if conditions is None:
            continue
        for index, reading in enumerate(value.readings()):
            here = (*path, "dated", index) if value.dated is not None else path
            if reading.rows is None or reading.by is None or reading.default is not None:
                continue
            for attribute, rows, steps in _tables(reading, reading.by):
                lacking = _lacking(document, attribute, rows, conditions)
                if lacking:
                    node, shown = locate(tree, (*here, "rows", *steps))
                    listed = ", ".join(lacking)
                    yield problem(
                        "table_row_missing",
                        node.where,
                        shown,
                        "warning",
                        row=listed,
                        by=attribute,
                        meaning=attribute_words(attribute),
                    )


def _tables(reading: Reading[Any], by: Sequence[str]) -> Iterator[tuple[str, list[str], Path]]:
    """(attribute, its rows, steps) of a table and of the tables nested in it."""
    rows = reading.rows or {}
    yield by[0], list(rows), ()
    for name, row in rows.items():
        if isinstance(row, dict) and len(by) == 2:
            yield by[1], list(row), (name,)


def _conditions_along(document: PolicyDocument, path: Path) -> list[When] | None:
    """The conditions under which a number is read; None where a missing row harms nobody."""
    if path[0] == "figures":
        return None
    found: list[When] = []
    form: Any = document
    for step in path:
        if getattr(form, "decided", "here") != "here":
            return None
        form = form[step] if isinstance(form, list | dict) else getattr(form, str(step), None)  # type: ignore[index]
        when = getattr(form, "when", None)
        if isinstance(when, When):
            found.append(when)
    return found


def _lacking(document: PolicyDocument, attribute: str, rows: list[str], conditions: list[When]) -> list[str]:
    """The rows that bills under these conditions may ask for and that are not there."""
    if attribute in _GROUPS:
        asked = _asked(document, conditions, attribute) or {"other"}
        return [] if "other" in rows else sorted(asked - set(rows))
    if attribute not in ROWS:
        return []
    allowed = list(ROWS[attribute])
    for when in conditions:
        allowed = [row for row in allowed if row in _allowed(when, attribute)]
    if attribute == "admission":
        return [row for row in allowed[:1] if row not in rows]
    cares = set(ROWS["care"])
    for when in conditions:
        cares &= _allowed(when, "care")
    if attribute == "level":
        levels = _routed_levels(document, conditions)
        allowed = [row for row in allowed if row in levels and not (row == "village" and cares <= _BEDS)]
    return [row for row in allowed if row not in rows]


def _asked(document: PolicyDocument, conditions: list[When], attribute: str) -> set[str]:
    """The groups of which every bill under the conditions matches one; empty if there are none."""
    asked = {name for when in conditions for name in _always_named(when, attribute)}
    if asked or attribute != "disease":
        return asked
    for when in conditions:
        for programme in _programmes(document, when.programme):
            asked |= {disease for listed in programme.diseases for disease in listed.names}
    return asked


def _routed_levels(document: PolicyDocument, conditions: list[When]) -> set[str]:
    """The levels to which programmes route the diseases that the conditions name; all where nothing routes."""
    levels = set(ROWS["level"])
    asked = _asked(document, conditions, "disease")
    for programme in (one for when in conditions for one in _programmes(document, when.routed)):
        routing = programme.routing
        special = {disease for route in routing for disease in route.diseases or []}
        fits = [
            route for route in routing if asked & (set(route.diseases) if route.diseases else asked - special)
        ]
        levels &= {level for route in fits or routing for level in route.levels}
    return levels


def _programmes(document: PolicyDocument, names: list[str] | None) -> list[Programme]:
    """The programmes of these names, as far as there are such."""
    return [document.programmes[name] for name in names or [] if name in document.programmes]


def _always_named(when: When, attribute: str) -> list[str]:
    """The groups of which a bill under this condition always matches one."""
    named = list(getattr(when, attribute) or [])
    for inner in when.all_ or []:
        named += _always_named(inner, attribute)
    branches = [_always_named(inner, attribute) for inner in when.any_ or []]
    if branches and all(branches):
        named += [name for branch in branches for name in branch]
    return named


def _allowed(when: When, attribute: str) -> set[str]:
    """The values of an attribute that a condition lets through (or more, never fewer)."""
    allowed = set(ROWS[attribute])
    if (listed := getattr(when, attribute)) if attribute != "admission" else None:
        allowed &= set(listed)
    if attribute == "place":
        allowed &= _places(when)
    if attribute == "admission" and when.admission is not None:
        low, high = when.admission.at_least or 0, when.admission.at_most
        allowed = {row for row in allowed if int(row) >= low and (high is None or int(row) <= high)}
    for inner in when.all_ or []:
        allowed &= _allowed(inner, attribute)
    if when.any_:
        allowed &= set().union(*(_allowed(inner, attribute) for inner in when.any_))
    if when.not_ is not None and when.not_.model_fields_set == {attribute} and attribute != "admission":
        allowed -= set(getattr(when.not_, attribute))
    return allowed


def _places(when: When) -> set[str]:
    """The places left by `in_pooling_area` and `in_province`."""
    places = set(ROWS["place"])
    if when.in_pooling_area is not None:
        inside = {"pooling_area"}
        places &= inside if when.in_pooling_area else places - inside
    if when.in_province is not None:
        inside = {"pooling_area", "province"}
        places &= inside if when.in_province else places - inside
    return places
