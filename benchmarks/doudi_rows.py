"""Our own rows: the batch engine over the same columns, with numbers as literals and from the table of classes.

The kernel rows read the very columns that the C loop reads – the class is numbered from level and poverty inside the
loop – but for `total`, which is given as its part beyond the policy's scope; making that column is not counted. The
rows "from a table" count everything: reading an Arrow table, checking it, sorting, classes, and the loop.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks import laws
from benchmarks.bills import Bills, Columns
from benchmarks.five_documents import CATEGORIES, DIAGNOSES, PAYERS, RichBills
from benchmarks.harness import Row
from benchmarks.parquet import RESULTS, FileRow, per_file
from benchmarks.threads import THREADS, each
from benchmarks.three_payer import LEVELS
from doudi.engine.batch.chunk import Chunk, LawColumns
from doudi.engine.batch.class_table import ClassOf, agreed, class_table, early_registers
from doudi.engine.batch.law import Law, Shape
from doudi.engine.batch.prepared_files import numbers_options
from doudi.engine.batch.ready import Tables, make_ready, settle_tables
from doudi.engine.batch.run import PIECE, Stream
from doudi.engine.batch.steps import make_body
from doudi.engine.stages import stages
from doudi.engine.vocabulary import DOMAINS

Integers = np.ndarray[Any, np.dtype[np.integer[Any]]]
BY_TABLE, LITERALS = "doudi, numbers from the table", "doudi, numbers as literals"
FROM_TABLE = "doudi, everything counted"
IN_MEMORY = 20_000_000  # a table prepared at once stands in memory; files are cut into buckets first


@dataclass(frozen=True)
class Ready:
    """A law, its bills, and the columns that results go to."""

    law: Law
    chunk: Chunk
    out: np.ndarray[Any, np.dtype[np.int64]]


@cache
def three_payer(literals: bool) -> tuple[Law, np.ndarray[Any, np.dtype[np.int64]]]:
    """The law and its table: a class is level × 2 + poor."""
    settler = laws.settler(laws.THREE_PAYER)
    compiled, _ = settler.machine()
    program = compiled.program
    kinds = [
        ClassOf(date(2016, 1, 1), _answers(program.facts, level, poor)) for level in LEVELS for poor in (0, 1)
    ]
    split = stages(program)
    registers = [early_registers(program, settler.rounding, split, one) for one in kinds]
    literal = agreed(split, registers) if literals else {}
    body = make_body(compiled, settler.rounding, ("basic_deductible",), literal)
    shape = Shape(1, (("run", 0),) * len(body.kept), (2, 1))
    return Law(body, shape, settler.rounding), class_table(program, settler.rounding, body, kinds)


def _answers(facts: Any, level: str, poor: int) -> dict[int, int]:
    codes = {"level": DOMAINS["level"].index(level), "people": poor}
    return {register: codes[fact.kind] for register, fact in facts if fact.kind in codes}


def chunk_of(bills: Bills, literals: bool) -> Ready:
    """Bills as the kernel takes them."""
    law, table = three_payer(literals)
    inputs = (bills.in_scope, bills.total - bills.in_scope)
    columns = LawColumns((bills.year,), (), (bills.level, bills.poor), inputs, (), table)
    return Ready(law, Chunk(bills.person, (columns,)), out_of(len(bills), 4))


@cache
def out_of(rows: int, columns: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Result columns that stay between the rounds, every page asked for."""
    return np.full((columns, rows), -1, np.int64)


