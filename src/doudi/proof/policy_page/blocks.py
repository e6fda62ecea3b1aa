"""The blocks of a page: headings, lines and tables; the command line makes text of them, this room HTML."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from doudi.engine.render.html import document, footnotes, marks_html, table
from doudi.engine.render.notes import Notes
from doudi.words import Language

Marks = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """A heading; level 1 is a section, 2 a payer, 3 a benefit."""

    level: int
    text: str
    marks: Marks = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `name` is what it is about."""

    text: str
    name: str = ""
    marks: Marks = ()
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; each row may carry footnotes."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    marks: tuple[Marks, ...]


Block = Head | Line | Grid


def html_page(title: str, blocks: list[Block], notes: Notes, language: Language) -> str:
    """The page as HTML."""
    colon = "：" if language == "zh" else ": "
    parts = [f"<header><h1>{escape(title)}</h1></header>"]
    for block in blocks:
        if isinstance(block, Head):
            tag = f"h{block.level + 1}"  # the page's title is h1
            parts.append(
                f'<{tag} class="level-{block.level}">{escape(block.text)}{marks_html(block.marks)}</{tag}>'
            )
        elif isinstance(block, Line):
            name = f"<b>{escape(block.name)}{colon}</b>" if block.name else ""
            parts.append(f'<p class="{block.tone}">{name}{escape(block.text)}{marks_html(block.marks)}</p>')
        else:
            rows = [
                [escape(row[0]) + marks_html(marks), *(escape(text) for text in row[1:])]
                for row, marks in zip(block.rows, block.marks, strict=True)
            ]
            parts.append(table([escape(head) for head in block.heads], rows))
    return document(title, "\n".join([*parts, footnotes(notes, language)]), language)
