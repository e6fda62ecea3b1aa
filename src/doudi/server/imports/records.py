"""The sealed form of rows and changes: JSON of many, compressed, sealed for the import's county.

A row keeps its values by column name; rows that were refused or may be duplicates also keep their cells as they were in
the file, for the file of refused rows.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from doudi.server.imports.data import Candidate, Change, Difference, Judgement, Verdict
from doudi.server.kernel.sealing import seal, unseal
from doudi.server.kernel.sheets.api import Cell, Problem, Value
from doudi.words import Words

Holds = Literal["sample", "rows", "changes"]
_DATE = "d"


@dataclass(frozen=True, slots=True)
class Record:
    """A row as it is kept: what was read and what was said of it."""

    number: int
    values: Mapping[str, Value]
    verdict: Verdict
    cells: list[Cell] | None = None


def sealed(items: Sequence[Any], *, region: int, holds: Holds) -> bytes:
    """The bytes of many encoded rows or changes."""
    text = json.dumps(items, ensure_ascii=False, separators=(",", ":"))
    return seal(zlib.compress(text.encode("utf-8", "replace"), 1), region=region, purpose=f"imports.{holds}")


def opened(content: bytes | memoryview, *, holds: Holds) -> list[Any]:
    """The encoded rows or changes of a part."""
    items: list[Any] = json.loads(zlib.decompress(unseal(bytes(content), purpose=f"imports.{holds}")))
    return items


def to_json(record: Record) -> list[Any]:
    """A record as JSON."""
    verdict = record.verdict
    return [
        record.number,
        {name: _kept(value) for name, value in record.values.items() if value is not None},
        str(verdict.judgement),
        [[p.column, p.words.zh, p.words.en] for p in verdict.problems],
        verdict.match,
        [[d.column, d.before, d.after] for d in verdict.differences],
        [[c.number, c.title, c.reason.zh, c.reason.en, c.score_bp] for c in verdict.candidates],
        dict(verdict.plan),
        record.cells,
    ]


def from_json(data: list[Any], names: Iterable[str]) -> Record:
    """The record again; columns that were empty come back as None."""
    number, values, judgement, problems, match, differences, candidates, plan, cells = data
    verdict = Verdict(
        Judgement(judgement),
        tuple([Problem(column, Words(zh, en)) for column, zh, en in problems]),
        match,
        tuple([Difference(*each) for each in differences]),
        tuple([Candidate(n, title, Words(zh, en), score) for n, title, zh, en, score in candidates]),
        plan,
    )
    return Record(number, values_from(values, names), verdict, cells)


def values_from(kept: Mapping[str, Any], names: Iterable[str]) -> dict[str, Value]:
    """The values of a row, with None where it was empty."""
    values: dict[str, Value] = dict.fromkeys(names)
    for name, value in kept.items():
        values[name] = date.fromisoformat(value[1]) if isinstance(value, list) else value
    return values


def same_verdict(one: Verdict, other: Verdict) -> bool:
    """Whether two verdicts say the same, as far as importing goes."""
    return (
        one.judgement == other.judgement
        and one.match == other.match
        and one.differences == other.differences
        and (one.plan == other.plan or _as_json(one.plan) == _as_json(other.plan))
    )


def change_to_json(change: Change) -> list[Any]:
    """A change as JSON."""
    return [
        change.row,
        change.did,
        change.object_kind,
        change.object_id,
        dict(change.before),
        dict(change.after),
    ]


def change_from_json(data: list[Any]) -> Change:
    """The change again."""
    return Change(*data)


def _as_json(plan: Mapping[str, Any]) -> str:
    """A plan that was kept has lists where a fresh one may have tuples."""
    return json.dumps(dict(plan), sort_keys=True, ensure_ascii=False)


def _kept(value: Value) -> Any:
    return [_DATE, value.isoformat()] if isinstance(value, date) else value
