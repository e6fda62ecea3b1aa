"""What a command writes: plain text when piped, colours and ruled tables on a terminal, data when asked for JSON."""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from doudi.words import Language, Words

TONES = {
    "title": "1",
    "head": "1",
    "payer": "1;36",
    "quiet": "2",
    "look": "33",
    "refused": "31",
    "good": "32",
}
RICH = {"title": "bold", "quiet": "dim", "look": "yellow", "refused": "red", "good": "green"}


@dataclass(frozen=True)
class Screen:
    """One command's way to its reader."""

    language: Language
    as_json: bool = False
    terminal: bool = False
    colour: bool = False

    @classmethod
    def make(cls, language: Language, *, as_json: bool, colour: bool) -> Screen:
        """The screen of this process."""
        terminal = sys.stdout.isatty()
        return cls(language, as_json, terminal, terminal and colour and not os.environ.get("NO_COLOR"))

    def w(self, zh: str, en: str) -> str:
        """The text in the reader's language."""
        return zh if self.language == "zh" else en

    def say(self, words: Words) -> str:
        """Words in the reader's language."""
        return words.say(self.language)

    def line(self, text: str = "", tone: str = "plain") -> None:
        """A line on standard output."""
        sys.stdout.write(self._toned(text, tone, on=self.colour) + "\n")

    def lines(self, lines: Iterable[tuple[str, str]]) -> None:
        """Several lines, each with its tone."""
        for text, tone in lines:
            self.line(text, tone)

    def json(self, data: Any) -> None:
        """The data itself."""
        sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")

    def error(self, text: str, tone: str = "refused") -> None:
        """A line on standard error."""
        on = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
        sys.stderr.write(self._toned(text, tone, on=on) + "\n")

    def progress(self, text: str) -> None:
        """A passing line on a terminal: the next one stands in its place; empty text removes it."""
        if self.terminal and not self.as_json and sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[2K{text}")
            sys.stderr.flush()

    @staticmethod
    def _toned(text: str, tone: str, *, on: bool) -> str:
        return f"\x1b[{TONES[tone]}m{text}\x1b[0m" if on and text and tone in TONES else text

    def table(
        self,
        heads: Sequence[str],
        rows: Sequence[Sequence[str]],
        right: Collection[int] = (),
        tones: Sequence[str] = (),
    ) -> None:
        """A table; `right`: columns of numbers; `tones`: one a row."""
        if self.terminal:
            self._rich_table(heads, rows, right, tones)
        else:
            self.lines((text, "plain") for text in plain_table(heads, rows, right))

    def _rich_table(
        self,
        heads: Sequence[str],
        rows: Sequence[Sequence[str]],
        right: Collection[int],
        tones: Sequence[str],
    ) -> None:
        from rich import box
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
        for index, head in enumerate(heads):
            table.add_column(
                Text(head), justify="right" if index in right else "left", no_wrap=index in right
            )
        for index, row in enumerate(rows):
            style = RICH.get(tones[index], "") if index < len(tones) else ""
            table.add_row(*(Text(text) for text in row), style=style)
        console = Console(file=sys.stdout, no_color=not self.colour, highlight=False)
        console.print(table)


def width(text: str) -> int:
    """How many columns a text takes: Chinese characters take two."""
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1
        for one in text
    )


def padded(text: str, columns: int, *, right: bool = False) -> str:
    """The text filled up with spaces to a number of columns."""
    gap = " " * max(0, columns - width(text))
    return gap + text if right else text + gap


def plain_table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], right: Collection[int] = ()
) -> list[str]:
    """A table as aligned lines with a rule under its head."""
    widths = [max(width(row[index]) for row in (heads, *rows)) for index in range(len(heads))]

    def shown(row: Sequence[str]) -> str:
        cells = (padded(text, widths[index], right=index in right) for index, text in enumerate(row))
        return "  ".join(cells).rstrip()

    return [shown(heads), "  ".join("-" * columns for columns in widths), *(shown(row) for row in rows)]


def write_text(path: str, text: str, stream: TextIO | None = None) -> None:
    """Write a file the user asked for; `-` is standard output."""
    if path == "-":
        (stream or sys.stdout).write(text)
        return
    from pathlib import Path

    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, "utf-8")
