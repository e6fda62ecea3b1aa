"""Footnotes: every source and every assumption once, numbered in the order in which they are met."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from doudi.words import Language, Words

Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Note:
    """One footnote; `assumed` notes give a reason instead of a document."""

    mark: str
    text: str
    passage: str | None = None
    assumed: bool = False


class Notes:
    """The footnotes of one page."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.notes: dict[tuple[str, str | None, bool], Note] = {}

    @property
    def sources(self) -> list[Note]:
        """The documents cited."""
        return [note for note in self.notes.values() if not note.assumed]

    @property
    def assumptions(self) -> list[Note]:
        """The assumptions made."""
        return [note for note in self.notes.values() if note.assumed]

    def by_source(self) -> list[tuple[str, list[Note]]]:
        """The documents, each with its passages."""
        grouped: dict[str, list[Note]] = {}
        for note in self.sources:
            grouped.setdefault(note.text, []).append(note)
        return list(grouped.items())

    def of(self, number: Told | None) -> tuple[str, ...]:
        """The marks of a number told with its `sources` and `assumed`."""
        if number is None:
            return ()
        marks = [
            self.mark(_reference(source), source.get("passage"), assumed=False)
            for source in number.get("sources", [])
        ]
        if number.get("assumed"):
            marks.append(self.mark(number["assumed"], None, assumed=True))
        return tuple(dict.fromkeys(marks))

    def mark(self, text: str, passage: str | None, *, assumed: bool) -> str:
        """The mark of a footnote, new or known."""
        key = (text, passage, assumed)
        if key not in self.notes:
            if assumed:
                letter = Words("假", "a").say(self.language)
                mark = f"{letter}{len(self.assumptions) + 1}"
            else:
                mark = str(len(self.sources) + 1)
            self.notes[key] = Note(mark, text, passage, assumed)
        return self.notes[key].mark


ASSUMPTIONS = Words(
    "假定（材料没有给出，须由当地确认）", "Assumptions (not in the documents, to be confirmed)"
)
UNQUOTED = Words("（未引原文）", "(no passage quoted)")


def _reference(source: Told) -> str:
    """Title and section; documents are Chinese and stay so in both languages."""
    section = f" · {source['section']}" if source.get("section") else ""
    return f"{source['title']}{section}"
