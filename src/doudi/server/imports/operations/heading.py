"""Reading the top of a file: which sheet, where its header is, what its first rows say, what should be told about it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any

from doudi.server.imports.data import Kind
from doudi.server.kernel.errors import Refused
from doudi.server.kernel.sheets.api import (
    SEARCHED,
    Cell,
    Found,
    Sheet,
    find_header,
    open_sheet,
    plain,
    repeated,
)
from doudi.words import Words

SAMPLE = 5
"""Rows shown beside the mapping."""
SHEETS_TRIED = 8


@dataclass(frozen=True, slots=True)
class Top:
    """The top of a sheet: the facts, without its rows."""

    sheet: str
    sheets: tuple[str, ...]
    from_1904: bool
    found: Found
    sample: tuple[tuple[str, ...], ...]
    notices: tuple[Words, ...]

    def layout(self) -> dict[str, Any]:
        """What is kept of it, as JSON."""
        return {
            "sheets": list(self.sheets),
            "rows": list(self.found.layout.rows),
            "headings": list(self.found.layout.headings),
            "from_1904": self.from_1904,
        }


def read_top(content: bytes, kind: Kind, *, sheet: str = "") -> Top:
    """The top of the named sheet; without a name, of the largest visible one that has known headings."""
    try:
        return _top(content, kind, sheet)
    except Refused as refusal:
        if sheet or refusal.code not in ("header_not_found", "sheet_empty"):
            raise
        with open_sheet(content) as opened:
            others = [name for name in opened.names if name != opened.name][:SHEETS_TRIED]
        for name in others:
            try:
                return _top(content, kind, name)
            except Refused:
                continue
        raise


def _top(content: bytes, kind: Kind, name: str) -> Top:
    with open_sheet(content, sheet=name) as sheet:
        rows = list(islice(sheet.rows, SEARCHED + SAMPLE + 2))
        found = find_header(rows, sheet, kind.columns)
        below = [cells for number, cells in rows if number > found.layout.rows[-1]]
        sample = tuple(tuple(plain(cell) for cell in cells) for cells in below[:SAMPLE])
        return Top(sheet.name, sheet.names, sheet.from_1904, found, sample, notices_of(sheet, found, below))


def notices_of(sheet: Sheet, found: Found, below: list[list[Cell]]) -> tuple[Words, ...]:
    """What an officer should know before trusting the preview."""
    told: list[Words] = []
    if len(sheet.names) > 1:
        told.append(
            Words(
                f"工作簿有 {len(sheet.names)} 个工作表，读取的是“{sheet.name}”。",
                f"The workbook has {len(sheet.names)} sheets; “{sheet.name}” is read.",
            )
        )
    if sheet.hidden_rows or sheet.hidden_columns:
        told.append(
            Words(
                f"表中有隐藏的 {sheet.hidden_rows} 行、{sheet.hidden_columns} 处列，也会一并读取。",
                f"{sheet.hidden_rows} rows and {sheet.hidden_columns} groups of columns are hidden; they are read too.",
            )
        )
    if sheet.formulas:
        told.append(
            Words(
                f"表中有 {sheet.formulas} 个公式单元格，按保存时的结果读取，不会计算。",
                f"{sheet.formulas} cells are formulas: their saved results are read, nothing is calculated.",
            )
        )
    if sheet.links:
        told.append(Words("外部链接不会打开。", "Links to other files are not followed."))
    if twice := repeated(found.layout.headings):
        names = "、".join(heading[:20] for heading in twice[:5])
        told.append(
            Words(
                f"有重复的表头：{names}；取最左边一列。",
                f"Headings stand twice: {names}; the leftmost column is read.",
            )
        )
    if not below:
        told.append(Words("表头下面没有数据。", "There is nothing below the headings."))
    return tuple(told)
