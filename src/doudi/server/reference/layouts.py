"""The layouts of catalogue downloads: which column is which in a file that carries no headings.

Transactions 1301–1303, 1305–1309 and 1320 name a file: UTF-8, tab separated, one row a line, an empty value written as
`null`, no headings. 1304, 1312, 1318 and 1319 answer JSON. `with_headings` turns both into a sheet that imports can read.
The lists of columns stand in `layouts.yaml`, as printed in the specification named there.
"""

from __future__ import annotations

import csv
import io
import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from doudi.server.kernel.errors import Refused
from doudi.words import Words

_FILE = Path(__file__).with_name("layouts.yaml")


@cache
def layouts() -> dict[str, tuple[str, ...]]:
    """Transaction → the columns of its file, in order."""
    document = yaml.safe_load(_FILE.read_text("utf-8"))
    return {str(number): tuple(columns) for number, columns in document["files"].items()}


def with_headings(transaction: str, content: bytes) -> bytes:
    """The download of `transaction` as CSV with headings. Refused where its rows have another number of columns."""
    return _of_json(content) if content.lstrip()[:1] in (b"{", b"[") else _of_text(transaction, content)


def _of_text(transaction: str, content: bytes) -> bytes:
    columns = layouts().get(transaction)
    if columns is None:
        raise _refused(
            "layout_unknown", f"没有交易{transaction}的文件格式。", f"No layout of {transaction} is known."
        )
    rows = []
    text = content.decode("utf-8-sig")
    mark = "\t" if "\t" in text else "|"
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        cells = ["" if cell == "null" else cell for cell in line.split(mark)]
        if len(cells) != len(columns):
            raise _refused(
                "layout_differs",
                f"第{number}行有{len(cells)}列，交易{transaction}应有{len(columns)}列。",
                f"Line {number} has {len(cells)} columns; {transaction} has {len(columns)}.",
            )
        rows.append(cells)
    return _sheet(list(columns), rows)


def _of_json(content: bytes) -> bytes:
    answer = json.loads(content)
    rows = _rows(answer)
    names = list(dict.fromkeys(name for row in rows for name in row))
    return _sheet(names, [[_cell(row.get(name)) for name in names] for row in rows])


def _rows(answer: Any) -> list[dict[str, Any]]:
    """The records of an answer: the list under `output`, `data` or a node of it, or the answer itself."""
    for name in ("output", "data"):
        if isinstance(answer, dict) and name in answer:
            answer = answer[name]
    if isinstance(answer, dict):
        lists = [value for value in answer.values() if isinstance(value, list)]
        answer = lists[0] if lists else []
    if not isinstance(answer, list) or not all(isinstance(row, dict) for row in answer):
        raise _refused("layout_differs", "文件里没有记录列表。", "The file holds no list of records.")
    return answer


def _cell(value: Any) -> str:
    return "" if value is None or value == "null" else str(value)


def _sheet(names: list[str], rows: list[list[str]]) -> bytes:
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    return sheet.getvalue().encode()


def _refused(code: str, zh: str, en: str) -> Refused:
    return Refused(
        code,
        Words(zh, en),
        remedy=Words(
            "请核对交易编号和接口规范版本。", "Check the transaction and the edition of the specification."
        ),
        where="file",
    )