def run(ready: Ready, threads: int = THREADS) -> Columns:
    """The loop over all cores."""
    cuts = ready.chunk.cuts(max(threads, len(ready.chunk) // PIECE))

    def piece(cut: tuple[int, int]) -> None:
        low, high = cut
        status = np.zeros(high - low, np.int16) if ready.law.body.refusals else np.zeros(0, np.int16)
        Stream(ready.law).run(ready.chunk.part(low, high), ready.out[:, low:high], status)

    each(piece, list(itertools.pairwise(cuts)), threads)
    return tuple(ready.out)


def kernel_row(name: str, *, literals: bool, threads: int = THREADS) -> Row:
    """A row of the three-payer section."""
    return Row(name, lambda ready: run(ready, threads), prepare=lambda bills: chunk_of(bills, literals))


def arrow(bills: Bills | RichBills) -> Tables:
    """The bills as the tables that a county would hand in."""
    rows, day = len(bills), days_of(bills)
    data: dict[str, Any] = {
        "id": np.arange(rows, dtype=np.int64),
        "person": bills.person,
        "care": pa.DictionaryArray.from_arrays(np.zeros(rows, np.int8), pa.array(["inpatient"])),
        "level": pa.DictionaryArray.from_arrays(bills.level, pa.array(list(LEVELS))),
        "discharged": pa.array(day.astype("datetime64[D]")),
        "in_scope_fen": bills.in_scope,
    }
    if isinstance(bills, Bills):
        data["own_pay_fen"] = bills.total - bills.in_scope
        return Tables(pa.table(data), people_of(bills.person, bills.poor, ("", "registered_poor"), day))
    data |= {f"{part}_fen": getattr(bills, part) for part in ("first_pay", "over_limit", "own_pay")}
    data["referred"] = pa.array(bills.referred.astype(bool))
    data["admission"] = bills.admission
    data["diagnoses"] = pa.DictionaryArray.from_arrays(bills.disease, pa.array(list(DIAGNOSES)))
    data["designated"] = pa.array(np.ones(rows, bool))
    return Tables(pa.table(data), people_of(bills.person, bills.category, CATEGORIES, day))


def days_of(bills: Bills | RichBills) -> Integers:
    """A day for each bill, later for a later bill of its person and year."""
    turn = np.ones(len(bills), bool)
    turn[1:] = (bills.person[1:] != bills.person[:-1]) | (bills.year[1:] != bills.year[:-1])
    first = np.maximum.accumulate(np.where(turn, np.arange(len(bills)), 0))
    begins = (
        (bills.year.astype(np.int64) - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    )
    return begins + 7 + np.arange(len(bills)) - first


def people_of(person: Any, category: Any, names: tuple[str, ...], day: Integers) -> pa.Table:
    """The people of some bills, in their category; of those whose category changes, day by day."""
    ids, first, count = np.unique(person, return_index=True, return_counts=True)
    changes = np.maximum.reduceat(category, first) != np.minimum.reduceat(category, first)
    shown = np.repeat(changes, count)
    shown[first] = True
    shown &= category > 0
    at = np.flatnonzero(shown)
    offsets = np.concatenate(([0], np.cumsum(np.add.reduceat(shown, first)))).astype(np.int32)
    always = ~np.repeat(changes, count)[at]
    spans = [pa.array(day[at] + k, pa.int32(), mask=always).cast(pa.date32()) for k in (0, 1)]
    codes = pa.array(list(names)).take(pa.array(category[at]))
    held = pa.StructArray.from_arrays([codes, *spans], ["code", "from", "until"])
    return pa.table({"id": ids, "categories": pa.ListArray.from_arrays(offsets, held)})


def rich_ready(bills: RichBills) -> Ready:
    """The fuller law's bills, prepared from a table."""
    ready = make_ready(laws.settler(laws.FIVE_DOCUMENTS), arrow(bills))
    if len(ready.rejected):
        raise ValueError(ready.rejected.slice(0, 1).to_pylist())
    prepared = ready.prepared
    return Ready(prepared.law, prepared.chunk, out_of(len(bills), len(PAYERS) + 2))


def from_table(law: str, names: tuple[str, ...]) -> Callable[[Tables], Columns]:
    """Everything that `doudi batch` does to a table in memory."""

    def settle(tables: Tables) -> Columns:
        done = settle_tables(laws.settler(law), tables)
        return tuple(done.amounts[name] for name in names)

    return settle


THREE_PAYER = [
    kernel_row(LITERALS, literals=True),
    kernel_row(BY_TABLE, literals=False),
    kernel_row("doudi, table, one thread", literals=False, threads=1),
    Row(FROM_TABLE, from_table(laws.THREE_PAYER, (*RESULTS[:3], "patient")), IN_MEMORY, prepare=arrow),
]
FIVE_DOCUMENTS = [
    Row(BY_TABLE, run, IN_MEMORY, prepare=rich_ready, note="without preparing"),
    Row(
        FROM_TABLE,
        from_table(laws.FIVE_DOCUMENTS, (*PAYERS, "hospital", "patient")),
        IN_MEMORY,
        prepare=arrow,
    ),
]


def settle_file(source: Path, target: Path) -> None:
    """One file of bills to one file of results, in pieces that stay in the cache."""
    law, table = three_payer(False)
    stream = Stream(law)
    writer: pq.ParquetWriter | None = None
    with pq.ParquetFile(source) as file:
        for group in range(file.num_row_groups):
            read = file.read_row_group(group, use_threads=False)
            c = {name: np.asarray(read.column(name).combine_chunks()) for name in read.column_names}
            inputs = (c["in_scope"], c["total"] - c["in_scope"])
            columns = LawColumns((c["year"],), (), (c["level"], c["poor"]), inputs, (), table)
            result = stream.settle(Chunk(c["person"], (columns,)))
            told = pa.table(dict(zip(RESULTS, (result.amounts[name] for name in RESULTS), strict=True)))
            writer = writer or pq.ParquetWriter(target, told.schema, **numbers_options(told.schema))
            writer.write_table(told)
    if writer is not None:
        writer.close()


PARQUET = [FileRow("doudi", per_file(settle_file))]
