"""Compiles c_loop.c with gcc and calls it over stretches of bills; ctypes lets go of the interpreter meanwhile."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from benchmarks.bills import Bills, Columns
from benchmarks.table import TABLE
from benchmarks.threads import THREADS, in_stretches, outputs

SOURCE = Path(__file__).with_name("c_loop.c")
COMPILER = "gcc"
OPTIONS = ("-O3", "-march=native", "-shared", "-fPIC")


def found() -> bool:
    """Whether there is a compiler."""
    return shutil.which(COMPILER) is not None


@cache
def library() -> ctypes.CDLL:
    """The compiled loops; once loaded they need no file."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "c_loop.so"
        subprocess.run([COMPILER, *OPTIONS, "-o", str(target), str(SOURCE)], check=True)
        return ctypes.CDLL(str(target))


def _pointers(columns: Sequence[NDArray[Any]]) -> list[ctypes.c_void_p]:
    if not all(column.flags.c_contiguous for column in columns):
        raise ValueError("a column is not contiguous")
    return [ctypes.c_void_p(column.ctypes.data) for column in columns]


def run(name: str, bills: Bills, out: Columns | None = None, threads: int = THREADS) -> Columns:
    """Run one of the loops of c_loop.c; into fresh columns unless they are given."""
    loop = getattr(library(), name)
    loop.restype = None
    made = out or outputs(len(bills))
    columns = _pointers([*bills.columns().values(), *made, *([TABLE] if name == "by_table" else [])])

    def stretch(low: int, high: int) -> None:
        loop(ctypes.c_ssize_t(low), ctypes.c_ssize_t(high), *columns)

    in_stretches(stretch, bills, threads)
    return made


def by_literals(bills: Bills, out: Columns | None = None, threads: int = THREADS) -> Columns:
    """Every number of the law stands in the code."""
    return run("by_literals", bills, out, threads)


def by_table(bills: Bills, out: Columns | None = None, threads: int = THREADS) -> Columns:
    """The numbers come from `table.TABLE`."""
    return run("by_table", bills, out, threads)


def no_rules(bills: Bills, out: Columns | None = None, threads: int = THREADS) -> Columns:
    """The same traffic through memory, without rules: what no settlement can beat."""
    return run("no_rules", bills, out, threads)
