"""Tables of results: aligned for the screen, as Markdown for a page, as JSON for a machine."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.machine import sentence

Cell = str | int | float | None


@dataclass
class Section:
    """One table: the first column names the row; `headings` name all columns."""

    name: str
    title: str
    headings: list[str]
    rows: list[list[Cell]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def shown(cell: Cell) -> str:
    """A cell as text: four significant figures are more than a shared machine can tell apart."""
    if cell is None:
        return "–"
    if isinstance(cell, float):
        if cell >= 100:
            return f"{cell:,.0f}"
        return f"{cell:.1f}" if cell >= 10 else f"{cell:.2f}" if cell >= 0.1 else f"{cell:.4f}"
    return f"{cell:,}" if isinstance(cell, int) else cell


def aligned(section: Section) -> str:
    """The table for the screen: text to the left, numbers to the right."""
    table = [section.headings, *([shown(cell) for cell in row] for row in section.rows)]
    widths = [max(len(row[column]) for row in table) for column in range(len(section.headings))]
    left = [all(isinstance(row[column], str) for row in section.rows) for column in range(len(widths))]
    lines = [
        "  ".join(
            text.ljust(width) if to_left else text.rjust(width)
            for text, width, to_left in zip(row, widths, left, strict=True)
        ).rstrip()
        for row in table
    ]
    return "\n".join([f"\n{section.title}", *lines, *section.notes])


def markdown(section: Section) -> str:
    """The table for a page."""
    left = [
        all(isinstance(row[column], str) for row in section.rows) for column in range(len(section.headings))
    ]
    lines = [
        f"**{section.title}**",
        "",
        _line(section.headings),
        _line(["---" if to_left else "--:" for to_left in left]),
    ]
    lines += [_line([shown(cell) for cell in row]) for row in section.rows]
    if section.notes:
        lines += ["", *section.notes]
    return "\n".join(lines)


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


@dataclass
class Report:
    """Everything one run has found."""

    machine: dict[str, str]
    sections: list[Section] = field(default_factory=list)

    def add(self, section: Section) -> None:
        """Show a table at once and keep it."""
        self.sections.append(section)
        print(aligned(section), flush=True)

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n", "utf-8")

    @classmethod
    def read(cls, path: Path) -> Report:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return cls(found["machine"], [Section(**section) for section in found["sections"]])

    def markdown(self) -> str:
        return "\n\n".join([sentence(self.machine), *(markdown(section) for section in self.sections)])
