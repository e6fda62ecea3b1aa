"""Texts that can be printed: which characters the font has, and what stands for those it has not.

Names in the register of persons hold characters that few fonts know (𠮷, 𫟹), and texts from hospital systems hold
anything: line breaks, marks that turn the direction of writing, halves of characters. On paper an empty box says
nothing, so a character without a glyph becomes 〓 with its Unicode number, `〓[2B7F9]`, and the slip says in its small
print what that means. Control and direction marks are treated alike, because they could make a paper show another
amount than it holds; variation selectors only choose a shape and stay.

The characters of the font are read from its `cmap` table (OpenType, format 12): sorted ranges, searched by bisection.
"""

from __future__ import annotations

import mmap
import struct
import unicodedata
from bisect import bisect_right
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

SUBSTITUTE = "〓"
ENDS_A_LINE = frozenset("\t\n\v\f\r\x85\u2028\u2029")
UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
UNBROKEN = 22
"""Latin letters and digits in a row; more are given places to break, so that no word leaves its cell."""
BREAK = "\u200b"


@cache
def font_file() -> Path:
    """The font, from the package that carries it."""
    package = find_spec("noto_cjk_sans_otc")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("noto-cjk-sans-otc is not installed")
    return Path(package.origin).parent / "NotoSansCJK-Regular.ttc"


@cache
def covered() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """First and last code points of the ranges for which the font has glyphs.

    The members of the collection differ in shapes, not in coverage; the first is read.
    """
    with font_file().open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        (font,) = struct.unpack_from(">I", data, 12)
        (tables,) = struct.unpack_from(">H", data, font + 4)
        entries = (struct.unpack_from(">4sIII", data, font + 12 + 16 * index) for index in range(tables))
        start = next(offset for tag, _, offset, _ in entries if tag == b"cmap")
        (count,) = struct.unpack_from(">H", data, start + 2)
        subtables = {struct.unpack_from(">HHI", data, start + 4 + 8 * index) for index in range(count)}
        table = start + next(offset for platform, code, offset in subtables if (platform, code) == (3, 10))
        kind, groups = struct.unpack_from(">H10xI", data, table)
        if kind != 12:
            raise ValueError(f"cmap format {kind}, expected 12")
        ranges = sorted(struct.unpack_from(">II", data, table + 16 + 12 * index) for index in range(groups))
    return tuple(first for first, _ in ranges), tuple(last for _, last in ranges)


def has_glyph(character: str) -> bool:
    """Whether the font can print a character."""
    firsts, lasts = covered()
    place = bisect_right(firsts, ord(character)) - 1
    return place >= 0 and ord(character) <= lasts[place]


def _selects_a_shape(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


@lru_cache(maxsize=16_384)
def printable(character: str) -> bool:
    """Whether a character may go to the printer as it is."""
    if character.isascii():
        return " " <= character <= "~"
    if character == BREAK or _selects_a_shape(character):
        return True
    return unicodedata.category(character) not in UNSAFE and has_glyph(character)


class Writer:
    """Makes texts printable and remembers what it had to replace."""

    def __init__(self) -> None:
        self.replaced: set[str] = set()

    def safe(self, text: str) -> str:
        """The text with a printable mark in the place of every character that cannot be printed."""
        if text.isascii() and text.isprintable():
            return text
        return "".join(self._safe(character) for character in text)

    def _safe(self, character: str) -> str:
        if character in ENDS_A_LINE:
            return " "
        if printable(character):
            return character
        self.replaced.add(character)
        return f"{SUBSTITUTE}[{ord(character):04X}]"


def cut(text: str, length: int) -> str:
    """The text without blanks around it, at most `length` characters; what was cut off shows as `…`."""
    text = text.strip()
    return text if len(text) <= length else text[: length - 1] + "…"


def breakable(text: str) -> str:
    """Places to break in runs of Latin letters and digits that are longer than a cell is wide."""
    pieces, run = [], 0
    for character in text:
        run = run + 1 if character.isascii() and character not in " /-" else 0
        pieces.append(character)
        if run >= UNBROKEN:
            pieces.append(BREAK)
            run = 0
    return "".join(pieces)
