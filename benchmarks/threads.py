"""Work in stretches of rows that end with a person, on as many Python threads as are asked for.

It helps wherever the work lets go of the interpreter: C called through ctypes, NumPy, Parquet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from benchmarks.bills import Columns, Rows

THREADS = 2
STRETCH = 1 << 17


def outputs(rows: int, columns: int = 4) -> Columns:
    """Columns for results, not yet filled."""
    return tuple(np.empty(rows, np.int64) for _ in range(columns))


def each(work: Callable[[Any], object], items: Iterable[Any], threads: int = THREADS) -> None:
    """Do `work` for every item; an exception in a thread comes out here."""
    if threads == 1:
        for item in items:
            work(item)
        return
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(work, items):
            pass


def in_stretches(
    work: Callable[[int, int], None], rows: Rows, threads: int = THREADS, stretch: int = STRETCH
) -> None:
    """Call `work(low, high)` for stretches of about `stretch` rows that end with a person; a few rows need no thread."""
    if len(rows) <= stretch:
        work(0, len(rows))
        return
    turns = max(1, len(rows) // (threads * stretch))
    each(lambda cut: work(*cut), rows.cuts(turns * threads), threads)
