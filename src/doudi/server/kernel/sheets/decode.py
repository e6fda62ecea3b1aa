"""CSV and tab-separated text: which encoding, which separator, which cells.

Excel on a Chinese desktop saves CSV as GB18030, "CSV UTF-8" with a mark, "Unicode text" as UTF-16 with tabs. What is none
of these is refused rather than guessed: a list of mangled names is worse than none. Cells stay the texts they are; a cell
that begins with `=` is a text.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from doudi.server.kernel.sheets.errors import file_refused
from doudi.server.kernel.sheets.limits import LIMITS, Limits

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffe\uffff]")
SEPARATORS = (",", "\t", ";", "|")


def decoded(content: bytes) -> str:
    """The text of the bytes; `file_encoding` where none of the encodings fits."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _strict(content[len(mark) :], encoding)
    for encoding in ("utf-8", "gb18030"):
        try:
            return _strict(content, encoding)
        except UnicodeDecodeError:
            continue
    raise file_refused("file_encoding")


def _strict(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        if encoding in ("utf-8", "gb18030"):
            raise
        raise file_refused("file_encoding") from None
    if _NOT_TEXT.search(text):
        raise file_refused("file_encoding")
    return text


def separator_of(text: str) -> str:
    """The separator that splits the first lines most evenly."""
    lines = [line for line in text[:20_000].splitlines()[:30] if line.strip()]

    def evenness(separator: str) -> tuple[int, int]:
        counts = [line.count(separator) for line in lines]
        most = max(set(counts), key=lambda count: (counts.count(count) * bool(count), count), default=0)
        return (counts.count(most) if most else 0, most)

    return max(SEPARATORS, key=evenness)


def text_rows(content: bytes, limits: Limits = LIMITS) -> Iterator[list[str]]:
    """The rows of a delimited text."""
    text = _checked(content)
    csv.field_size_limit(limits.cell_characters)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text))
    except csv.Error as error:
        raise file_refused("file_quotes" if "limit" in str(error) else "file_broken") from error


def _checked(content: bytes) -> str:
    try:
        return decoded(content)
    except UnicodeDecodeError as error:
        raise file_refused("file_encoding") from error
