"""Writing lists: one sheet, rows as they come, a heading row that stays, a footer that says how many and by which filter.

Rows are compressed as they are written, so that memory does not grow with them, and nothing is spilled to a temporary
file, as the general-purpose writers do in their constant-memory mode: lists hold personal data. No cell is a formula:
texts are inline strings; those that begin like a formula are also marked to stay texts when edited, and in CSV they get
a leading apostrophe. Amounts are written digit by digit from fen.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from doudi.server.kernel.sheets.columns import Value
from doudi.server.kernel.sheets.parts import HEAD, MAIN, RELATIONS, STYLES, comments, fixed, letters, xml_text
from doudi.words import Language, Words

ListForm = Literal["text", "money", "date", "whole", "percent"]
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
WIDTHS: dict[ListForm, int] = {"text": 14, "money": 15, "date": 12, "whole": 9, "percent": 9}
WIDEST = 60
COMMENTS = 2_000
"""Comments that a file gets; the reasons also stand in a column, for all rows."""


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of a list: heading, form of its cells (`money` fen, `percent` basis points), width in digits."""

    words: Words
    form: ListForm = "text"
    width: int = 0


@dataclass(frozen=True, slots=True)
class Marked:
    """A cell in red with a comment that says what is wrong."""

    value: Value
    note: Words


ListCell = Value | Marked


def write_workbook(
    columns: Sequence[ListColumn],
    rows: Iterable[Sequence[ListCell]],
    *,
    name: Words,
    language: Language = "zh",
    footer: Sequence[Words] = (),
    counted: bool = True,
) -> bytes:
    """The bytes of an .xlsx: headings, `rows`, an empty row, their count, `footer` lines (filters, …)."""
    packed = io.BytesIO()
    notes: list[tuple[int, int, str]] = []
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as archive:
        with archive.open(_entry("xl/worksheets/sheet1.xml"), "w", force_zip64=True) as out:
            for piece in _sheet(columns, rows, language, footer, counted, notes):
                out.write(piece.encode())
        for part, content in fixed(name.say(language), comments=bool(notes)).items():
            archive.writestr(_entry(part), content)
        if notes:
            for part, content in comments(notes).items():
                archive.writestr(_entry(part), content)
    return packed.getvalue()


def write_csv(
    columns: Sequence[ListColumn], rows: Iterable[Sequence[ListCell]], *, language: Language = "zh"
) -> bytes:
    """The rows as UTF-8 with a mark, which Excel opens rightly; texts that begin like a formula get an apostrophe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([neutral(column.words.say(language)) for column in columns])
    for row in rows:
        cells = (cell.value if isinstance(cell, Marked) else cell for cell in row)
        writer.writerow(
            [
                neutral(shown) if column.form == "text" else shown
                for column, cell in zip(columns, cells, strict=True)
                for shown in (figure(cell, column.form),)
            ]
        )
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def neutral(text: str) -> str:
    """The text for a CSV cell: never a formula in any spreadsheet."""
    clean = text.replace("\x00", "")
    live = clean.startswith(FORMULA_STARTS) or clean.lstrip(" \u3000\ufeff").startswith(FORMULA_STARTS)
    return "'" + clean if live else clean


def figure(value: Value, form: ListForm) -> str:
    """A value as plain text: yuan with two decimals, ISO dates, percent with two decimals, 是 or 否."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int) and form in ("money", "percent"):
        sign, hundredths = "-" if value < 0 else "", abs(value)
        return f"{sign}{hundredths // 100}.{hundredths % 100:02d}" + ("%" if form == "percent" else "")
    return value.isoformat() if isinstance(value, date) else str(value)


def _entry(name: str) -> zipfile.ZipInfo:
    """A part with a fixed time, so that equal lists are equal bytes."""
    entry = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _sheet(
    columns: Sequence[ListColumn],
    rows: Iterable[Sequence[ListCell]],
    language: Language,
    footer: Sequence[Words],
    counted: bool,
    notes: list[tuple[int, int, str]],
) -> Iterator[str]:
    yield f'{HEAD}<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheetViews><sheetView workbookViewId="0">'
    yield '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>'
    for place, column in enumerate(columns, start=1):
        width = column.width or min(WIDEST, max(WIDTHS[column.form], 2 * len(column.words.say(language)) + 2))
        yield f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>'
    yield "</cols><sheetData>"
    yield _row(0, (_string(0, place, c.words.say(language), "heading") for place, c in enumerate(columns)))
    number = 0
    names = [letters(place) for place in range(len(columns))]
    for number, row in enumerate(rows, start=1):
        yield _row(
            number,
            (
                _cell(number, place, names[place], cell, column.form, notes, language)
                for place, (column, cell) in enumerate(zip(columns, row, strict=True))
            ),
        )
    lines = [Words(f"说明：共 {number:,} 行。", f"Note: rows in all: {number:,}.")] if counted else []
    for line, words in enumerate((*lines, *footer), start=number + 2):
        yield _row(line, [_string(line, 0, words.say(language), "footer")])
    yield "</sheetData>"
    if columns:
        yield f'<autoFilter ref="A1:{letters(len(columns) - 1)}{number + 1}"/>'
    if notes:
        yield '<legacyDrawing r:id="rId1"/>'
    yield "</worksheet>"


def _row(number: int, cells: Iterable[str]) -> str:
    return f'<row r="{number + 1}">{"".join(cells)}</row>'


def _cell(
    row: int,
    place: int,
    name: str,
    cell: ListCell,
    form: ListForm,
    notes: list[tuple[int, int, str]],
    language: Language,
) -> str:
    style = None
    if isinstance(cell, Marked):
        style = "refused"
        if len(notes) < COMMENTS:
            notes.append((row, place, cell.note.say(language)))
        cell = cell.value
    if cell is None:
        return f'<c r="{name}{row + 1}" s="{STYLES["refused"]}"/>' if style else ""
    if style or form == "text" or isinstance(cell, str | bool):
        return _string(row, place, figure(cell, form), style or "text")
    if isinstance(cell, date):
        return f'<c r="{name}{row + 1}" s="{STYLES["date"]}"><v>{(cell - date(1899, 12, 30)).days}</v></c>'
    if form == "percent":
        number = f"{'-' if cell < 0 else ''}{abs(cell) // 10_000}.{abs(cell) % 10_000:04d}"
    else:
        number = figure(cell, form)
    return f'<c r="{name}{row + 1}" s="{STYLES[form]}"><v>{number}</v></c>'


def _string(row: int, place: int, text: str, style: str) -> str:
    if style in ("text", "refused") and text.startswith(FORMULA_STARTS):
        style += "_quoted"
    return (
        f'<c r="{letters(place)}{row + 1}" s="{STYLES[style]}" t="inlineStr"><is>'
        f'<t xml:space="preserve">{xml_text(text[:32_767])}</t></is></c>'
    )
