"""The page of a policy as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from doudi.cli.screen import plain_table
from doudi.engine.render.notes import Notes
from doudi.engine.render.text import footnote_lines
from doudi.proof.policy_page.blocks import Block, Head, Line, Marks
from doudi.words import Language


def bracketed(marks: Marks) -> str:
    """Footnote marks in text."""
    return f" {''.join(f'[{mark}]' for mark in marks)}" if marks else ""


def text_lines(blocks: list[Block], notes: Notes, language: Language) -> Iterator[tuple[str, str]]:
    """(text, tone) of a page."""
    colon = "：" if language == "zh" else ": "
    indent = ""
    for block in blocks:
        if isinstance(block, Head):
            if block.level < 3:
                yield "", "plain"
            lead = ("", "▌ ", "· ")[block.level - 1]
            yield (
                f"{'  ' * (block.level - 1)}{lead}{block.text}{bracketed(block.marks)}",
                ("title", "payer", "head")[block.level - 1],
            )
            indent = "  " * block.level
        elif isinstance(block, Line):
            name = f"{block.name}{colon}" if block.name else ""
            yield f"{indent}{name}{block.text}{bracketed(block.marks)}", block.tone
        else:
            rows = [
                (row[0] + bracketed(marks), *row[1:])
                for row, marks in zip(block.rows, block.marks, strict=True)
            ]
            for text in plain_table(block.heads, rows):
                yield f"{indent}{text}", "plain"
    yield "", "plain"
    yield from footnote_lines(notes, language)
