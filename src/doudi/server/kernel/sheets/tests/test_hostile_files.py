"""Files that must not be read: each is refused by name, in both languages, and the server lives."""

import io
import time
import zipfile

import openpyxl
import pytest

from doudi.server.kernel.errors import Refused
from doudi.server.kernel.sheets.api import LIMITS, Limits, format_of, open_sheet
from doudi.server.kernel.sheets.errors import FILE_REFUSALS
from support.sheets import HEADINGS, roster, with_headings, xlsx

OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def code_of(content: bytes, *, sheet: str = "", limits: Limits = LIMITS) -> str:
    with pytest.raises(Refused) as caught, open_sheet(content, sheet=sheet, limits=limits) as opened:
        list(opened.rows)
    assert caught.value.code in FILE_REFUSALS
    assert caught.value.words.zh != caught.value.words.en
    assert caught.value.where == "file"
    return caught.value.code


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def rewritten(content: bytes, change) -> bytes:
    """A workbook with its parts changed: `change(name, bytes)` → bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


def sheet_with(xml: bytes) -> bytes:
    """A workbook whose first sheet has `xml` as its data."""
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return rewritten(
        with_headings(roster(1)),
        lambda name, old: head + xml + b"</sheetData></worksheet>" if name.endswith("sheet1.xml") else old,
    )


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"  \r\n\t", b"\x00\x00\x00"])
def test_empty_files(content: bytes) -> None:
    assert code_of(content) == "file_empty"


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n....", "图片"),
        (b"Rar!\x1a\x07....", "压缩包"),
        (b"\x1f\x8b\x08....", "压缩包"),
        (b"MZ\x90\x00....", "程序"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "网页"),
        (zipped(a=b"text"), "压缩包"),
        (zipped(word__document_dot_xml=b"<x/>"), "Word"),
        (zipped(xl__workbook_dot_bin=b"x"), "xlsb"),
        (
            zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", content_dot_xml=b"<x/>"),
            "OpenDocument",
        ),
        (OLE + "WordDocument".encode("utf-16-le") + bytes(600), "Office"),
    ],
)
def test_the_content_decides_and_not_the_name(content: bytes, named: str) -> None:
    with pytest.raises(Refused) as caught:
        format_of(content)
    assert caught.value.code == "file_type"
    assert named in caught.value.words.zh


def test_a_zip_bomb_is_refused_by_its_directory_before_anything_is_unpacked() -> None:
    bomb = zipped(xl__workbook_dot_xml=b"<x/>", xl__worksheets__sheet1_dot_xml=bytes(300 * 2**20))
    assert len(bomb) < 2**20
    began = time.process_time()
    with pytest.raises(Refused) as caught:
        format_of(bomb)
    assert caught.value.code == "file_bomb"
    assert time.process_time() - began < 5  # nothing of it was inflated: 300 MB would show


def test_many_entries_and_repeated_names_are_bombs() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        for number in range(LIMITS.entries + 1):
            archive.writestr(f"xl/{number}", "")
    assert code_of(out.getvalue()) == "file_bomb"
    twice = io.BytesIO()
    with zipfile.ZipFile(twice, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("xl/workbook.xml", "<y/>")
    assert code_of(twice.getvalue()) == "file_bomb"


def test_a_cell_in_the_last_corner_does_not_fill_the_memory() -> None:
    """One cell in XFD1048576 makes a dense reader ask for hundreds of gigabytes: only its own program may die of it."""
    corner = sheet_with(
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    )
    assert code_of(corner) in ("file_stopped_reader", "sheet_rows")


def test_a_text_repeated_a_million_times_does_not_fill_the_memory() -> None:
    """Texts are kept once and referred to: 30,000 characters × 300,000 cells from a small file."""
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(1, 150_001))
    text = b"<si><t>" + b"x" * 30_000 + b"</t></si>"
    strings = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + text + b"</sst>"
    content = rewritten(
        sheet_with(cells), lambda name, old: strings if name == "xl/sharedStrings.xml" else old
    )
    assert code_of(content, limits=Limits(memory_bytes=2**30)) in ("file_stopped_reader", "file_bomb")


def test_entities_are_not_expanded() -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    content = rewritten(
        with_headings(roster(1)), lambda name, old: laughs + old if name.endswith("sheet1.xml") else old
    )
    with open_sheet(content) as sheet:
        assert sheet.height == 2
        assert "aaaaaaaaaa" not in str(list(sheet.rows))


def test_damaged_workbooks() -> None:
    whole = with_headings(roster(200))
    assert code_of(whole[: len(whole) // 2]) == "file_broken"
    spoilt = rewritten(whole, lambda name, old: b"<broken" if name == "xl/workbook.xml" else old)
    assert code_of(spoilt) in ("file_broken", "sheet_empty")
    middle = bytearray(whole)
    for place in range(len(middle) // 3, len(middle) // 3 + 40):
        middle[place] ^= 0xFF
    assert code_of(bytes(middle)) in ("file_broken", "file_encrypted", "file_bomb", "file_stopped_reader")


def test_passwords_and_macros() -> None:
    assert code_of(OLE + "EncryptedPackage".encode("utf-16-le") + bytes(600)) == "file_encrypted"
    assert code_of(OLE + ("Workbook" + "_VBA_PROJECT_CUR").encode("utf-16-le") + bytes(600)) == "file_macros"
    assert code_of(OLE + "Workbook".encode("utf-16-le") + bytes(600)) == "file_broken"
    with_macros = io.BytesIO(with_headings(roster(1)))
    with zipfile.ZipFile(with_macros, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    assert code_of(with_macros.getvalue()) == "file_macros"


def test_limits_are_data() -> None:
    content = with_headings(roster(150))
    assert code_of(content, limits=Limits(file_bytes=1000)) == "file_too_large"
    assert code_of(content, limits=Limits(rows=10)) == "sheet_rows"
    assert code_of(content, limits=Limits(columns=3)) == "sheet_columns"
    assert code_of(xlsx(["x" * 300]), limits=Limits(cell_characters=200)) == "cell_too_long"
    lines = b"a,b\n" * 200
    assert code_of(lines, limits=Limits(rows=10)) == "sheet_rows"


def test_sheets_are_chosen_by_name_and_empty_ones_refused() -> None:
    book = openpyxl.Workbook()
    book.active.title = "说明"
    full = book.create_sheet("名单")
    for row in (HEADINGS, *roster(3)):
        full.append(row)
    book.create_sheet("空")
    hidden = book.create_sheet("藏")
    for row in roster(50):
        hidden.append(row)
    hidden.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    with open_sheet(out.getvalue()) as sheet:
        assert (sheet.name, sheet.names) == ("名单", ("说明", "名单", "空", "藏"))
    with open_sheet(out.getvalue(), sheet="藏") as sheet:
        assert sheet.height == 50
    assert code_of(out.getvalue(), sheet="空") == "sheet_empty"
    assert code_of(out.getvalue(), sheet="没有") == "sheet_missing"


@pytest.mark.parametrize(
    "content",
    [
        b"\x81\x00\x01binary\x02",
        "姓名,证件".encode("utf-16-le"),
        b"\xff\xfea",
        "名".encode("utf-32"),
        b"a,b\n\x80\xff\n",
    ],
)
def test_texts_in_no_known_encoding(content: bytes) -> None:
    assert code_of(content) == "file_encoding"


def test_a_quote_that_is_never_closed() -> None:
    assert code_of(b'a,b\n"x,y\n' + b"1,2\n" * 20_000) == "file_quotes"


def test_every_refusal_says_the_same_in_both_languages() -> None:
    for words, remedy in FILE_REFUSALS.values():
        for each in filter(None, (words, remedy)):
            assert each.zh
            assert each.en
            assert each.zh.count("{") == each.en.count("{")
