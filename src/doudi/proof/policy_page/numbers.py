"""Numbers and conditions of the law in words, each with its footnotes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from doudi.engine.render.notes import Notes
from doudi.engine.vocabulary import name_of
from doudi.money import format_percent, format_yuan
from doudi.policy.citations import Cited as CitedAt
from doudi.policy.citations import source_at
from doudi.policy.conditions import When
from doudi.policy.library import Policy
from doudi.policy.scalars import ShareOf
from doudi.policy.values import Reading, Value
from doudi.proof.amendment_vocabulary import ATTRIBUTES
from doudi.proof.amendment_words import Speech
from doudi.proof.policy_page.blocks import Grid, Marks
from doudi.words import Language

Path = tuple[str | int, ...]


class Numbers:
    """Speaks of one policy's numbers in one language; footnotes gather in `notes`."""

    def __init__(self, policy: Policy, language: Language, on: date | None) -> None:
        self.policy, self.document, self.language, self.on = policy, policy.document, language, on
        self.notes = Notes(language)
        self.speech = Speech(policy)

    def w(self, zh: str, en: str) -> str:
        """The text in the reader's language."""
        return zh if self.language == "zh" else en

    def fund(self, name: str) -> str:
        """What people call a fund."""
        return self.title(self.policy.funds.get(name), name)

    def title(self, form: Any, otherwise: str) -> str:
        """The name of a form that has `zh` and perhaps `en`."""
        if form is None:
            return otherwise.replace("_", " ")
        return str(form.zh if self.language == "zh" else form.en or form.zh)

    # sources

    def marks(self, path: Path) -> Marks:
        """The footnotes of the number at a path."""
        return self.cited(source_at(self.policy.tree, path))

    def own_marks(self, path: Path) -> Marks:
        """The footnotes of a form that carries its citation itself; what lies around it is not repeated."""
        node = self.policy.tree.at(*path)
        if node is None or not {"cite", "assumed"} & node.mapping().keys():
            return ()
        return self.marks(path)

    def cited(self, cited: CitedAt) -> Marks:
        """Footnotes for a citation."""
        told: dict[str, Any] = {"sources": [], "assumed": cited.assumed}
        for name, passage in cited.cites:
            source = self.document.sources.get(name)
            title = source.title if source else name
            told["sources"].append(
                {"title": title, "section": source.section if source else None, "passage": passage}
            )
        return self.notes.of(told)

    # scalars

    def amount(self, value: int | ShareOf) -> str:
        """An amount, or a share of a figure."""
        if isinstance(value, ShareOf):
            figure = self.document.figures.get(value.of)
            of = self.title(figure, value.of) if figure else name_of(value.of).say(self.language)
            rate = format_percent(value.rate_bp)
            return self.w(f"{of}的 {rate}", f"{rate} of {of}")
        return format_yuan(value, grouping=True)

    def shown(self, value: Any, unit: str) -> str:
        """A scalar of a unit."""
        return format_percent(value) if unit == "bp" else self.amount(value)

    def row_name(self, attribute: str, key: str) -> str:
        """The name of a row of a table."""
        return self.speech.row(attribute, key).say(self.language)

    # values

    def readings(self, value: Value[Any]) -> Iterator[tuple[int | None, Reading[Any]]]:
        """The readings, those of the chosen day only, each with its place in a dated list."""
        for index, reading in enumerate(value.readings()):
            begins, ends = reading.from_, reading.until
            if self.on is not None and value.dated is not None:
                following = [other.from_ for other in value.dated[index + 1 :] if other.from_ is not None]
                ends = ends or (following[0] if following else None)
                if (begins is not None and self.on < begins) or (ends is not None and self.on >= ends):
                    continue
            yield (index if value.dated is not None else None), reading

    def dates(self, form: Any) -> str:
        """`2017-01-01 起` where a form says from or until when."""
        begins, ends = getattr(form, "from_", None), getattr(form, "until", None)
        if begins is None and ends is None:
            return ""
        if begins is None:
            return self.w(f"（{ends} 前）", f" (before {ends})")
        return self.w(
            f"（{begins} 起{f'，{ends} 前' if ends else ''}）",
            f" (from {begins}{f', before {ends}' if ends else ''})",
        )

    def plain(self, value: Value[Any], unit: str, path: Path) -> list[tuple[str, Marks]]:
        """Every reading without a table, as text with footnotes."""
        found = []
        for index, reading in self.readings(value):
            if reading.rows is not None:
                continue
            text = self.shown(reading.value, unit)
            if reading.range:
                text += self.w(f"（材料写 {reading.range}）", f" (the document says {reading.range})")
            found.append((text + self.dates(reading), self.marks(self._reading_path(path, index))))
        return found

    def grids(self, named: list[tuple[str, Value[Any], str, Path]]) -> list[Grid]:
        """Tables: numbers by the same single attribute share one; by two attributes each has its own."""
        shared: dict[str, list[tuple[str, dict[str, str], Marks]]] = {}
        own: list[Grid] = []
        for name, value, unit, path in named:
            for index, reading in self.readings(value):
                if reading.rows is None or reading.by is None:
                    continue
                marks = self.marks(self._reading_path(path, index))
                label = name + self.dates(reading)
                if len(reading.by) == 2:
                    own.append(self._two_way(label, reading, unit, marks))
                    continue
                cells = {key: self.shown(cell, unit) for key, cell in reading.rows.items()}
                if reading.default is not None:
                    cells["other"] = self.shown(reading.default, unit)
                shared.setdefault(reading.by[0], []).append((label, cells, marks))
        return [*(self._shared(attribute, rows) for attribute, rows in shared.items()), *own]

    def _shared(self, attribute: str, rows: list[tuple[str, dict[str, str], Marks]]) -> Grid:
        keys = list(dict.fromkeys(key for _, cells, _ in rows for key in cells))
        heads = (ATTRIBUTES[attribute].say(self.language), *(self.row_name(attribute, key) for key in keys))
        return Grid(
            heads,
            tuple((label, *(cells.get(key, "–") for key in keys)) for label, cells, _ in rows),
            tuple(marks for _, _, marks in rows),
        )

    def _two_way(self, label: str, reading: Reading[Any], unit: str, marks: Marks) -> Grid:
        first, second = list(reading.by or ())
        written = reading.rows or {}
        keys = list(dict.fromkeys(key for row in written.values() if isinstance(row, dict) for key in row))
        rows = [
            (self.row_name(first, name), *(self.shown(row[key], unit) if key in row else "–" for key in keys))
            if isinstance(row, dict)
            else (self.row_name(first, name), *(self.shown(row, unit) for _ in keys))
            for name, row in written.items()
        ]
        heads = (label, *(self.row_name(second, key) for key in keys))
        return Grid(heads, tuple(rows), tuple(marks for _ in rows))

    @staticmethod
    def _reading_path(path: Path, index: int | None) -> Path:
        """The path of one reading; steps the file does not have are passed over by `source_at`."""
        return path if index is None else (*path, "dated", index)

    # conditions

    def condition(self, when: When | None) -> str:
        """A condition in words."""
        if when is None:
            return ""
        return self.speech.condition(when).say(self.language)
