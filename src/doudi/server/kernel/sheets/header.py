"""Where the headings are, and which column of the sheet is which column of the kind.

Lists made by offices begin with titles, a line of "制表单位：… 单位：元", and headings on one row or on two with merged
cells above. Headings are compared bare: full-width signs made narrow, spaces, line breaks, stars, numbering and brackets
taken away. The rows with most known headings are the header; the officer may correct the mapping.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from doudi.server.kernel.sheets.cells import cleaned, plain
from doudi.server.kernel.sheets.columns import Column
from doudi.server.kernel.sheets.errors import file_refused
from doudi.server.kernel.sheets.reading import Cell, Sheet

SEARCHED = 30
"""Rows at the top in which the header is looked for."""
_NUMBERING = re.compile(r"^\s*(?:[((]?\d{1,2}[))]|\d{1,2}[.、)])\s*")
_SIGNS = re.compile(r"[\s*＊:：·・,，、;；/\\'\"“”‘’_—–-]")
_BRACKETS = re.compile(r"[(\[【〔].*?[)\]】〕]")


@dataclass(frozen=True, slots=True)
class Layout:
    """The header of a sheet: its rows (numbers as Excel shows them) and the heading of each column as people read it."""

    rows: tuple[int, ...]
    headings: tuple[str, ...]
    notices: tuple[str, ...] = ()
    """Codes of what should be said: `heading_twice`."""


@dataclass(frozen=True, slots=True)
class Found:
    """A layout and the mapping that follows from it: column name → place in the sheet, from 0."""

    layout: Layout
    mapping: Mapping[str, int]


def bare(heading: str) -> str:
    r"""A heading for comparing: `* 证件\\n号码（必填）：` and `证件号码(必填)` are the same."""
    text = _NUMBERING.sub("", unicodedata.normalize("NFKC", cleaned(heading)))
    return _SIGNS.sub("", text).casefold()


def without_brackets(heading: str) -> str:
    """`人均纯收入（元）` without what is in brackets."""
    return _BRACKETS.sub("", unicodedata.normalize("NFKC", heading))


def find_header(top: Sequence[tuple[int, list[Cell]]], sheet: Sheet, columns: Sequence[Column]) -> Found:
    """The header among the first rows of a sheet; `header_not_found` where no row has any known heading."""
    known = _known(columns)
    rows = [(number, _spread(number, cells, sheet)) for number, cells in top[:SEARCHED]]
    best: tuple[int, int, Layout] | None = None
    for place, (number, cells) in enumerate(rows):
        one = Layout((number,), tuple(cells))
        options = [(_hits(one.headings, known), 0, one)]
        if place + 1 < len(rows):
            two = Layout((number, rows[place + 1][0]), _joined(cells, rows[place + 1][1], known))
            options.append((_hits(two.headings, known), -1, two))
        for option in options:
            if best is None or option[:2] > best[:2]:
                best = option
    if best is None or best[0] == 0:
        raise file_refused(
            "header_not_found", limit=SEARCHED, wanted="、".join(c.words.zh for c in columns[:3])
        )
    layout = _narrowed(best[2])
    return Found(layout, mapping_of(layout.headings, columns))


def mapping_of(headings: Sequence[str], columns: Sequence[Column]) -> dict[str, int]:
    """Column name → place of the first heading that is one of its headings, exact ones before those without brackets."""
    known = _known(columns)
    mapping: dict[str, int] = {}
    for simplify in (lambda heading: heading, without_brackets):
        for place, heading in enumerate(headings):
            name = known.get(bare(simplify(heading)))
            if name is not None and name not in mapping and place not in mapping.values():
                mapping[name] = place
    return mapping


def repeated(headings: Sequence[str]) -> tuple[str, ...]:
    """Headings that stand over more than one column."""
    seen = [bare(heading) for heading in headings if heading]
    return tuple(dict.fromkeys(h for h in headings if h and seen.count(bare(h)) > 1))


def _known(columns: Sequence[Column]) -> dict[str, str]:
    known: dict[str, str] = {}
    for column in columns:
        for heading in (column.words.zh, column.words.en, *column.headings):
            known.setdefault(bare(heading), column.name)
    return known


def _hits(headings: Sequence[str], known: Mapping[str, str]) -> int:
    found = (known.get(bare(h)) or known.get(bare(without_brackets(h))) for h in headings)
    return len({name for name in found if name})


def _spread(number: int, cells: Sequence[Cell], sheet: Sheet) -> list[str]:
    """The texts of a row, a merged cell's text standing over all columns it covers (but not a title over the whole)."""
    texts = [plain(cell) for cell in cells] + [""] * (sheet.width - len(cells))
    for (top, left), (_, right) in sheet.merged:
        if top == number - 1 and left < right and (right - left + 1) * 2 < max(sheet.width, 4):
            for place in range(left, min(right + 1, len(texts))):
                texts[place] = texts[left]
    return texts


def _joined(above: Sequence[str], below: Sequence[str], known: Mapping[str, str]) -> tuple[str, ...]:
    """Two rows of headings as one: both together where that is known, else the lower, else the upper."""
    joined = []
    for upper, lower in zip(above, below, strict=True):
        both = f"{upper}{lower}" if upper != lower else lower
        joined.append(both if bare(both) in known else lower or upper)
    return tuple(joined)


def _narrowed(layout: Layout) -> Layout:
    last = max((place for place, heading in enumerate(layout.headings) if heading), default=-1)
    headings = layout.headings[: last + 1]
    return Layout(layout.rows, headings, ("heading_twice",) if repeated(headings) else ())
