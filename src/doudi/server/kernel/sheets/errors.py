"""Refusals of files: what is wrong with the file, and how to save it so that it can be read."""

from __future__ import annotations

from doudi.server.kernel.errors import Refused
from doudi.words import Words

SAVE_AS = Words(
    "请在 Excel 或 WPS 中另存为 .xlsx 后重新上传。", "Save it as .xlsx in Excel or WPS and upload it again."
)

FILE_REFUSALS: dict[str, tuple[Words, Words | None]] = {
    "file_empty": (Words("文件是空的。", "The file is empty."), None),
    "file_too_large": (
        Words("文件超过 {limit} MB。", "The file is larger than {limit} MB."),
        Words("请按乡镇拆分后分别导入。", "Split it, for example by township."),
    ),
    "file_bomb": (
        Words("文件解开后异常大，已拒绝读取。", "The file unpacks to an abnormal size and was not read."),
        SAVE_AS,
    ),
    "file_stopped_reader": (
        Words(
            "读取这个文件所需的内存或时间异常，已停止读取。",
            "Reading this file took abnormal memory or time and was stopped.",
        ),
        Words(
            "请把名单复制到新建的工作簿（只留有数据的区域）后重新上传。",
            "Copy the list into a new workbook (only the filled area) and upload that.",
        ),
    ),
    "file_broken": (
        Words("文件已损坏，无法读取。", "The file is damaged and cannot be read."),
        Words("请重新导出或另存后再上传。", "Export or save it again and upload it."),
    ),
    "file_encrypted": (
        Words("工作簿设有打开密码，无法读取。", "The workbook is protected by a password."),
        Words("请取消打开密码后重新上传。", "Remove the password and upload it again."),
    ),
    "file_macros": (
        Words("工作簿带有宏，不予导入。", "The workbook contains macros and is not accepted."),
        Words("请另存为不含宏的 .xlsx 后重新上传。", "Save it as .xlsx without macros and upload it again."),
    ),
    "file_type": (
        Words("这是{zh}，不是 Excel 或 CSV 表格。", "This is {en}, not an Excel or CSV table."),
        SAVE_AS,
    ),
    "file_encoding": (
        Words(
            "文本的编码无法识别（可读 UTF-8、GB18030、UTF-16）。",
            "The text encoding is not recognised (UTF-8, GB18030 and UTF-16 are read).",
        ),
        SAVE_AS,
    ),
    "file_quotes": (
        Words("CSV 中的引号不成对，有单元格一直延续到后面很多行。", "A quote in the CSV is never closed."),
        SAVE_AS,
    ),
    "sheet_missing": (
        Words("没有名为“{name}”的工作表。", "There is no sheet called “{name}”."),
        Words("请从列表中选择。", "Choose one from the list."),
    ),
    "sheet_empty": (
        Words("表中没有数据。", "The sheet holds no data."),
        Words("请确认选择了正确的工作表。", "Check that the right sheet is chosen."),
    ),
    "sheet_too_many": (
        Words(
            "工作簿有 {found} 个工作表，最多 {limit} 个。",
            "The workbook has {found} sheets; at most {limit}.",
        ),
        None,
    ),
    "sheet_rows": (
        Words(
            "表中有 {found} 行，一次最多 {limit} 行。", "The sheet has {found} rows; at most {limit} at once."
        ),
        Words("请按乡镇拆分后分别导入。", "Split it, for example by township."),
    ),
    "sheet_columns": (
        Words("表中有 {found} 列，最多 {limit} 列。", "The sheet has {found} columns; at most {limit}."),
        Words(
            "请删去右侧多余的列后重新上传。", "Delete the surplus columns on the right and upload it again."
        ),
    ),
    "cell_too_long": (
        Words(
            "第 {row} 行有单元格超过 {limit} 个字。", "A cell in row {row} is longer than {limit} characters."
        ),
        None,
    ),
    "header_not_found": (
        Words(
            "没有找到表头：前 {limit} 行里没有一行含有“{wanted}”等列名。",
            "No heading row was found: none of the first {limit} rows has headings such as “{wanted}”.",
        ),
        Words("请确认选择了正确的导入种类和工作表。", "Check the kind of import and the sheet."),
    ),
}
"""Code → what is wrong, what to do."""


def file_refused(code: str, **values: object) -> Refused:
    """The refusal of a code of the table above, its placeholders filled in."""
    words, remedy = FILE_REFUSALS[code]
    return Refused(code, words.filled(**values) if values else words, remedy=remedy, where="file")
