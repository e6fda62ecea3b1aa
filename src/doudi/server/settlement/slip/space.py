"""Guesses whether a slip is short, so that the printer need not measure it: rows of text, in hundredths of a row.

Only speed rests on the guess. A short slip is printed with the largest letters at once; one that is too long after all
is noticed by the printer, which then measures.
"""

from __future__ import annotations

from typing import Any
from unicodedata import east_asian_width

ROOM = 2400
"""Rows that fit below the form's fixed parts, with two to spare."""
WIDE, NARROW = 100, 57
NAME, SUM, FIELD, BANNER, FULL = 11, 42, 42, 34, 52
"""Widths of columns in Chinese characters: a payer's name, its sums, a field of the person, a banner, the page."""


def is_short(composed: dict[str, Any]) -> bool:
    """Whether a composed slip in Chinese certainly has room with the largest letters."""
    if composed["language"] != "zh":
        return False
    rows = sum(60 + max(_rows(NAME, row["name"]), _lines(row["lines"])) for row in composed["payers"])
    rows += 50 * len(composed["year"]) + 200 * len(composed["rules"])
    rows += sum(_rows(FULL, one["title"], *one["passages"]) for one in composed["sources"])
    rows += sum(100 + _rows(BANNER, one["text"]) for one in composed["banners"])
    rows += _rows(FIELD, *composed["categories"]) + _rows(FIELD, *composed["diagnoses"])
    rows += _rows(FIELD, composed["payment"]) + sum(
        75 * _rows(FULL, one) // 100 for one in composed["small_print"]
    )
    return rows <= ROOM


def _lines(lines: list[dict[str, Any]]) -> int:
    return sum(_rows(SUM, line["text"]) for line in lines)


def _rows(width: int, *texts: str) -> int:
    """Rows, in hundredths, that texts fill one after another in a column of `width` Chinese characters."""
    told = "".join(texts)
    taken = sum(WIDE if east_asian_width(character) in "WFA" else NARROW for character in told)
    return 100 * -(-taken // (100 * width))
