"""A number of the law – scalar, table, dated – as cells, and the register that holds it on a bill."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from doudi.engine.compile.context import Context, TreePath
from doudi.engine.plan import Leaf, NumberPlan
from doudi.engine.program import Cell, Unit, Version
from doudi.engine.vocabulary import DOMAINS
from doudi.money import BP_ONE, Rounding, RoundingMode
from doudi.policy.scalars import ShareOf
from doudi.policy.values import Reading, Value

GROUPS = ("people", "disease")


@dataclass(frozen=True)
class _Table:
    """All readings of one number side by side: for each row path, its versions."""

    rows: dict[tuple[str, ...], list[Version]]
    by: tuple[str, ...]


def compile_number(
    c: Context,
    value: Value[Any],
    unit: Unit,
    path: TreePath,
    label: str,
    better: str = "max",
    required: bool = True,
) -> NumberPlan:
    """The register of a number; where the law gives none, the bill is refused (if `required`)."""
    tables = _tables(c, value, path)
    plans = [_table(c, table, unit, label, better) for table in tables]
    plan = plans[0]
    for other in plans[1:]:
        register = c.b.op("add", plan.register, other.register)
        known = c.b.either(plan.known or c.b.constant(1), other.known or c.b.constant(1))
        plan = NumberPlan(register, unit, plan.leaves + other.leaves, known)
    if plan.known is not None and required:
        c.b.refuse_unless(plan.known, "no_value", label)
    return plan


def _tables(c: Context, value: Value[Any], path: TreePath) -> list[_Table]:
    """The readings grouped by their attributes; normally one group."""
    found: dict[tuple[str, ...], dict[tuple[str, ...], list[Version]]] = {}
    readings = value.readings()
    for index, reading in enumerate(readings):
        here = (*path, index) if value.dated is not None else path
        ends = reading.until
        if value.dated is not None and ends is None and index + 1 < len(readings):
            ends = readings[index + 1].from_
        rows = found.setdefault(tuple(reading.by or ()), {})
        for names, scalar in _rows(reading):
            for version in _versions(c, scalar, reading.from_, ends, (*here, *_steps(reading, names))):
                rows.setdefault(names, []).append(version)
        if reading.default is not None and reading.by:
            versions = _versions(c, reading.default, reading.from_, ends, (*here, "default"))
            rows.setdefault(("*",), []).extend(versions)
    return [_Table(rows, by) for by, rows in found.items()]


def _steps(reading: Reading[Any], names: tuple[str, ...]) -> TreePath:
    return ("rows", *names) if reading.by else ("value",)


def _rows(reading: Reading[Any]) -> list[tuple[tuple[str, ...], Any]]:
    if reading.rows is None:
        return [((), reading.value)]
    found: list[tuple[tuple[str, ...], Any]] = []
    for name, row in reading.rows.items():
        if isinstance(row, dict):
            found += [((name, inner), scalar) for inner, scalar in row.items()]
        else:
            found.append(((name,), row))
    return found


def _versions(
    c: Context, scalar: Any, begins: date | None, ends: date | None, source: TreePath
) -> list[Version]:
    """A scalar as versions; a share of a dated figure changes with the figure."""
    if not isinstance(scalar, ShareOf):
        return [Version(begins, ends, scalar, source)]
    figure = c.document.figures[scalar.of].value
    mode = RoundingMode(c.document.rounding.mode)
    versions = []
    readings = figure.readings()
    for index, reading in enumerate(readings):
        upto = reading.until or (readings[index + 1].from_ if index + 1 < len(readings) else None)
        low = max([day for day in (begins, reading.from_) if day], default=None)
        high = min([day for day in (ends, upto) if day], default=None)
        if low is None or high is None or low < high:
            amount = Rounding(mode).divide(_plain_fen(reading) * scalar.rate_bp, BP_ONE)
            versions.append(Version(low, high, amount, source))
    return versions


def _plain_fen(reading: Reading[Any]) -> int:
    return reading.value if isinstance(reading.value, int) else 0


def _table(c: Context, table: _Table, unit: Unit, label: str, better: str) -> NumberPlan:
    default = table.rows.get(("*",))
    rows = {names: versions for names, versions in table.rows.items() if names != ("*",)}
    if not table.by:
        return _scalar(c, rows[()], unit, label)
    if len(table.by) == 1 and table.by[0] in DOMAINS and default is None:
        return _dense(c, table.by[0], rows, unit, label)
    return _chain(c, table.by, rows, default, unit, label, better)


def _always(versions: list[Version]) -> bool:
    """Whether some version holds on every day."""
    return len(versions) == 1 and versions[0].begins is None and versions[0].ends is None


def _cell(c: Context, versions: list[Version], unit: Unit, label: str) -> int:
    return c.b.cell(Cell(label, unit, tuple(versions)))


def _scalar(c: Context, versions: list[Version], unit: Unit, label: str) -> NumberPlan:
    cell = _cell(c, versions, unit, label)
    leaf = (Leaf(cell, label),)
    if _always(versions):
        return NumberPlan(cell, unit, leaf)
    return NumberPlan(c.b.op("value", cell), unit, leaf, c.b.op("known", cell))


def _dense(
    c: Context, attribute: str, rows: dict[tuple[str, ...], list[Version]], unit: Unit, label: str
) -> NumberPlan:
    """A table by one enumerated attribute: one cell a code, read by index."""
    code = c.b.fact(attribute)
    cells: list[int] = []
    leaves: list[Leaf] = []
    for index, name in enumerate(DOMAINS[attribute]):
        last = [versions for (row,), versions in rows.items() if row == name]
        if not last and attribute == "admission" and cells:
            cells.append(cells[-1])
            leaves.append(Leaf(cells[-1], leaves[-1].label, ((code, index),)))
            continue
        cell = _cell(c, last[0] if last else [], unit, f"{label}.{name}")
        cells.append(cell)
        if last:
            leaves.append(Leaf(cell, f"{label}.{name}", ((code, index),)))
    return NumberPlan(c.b.op("look", code, *cells), unit, tuple(leaves), c.b.op("has_row", code, *cells))


def _matches(c: Context, attribute: str, row: str) -> tuple[int, int] | None:
    """(register, code) that must be equal for a row to match; None for `other`."""
    if attribute in GROUPS:
        return None if row == "other" else (c.b.fact(attribute, row), 1)
    if attribute == "tier":
        return c.b.fact("tier", row), 1
    if attribute == "scheme":
        return c.b.fact("scheme", row), 1
    return c.b.fact(attribute), DOMAINS[attribute].index(row)


def _chain(
    c: Context,
    by: tuple[str, ...],
    rows: dict[tuple[str, ...], list[Version]],
    default: list[Version] | None,
    unit: Unit,
    label: str,
    better: str,
) -> NumberPlan:
    """A table by groups or by two attributes: each row with its test; of several that match the best counts."""
    b, zero = c.b, c.b.constant(0)
    leaves: list[Leaf] = []
    result = known = None
    others = []
    for names, versions in rows.items():
        pairs = [_matches(c, attribute, row) for attribute, row in zip(by, names, strict=False)]
        conditions = tuple(pair for pair in pairs if pair is not None)
        leaf = Leaf(
            _cell(c, versions, unit, ".".join((label, *names))), ".".join((label, *names)), conditions
        )
        if None in pairs:
            others.append(leaf)
            continue
        leaves.append(leaf)
        result, known = _best(c, leaf, result, known, better)
    for leaf in [*others, *([_default_leaf(c, default, unit, label)] if default else [])]:
        fallback = Leaf(leaf.cell, leaf.label, leaf.conditions, fallback=True)
        leaves.append(fallback)
        holds, value = _read(c, fallback)
        free = b.op("not", known) if known is not None else b.constant(1)
        use = b.both(holds, free)
        result = b.op("where", use, value, result if result is not None else zero)
        known = b.either(use, known) if known is not None else use
    return NumberPlan(result if result is not None else zero, unit, tuple(leaves), known)


def _default_leaf(c: Context, versions: list[Version], unit: Unit, label: str) -> Leaf:
    return Leaf(_cell(c, versions, unit, f"{label}.default"), f"{label}.default")


def _read(c: Context, leaf: Leaf) -> tuple[int, int]:
    tests = [c.b.op("equal", register, c.b.constant(code)) for register, code in leaf.conditions]
    return c.b.both(*tests, c.b.op("known", leaf.cell)), c.b.op("value", leaf.cell)


def _best(c: Context, leaf: Leaf, result: int | None, known: int | None, better: str) -> tuple[int, int]:
    """The best of what matched so far and this row."""
    b = c.b
    holds, value = _read(c, leaf)
    if result is None or known is None:
        return b.op("where", holds, value, b.constant(0)), holds
    best = b.op("where", known, b.op(better, result, value), value)
    return b.op("where", holds, best, result), b.either(holds, known)
