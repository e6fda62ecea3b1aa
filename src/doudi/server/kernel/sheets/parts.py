"""The fixed parts of a workbook file that `write.py` makes: styles, relations, and how a text stands in XML.

The format is ECMA-376 (Office Open XML), of which a list needs very little.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

STYLES = {
    "plain": 0,
    "text": 1,
    "money": 2,
    "date": 3,
    "whole": 4,
    "percent": 5,
    "heading": 6,
    "footer": 7,
    "refused": 8,
    "text_quoted": 9,
    "refused_quoted": 10,
}
"""Style → its place in `styles.xml`. The quoted ones carry `quotePrefix`: Excel keeps the cell a text when edited."""

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def xml_text(text: str) -> str:
    """The text for an element: what XML may not hold removed, `_x0041_` kept from being read as a letter."""
    return escape(_ESCAPE_LIKE.sub("_x005F_", _ILLEGAL.sub("", text)), {'"': "&quot;"})


def letters(place: int) -> str:
    """The name of a column by its place from 0: A, B, …, Z, AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name


def styles() -> bytes:
    """`xl/styles.xml`: formats and the looks of headings, the footer and refused cells."""
    formats = (
        (0, 0, 0, ""),
        (49, 0, 0, ""),
        (164, 0, 0, ""),
        (165, 0, 0, ""),
        (3, 0, 0, ""),
        (10, 0, 0, ""),
        (49, 1, 2, ""),
        (49, 2, 0, ""),
        (49, 3, 3, ""),
        (49, 0, 0, ' quotePrefix="1"'),
        (49, 3, 3, ' quotePrefix="1"'),
    )
    cells = "".join(
        f'<xf numFmtId="{number}" fontId="{font}" fillId="{fill}" borderId="0" xfId="0" applyNumberFormat="1"'
        f' applyFont="1" applyFill="1"{more}/>'
        for number, font, fill, more in formats
    )
    base = '<sz val="11"/><name val="Microsoft YaHei"/>'
    return (
        f'{HEAD}<styleSheet xmlns="{MAIN}">'
        '<numFmts count="2"><numFmt numFmtId="164" formatCode="#,##0.00"/>'
        '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
        f"<fonts count='4'><font>{base}</font><font><b/>{base}</font><font><i/><color rgb='FF666666'/>{base}</font>"
        f"<font><color rgb='FF9C0006'/>{base}</font></fonts>"
        '<fills count="4"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
        '<fill><patternFill patternType="solid"><fgColor rgb="FFDDEBEA"/></patternFill></fill>'
        '<fill><patternFill patternType="solid"><fgColor rgb="FFFFC7CE"/></patternFill></fill></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        f'<cellXfs count="{len(formats)}">{cells}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ).encode()


def fixed(sheet_name: str, *, comments: bool) -> dict[str, bytes]:
    """The parts beside the sheet, by their names in the file."""
    title = xml_text(re.sub(r"[^\w ()（）-]", " ", sheet_name)[:31] or "Sheet1")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    more = (
        '<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>'
        f'<Override PartName="/xl/comments1.xml" ContentType="{kind}.comments+xml"/>'
        if comments
        else ""
    )
    parts = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>{more}</Types>',
        "_rels/.rels": _relations((("officeDocument", "xl/workbook.xml"),)),
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        f'<sheet name="{title}" sheetId="1" r:id="rId1"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _relations(
            (("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml"))
        ),
    }
    if comments:
        parts["xl/worksheets/_rels/sheet1.xml.rels"] = _relations(
            (("vmlDrawing", "../drawings/vmlDrawing1.vml"), ("comments", "../comments1.xml"))
        )
    return {name: text.encode() for name, text in parts.items()} | {"xl/styles.xml": styles()}


def comments(notes: Sequence[tuple[int, int, str]]) -> dict[str, bytes]:
    """The parts of comments: (row, place, text), rows and places from 0."""
    listed = "".join(
        f'<comment ref="{letters(place)}{row + 1}" authorId="0"><text><t xml:space="preserve">{xml_text(text)}</t>'
        "</text></comment>"
        for row, place, text in notes
    )
    shapes = "".join(
        f'<v:shape id="_x0000_s{1025 + number}" type="#_x0000_t202" style="position:absolute;visibility:hidden;'
        'width:240pt;height:60pt" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:textbox/>'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill>'
        f"<x:Row>{row}</x:Row><x:Column>{place}</x:Column></x:ClientData></v:shape>"
        for number, (row, place, _) in enumerate(notes)
    )
    return {
        "xl/comments1.xml": f'{HEAD}<comments xmlns="{MAIN}"><authors><author>Doudi</author></authors>'
        f"<commentList>{listed}</commentList></comments>".encode(),
        "xl/drawings/vmlDrawing1.vml": (
            '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
            ' xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shapetype id="_x0000_t202" coordsize="21600,21600"'
            ' o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
            f'<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>{shapes}</xml>'
        ).encode(),
    }


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'
