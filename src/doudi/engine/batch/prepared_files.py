"""Prepared columns on disk: what a law needs of a bucket, so that the next run reads numbers and nothing else.

BUCKET.parquet    id, person, group, key*, slot*, code, in* – one row a bill that is settled, in posting order
BUCKET.json       which accumulators are always empty, how the others meet the bills, the class table
BUCKET.rejected.parquet   row, id, person, code, reason – one row a bill that is not
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from doudi.engine.batch.chunk import Chunk, Integers, LawColumns
from doudi.engine.batch.class_table import ClassOf
from doudi.engine.batch.dataset import write_whole
from doudi.engine.batch.groupings import GROUPINGS, grouping
from doudi.engine.batch.law import Law, Shape
from doudi.engine.batch.ready import Ready
from doudi.engine.batch.steps import make_body
from doudi.engine.compile import Compiled
from doudi.engine.settle import Settler

ROWS_A_GROUP = 1 << 18


@dataclass(frozen=True)
class PreparedFile:
    """A bucket's prepared columns on disk."""

    path: Path
    law: Law
    table: npt.NDArray[np.int64]
    compiled: Compiled
    classes: tuple[ClassOf, ...]
    labels: dict[str, tuple[str, ...]]
    """For each column by which totals can be grouped: its labels by code."""
    rows: int

    def pieces(self, columns: tuple[str, ...] = ("id", "person")) -> Iterator[tuple[pa.Table, Chunk]]:
        """The bills in pieces, each as the columns to pass on and the chunk to settle; persons may be cut."""
        names = [*columns, "group", *_names(self.law)]
        with pq.ParquetFile(self.path) as file:
            for group in range(file.num_row_groups):
                table = file.read_row_group(group, columns=names, use_threads=False)
                yield table.select(columns), self._chunk(table)

    def whole(self, columns: tuple[str, ...] = ("id", "person", "row")) -> tuple[pa.Table, Chunk]:
        """All bills at once."""
        table = pq.read_table(self.path, columns=[*columns, "group", *_names(self.law)])
        return table.select(columns), self._chunk(table)

    def _chunk(self, table: pa.Table) -> Chunk:
        def column(name: str) -> Integers:
            return np.asarray(table.column(name).combine_chunks())

        def amounts(name: str) -> npt.NDArray[np.int64]:
            return np.asarray(table.column(name).combine_chunks(), np.int64)

        shape = self.law.shape
        columns = LawColumns(
            tuple(column(f"key{k}") for k in range(shape.keys)),
            tuple(column(f"slot{k}") for k in range(shape.slots)),
            (column("code"),),
            tuple(amounts(f"in{k}") for k in range(len(self.law.body.inputs))),
            tuple(amounts(f"open{k}") for k in range(sum(shape.opens))),
            self.table,
        )
        return Chunk(column("group"), (columns,))


def _names(law: Law) -> list[str]:
    found = [f"key{k}" for k in range(law.shape.keys)] + [f"slot{k}" for k in range(law.shape.slots)]
    found += ["code", *(f"in{k}" for k in range(len(law.body.inputs)))]
    return [*found, *(f"open{k}" for k in range(sum(law.shape.opens)))]


def write_prepared(stem: Path, ready: Ready) -> None:
    """Put a bucket on disk; the JSON comes last and says that it is complete."""
    prepared = ready.prepared
    columns = prepared.chunk.laws[0]
    at = pa.array(prepared.rows)
    data: dict[str, Any] = {"id": ready.bills.ids.take(at), "person": ready.bills.person_ids.take(at)}
    data["row"] = ready.bills.row[prepared.rows]
    data["group"] = prepared.chunk.group.astype(np.int32)
    data |= {f"key{k}": column.astype(np.int32) for k, column in enumerate(columns.keys)}
    data |= {f"slot{k}": column.astype(np.int32) for k, column in enumerate(columns.slots)}
    data["code"] = columns.codes[0].astype(np.int32)
    data |= {f"in{k}": column for k, column in enumerate(columns.inputs)}
    data |= {f"open{k}": column for k, column in enumerate(columns.openings)}
    labels = {}
    for name in GROUPINGS:
        label = grouping(name, prepared.asker, prepared.asked)
        data[f"by_{name}"] = label.codes.astype(np.int32)
        labels[name] = label.values
    write_numbers(stem.with_suffix(".parquet"), pa.table(data))
    pq.write_table(ready.rejected, stem.with_suffix(".rejected.parquet"))
    told = {
        "empty": prepared.law.body.empty, "keys": prepared.law.shape.keys, "where": prepared.law.shape.where,
        "opens": prepared.law.shape.opens,
        "given": sorted(prepared.given), "rows": len(prepared.rows), "table": columns.table.tolist(),
        "classes": [_told(one) for one in prepared.kinds],
        "labels": labels,
    }  # fmt: skip
    write_whole(stem.with_suffix(".json"), json.dumps(told))


def _told(one: ClassOf) -> list[Any]:
    return [one.law_day.isoformat(), {str(register): answer for register, answer in one.answers.items()}]


Laws = dict[str, Law]
"""Laws that were made already: buckets of one shape share the law, and so its kernel."""


def read_prepared(settler: Settler, stem: Path, laws: Laws) -> PreparedFile | None:
    """A bucket that lies prepared, or None."""
    told_path = stem.with_suffix(".json")
    if not told_path.is_file():
        return None
    told = json.loads(told_path.read_text("utf-8"))
    compiled: Compiled = settler.machine(frozenset(told["given"]))[0]
    key = json.dumps([told[name] for name in ("given", "empty", "keys", "where", "opens")])
    if key not in laws:
        where = tuple((kind, index) for kind, index in told["where"])
        shape = Shape(told["keys"], where, opens=tuple(told["opens"]))
        body = make_body(compiled, settler.rounding, told["empty"])
        laws[key] = Law(body, shape, settler.rounding)
    classes = tuple(
        ClassOf(date.fromisoformat(day), {int(r): answer for r, answer in answers.items()})
        for day, answers in told["classes"]
    )
    return PreparedFile(
        stem.with_suffix(".parquet"), laws[key], np.array(told["table"], np.int64), compiled, classes,
        {name: tuple(labels) for name, labels in told["labels"].items()}, told["rows"],
    )  # fmt: skip


def numbers_options(schema: pa.Schema) -> dict[str, Any]:
    """How columns of numbers are written: differences packed in bits, which is quicker than any compressor."""
    whole = [f.name for f in schema if pa.types.is_integer(f.type)]
    return {
        "use_dictionary": [f.name for f in schema if f.name not in whole],
        "column_encoding": dict.fromkeys(whole, "DELTA_BINARY_PACKED"),
        "compression": {f.name: "none" if f.name in whole else "lz4" for f in schema},
        "write_statistics": False,
    }


def write_numbers(path: Path, table: pa.Table) -> None:
    """A Parquet file of number columns, complete or not there."""
    temporary = path.with_suffix(".tmp")
    pq.write_table(table, temporary, row_group_size=ROWS_A_GROUP, **numbers_options(table.schema))
    temporary.replace(path)
