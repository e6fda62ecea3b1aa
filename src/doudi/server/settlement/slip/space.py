"""Guesses how large the letters of a slip may be, so that the printer need not measure it.

Measuring a page costs as much as printing it, and a crowded slip is measured several times. The rows of text that a slip
needs are easily counted; the table below says how many a step of the layout `slip-1` holds, found by measuring and
lowered by two or more. A guess is a matter of speed and of one size more or less, never of content: a page that
runs over after all is noticed by the printer, which then measures. As the guess chooses the size, it belongs to the
layout and does not change while `slip-1` is printed. Numbers are hundredths of a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from unicodedata import east_asian_width

WIDE, NARROW = 100, 57
NAME, SUM, FIELD, BANNER, FULL = 11, 42, 42, 34, 52
"""Widths of columns in Chinese characters of the first step: payer, its sums, a field, a banner, the page."""
PERSON, FACILITY, DEPARTMENT = 10, 26, 11


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the layout: the size in tenths of a point, with passages, sums in a row, what it holds."""

    tenths: int
    passages: bool
    dense: bool
    holds: int


STEPS = (
    Step(104, passages=True, dense=False, holds=2500),
    Step(98, passages=True, dense=False, holds=2800),
    Step(93, passages=True, dense=False, holds=3100),
    Step(93, passages=False, dense=False, holds=3200),
    Step(88, passages=False, dense=False, holds=3600),
    Step(84, passages=False, dense=False, holds=3800),
    Step(88, passages=False, dense=True, holds=3300),
)
"""The first steps of the template; what none of them holds is measured."""


def step_of(composed: dict[str, Any]) -> int | None:
    """The step at which a composed slip certainly fits its page; None where it must be measured."""
    if composed["language"] != "zh":
        return None
    return next((place for place, step in enumerate(STEPS) if _rows(composed, step) <= step.holds), None)


def _rows(composed: dict[str, Any], step: Step) -> int:
    def wraps(width: int, *texts: str) -> int:
        """Rows that texts fill one after another in a column so many characters of the first step wide."""
        told = "".join(texts)
        taken = sum(WIDE if east_asian_width(character) in "WFA" else NARROW for character in told)
        return 100 * -(-taken * step.tenths // (100 * width * STEPS[0].tenths))

    def sums(lines: list[dict[str, Any]]) -> int:
        texts = [f"{line['text']}；" for line in lines]
        return wraps(SUM, *texts) if step.dense else sum(wraps(SUM, text) for text in texts)

    rows = sum(60 + max(wraps(NAME, row["name"]), sums(row["lines"])) for row in composed["payers"])
    rows += sum(60 + wraps(FULL, one["text"]) for one in composed["rules"])
    rows += 50 * len(composed["year"])
    for source in composed["sources"]:
        rows += wraps(FULL, source["title"], *(source["passages"] if step.passages else []))
    rows += sum(100 + wraps(BANNER, one["text"]) for one in composed["banners"])
    rows += wraps(FIELD, "；".join(composed["categories"])) + wraps(FIELD, "；".join(composed["diagnoses"]))
    for width, key in ((PERSON, "name"), (FACILITY, "facility"), (DEPARTMENT, "department")):
        rows += max(0, wraps(width, composed[key]) - 100)
    return (
        rows
        + wraps(FIELD, composed["payment"])
        + sum(wraps(FULL, one) * 3 // 4 for one in composed["small_print"])
    )
