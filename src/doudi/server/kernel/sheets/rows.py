"""The rows below the header as values: empty rows passed over, closing rows (合计, 填表人) set aside, every cell read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from doudi.server.kernel.sheets.cells import plain, value_of
from doudi.server.kernel.sheets.columns import Column, Problem, Value
from doudi.server.kernel.sheets.header import bare
from doudi.server.kernel.sheets.reading import Cell, is_empty

CLOSING = (
    "合计",
    "总计",
    "小计",
    "共计",
    "填表人",
    "填报人",
    "制表人",
    "审核人",
    "负责人",
    "备注",
    "说明",
    "注",
    "填表单位",
    "填报单位",
    "填报日期",
    "筛选",
    "导出",
    "note",
    "total",
)
"""First words of rows that close a list and are no entries."""


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row: its number, its cells as they are in the file, the values by column, and what could not be read.

    A `closing` row is no entry; it is shown and not counted.
    """

    number: int
    cells: list[Cell]
    values: Mapping[str, Value]
    problems: tuple[Problem, ...]
    closing: bool = False


def read_rows(
    rows: Iterable[tuple[int, list[Cell]]],
    *,
    after: int,
    mapping: Mapping[str, int],
    columns: Sequence[Column],
    from_1904: bool = False,
) -> Iterator[ReadRow]:
    """The rows with numbers above `after` (the last row of the header), read by `mapping` (column name → place)."""
    places = [(column, mapping[column.name]) for column in columns if column.name in mapping]
    for number, cells in rows:
        if number <= after or is_empty(cells):
            continue
        values: dict[str, Value] = {}
        problems: list[Problem] = []
        for column, place in places:
            value, words = value_of(cells[place] if place < len(cells) else None, column, from_1904=from_1904)
            values[column.name] = value
            if words is not None:
                problems.append(Problem(column.name, words))
        closing = bool(problems) and closes(cells)
        yield ReadRow(number, cells, values, () if closing else tuple(problems), closing)


def closes(cells: Sequence[Cell]) -> bool:
    """Whether the row's first text is a closing word and few of its cells are filled."""
    texts = [text for text in map(plain, cells) if text]
    first = bare(texts[0]) if texts else ""
    return len(texts) * 3 <= max(len(cells), 6) and any(
        first == word or (first.startswith(word) and len(texts) <= 2) for word in CLOSING
    )
