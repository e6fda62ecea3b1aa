"""The reading program: a process of its own, with limits on its memory and time, that turns a file into lines of JSON.

Whatever a hostile file does to the reader (a cell in the last corner of the sheet, a text repeated a million times), the
server lives. The file comes in through a pipe and rows go out through one: nothing is written to disk. Protocol: first a
line with the limits, then the bytes of the file; out come a line of facts (or of a refusal), then lines of rows.

A cell is a text, a number, true or false, null, or `["d", "2016-01-01"]`, `["t", "…"]` for dates and instants.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from doudi.server.kernel.errors import Refused
from doudi.server.kernel.sheets.decode import text_rows
from doudi.server.kernel.sheets.errors import file_refused
from doudi.server.kernel.sheets.limits import Limits
from doudi.server.kernel.sheets.sniff import format_of

ROWS_A_LINE = 500
MERGED_WITHIN = 60
"""Merged cells matter in headings only."""
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*\bhidden="(?:1|true)"')
_HIDDEN_COLUMN = re.compile(rb'<(?:\w+:)?col\b[^>]*\bhidden="(?:1|true)"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")


def run(request: bytes, out: Callable[[Any], None]) -> None:
    """Answer one request: facts and rows, or a refusal by its code."""
    head, content = request.split(b"\n", 1)
    asked = json.loads(head)
    limits = Limits(**asked["limits"])
    try:
        facts, rows = _read(content, asked["sheet"], limits, known=asked["known"])
        out(facts)
        for lines in _grouped(rows, limits):
            out(lines)
    except Refused as refusal:
        out({"refused": refusal.code, "zh": refusal.words.zh, "en": refusal.words.en})


def _read(
    content: bytes, wanted: str, limits: Limits, *, known: bool
) -> tuple[dict[str, Any], Iterable[list[Any]]]:
    if format_of(content, limits) == "text":
        rows = list(_texts(content, limits))
        return _facts("", ("",), rows, format="text"), rows
    return _workbook(content, wanted, limits, known=known)


def _texts(content: bytes, limits: Limits) -> Iterator[list[Any]]:
    for number, row in enumerate(text_rows(content, limits), start=1):
        if number > limits.rows + 100:
            raise file_refused("sheet_rows", found=f"{number - 1}+", limit=limits.rows)
        yield row


def _facts(name: str, names: Iterable[str], rows: list[Any], **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "names": list(names),
        "height": len(rows),
        "width": max(map(len, rows), default=0),
        "merged": [],
        "hidden_rows": 0,
        "hidden_columns": 0,
        "formulas": 0,
        "links": False,
        "from_1904": False,
    } | more


def _workbook(
    content: bytes, wanted: str, limits: Limits, *, known: bool
) -> tuple[dict[str, Any], Iterable[list[Any]]]:
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        metadata = book.sheets_metadata
        if len(metadata) > limits.sheets:
            raise file_refused("sheet_too_many", found=len(metadata), limit=limits.sheets)
        names = [entry.name for entry in metadata if entry.typ == calamine.SheetTypeEnum.WorkSheet]
        visible = [entry.name for entry in metadata if entry.visible == calamine.SheetVisibleEnum.Visible]
        if wanted and wanted not in names:
            raise file_refused("sheet_missing", name=wanted[:60])
        candidates = [wanted] if wanted else [name for name in names if name in visible] or names
        sheets = [book.get_sheet_by_name(name) for name in candidates]
    except calamine.PasswordError as error:
        raise file_refused("file_encrypted") from error
    except (calamine.CalamineError, calamine.ZipError, calamine.XmlError) as error:
        raise file_refused("file_broken") from error
    if not sheets:
        raise file_refused("sheet_empty")
    sheet = max(sheets, key=lambda each: each.height * min(each.width, 2))
    facts = _facts(sheet.name, names, [], format="workbook") | {
        "height": sheet.end[0] + 1 if sheet.end else 0,
        "width": sheet.end[1] + 1 if sheet.end else 0,
        "merged": [area for area in sheet.merged_cell_ranges or [] if area[0][0] < MERGED_WITHIN],
    }
    if content[:2] == b"PK" and not known:
        facts |= _seen_in_xml(content, sheet.name)
    left = (
        sheet.start[1] if sheet.start else 0
    )  # its rows begin at the first row, but not at the first column
    return facts, ([None] * left + row for row in sheet.iter_rows())


def _seen_in_xml(content: bytes, name: str) -> dict[str, Any]:
    """What the reading library does not tell: hidden rows and columns, formulas, links, the 1904 calendar."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        inside = archive.namelist()
        workbook = archive.read("xl/workbook.xml")
        path = _path_of(archive, workbook, name)
        sheet = archive.read(path) if path in inside else b""
    hidden = b"hidden" in sheet
    return {
        "hidden_rows": len(_HIDDEN_ROW.findall(sheet)) if hidden else 0,
        "hidden_columns": len(_HIDDEN_COLUMN.findall(sheet)) if hidden else 0,
        "formulas": len(_FORMULA.findall(sheet)),
        "links": any(entry.startswith("xl/externalLinks/") for entry in inside),
        "from_1904": re.search(rb'date1904\s*=\s*["\'](?:1|true)', workbook) is not None,
    }


def _path_of(archive: zipfile.ZipFile, workbook: bytes, name: str) -> str:
    """The file of a sheet, through the workbook's relations; empty where they are not as usual."""
    from html import unescape

    relation = ""
    for tag in re.findall(rb"<(?:\w+:)?sheet\s[^>]*>", workbook):
        found = dict(re.findall(r'([\w:]+)="([^"]*)"', tag.decode("utf-8", "replace")))
        if unescape(found.get("name", "")) == name:
            relation = next((value for key, value in found.items() if key.endswith(":id")), "")
    try:
        relations = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    except KeyError:
        return ""
    for tag in re.findall(r"<(?:\w+:)?Relationship\s[^>]*>", relations):
        found = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if found.get("Id") == relation:
            target = found.get("Target", "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return ""


def _grouped(rows: Iterable[list[Any]], limits: Limits) -> Iterator[list[list[Any]]]:
    group: list[list[Any]] = []
    for number, row in enumerate(rows, start=1):
        cells = [_cell(value) for value in row]
        if any(isinstance(cell, str) and len(cell) > limits.cell_characters for cell in cells):
            raise file_refused("cell_too_long", row=number, limit=limits.cell_characters)
        group.append(cells)
        if len(group) == ROWS_A_LINE:
            yield group
            group = []
    if group:
        yield group


def _cell(value: Any) -> Any:
    kind = type(value)
    if kind is str:
        return value or None
    if value is None or kind is bool or kind is int:
        return value
    if kind is float:
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if kind is dt.date:
        return ["d", value.isoformat()]
    if kind is dt.datetime:
        return ["t", value.isoformat(" ")]
    return str(value)


def _limited(limits: dict[str, int]) -> None:
    """Bound this process; where the system cannot, the limits of size before it still hold."""
    try:
        import resource
    except ImportError:
        return
    for kind, most in (
        (resource.RLIMIT_AS, limits["memory_bytes"]),
        (resource.RLIMIT_CPU, limits["seconds"]),
    ):
        try:
            resource.setrlimit(kind, (most, most))
        except (ValueError, OSError):
            continue
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Read the request from standard input, answer on standard output."""
    request = sys.stdin.buffer.read()
    _limited(json.loads(request.split(b"\n", 1)[0])["limits"])

    def out(data: Any) -> None:
        sys.stdout.buffer.write(
            json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"
        )

    run(request, out)


if __name__ == "__main__":
    main()
