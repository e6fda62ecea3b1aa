"""The preview: counts one can click, rows with reasons and differences, possible duplicates to be decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from doudi.server.desks import fields
from doudi.server.desks.county.imports_words import JUDGEMENT_TONES, JUDGEMENTS
from doudi.server.imports.api import Column, Counts, ImportDetail, Judgement, RowView, kind_of, rows
from doudi.server.kernel.actor import Actor
from doudi.server.people.api import mask_phone
from doudi.words import Words

SIZE = 50
CELLS = 5
"""Columns of the file shown in the table; the others open under the row."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One count, and the rows it opens."""

    judgement: str
    words: Words
    count: int
    tone: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the preview as the table shows it."""

    row: RowView
    words: Words
    tone: str
    cells: tuple[str, ...]
    more: tuple[tuple[Words, str], ...]
    problems: tuple[tuple[Words | None, Words], ...]
    differences: tuple[tuple[Words, str, str], ...]
    choosable: bool


def preview(request: HttpRequest, actor: Actor, view: ImportDetail) -> dict[str, Any]:
    """What the template needs for the rows: one page of them, of one verdict where asked."""
    shown = fields.choice(request.GET, "show", Words("结果", "verdict"), map(str, Judgement), required=False)
    number = view.summary.number
    page = rows(
        viewer=actor,
        import_number=number,
        judgement=shown or None,
        number=fields.page_number(request),
        size=SIZE,
    )
    read = [column for column in kind_of(view.summary.kind).columns if column.name in view.mapping]
    return {
        "figures": figures(view.summary.counts),
        "shown": shown,
        "rows": page,
        "columns": read[:CELLS],
        "lines": [_line(row, read) for row in page.items],
        "left_out": left_out(view.summary.counts),
        "persons": view.summary.kind == "people.roster",
    }


def figures(counts: Counts) -> list[Figure]:
    """The five counts, in the order of the question."""
    by = {
        Judgement.NEW: counts.new,
        Judgement.CHANGED: counts.changed,
        Judgement.UNCHANGED: counts.unchanged,
        Judgement.DUPLICATE: counts.duplicate,
        Judgement.REFUSED: counts.refused,
    }
    tones = {Judgement.NEW: "good", Judgement.DUPLICATE: "warn", Judgement.REFUSED: "bad"}
    return [
        Figure(str(one), JUDGEMENTS[one], count, tones.get(one, "") if count else "")
        for one, count in by.items()
    ]


def left_out(counts: Counts) -> int:
    """Rows that could be imported and are not chosen."""
    return counts.new + counts.changed - counts.chosen


def _line(row: RowView, columns: list[Column]) -> Line:
    titles = {column.name: column.words for column in columns}
    more = tuple((column.words, _shown(row, column)) for column in columns[CELLS:] if row.values[column.name])
    return Line(
        row=row,
        words=JUDGEMENTS[row.judgement],
        tone=JUDGEMENT_TONES[row.judgement],
        cells=tuple(_shown(row, column) for column in columns[:CELLS]),
        more=more,
        problems=tuple((titles.get(one.column), one.words) for one in row.problems),
        differences=tuple(
            (titles.get(one.column, Words(one.column, one.column)), one.before, one.after)
            for one in row.differences
        ),
        choosable=row.judgement in (Judgement.NEW, Judgement.CHANGED),
    )


def _shown(row: RowView, column: Column) -> str:
    """A value as the list of people shows it too: phones covered, of a birth the year (the day would give away a masked
    number); numbers of persons come masked.
    """
    text = row.values[column.name]
    if column.personal and text:
        if "phone" in column.name:
            return mask_phone(text)
        if column.name == "birth_date":
            return f"{text[:4]}-**-**"
    return text
