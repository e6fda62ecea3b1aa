"""Parquet to Parquet: what reading the bills and writing the results costs before there is any rule.

Bills lie in files that end with a person, compressed with lz4. Results are four columns, in one of two forms: *delta*
(DELTA_BINARY_PACKED, not compressed: quickest) and *split* (BYTE_STREAM_SPLIT and zstd level 1: smallest). The
baselines write the very results that the policy has, held in memory; only the policy itself is left out. Every file is
one unit of work for one of the threads.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from benchmarks import c_loop
from benchmarks.bills import Bills, Columns, Cut, generate
from benchmarks.harness import Differs, Job, digests, equal, interleave, told
from benchmarks.reference import three_payer_columns
from benchmarks.report import Cell, Section
from benchmarks.threads import each

if TYPE_CHECKING:
    from numpy.typing import NDArray

RESULTS = ("basic", "catastrophic", "assistance", "patient")
FILES = 8
Form = Literal["delta", "split"]
FORMS: dict[Form, dict[str, Any]] = {
    "delta": {"compression": "none", "column_encoding": "DELTA_BINARY_PACKED"},
    "split": {"compression": "zstd", "compression_level": 1, "column_encoding": "BYTE_STREAM_SPLIT"},
}


def write_bills(bills: Bills, folder: Path, files: int = FILES) -> list[Cut]:
    """The bills in files named in their order; answers where each begins and ends."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    cuts = bills.cuts(files)
    for number, (low, high) in enumerate(cuts):
        table = pa.table(bills.part(low, high).columns())
        pq.write_table(table, folder / f"{number:04}.parquet", compression="lz4", use_dictionary=False)
    return cuts


def read_columns(source: Path) -> dict[str, NDArray[Any]]:
    """The columns of a file, by the calling thread alone."""
    import pyarrow.parquet as pq

    table = pq.read_table(source, use_threads=False)
    return {name: table.column(name).combine_chunks().to_numpy() for name in table.column_names}


def read_bills(source: Path) -> Bills:
    return Bills(**read_columns(source))


def write_results(results: Columns, target: Path, form: Form = "delta") -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table(dict(zip(RESULTS, results, strict=True)))
    pq.write_table(table, target, use_dictionary=False, write_statistics=False, **FORMS[form])


FolderWork = Callable[[Path, Path], None]


def per_file(work: Callable[[Path, Path], None]) -> FolderWork:
    """Work on one file (source, target), done for all files of a folder on two threads."""

    def run(source: Path, target: Path) -> None:
        each(lambda path: work(path, target / path.name), sorted(source.iterdir()))

    return run


@dataclass(frozen=True)
class FileRow:
    """One rival: from a folder of bills to a folder of results, a file for a file, sorted as the bills are.

    `results`: what the four columns of results are called in its files; none if it writes nothing.
    """

    name: str
    run: FolderWork
    results: tuple[str, ...] = RESULTS


def baselines(held: dict[str, Columns]) -> list[FileRow]:
    """Reading alone, reading and writing without rules, and with the C loop between."""

    def copy(form: Form, source: Path, target: Path) -> None:
        read_bills(source)
        write_results(held[source.name], target, form)

    def settled(form: Form, source: Path, target: Path) -> None:
        write_results(c_loop.by_literals(read_bills(source), threads=1), target, form)

    def read(source: Path, _: Path) -> None:
        read_bills(source)

    rows = [FileRow("read only", per_file(read), results=())]
    for form in FORMS:
        rows.append(FileRow(f"read, no rules, write {form}", per_file(partial(copy, form))))
        if c_loop.found():
            rows.append(FileRow(f"read, C loop, write {form}", per_file(partial(settled, form))))
    return rows


def parquet(size: int, own: Sequence[FileRow], rounds: int) -> Section:
    """Our rows beside the baselines; what has been written is read back and compared."""
    told(f"parquet: {size:,} bills in {FILES} files")
    bills = generate(Bills, size)
    expected = three_payer_columns(bills)
    with tempfile.TemporaryDirectory() as name:
        source = Path(name) / "bills"
        source.mkdir()
        cuts = write_bills(bills, source)
        held = {f"{number:04}.parquet": tuple(column[low:high] for column in expected)
                for number, (low, high) in enumerate(cuts)}  # fmt: skip
        jobs: list[Job] = []
        sizes: dict[str, float] = {}
        for number, row in enumerate((*baselines(held), *own)):
            target = Path(name) / f"results-{number}"
            target.mkdir()
            check = partial(_written, row, target, expected, sizes) if row.results else (lambda _: None)
            jobs.append(Job(row.name, partial(row.run, source, target), check, size))
        interleave(jobs, rounds)
        given = sum(path.stat().st_size for path in source.iterdir()) / size
    rows: list[list[Cell]] = [
        [job.name, job.rate(job.best) / 1e6, job.rate(job.median) / 1e6, sizes.get(job.name)] for job in jobs
    ]
    headings = ["", "million bills/s, best", "median", "bytes a bill out"]
    notes = [f"{given:.1f} bytes a bill in; every file that was written is equal to the fen"]
    return Section(
        "parquet", f"Parquet to Parquet, {size:,} bills, {FILES} files, two threads", headings, rows, notes
    )


def _written(row: FileRow, target: Path, expected: Columns, sizes: dict[str, float], _: object) -> None:
    """Read back what a row has written, compare it, and remove it."""
    paths = sorted(target.iterdir())
    sizes[row.name] = sum(path.stat().st_size for path in paths) / len(expected[0])
    start = 0
    for path in paths:
        read = read_columns(path)
        found = tuple(read[name] for name in row.results)
        stop = start + len(found[0])
        equal(f"{row.name}, {path.name}", digests(tuple(column[start:stop] for column in expected)))(found)
        start = stop
        path.unlink()
    if start != len(expected[0]):
        raise Differs(f"{row.name}: {start} results for {len(expected[0])} bills")
