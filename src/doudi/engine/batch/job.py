"""A batch over files: bucket by bucket, in bounded memory, and where it was killed it goes on.

    OUT.work/            the dataset and one part a bucket; removed when the output is complete
    OUT                  settled bills: one file, or a folder of parts
    OUT.rejected.parquet, or OUT/_rejected.parquet: the others, each with its reason

A part is renamed into its place when it is whole, so that a run that was killed repeats at most the buckets it was at;
the finished file is the same. Parts are made by as many threads as there are cores.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from doudi import __version__
from doudi.engine.batch.buckets import row_count
from doudi.engine.batch.chunk import Result
from doudi.engine.batch.dataset import Dataset, fingerprint, open_dataset, write_whole
from doudi.engine.batch.differences import Side
from doudi.engine.batch.outputs import check_folder, check_work, gather, reasons_of
from doudi.engine.batch.prepared_files import (
    Laws,
    PreparedFile,
    numbers_options,
    read_prepared,
    write_numbers,
    write_prepared,
)
from doudi.engine.batch.ready import Tables, as_columns, late_words, rejected_rows, settle_tables
from doudi.engine.batch.run import Alarm, Stream, run_all
from doudi.engine.batch.wave import settle_wave
from doudi.engine.refusals import Refused
from doudi.engine.settle import Settler

Report = Callable[[str, int, int], None]
"""Told of progress: what is being done, how much is done, how much there is."""

Piece: TypeAlias = tuple[pa.Table, Result]
"""Columns to pass on, and what their bills came to."""


@dataclass(frozen=True)
class Counts:
    """What became of the rows: they add up."""

    rows: int
    settled: int
    rejected: int
    rejected_path: Path
    reasons: list[tuple[str, str, str, int]]
    """Code, an example in Chinese and in English, how many; the most frequent first."""


@dataclass
class Job:
    """One policy over one pair of files."""

    settler: Settler
    bills: Path
    people: Path | None
    report: Report
    dataset_folder: Path
    rows_a_bucket: int = 0
    openings: Path | None = None
    others: tuple[Settler, ...] = ()
    """Other policies that will look at the same dataset."""
    laws: Laws = field(default_factory=dict, repr=False)

    def open(self) -> Dataset:
        """Cut the files into buckets, or find them cut."""
        done, rows = 0, row_count(self.bills)

        def progress(more: int) -> None:
            nonlocal done
            done += more
            self.report("cut", done, rows)

        by_household = any(keeps_households(settler) for settler in (self.settler, *self.others))
        return open_dataset(
            self.dataset_folder, self.bills, self.people, progress, by_household=by_household,
            rows_a_bucket=self.rows_a_bucket,
        )  # fmt: skip

    def folder(self) -> Path:
        """Where the prepared columns of the policy lie in the dataset."""
        made_by = f"{self.settler.policy.hash} {__version__} {fingerprint(self.openings)}"
        return self.dataset_folder / hashlib.sha256(made_by.encode()).hexdigest()[:16]

    def prepared(self, dataset: Dataset, bucket: int) -> PreparedFile:
        """The prepared columns of a bucket, from disk or made now."""
        folder = self.folder()
        folder.mkdir(parents=True, exist_ok=True)
        stem = folder / f"{bucket:04d}"
        found = read_prepared(self.settler, stem, self.laws)
        if found is None:
            ready = settle_tables(self.settler, self.tables(dataset, bucket)).ready
            if ready is not None:
                write_prepared(stem, ready)
            found = read_prepared(self.settler, stem, self.laws)
        if found is None:
            raise FileNotFoundError(stem)
        return found

    def names(self) -> tuple[str, ...]:
        """The outputs: payers, hospital, patient."""
        return (*(payer.name for payer in self.settler.machine()[0].plan.payers), "hospital", "patient")

    def side(self, dataset: Dataset, bucket: int) -> Side:
        """A bucket ready to be compared."""
        prepared = self.prepared(dataset, bucket)
        passed, chunk = prepared.whole()
        return Side(prepared.law, chunk, passed)

    def tables(self, dataset: Dataset, bucket: int) -> Tables:
        """The tables of a bucket."""
        return Tables(dataset.bills(bucket), dataset.people_of(bucket), self.opened())

    def opened(self) -> pa.Table | None:
        """The table of balances brought forward. Raises Refused where it cannot be read."""
        if self.openings is None:
            return None
        row_count(self.openings)
        return pq.read_table(self.openings)

    def rejected_rows(self) -> int:
        """How many bills of the dataset the policy refuses without asking an amount."""
        return sum(pq.read_metadata(path).num_rows for path in self.folder().glob("*.rejected.parquet"))


def keeps_households(settler: Settler) -> bool:
    """Whether a policy keeps accumulators of households, so that its bills stand together by household."""
    return any(a.scope == "household" for _, a, _ in settler.machine()[0].program.accumulators)


def settle_files(job: Job, out: Path, work: Path, *, in_parts: bool = False) -> Counts:
    """Settle all bills of the files into the file `out`, or into parts in the folder `out`, which saves writing twice.

    Raises Refused for files that cannot be read, and for a folder that holds other files.
    """
    if in_parts:
        check_folder(out)
    check_work(work)
    dataset = job.open()
    parts = work / "parts"
    _same_run(job, work, parts)
    finished = [0]

    def piece(bucket: int) -> None:
        path = parts / f"{bucket:04d}.parquet"
        if not path.exists():
            _settle_bucket(job, dataset, bucket, path)
        finished[0] += 1
        job.report("settle", finished[0], dataset.buckets)

    run_all(piece, dataset.buckets)
    settled = gather([parts / f"{k:04d}.parquet" for k in range(dataset.buckets)], out, in_parts=in_parts)
    rejected_files = [parts / f"{k:04d}.rejected.parquet" for k in range(dataset.buckets)]
    rejected_path = out / "_rejected.parquet" if in_parts else out.with_suffix(".rejected.parquet")
    rejected = gather(rejected_files, rejected_path)
    counts = Counts(dataset.rows, settled, rejected, rejected_path, reasons_of(rejected_path))
    if counts.settled + counts.rejected != counts.rows:
        raise Refused("rows_lost", str(out), rows=counts.rows, settled=settled, rejected=rejected)
    shutil.rmtree(work, ignore_errors=True)
    return counts


def _same_run(job: Job, work: Path, parts: Path) -> None:
    """Keep the parts of a run that was killed, if it was this one; else begin anew."""
    this = {
        "bills": fingerprint(job.bills), "people": fingerprint(job.people), "policy": job.settler.policy.hash,
        "engine": __version__, "openings": fingerprint(job.openings),
    }  # fmt: skip
    told = work / "run.json"
    if not told.is_file() or json.loads(told.read_text("utf-8")) != this:
        shutil.rmtree(parts, ignore_errors=True)
        work.mkdir(parents=True, exist_ok=True)
        write_whole(told, json.dumps(this))
    parts.mkdir(parents=True, exist_ok=True)


def _settle_bucket(job: Job, dataset: Dataset, bucket: int, path: Path) -> None:
    if not as_columns(job.settler):
        done = settle_tables(job.settler, job.tables(dataset, bucket))
        pq.write_table(done.rejected, path.with_suffix(".rejected.parquet"))
        write_numbers(path, done.table())
        return
    prepared = job.prepared(dataset, bucket)
    rejected = [pq.read_table(prepared.path.with_suffix(".rejected.parquet"))]
    temporary = path.with_suffix(".tmp")
    try:
        late = _write_rows(job, prepared, temporary, settle_pieces(prepared))
    except Alarm:
        late = _write_rows(job, prepared, temporary, [whole_by_wave(prepared)])
    pq.write_table(pa.concat_tables([*rejected, *late]), path.with_suffix(".rejected.parquet"))
    temporary.replace(path)


def settle_pieces(prepared: PreparedFile) -> Iterator[Piece]:
    """(columns to pass on, result) of each piece of a bucket; what a piece leaves in accumulators the next takes up."""
    stream = Stream(prepared.law)
    for passed, chunk in prepared.pieces(("id", "person", *(("row",) if prepared.law.body.refusals else ()))):
        yield passed, stream.settle(chunk)


def whole_by_wave(prepared: PreparedFile) -> Piece:
    """A bucket whole, in exact signed arithmetic."""
    passed, chunk = prepared.whole()
    return passed, settle_wave(prepared.law, chunk)


def _write_rows(job: Job, prepared: PreparedFile, path: Path, pieces: Iterable[Piece]) -> list[pa.Table]:
    """Write the settled bills; answers the refused ones."""
    late: list[pa.Table] = []
    writer: pq.ParquetWriter | None = None
    for passed, result in pieces:
        table = pa.table(
            {
                "id": passed.column("id"), "person": passed.column("person"),
                **{f"{name}_fen": column for name, column in result.amounts.items()},
            }
        )  # fmt: skip
        if prepared.law.body.refusals and result.status.any():
            late.append(_refused(job, prepared, passed, result.status))
            table = table.filter(pa.array(result.status == 0))
        if writer is None:
            writer = pq.ParquetWriter(path, table.schema, **numbers_options(table.schema))
        writer.write_table(table)
    if writer is not None:
        writer.close()
    return late


def _refused(job: Job, prepared: PreparedFile, passed: pa.Table, status: npt.NDArray[np.int16]) -> pa.Table:
    """The bills that the loop refused, with their reasons."""
    words = {
        int(one): late_words(job.settler, prepared.compiled, prepared.compiled.program.refusals[int(one) - 1])
        for one in np.unique(status[status != 0])
    }
    at = np.flatnonzero(status)
    row, ids, person = (
        passed.column(name).combine_chunks().take(pa.array(at)) for name in ("row", "id", "person")
    )
    return rejected_rows(row, ids, person, [words[int(one)] for one in status[at]])
