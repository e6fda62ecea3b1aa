"""From a cell to a value: one function for each form of `columns.py`. What cannot be read says why and what to do.

Nothing is guessed: a number of 16 digits and more has passed through Excel's 15 significant digits and is refused; a date
that could be two dates is refused; money with more than two decimals is refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

from doudi.server.kernel.sheets.columns import Column, Form, Value
from doudi.server.kernel.sheets.reading import Cell
from doudi.words import Words

ROUNDED = Words(
    "Excel 已把后三位变成 000，请将该列设为文本后重新导出。",
    "Excel has turned the last three digits into 000: format the column as text and export again.",
)
EMPTY = Words("必填项为空。", "This must be filled in.")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?1[4-9]\Z")
_DATE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s]+00?:00(?::00(?:\.0+)?)?)?\Z"
)
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_MONEY = re.compile(r"-?\d{1,13}(?:\.\d{1,2}0*)?\Z")
_YES = frozenset({"是", "有", "y", "yes", "1", "true", "√", "✓", "✔", "对"})
_NO = frozenset({"否", "无", "n", "no", "0", "false", "×", "✗", "x", "不"})
EARLIEST, LATEST = date(1900, 1, 1), date(2099, 12, 31)
"""Dates outside are slips of the pen: nobody on a list was born before."""


class Unreadable(Exception):
    """A cell that has no value in the form of its column."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.words = Words(zh, en)


def value_of(cell: Cell, column: Column, *, from_1904: bool = False) -> tuple[Value, Words | None]:
    """The value of a cell and what is wrong with it, if anything; an empty cell is None and wrong where needed."""
    if cell is None:
        return None, EMPTY if column.needed else None
    try:
        if column.form == "date":
            value: Value = _date(cell, from_1904)
        else:
            value = _READERS[column.form](cell)
    except Unreadable as unreadable:
        return None, unreadable.words
    if value is None:
        return None, EMPTY if column.needed else None
    if isinstance(value, str) and len(value) > column.longest:
        return None, Words(f"超过 {column.longest} 个字。", f"Longer than {column.longest} characters.")
    return value, None


def plain(cell: Cell) -> str:
    """The cell as text: control and direction marks removed, width made narrow, ends trimmed."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.strip() if cell.isascii() and cell.isprintable() else cleaned(cell)
    if isinstance(cell, list):
        return cell[1].removesuffix(" 00:00:00")
    if isinstance(cell, bool):
        return "是" if cell else "否"
    return str(cell) if isinstance(cell, int) else repr(cell)


@lru_cache(maxsize=8192)
def cleaned(text: str) -> str:
    """The text without what cannot be seen: controls, direction marks, zero-width signs; line breaks become spaces."""
    narrow = unicodedata.normalize("NFKC", text)
    kept = "".join(
        " " if sign in "\n\r\t\x0b\u2028\u2029" else sign
        for sign in narrow
        if sign in "\n\r\t\x0b" or unicodedata.category(sign) not in ("Cc", "Cf", "Cs")
    )
    return unicodedata.normalize("NFKC", " ".join(kept.split()))  # a mark may have found its letter by now


def rounded_number(text: str) -> bool:
    """Whether 18 digits ending in 000 fail the check digit (GB 11643-1999): what Excel leaves of a number it rounded."""
    if len(text) != 18 or not text.isascii() or not text.isdigit() or not text.endswith("000"):
        return False
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(text[:17]))
    return "10X98765432"[total % 11] != "0"


def _text(cell: Cell) -> Value:
    return plain(cell) or None


def _identifier(cell: Cell) -> Value:
    if isinstance(cell, bool | list):
        raise Unreadable(
            "应为编号，这里是日期或是否值。", "An identifier is wanted; this is a date or a yes/no value."
        )
    if isinstance(cell, float):
        if abs(cell) >= 1e15:
            raise Unreadable(ROUNDED.zh, ROUNDED.en)
        raise Unreadable("编号不能是小数。", "An identifier is not a fraction.")
    if isinstance(cell, int) and abs(cell) >= 10**15:
        raise Unreadable(ROUNDED.zh, ROUNDED.en)
    text = plain(cell)
    if not (text.isascii() and text.isalnum()):
        text = cleaned("".join(text.strip("'’‘`\"").split()))
    text = text.upper()
    if _SCIENTIFIC.match(text):
        raise Unreadable(ROUNDED.zh, ROUNDED.en)
    return text or None


def _id_number(cell: Cell) -> Value:
    text = _identifier(cell)
    if isinstance(text, str) and rounded_number(text):
        raise Unreadable(ROUNDED.zh, ROUNDED.en)
    return text


def _date(cell: Cell, from_1904: bool) -> Value:
    if isinstance(cell, list):
        found = _made(*(int(part) for part in cell[1][:10].split("-")))
        return _sane(found)
    if isinstance(cell, bool):
        raise Unreadable("应为日期。", "A date is wanted.")
    if isinstance(cell, int | float):
        if isinstance(cell, int) and 19000101 <= cell <= 20991231:
            return _sane(_made(cell // 10000, cell // 100 % 100, cell % 100))
        return _sane(_serial(cell, from_1904))
    text = plain(cell)
    if not text:
        return None
    if _ISO.match(text):
        return _sane(_made(int(text[:4]), int(text[5:7]), int(text[8:])))
    if len(text) == 8 and text.isascii() and text.isdigit():
        return _sane(_made(int(text[:4]), int(text[4:6]), int(text[6:])))
    match = _DATE.match(text)
    if match is None:
        raise Unreadable(
            "日期无法识别，请写成 2017-09-01。", "The date is not understood; write it as 2017-09-01."
        )
    year, month, day = match.groups()
    return _sane(_made(int(year), int(month), int(day)))


def _serial(number: float, from_1904: bool) -> date:
    """Excel's count of days. Its 1900 calendar has a 29th of February that never was: day 60 names no date."""
    if not (1 if from_1904 else 61) <= number < 73_051:  # nor infinity, which is no whole number either
        raise Unreadable("这个数不是日期。", "This number is not a date.")
    days = int(number)
    return (date(1904, 1, 1) if from_1904 else date(1899, 12, 30)) + timedelta(days=days)


