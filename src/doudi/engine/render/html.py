"""The explanation as one page that needs nothing else: no script, no picture file, no network; for screen and print."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from doudi.engine.render.amounts import cell, fen, grouped, percent_of
from doudi.engine.render.narrative import Chapter, Sentence, narrate
from doudi.engine.render.notes import ASSUMPTIONS, UNQUOTED, Note, Notes
from doudi.engine.render.slip import accumulator_rows, beyond_sentences
from doudi.engine.render.waterfall import hues, waterfall
from doudi.money import capital_yuan
from doudi.words import Language, Words

Told = dict[str, Any]


def style() -> str:
    """The style sheet of all pages."""
    return Path(__file__).with_name("page.css").read_text("utf-8")


def document(title: str, body: str, language: Language, more_style: str = "") -> str:
    """A whole page around a body; `more_style` adds to the style of all pages."""
    tongue = "zh-CN" if language == "zh" else "en"
    return (
        f'<!doctype html>\n<html lang="{tongue}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style()}{more_style}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n"
        "</body>\n</html>\n"
    )


def page(answer: Told, language: Language, heading: str | None = None, before: str = "") -> str:
    """The page of an answer; `before` is HTML that stands under the heading."""
    writer = _Writer(answer, language)
    title = heading or answer["policy"]["id"]
    parts = [writer.header(title), before, *(writer.bill(bill) for bill in answer["bills"])]
    parts += [writer.year_end(), writer.after(), writer.footnotes(), writer.footer()]
    return document(title, "\n".join(part for part in parts if part), language)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """A table; `right`: columns of numbers. Cells are HTML already."""

    def cells(tag: str, row: Sequence[str]) -> str:
        return "".join(
            f"<{tag}{' class=number' if index in right else ''}>{text}</{tag}>"
            for index, text in enumerate(row)
        )

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{cells("th", heads)}</tr></thead><tbody>{body}</tbody></table></div>'


def footnotes(notes: Notes, language: Language) -> str:
    """Sources with their passages, then assumptions."""
    parts = []
    if notes.sources:
        groups = "".join(
            f"<h3>{escape(title)}</h3><ul>{''.join(_source(note, language) for note in passages)}</ul>"
            for title, passages in notes.by_source()
        )
        title = Words("出处", "Sources").say(language)
        parts.append(f'<section class="sources"><h2>{title}</h2><div class="notes">{groups}</div></section>')
    if notes.assumptions:
        items = "".join(_note(note, escape(note.text)) for note in notes.assumptions)
        title = ASSUMPTIONS.say(language)
        parts.append(f'<section class="assumptions"><h2>{title}</h2><ul class="notes">{items}</ul></section>')
    return "".join(parts)


def _source(note: Note, language: Language) -> str:
    quoted = (
        f"<q>{escape(note.passage)}</q>"
        if note.passage
        else f'<span class="quiet">{UNQUOTED.say(language)}</span>'
    )
    return _note(note, quoted)


def _note(note: Note, inside: str) -> str:
    return f'<li id="note-{escape(note.mark)}"><b>{escape(note.mark)}</b><span>{inside}</span></li>'


def marks_html(marks: Sequence[str]) -> str:
    """Footnote marks as links."""
    return "".join(f'<a class="{_kind(mark)}" href="#note-{mark}">{escape(mark)}</a>' for mark in marks)


def _kind(mark: str) -> str:
    return "mark" if mark.isdigit() else "mark assumed"


class _Writer:
    """Writes the pieces of one answer's page; footnotes gather on the way."""

    def __init__(self, answer: Told, language: Language) -> None:
        self.answer, self.language = answer, language
        self.notes = Notes(language)

    def w(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def header(self, title: str) -> str:
        policy = self.answer["policy"]
        return (
            f"<header><h1>{escape(title)}</h1>"
            f'<p class="quiet">{escape(policy["id"])} · <code>{escape(policy["hash"][:12])}</code></p></header>'
        )

    def bill(self, bill: Told) -> str:
        chapters = narrate(bill["explanation"], self.language, self.notes)
        colours = hues(bill["explanation"])
        told = "".join(self.chapter(chapter, colours.get(chapter.key, chapter.key)) for chapter in chapters)
        patient, total = fen(bill["patient"]), fen(bill["total"])
        paid = percent_of(total - patient, total)
        return (
            f'<section class="bill"><h2>{escape(self.w("单据", "Bill"))} {escape(bill["id"])}'
            f'<span class="quiet">{escape(bill["explanation"][0]["law_date"])}</span></h2>'
            f'<p class="answer"><span>{self.w("个人应付", "The patient pays")}</span>'
            f"<strong>¥{grouped(bill['patient'])}</strong><span>{capital_yuan(patient)}</span></p>"
            f'<p class="quiet">{self.w("总费用", "of a total of")} {grouped(bill["total"])} · '
            f"{self.w('报销', 'paid')} {paid}</p>"
            f'<figure>{waterfall(bill, self.language)}</figure><div class="chapters">{told}</div></section>'
        )

    def chapter(self, chapter: Chapter, hue: str) -> str:
        shown = "" if chapter.amount is None else self.amount(chapter)
        is_open = chapter.kind in ("bill", "patient") or (
            chapter.applied and (not chapter.amount or bool(fen(chapter.amount)))
        )
        items = "".join(self.sentence(sentence) for sentence in chapter.sentences)
        quiet = "" if chapter.applied else " passed"
        return (
            f'<details class="{chapter.kind}{quiet}"{" open" if is_open else ""}><summary>'
            f'<i class="dot {escape(hue)}"></i><span>{escape(chapter.title)}</span><b>{shown}</b></summary>'
            f"<ul>{items}</ul></details>"
        )

    @staticmethod
    def amount(chapter: Chapter) -> str:
        amount = str(chapter.amount)
        return f"−{grouped(amount)}" if chapter.kind == "payer" and fen(amount) else cell(amount)

    @staticmethod
    def sentence(sentence: Sentence) -> str:
        classes = " ".join(
            name
            for name in (sentence.tone if sentence.tone != "plain" else "", f"depth-{sentence.depth}")
            if name
        )
        return f'<li class="{classes}">{escape(sentence.text)}{marks_html(sentence.marks)}</li>'

    def year_end(self) -> str:
        parts = []
        for year, entries in self.answer.get("year_end", {}).items():
            for entry in entries:
                chapters = narrate(entry.get("explanation", []), self.language, self.notes)
                told = "".join(self.chapter(one, one.key) for one in chapters if one.key == entry["payer"])
                owed = self.w(f"个人负担 {grouped(entry['owed'])}", f"burden {grouped(entry['owed'])}")
                head = self.w(f"{year} 年末结算（试算）", f"End of {year} (proposal)")
                parts.append(
                    f'<h2>{head}<span class="quiet">{owed}</span></h2><div class="chapters">{told}</div>'
                )
        return f"<section>{''.join(parts)}</section>" if parts else ""

    def after(self) -> str:
        """Accumulators and what lies beyond the bills."""
        parts = []
        if rows := accumulator_rows(self.answer, self.language):
            heads = [
                self.w("累计量", "accumulator"),
                self.w("期间", "period"),
                self.w("金额（元）", "amount (CNY)"),
            ]
            cells = [[escape(text) for text in row] for row in rows]
            parts.append(f"<h2>{self.w('结算后累计', 'Accumulators after')}</h2>{table(heads, cells, (2,))}")
        if lines := beyond_sentences(self.answer, self.language):
            items = "".join(f'<li class="{tone}">{escape(text)}</li>' for text, tone in lines)
            parts.append(f"<h2>{self.w('单据以外', 'Beyond the bills')}</h2><ul>{items}</ul>")
        return f"<section>{''.join(parts)}</section>" if parts else ""

    def footnotes(self) -> str:
        return footnotes(self.notes, self.language)

    def footer(self) -> str:
        policy = self.answer["policy"]
        said = self.w("政策内容指纹", "hash of the policy's content")
        return f"<footer>{escape(policy['id'])} · {said} <code>{escape(policy['hash'])}</code></footer>"
