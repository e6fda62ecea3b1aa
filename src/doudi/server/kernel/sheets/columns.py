"""What a column of a sheet is: the headings it is found by, the form its cells are read in, what a cell turned out to be.

A form says how a text or a number of a cell becomes a value:

| form | value | read from |
|---|---|---|
| `text` | str | anything; spaces and control characters at the ends removed, full-width letters and digits made narrow |
| `identifier` | str | numbers of things (household, card, code): spaces, apostrophes and separators removed, upper case |
| `id_number` | str | as `identifier`; a number cell of 16 digits and more was rounded by Excel and is refused |
| `date` | date | a date cell, a serial number, 2017-9-1, 2017/9/1, 2017.9.1, 20170901, 2017年9月1日 |
| `year` | int | 2017, 2017年 |
| `whole` | int | 3, 3.0, "3", "1,200" |
| `money` | int, fen | yuan: 1234.5, "1,234.50", "￥1,234.50", "1234.5元"; more than two decimals are refused |
| `percent` | int, basis points | "70%", a percent cell, 0.7 (a number up to 1), 70 (a number above 1) |
| `yes_no` | bool | 是/否, 有/无, Y/N, 1/0, √/empty |

An empty cell is None.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from doudi.words import Words

Form = Literal["text", "identifier", "id_number", "date", "year", "whole", "money", "percent", "yes_no"]
Value = str | int | bool | date | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column somebody reads from a sheet. Headings are compared without spaces, line breaks, width and brackets."""

    name: str
    """The key of its values; whole English words."""
    words: Words
    """Its title; both languages are headings it is found by."""
    headings: tuple[str, ...] = ()
    """Further headings it is found by."""
    form: Form = "text"
    needed: bool = False
    """The file must have the column, and no cell of it may be empty."""
    personal: bool = False
    """Its cells are data of a person: masked in previews unless unmasked."""
    longest: int = 200
    """The longest text that is accepted."""
    guide: Words | None = None
    """One sentence for whoever fills it in."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row: in which column (its name; empty for the row as a whole), said in both languages."""

    column: str
    words: Words
