"""How one number of the law differs between two policies: day by day, row by row.

Both numbers are laid along the days on which the new policy holds. Wherever what is law differs – a plain number, or
a row of a table – there is one difference with the day from which and before which it counts. A plain number beside
a table counts as every row of it; tables by other attributes are told as wholes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from doudi.policy.values import Reading, Value

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One number that is not what it was; a scalar, None where nothing is written, or a reading that is a table."""

    by: tuple[str, ...]
    row: Row
    before: Any
    after: Any
    begins: date
    ends: date | None


def differences(
    before: Value[Any] | None, after: Value[Any] | None, begins: date, ends: date | None
) -> Iterator[Difference]:
    """What differs while the new policy holds, rows in the order of the new table."""
    edges = sorted({begins, *(day for day in _edges(before, after) if begins < day < (ends or date.max))})
    stretches: dict[tuple[tuple[str, ...], Row], list[Difference]] = {}
    for index, day in enumerate(edges):
        last = edges[index + 1] if index + 1 < len(edges) else ends
        for by, row, old, new in _rows(reading_on(before, day), reading_on(after, day)):
            told = stretches.setdefault((by, row), [])
            if told and told[-1].ends == day and (told[-1].before, told[-1].after) == (old, new):
                told[-1] = Difference(by, row, old, new, told[-1].begins, last)
            else:
                told.append(Difference(by, row, old, new, day, last))
    for told in stretches.values():
        yield from (one for one in told if one.before != one.after)


def reading_on(value: Value[Any] | None, day: date) -> Reading[Any] | None:
    """What is law on a day."""
    if value is None:
        return None
    for reading in reversed(value.readings()):
        if reading.from_ is None or reading.from_ <= day:
            return reading if reading.until is None or day < reading.until else None
    return None


def _edges(*values: Value[Any] | None) -> Iterator[date]:
    for value in values:
        for reading in value.readings() if value is not None else ():
            yield from (day for day in (reading.from_, reading.until) if day is not None)


def _rows(
    old: Reading[Any] | None, new: Reading[Any] | None
) -> Iterator[tuple[tuple[str, ...], Row, Any, Any]]:
    """(attributes, row, before, after) of every number that either side writes."""
    shapes = {tuple(reading.by) for reading in (old, new) if reading is not None and reading.by is not None}
    if not shapes:
        yield (), (), old.value if old else None, new.value if new else None
    elif len(shapes) > 1:
        yield (), (), _content(old), _content(new)
    else:
        by = next(iter(shapes))
        for row in dict.fromkeys([*_written(new, old), *_written(old, new)]):
            yield by, row, _cell(old, row), _cell(new, row)


def _content(reading: Reading[Any] | None) -> Any:
    """A reading without its dates and sources, so that equal numbers are equal."""
    if reading is None or reading.rows is None:
        return reading.value if reading else None
    return Reading[Any].model_construct(by=reading.by, rows=reading.rows, default=reading.default)


def _written(reading: Reading[Any] | None, beside: Reading[Any] | None) -> Iterator[Row]:
    """The rows of a table; a row without columns takes those of the table beside it."""
    if reading is None or reading.rows is None:
        return
    for key, cell in reading.rows.items():
        other = beside.rows.get(key) if beside is not None and beside.rows is not None else None
        inner = cell if isinstance(cell, dict) else other if isinstance(other, dict) else None
        yield from ((key, column) for column in inner) if inner is not None else ((key,),)
    if reading.default is not None:
        yield ("other",)


def _cell(reading: Reading[Any] | None, row: Row) -> Any:
    """The number of a row: its cell, else the table's default; a plain number is every row."""
    if reading is None or reading.rows is None:
        return reading.value if reading else None
    cell = reading.rows.get(row[0], reading.default)
    if isinstance(cell, dict):
        return cell.get(row[1], reading.default) if len(row) > 1 else reading.default
    return cell


__all__ = ["Difference", "differences", "reading_on"]
