"""Reads what a PDF of typst really says: the text of each page through its fonts' ToUnicode maps, lines, and dashes.

Enough of PDF for these documents and no more: one stream a page, Tj and TJ of two-byte codes, one font. A code that no
map knows, or glyph 0 (the empty box), is an error, so that a text read here is a text a person can read on paper.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)\sendobj", re.DOTALL)
STREAM = re.compile(rb"stream\r?\n(.*)\r?\nendstream", re.DOTALL)
TOKEN = re.compile(rb"<([0-9A-F]+)>|(\()|\bT([Jj])\b")
PARENTHESIS = re.compile(rb"\\.|[()]", re.DOTALL)
ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
DASH = re.compile(rb"\[([\d. ]+)\]\s*0 d")
ZERO_WIDTH = "\u200b\u2060"


@dataclass(frozen=True)
class Page:
    """The runs of text in the order in which they are drawn, and the dash patterns of its lines."""

    runs: tuple[str, ...]
    dashes: tuple[tuple[float, ...], ...]

    @property
    def text(self) -> str:
        """All runs, without blanks: where a line breaks is a matter of layout."""
        return squeezed("".join(self.runs))


def squeezed(text: str) -> str:
    """A text without blanks and zero-width characters."""
    return re.sub(rf"[\s{ZERO_WIDTH}]+", "", text)


def pages(pdf: bytes) -> list[Page]:
    """The pages of a document in order."""
    objects = {int(number): body for number, body in OBJECT.findall(pdf)}
    letters = _letters(objects)
    return [
        _page(_inflated(objects[int(contents)]), letters)
        for _, body in sorted(objects.items())
        if re.search(rb"/Type\s*/Page\b", body)
        for contents in re.findall(rb"/Contents (\d+) 0 R", body)
    ]


def _inflated(body: bytes) -> bytes:
    found = STREAM.search(body)
    assert found is not None, "an object without a stream"
    return zlib.decompress(found[1]) if b"/FlateDecode" in body[: found.start()] else found[1]


def _letters(objects: dict[int, bytes]) -> dict[int, str]:
    maps = [int(one) for body in objects.values() for one in re.findall(rb"/ToUnicode (\d+) 0 R", body)]
    assert len(set(maps)) == 1, f"{len(set(maps))} fonts, expected one"
    told = _inflated(objects[maps[0]]).decode("ascii")
    assert "beginbfrange" not in told
    return {
        int(code, 16): bytes.fromhex(text).decode("utf-16-be")
        for code, text in re.findall(r"<([0-9A-F]{4})> <([0-9A-F]+)>", told)
        if "begincodespacerange" not in text
    }


def _page(stream: bytes, letters: dict[int, str]) -> Page:
    runs = tuple(_said(codes, letters) for codes in _shown(stream))
    dashes = tuple(tuple(float(one) for one in found.split()) for found in DASH.findall(stream))
    return Page(runs, dashes)


def _shown(stream: bytes) -> Iterator[bytes]:
    """The codes of every text operator: its strings, literal or hexadecimal, one after another."""
    codes, place = b"", 0
    while token := TOKEN.search(stream, place):
        place = token.end()
        if token[1]:
            codes += bytes.fromhex(token[1].decode("ascii"))
        elif token[2]:
            place = _end_of_literal(stream, place)
            codes += _unescaped(stream[token.end() : place - 1])
        else:
            yield codes
            codes = b""


def _end_of_literal(stream: bytes, place: int) -> int:
    """Behind the bracket that closes a literal; brackets inside may stand in pairs."""
    depth = 1
    while depth:
        found = PARENTHESIS.search(stream, place)
        assert found is not None, "a string without an end"
        depth += {b"(": 1, b")": -1}.get(found[0], 0)
        place = found.end()
    return place


def _said(codes: bytes, letters: dict[int, str]) -> str:
    told = []
    for place in range(0, len(codes), 2):
        code = int.from_bytes(codes[place : place + 2], "big")
        assert code != 0, "an empty box on the paper"
        told.append(letters.get(code, ""))
    return "".join(told)


def _unescaped(literal: bytes) -> bytes:
    def one(found: re.Match[bytes]) -> bytes:
        told = found[1]
        return bytes([int(told, 8)]) if told[:1].isdigit() else NAMED.get(told, told)

    return ESCAPE.sub(one, literal)
