"""Columns that several files of the national interface share, and how their cells are read."""

from __future__ import annotations

from datetime import date
from typing import Any

from doudi.server.imports.api import Column, Option, Row, Task
from doudi.server.reference.import_kinds.dated import Unreadable
from doudi.words import Words

CODE = Column(
    "code",
    Words("医保目录编码", "Catalogue code"),
    ("医疗目录编码", "中药配方颗粒代码", "hilist_code", "med_list_codg"),
    form="identifier",
    needed=True,
    longest=50,
)
PLACE = Column(
    "place",
    Words("参保机构医保区划", "Insured division"),
    ("医保区划", "insu_admdvs", "admdvs"),
    form="identifier",
    longest=12,
    guide=Words(
        "6位区划代码；空白为导入所选地区，100000为全国。",
        "6 digits; empty: the chosen region; 100000: the country.",
    ),
)
FROM = Column("from_date", Words("开始日期", "From"), ("begndate", "开始时间"), form="date")
UNTIL = Column("until_date", Words("结束日期", "Until"), ("enddate", "结束时间"), form="date")
VALID = Column("valid", Words("有效标志", "Valid"), ("vali_flag",), form="text", longest=3)
FIRST_DAY = Option(
    "from_date",
    Words("文件中没有开始日期的，从哪天起", "First day, where the file names none"),
    form="date",
    needed=False,
)
NATION = 100_000
"""The area the national interface writes for the country as a whole."""


def text(row: Row, column: str) -> str:
    """The text of a cell; "" where it is empty or says `null`, as downloads write an empty value."""
    value = row.values.get(column)
    return "" if value is None or value == "null" else str(value)


def times(row: Row, task: Task) -> tuple[date, date | None]:
    """First and last day of what the row says. The end of the file is the last valid day: ours is the day after none.

    The national interface does not print whether `enddate` still counts; it is read as exclusive like everywhere here,
    which is assumed. A row marked invalid needs its end.
    """
    start = row.values.get("from_date") or task.options.get("from_date")
    until = row.values.get("until_date")
    if not isinstance(start, date):
        raise Unreadable("from_date", Words("没有开始日期。", "It has no first day."))
    if until is not None and not isinstance(until, date):
        raise Unreadable("until_date", Words("结束日期读不出来。", "Its end cannot be read."))
    if text(row, "valid") == "0" and until is None:
        raise Unreadable("valid", Words("标为无效却没有结束日期。", "It is marked invalid and has no end."))
    if until is not None and until <= start:
        raise Unreadable("until_date", Words("结束日期须晚于开始日期。", "It must end after it begins."))
    return start, until


def place(row: Row, task: Task) -> int:
    """Region key of the division a rule is for; inside the importer's region."""
    written = text(row, "place")
    if not written:
        key = task.region
    elif written.isascii() and written.isdigit() and len(written) in (6, 9, 12):
        key = int(written.ljust(12, "0")) // 1000
    else:
        raise Unreadable("place", Words("区划代码应为6位数字。", "A division code has 6 digits."))
    if key == NATION * 1000:
        key = 0
    if key not in task.actor.ranges:
        raise Unreadable("place", Words("该地区不在您的辖区内。", "That place is outside your region."))
    return key


def one_of(row: Row, column: str, known: dict[str, Any]) -> Any:
    """The value a dictionary gives for the cell."""
    written = text(row, column)
    if written not in known:
        possible = "、".join(known)
        raise Unreadable(
            column,
            Words(
                f"“{written}”不在字典内（{possible}）。",
                f"“{written}” is not in the dictionary ({possible}).",
            ),
        )
    return known[written]
