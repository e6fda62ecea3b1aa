"""What a file is, by its content and never by its name; what may not be opened at all is refused here.

A workbook is a zip of XML files: its directory is read (not its contents) to see that it is one, that it unpacks to a
sane size, and that it carries no macros. Old `.xls` files and encrypted workbooks are OLE containers. Anything else that
is not text is named and refused.
"""

from __future__ import annotations

import io
import zipfile
from typing import Literal

from doudi.server.kernel.sheets.errors import file_refused
from doudi.server.kernel.sheets.limits import LIMITS, Limits

Format = Literal["xlsx", "xls", "text"]

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_OTHERS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "PDF 文件", "a PDF"),
    (b"\x89PNG", "图片", "a picture"),
    (b"\xff\xd8\xff", "图片", "a picture"),
    (b"GIF8", "图片", "a picture"),
    (b"BM\x00", "图片", "a picture"),
    (b"Rar!", "压缩包", "an archive"),
    (b"7z\xbc\xaf", "压缩包", "an archive"),
    (b"\x1f\x8b", "压缩包", "an archive"),
    (b"MZ", "程序", "a program"),
    (b"\x7fELF", "程序", "a program"),
    (b"SQLite format 3", "数据库", "a database"),
    (b"PAR1", "Parquet 文件", "a Parquet file"),
)


def format_of(content: bytes, limits: Limits = LIMITS) -> Format:
    """The format of a file that may be read; a refusal for every other."""
    if not content.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        raise file_refused("file_empty")
    if len(content) > limits.file_bytes:
        raise file_refused("file_too_large", limit=limits.file_bytes // 2**20)
    if content[:4] == b"PK\x03\x04":
        return _zip(content, limits)
    if content[:8] == _OLE:
        return _ole(content)
    for start, zh, en in _OTHERS:
        if content.startswith(start):
            raise file_refused("file_type", zh=zh, en=en)
    if (
        content.lstrip(b"\xef\xbb\xbf\r\n\t ")[:14]
        .lower()
        .startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta"))
    ):
        raise file_refused("file_type", zh="网页表格", en="a table of a web page")
    return "text"


def _zip(content: bytes, limits: Limits) -> Format:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise file_refused("file_broken") from error
    names = {entry.filename for entry in entries}
    _not_a_bomb(entries, len(content), limits)
    if "xl/workbook.xml" not in names:
        raise file_refused("file_type", **_other_zip(names))
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise file_refused("file_macros")
    return "xlsx"


def _not_a_bomb(entries: list[zipfile.ZipInfo], packed: int, limits: Limits) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    overlapping = sum(entry.compress_size for entry in entries) > packed
    encrypted = any(entry.flag_bits & 1 for entry in entries)
    if encrypted:
        raise file_refused("file_encrypted")
    if (
        len(entries) > limits.entries
        or unpacked > limits.unpacked_bytes
        or unpacked > max(limits.ratio * packed, 2**20)
        or overlapping
        or len({entry.filename for entry in entries}) != len(entries)
    ):
        raise file_refused("file_bomb")


def _other_zip(names: set[str]) -> dict[str, str]:
    if "xl/workbook.bin" in names:
        return {"zh": " .xlsb 二进制工作簿", "en": "a binary workbook (.xlsb)"}
    if "word/document.xml" in names:
        return {"zh": " Word 文档", "en": "a Word document"}
    if "mimetype" in names and "content.xml" in names:
        return {"zh": " OpenDocument 文档", "en": "an OpenDocument file"}
    return {"zh": "压缩包", "en": "an archive"}


def _ole(content: bytes) -> Format:
    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in content

    if holds("EncryptedPackage"):
        raise file_refused("file_encrypted")
    if not (holds("Workbook") or holds("Book")):
        raise file_refused("file_type", zh=" Office 旧格式文档", en="an old Office document")
    if holds("_VBA_PROJECT"):
        raise file_refused("file_macros")
    return "xls"
