"""Opening a file: its facts at once, its rows as they come from the reading program (`program.py`).

`with open_sheet(content) as sheet:` gives the facts of the sheet (by default the visible one with most rows) and an
iterator of its rows; leaving early ends the program. Memory on this side is bounded by the rows in hand.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from doudi.server.kernel.errors import Refused
from doudi.server.kernel.sheets.errors import FILE_REFUSALS, file_refused
from doudi.server.kernel.sheets.limits import LIMITS, Limits
from doudi.server.kernel.sheets.sniff import format_of
from doudi.words import Words

Cell = str | int | float | bool | list[str] | None
"""As the program sends it: dates are `["d", iso]`, instants `["t", iso]`."""

_PACKAGES = str(Path(__file__).resolve().parents[4])
_KEPT_FROM_IT = ("DOUDI_", "DATABASE_", "PG")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet being read. `rows` can be gone through once."""

    name: str
    names: tuple[str, ...]
    height: int
    width: int
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...]
    """Merged areas, ((top, left), (bottom, right)), from 0, near the top."""
    hidden_rows: int
    hidden_columns: int
    formulas: int
    links: bool
    from_1904: bool
    rows: Iterator[tuple[int, list[Cell]]]
    """Row number as Excel shows it, cells."""


@contextmanager
def open_sheet(
    content: bytes, *, sheet: str = "", limits: Limits = LIMITS, known: bool = False
) -> Iterator[Sheet]:
    """Read a file's sheet; a refusal where the file may not or cannot be read.

    `known`: its facts were told before and only its rows are wanted; what is hidden, formulas, links and the calendar
    are then not looked for, which takes as long as reading.
    """
    format_of(content, limits)
    environment = {key: value for key, value in os.environ.items() if not key.startswith(_KEPT_FROM_IT)}
    environment |= {"PYTHONPATH": _PACKAGES, "PYTHONUTF8": "1"}
    program = subprocess.Popen(
        [sys.executable, "-m", "doudi.server.kernel.sheets.program"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd="/",
    )
    try:
        _send(
            program,
            json.dumps({"limits": asdict(limits), "sheet": sheet, "known": known}).encode() + b"\n",
            content,
        )
        facts = _line(program)
        if facts is None:
            raise file_refused("file_stopped_reader")
        yield _sheet(facts, program, limits)
    finally:
        program.kill()
        for pipe in (program.stdin, program.stdout):
            if pipe is not None:
                _closed(pipe)
        program.wait()


def _send(program: subprocess.Popen[bytes], head: bytes, content: bytes) -> None:
    assert program.stdin is not None  # noqa: S101 - for the type checker
    try:
        program.stdin.write(head)
        program.stdin.write(content)
        program.stdin.close()
    except BrokenPipeError:
        return


def _closed(pipe: Any) -> None:
    try:
        pipe.close()
    except BrokenPipeError:
        return


def _line(program: subprocess.Popen[bytes]) -> Any:
    assert program.stdout is not None  # noqa: S101 - for the type checker
    line = program.stdout.readline()
    if not line.endswith(b"\n"):
        return None
    data = json.loads(line)
    if isinstance(data, dict) and "refused" in data:
        _, remedy = FILE_REFUSALS[data["refused"]]
        raise Refused(data["refused"], Words(data["zh"], data["en"]), remedy=remedy, where="file")
    return data


def _sheet(facts: dict[str, Any], program: subprocess.Popen[bytes], limits: Limits) -> Sheet:
    if facts["height"] == 0:
        raise file_refused("sheet_empty")
    if facts["height"] > limits.rows + 100:
        raise file_refused("sheet_rows", found=facts["height"], limit=limits.rows)
    if facts["width"] > limits.columns:
        raise file_refused("sheet_columns", found=facts["width"], limit=limits.columns)
    return Sheet(
        facts["name"],
        tuple(facts["names"]),
        facts["height"],
        facts["width"],
        tuple((tuple(top), tuple(end)) for top, end in facts["merged"]),
        facts["hidden_rows"],
        facts["hidden_columns"],
        facts["formulas"],
        facts["links"],
        facts["from_1904"],
        _rows(program, facts["height"]),
    )


def _rows(program: subprocess.Popen[bytes], height: int) -> Iterator[tuple[int, list[Cell]]]:
    number = 0
    while number < height:
        group = _line(program)
        if group is None:
            raise file_refused("file_stopped_reader")
        for row in group:
            number += 1
            yield number, row


def is_empty(row: Sequence[Cell]) -> bool:
    """Whether no cell of the row says anything."""
    return not any(cell is not None and not (isinstance(cell, str) and not cell.strip()) for cell in row)
