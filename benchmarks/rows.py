"""The rivals of each table, one line a row. A row of one's own is one more line.

A row's function takes the columns of bills and answers int64 columns in the order of the bills:
basic, catastrophic, assistance, patient for `THREE_PAYER`; each payer, hospital, patient for `FIVE_DOCUMENTS`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec

from benchmarks import (
    c_loop,
    doudi_rows,
    duckdb_windows,
    five_documents,
    laws,
    numpy_passes,
    polars_windows,
    python_loop,
)
from benchmarks.bills import Bills, Columns
from benchmarks.five_documents import RichBills
from benchmarks.harness import Row
from benchmarks.parquet import FileRow
from benchmarks.threads import THREADS, outputs

C_LOOP, DUCKDB = "C, numbers as literals", "DuckDB, windows"
ONE_BY_ONE = "the engine, one bill at a time"
SAMPLE = 200_000
MOST = 20_000_000  # of what holds every step of the work in memory


def no_compiler() -> str | None:
    return None if c_loop.found() else "gcc not found"


def without(package: str) -> Callable[[], str | None]:
    return lambda: None if find_spec(package) else f"{package} not found"


@cache
def kept(rows: int) -> Columns:
    """Columns for results that stay between the rounds, so that no page of memory is asked for anew."""
    columns = outputs(rows)
    for column in columns:
        column.fill(-1)
    return columns


def in_place(name: str, loop: Callable[[Bills, Columns, int], Columns], threads: int = THREADS, note: str = "",
             compared: bool = True) -> Row:  # fmt: skip
    """A loop of C that writes into columns that stay."""
    return Row(
        name, lambda given: loop(given[0], given[1], threads), note=note, missing=no_compiler, compared=compared,
        prepare=lambda bills: (bills, kept(len(bills))),
    )  # fmt: skip


def by_engine(bills: RichBills) -> Columns:
    """The engine, one bill at a time."""
    return five_documents.one_by_one(laws.settler(laws.FIVE_DOCUMENTS), bills)


THREE_PAYER = [
    in_place("memory alone: no rules", c_loop.no_rules, note="the bound", compared=False),
    in_place(C_LOOP, c_loop.by_literals),
    doudi_rows.THREE_PAYER[0],
    in_place("C, numbers from a table", c_loop.by_table),
    doudi_rows.THREE_PAYER[1],
    *doudi_rows.THREE_PAYER[2:],
    Row("C, literals, fresh columns", c_loop.by_literals, missing=no_compiler),
    in_place("C, literals, one thread", c_loop.by_literals, threads=1),
    Row("NumPy, cumulative sums", numpy_passes.sums),
    Row("NumPy, wavefront", numpy_passes.wavefront),
    Row("Polars, cumulative sums", polars_windows.sums, MOST, missing=without("polars")),
    Row("Polars, windows", polars_windows.windows, MOST, missing=without("polars")),
    Row(DUCKDB, duckdb_windows.settle, MOST, missing=without("duckdb")),
    Row("plain Python, by hand", python_loop.settle, limit=SAMPLE, note="rate of a sample"),
]  # fmt: skip

FIVE_DOCUMENTS = [
    *doudi_rows.FIVE_DOCUMENTS,
    Row(ONE_BY_ONE, by_engine, limit=10_000, note="rate of a sample, with making the facts"),
]

# How the cost a bill and the memory grow with the number of bills: names of rows above.
SCALING = [
    doudi_rows.BY_TABLE,
    doudi_rows.FROM_TABLE,
    C_LOOP,
    "C, literals, fresh columns",
    "NumPy, wavefront",
    "NumPy, cumulative sums",
    "Polars, windows",
    DUCKDB,
]

# From a folder of bills to a folder of results: parquet.FileRow; the baselines stand in parquet.py.
PARQUET: list[FileRow] = [*doudi_rows.PARQUET]
