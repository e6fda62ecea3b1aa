"""Fee lines as they are pasted from a table: name, code, quantity, amount, day; in that order, or under headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from doudi.server.desks import fields
from doudi.server.kernel.errors import Refused
from doudi.server.settlement.api import LineInput
from doudi.words import Words

MOST = 3000
"""Lines of one bill; a long stay has some hundred."""
HEADINGS = {
    "name": ("名称", "项目名称", "药品名称", "收费项目", "项目", "name", "item"),
    "code": ("编码", "项目编码", "医保编码", "国家编码", "医保项目编码", "代码", "code"),
    "quantity": ("数量", "数", "quantity", "qty"),
    "amount": ("金额", "金额（元）", "金额(元)", "总金额", "费用", "amount"),
    "day": ("日期", "费用日期", "收费日期", "发生日期", "day", "date"),
}
ORDERS = {2: ("name", "amount"), 3: ("name", "code", "amount"), 4: ("name", "code", "quantity", "amount")}
FULL = ("name", "code", "quantity", "amount", "day")
_AMOUNT = re.compile(r"(\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.(\d{1,2})0*)?", re.ASCII)
_QUANTITY = re.compile(r"\d{1,9}(\.\d{1,4})?", re.ASCII)


def lines_of(text: str) -> tuple[LineInput, ...]:
    """The lines. Refusals say which row."""
    rows = list(_rows(text))
    if len(rows) > MOST:
        raise _wrong(
            0,
            Words(
                f"明细最多 {MOST} 行，现有 {len(rows)} 行。", f"At most {MOST} lines; there are {len(rows)}."
            ),
        )
    if not rows:
        return ()
    order = _headings(rows[0][1])
    if order:
        rows = rows[1:]
    return tuple(_line(number, cells, order) for number, cells in rows if not _foot(cells))


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(text.splitlines(), 1):
        cells = row.split("\t") if "\t" in row else re.split(r"\s{2,}|[;；]", row.strip())
        cells = [cell.strip() for cell in cells]
        while cells and not cells[-1]:
            cells.pop()
        if any(cells):
            yield number, cells


def _headings(cells: list[str]) -> dict[str, int]:
    """Which column is what, where the first row says so."""
    found = {}
    for place, cell in enumerate(cells):
        for kind, names in HEADINGS.items():
            if cell.lower() in names and kind not in found:
                found[kind] = place
    return found if "amount" in found else {}


def _foot(cells: list[str]) -> bool:
    return next((cell for cell in cells if cell), "").startswith(("合计", "总计", "小计"))


def _line(number: int, cells: list[str], order: dict[str, int]) -> LineInput:
    if not order:
        names = ORDERS.get(len(cells), FULL)
        order = {name: place for place, name in enumerate(names)}
    told = {kind: cells[place] if place < len(cells) else "" for kind, place in order.items()}
    amount = _fen(number, told.get("amount", ""))
    quantity = told.get("quantity", "") or "1"
    if not _QUANTITY.fullmatch(quantity):
        raise _wrong(number, Words(f"数量“{quantity}”不是数字", f"the quantity “{quantity}” is no number"))
    name, code = told.get("name", ""), told.get("code", "")
    if not name and not code:
        raise _wrong(number, Words("没有名称和编码", "neither name nor code"))
    return LineInput(name[:100] or code, amount, code[:60], quantity, _day(number, told.get("day", "")))


def _fen(number: int, text: str) -> int:
    found = _AMOUNT.fullmatch(text.lstrip("¥￥"))
    if not found:
        raise _wrong(number, Words(f"金额“{text}”不是金额", f"“{text}” is no amount"))
    return int(re.sub(r"\D", "", found.group(1))) * 100 + int((found.group(2) or "").ljust(2, "0"))


def _day(number: int, text: str) -> date | None:
    try:
        return fields.day({"day": text[:10]}, "day", Words("日期", "day"), required=False)
    except Refused as refusal:
        raise _wrong(number, Words(refusal.words.zh.rstrip("。"), refusal.words.en.rstrip("."))) from None


def _wrong(number: int, words: Words) -> Refused:
    at = Words(f"费用明细第 {number} 行：", f"Fee line {number}: ") if number else Words("", "")
    return Refused(
        "field_lines",
        Words(f"{at.zh}{words.zh}。", f"{at.en}{words.en}."),
        remedy=Words(
            "每行依次是名称、编码、数量、金额（、日期），用制表符分开；也可以带标题行。",
            "Each line is name, code, quantity, amount (and day), separated by tabs; a heading row may come first.",
        ),
        where="lines",
    )
