"""Reads the versions of a law's numbers for a sweep: a CSV file, a column a number, a row a version."""

from __future__ import annotations

import csv
from pathlib import Path

from doudi.engine.compile import Compiled
from doudi.engine.refusals import Refused
from doudi.money import MoneyError, parse_percent, parse_yuan
from doudi.words import Words, did_you_mean

NAME = "version"


def read_variants(path: Path, compiled: Compiled) -> list[tuple[str, dict[str, int]]]:
    """(name, label → fen or basis points) of each row; an empty cell leaves the law's number. Raises Refused."""
    units = {cell.label: cell.unit for _, cell in compiled.program.cells}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    found = []
    for line, row in enumerate(rows, start=2):
        values = {}
        for label, text in row.items():
            if label == NAME or label is None or not (text or "").strip():
                continue
            if label not in units:
                raise Refused(
                    "number_unknown", f"{path.name}:1", key=label, hint=did_you_mean(label, sorted(units))
                )
            values[label] = _value(text.strip(), units[label], f"{path.name}:{line}.{label}")
        found.append((row.get(NAME) or str(line - 1), values))
    if not found:
        raise Refused("sweep_empty", path.name)
    return found


def _value(text: str, unit: str, place: str) -> int:
    try:
        return int(parse_percent(text)) if unit == "bp" else int(parse_yuan(text))
    except MoneyError as error:
        raise Refused("amount_malformed", place, key=place, detail=Words(error.zh, error.en)) from error