def _made(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Unreadable(
            f"没有 {year} 年 {month} 月 {day} 日这一天。", f"There is no day {year}-{month}-{day}."
        ) from None


def _sane(found: date) -> date:
    if not EARLIEST <= found <= LATEST:
        raise Unreadable("日期不在 1900 至 2099 年之间。", "The date is not between 1900 and 2099.")
    return found


def _whole(cell: Cell) -> Value:
    if isinstance(cell, int) and not isinstance(cell, bool):
        return cell
    text = plain(cell).replace(",", "").replace(" ", "")
    if not text and isinstance(cell, str):
        return None
    match = re.match(r"([+-]?\d{1,15})(?:\.0*)?\Z", text)
    if match is None or isinstance(cell, bool | list):
        raise Unreadable("应为整数。", "A whole number is wanted.")
    return int(match.group(1))


def _year(cell: Cell) -> Value:
    text = plain(cell).removesuffix("度").removesuffix("年").removesuffix(".0")
    if not text:
        return None
    if len(text) != 4 or not text.isascii() or not text.isdigit() or not 1900 <= int(text) <= 2099:
        raise Unreadable("应为四位年份，如 2017。", "A year of four digits is wanted, such as 2017.")
    return int(text)


def _money(cell: Cell) -> Value:
    if isinstance(cell, bool | list):
        raise Unreadable("应为金额（元）。", "An amount in yuan is wanted.")
    text = _digits(cell)
    if text == "":
        return None
    if _MONEY.match(text) is None:
        raise Unreadable(
            "金额应以元为单位，最多两位小数，如 1,234.50。",
            "Write yuan with at most two decimals, such as 1,234.50.",
        )
    whole, _, part = text.lstrip("-").partition(".")
    fen = int(whole) * 100 + int((part + "00")[:2])
    return -fen if text.startswith("-") else fen


def _digits(cell: Cell) -> str:
    """The figures of an amount. A number cell is taken as Excel shows it: 15 significant digits, no binary dust."""
    if isinstance(cell, float):
        return f"{cell:.15g}" if abs(cell) < 1e13 else "too large"
    text = plain(cell).replace(" ", "").removesuffix("元").lstrip("¥￥")
    if text.startswith("(") and text.endswith(")"):
        text = "-" + text[1:-1]
    if text in ("-", "–", "—"):
        return ""
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d*)?", text):
        text = text.replace(",", "")
    return text


def _percent(cell: Cell) -> Value:
    text = f"{cell:.15g}" if isinstance(cell, float) else plain(cell).replace(" ", "")
    if not text:
        return None
    match = re.match(r"(\d{1,3})(?:\.(\d{1,4}))?(%?)\Z", text)
    if match is None or isinstance(cell, bool | list):
        raise Unreadable("应为比例，如 70%。", "A rate is wanted, such as 70%.")
    whole, part, sign = match.groups()
    ten_thousandths = int(whole) * 10_000 + int((part or "").ljust(4, "0"))
    fraction = not sign and ten_thousandths <= 10_000
    points, rest = (ten_thousandths, 0) if fraction else divmod(ten_thousandths, 100)
    if rest or points > 10_000:
        raise Unreadable(
            "比例应在 0 至 100% 之间，最多两位小数。",
            "A rate lies between 0 and 100%, with at most two decimals.",
        )
    return points


def _yes_no(cell: Cell) -> Value:
    if isinstance(cell, bool):
        return cell
    text = plain(cell).casefold()
    if not text:
        return None
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise Unreadable("应为“是”或“否”。", "Yes (是) or no (否) is wanted.")


_READERS: dict[Form, Callable[[Cell], Value]] = {
    "text": _text,
    "identifier": _identifier,
    "id_number": _id_number,
    "year": _year,
    "whole": _whole,
    "money": _money,
    "percent": _percent,
    "yes_no": _yes_no,
}
