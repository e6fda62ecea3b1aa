"""The picture of a bill: from its total down to what the patient pays, one bar a payer, as inline SVG.

Bars are placed in percent of the width and text has its own size, so that the picture fits a phone and a desk alike.
A payer keeps one hue everywhere; the name and the amount stand beside every bar, so that colour is never alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any
from unicodedata import east_asian_width

from doudi.engine.render.amounts import fen, grouped, percent_of
from doudi.engine.render.narrative import payer_names
from doudi.engine.vocabulary import name_of
from doudi.words import Language, Words

Told = dict[str, Any]
HUES = {
    "basic": "basic",
    "catastrophic": "catastrophic",
    "supplement": "supplement",
    "commercial": "supplement",
    "assistance": "assistance",
    "inclined_aid": "inclined",
    "last_resort": "last",
    "relief_fund": "relief",
    "health_fund": "health",
    "family_fund": "health",
    "charity": "charity",
    "family_planning": "family",
}
OTHERS = ("charity", "family", "health", "relief", "inclined")
ROW, HEAD, BAR, NAME_COLUMNS = 46, 17, 16, 29


@dataclass(frozen=True, slots=True)
class Piece:
    """One bar: from `start` to `end` in fen."""

    hue: str
    name: str
    amount: str
    start: int
    end: int


def hue_of(payer: str, position: int = 0) -> str:
    """The hue of a payer; one that no list knows takes one by its place."""
    return HUES.get(payer, OTHERS[position % len(OTHERS)])


def hues(explanation: list[Told]) -> dict[str, str]:
    """The hue of each payer of a bill."""
    return {payer: hue_of(payer, position) for position, payer in enumerate(payer_names(explanation))}


def waterfall(bill: Told, language: Language) -> str:
    """The picture of one bill."""
    total = fen(bill["total"])
    pieces = list(_pieces(bill, language))
    height = ROW * (len(pieces) + 1) + 4
    told = "; ".join(f"{piece.name} {piece.amount}" for piece in pieces)
    title = Words(
        f"单据 {bill['id']}：从总费用到个人负担", f"Bill {bill['id']}: from the total to the patient"
    ).say(language)
    body = [_total(bill, language)]
    for index, piece in enumerate(pieces):
        body.append(_bar(piece, total, ROW * (index + 1), last=index == len(pieces) - 1))
    for index, piece in enumerate(pieces):  # names last, so that no line crosses them
        body.append(
            _label(
                piece.name, piece.amount, ROW * (index + 1) + HEAD, "strong" if piece.hue == "patient" else ""
            )
        )
    return (
        f'<svg class="waterfall" role="img" width="100%" height="{height}">'
        f"<title>{escape(title)}</title><desc>{escape(told)}</desc>{''.join(body)}</svg>"
    )


def _pieces(bill: Told, language: Language) -> Iterator[Piece]:
    """Payers that pay, the hospital, the patient; each begins where the one before ended."""
    total, at = fen(bill["total"]), 0
    names, colours = payer_names(bill["explanation"]), hues(bill["explanation"])
    for payer, text in bill["shares"].items():
        if amount := fen(text):
            told = f"−{grouped(text)} · {percent_of(amount, total)}"
            yield Piece(colours[payer], names[payer][language], told, at, at + amount)
            at += amount
    if amount := fen(bill["hospital"]):
        told = f"−{grouped(bill['hospital'])} · {percent_of(amount, total)}"
        yield Piece("hospital", Words("医院承担", "hospital").say(language), told, at, at + amount)
        at += amount
    patient = fen(bill["patient"])
    told = f"{grouped(bill['patient'])} · {percent_of(patient, total)}"
    yield Piece("patient", Words("个人负担", "patient").say(language), told, at, at + patient)


def _total(bill: Told, language: Language) -> str:
    """The whole bill, cut into its parts."""
    total, at = fen(bill["total"]), 0
    bars = []
    for index, (part, text) in enumerate(bill["explanation"][0]["parts"].items()):
        if amount := fen(text):
            name = name_of(part).say(language)
            bars.append(
                f'<rect class="part part-{index}" x="{_percent(at, total)}" y="{HEAD + 5}" '
                f'width="{_percent(amount, total)}" height="{BAR}"><title>{escape(name)} {grouped(text)}</title></rect>'
            )
            at += amount
    name = Words("总费用", "total").say(language)
    return _label(name, grouped(bill["total"]), HEAD, "strong") + "".join(bars)


def _bar(piece: Piece, total: int, top: int, *, last: bool) -> str:
    x, end, size = (_percent(value, total) for value in (piece.start, piece.end, piece.end - piece.start))
    bar = top + HEAD + 5
    link = "" if last else f'<line class="link" x1="{end}" x2="{end}" y1="{bar + BAR}" y2="{bar + ROW}"/>'
    return (
        f'<rect class="track" x="0" y="{bar}" width="100%" height="{BAR}"/>'
        f'<rect class="bar {piece.hue}" x="{x}" y="{bar}" width="{size}" height="{BAR}">'
        f"<title>{escape(piece.name)} {escape(piece.amount)}</title></rect>{link}"
    )


def _label(name: str, amount: str, y: int, kind: str) -> str:
    return (
        f'<text class="{kind}" x="0" y="{y}">{escape(_short(name))}</text>'
        f'<text class="{kind} amount" x="100%" y="{y}" text-anchor="end">{escape(amount)}</text>'
    )


def _short(name: str) -> str:
    """The name, cut where it would run into the amount on a phone."""
    columns = 0
    for index, character in enumerate(name):
        columns += 2 if east_asian_width(character) in "WF" else 1
        if columns > NAME_COLUMNS:
            return name[: index - 1] + "…"
    return name


def _percent(part: int, whole: int) -> str:
    """A length in percent of the width, to a hundredth."""
    hundredths = part * 10_000 // whole if whole else 0
    return f"{hundredths // 100}.{hundredths % 100:02d}%"
