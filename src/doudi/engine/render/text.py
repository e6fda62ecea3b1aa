"""The explanation as lines of text, each with the tone in which a terminal may colour it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from doudi.engine.render.amounts import cell, fen, grouped
from doudi.engine.render.narrative import Chapter, narrate
from doudi.engine.render.notes import ASSUMPTIONS, UNQUOTED, Notes
from doudi.words import Language, Words

Told = dict[str, Any]
Line = tuple[str, str]


def explanation_lines(answer: Told, language: Language) -> Iterator[Line]:
    """(text, tone) of every bill of an answer, then the footnotes."""
    notes = Notes(language)
    for bill in answer["bills"]:
        yield from _bill(narrate(bill["explanation"], language, notes))
    for year, entries in answer.get("year_end", {}).items():
        for entry in entries:
            owed = grouped(entry["owed"])
            yield (
                Words(f"{year} 年末，个人负担 {owed}", f"end of {year}, burden {owed}").say(language),
                "title",
            )
            chapters = narrate(entry["explanation"], language, notes) if "explanation" in entry else []
            yield from _bill([one for one in chapters if one.key == entry["payer"]])
    yield from footnote_lines(notes, language)


def explanation_text(answer: Told, language: Language) -> str:
    """The whole explanation as plain text."""
    return "\n".join(text for text, _ in explanation_lines(answer, language)) + "\n"


def _bill(chapters: list[Chapter]) -> Iterator[Line]:
    for chapter in chapters:
        amount = "" if chapter.amount is None else f" {_amount(chapter)}"
        tone = "title" if chapter.kind in ("bill", "patient") else "payer" if chapter.applied else "quiet"
        yield f"{chapter.title}{amount}", tone
        for sentence in chapter.sentences:
            marks = "".join(f"[{mark}]" for mark in sentence.marks)
            bullet = "· " if sentence.tone == "head" else ""
            indent = "  " * (sentence.depth + 1 + (1 if sentence.depth else 0))
            yield f"{indent}{bullet}{sentence.text}{' ' if marks else ''}{marks}", sentence.tone
        if chapter.kind != "rule":
            yield "", "plain"


def _amount(chapter: Chapter) -> str:
    """A payer's amount is what it takes off; a bill's and the patient's stand as they are."""
    amount = str(chapter.amount)
    if chapter.kind == "payer":
        return f"−{grouped(amount)}" if fen(amount) else cell(amount)
    return grouped(amount)


def footnote_lines(notes: Notes, language: Language) -> Iterator[Line]:
    """Sources with their passages, then assumptions."""
    if notes.sources:
        yield Words("出处", "Sources").say(language), "title"
        for title, passages in notes.by_source():
            yield f"  {title}", "plain"
            for note in passages:
                yield (
                    f"    [{note.mark}] " + (f"“{note.passage}”" if note.passage else UNQUOTED.say(language)),
                    "quiet",
                )
        yield "", "plain"
    if notes.assumptions:
        yield ASSUMPTIONS.say(language), "title"
        yield from ((f"  [{note.mark}] {note.text}", "look") for note in notes.assumptions)
        yield "", "plain"
