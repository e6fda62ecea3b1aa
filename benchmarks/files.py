"""`doudi batch` over files: cutting and preparing once, then rows, totals, a comparison and a sweep from the dataset.

Baselines do the same reading and writing without any rule: *read* reads the columns that totals read, *kernel* runs
the loop over columns already in memory, *no rules* reads what rows read and writes columns of the results' shape.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks import laws, numpy_passes
from benchmarks.bills import Bills, pieces
from benchmarks.doudi_rows import arrow
from benchmarks.harness import Differs, interleave, told
from benchmarks.harness import Job as Timed
from benchmarks.report import Cell, Section
from doudi.engine.batch.job import Job, settle_files
from doudi.engine.batch.modes import differ_files, sweep_files, total_files
from doudi.engine.batch.prepared_files import PreparedFile, numbers_options
from doudi.engine.batch.run import Stream, run_all
from doudi.engine.settle import Settler
from doudi.policy.library import Library

VARIANTS = [{"assistance.aid.rate": 6000 + 100 * k} for k in range(10)]
SHARES = ("basic_fen", "catastrophic_fen", "assistance_fen", "patient_fen")


def files(size: int, rounds: int) -> list[Section]:
    """Two tables: what is done once, and what is done again and again."""
    told(f"files: {size:,} bills")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        want = write_files(size, folder)
        job = Job(
            laws.settler(laws.THREE_PAYER), folder / "bills.parquet", folder / "people.parquet",
            lambda *_: None, folder / "dataset",
        )  # fmt: skip
        once = _once(job, folder, size)
        again = _again(job, folder, size, rounds, want)
    return [once, again]


def write_files(size: int, folder: Path) -> list[int]:
    """Bills and people as files, a piece at a time; answers what basic, catastrophic, assistance and patients come to."""
    sums = np.zeros(4, np.int64)
    with ExitStack() as stack:
        writers: dict[str, pq.ParquetWriter] = {}
        for piece in pieces(Bills, size):
            tables = arrow(piece)
            for name, table in (("bills", tables.bills), ("people", tables.people)):
                if name not in writers:
                    path = folder / f"{name}.parquet"
                    writers[name] = stack.enter_context(
                        pq.ParquetWriter(path, table.schema, compression="lz4")
                    )
                writers[name].write_table(table)
            sums += [int(column.sum()) for column in numpy_passes.wavefront(piece)]
    return [int(one) for one in sums]


def _once(job: Job, folder: Path, size: int) -> Section:
    """Cutting into buckets, then preparing them with the first run."""
    rows: list[list[Cell]] = []
    for name, work in (
        ("cut both files into buckets of whole persons", job.open),
        ("prepare for a policy, and totals", lambda: total_files(job)),
        ("totals again", lambda: total_files(job)),
    ):
        start = time.perf_counter()
        work()
        seconds = time.perf_counter() - start
        rows.append([name, seconds, size / seconds / 1e6])
        told(f"  {name}: {seconds:.1f} s")
    given = sum((folder / f"{one}.parquet").stat().st_size for one in ("bills", "people"))
    kept = sum(path.stat().st_size for path in job.folder().glob("*.parquet"))
    notes = [
        f"{given / size:.1f} bytes a bill in both files, {kept / size:.1f} in the prepared dataset; once each"
    ]
    return Section(
        "files-once", f"A dataset from files, {size:,} bills", ["", "seconds", "million bills/s"], rows, notes
    )


def _again(job: Job, folder: Path, size: int, rounds: int, want: list[int]) -> Section:
    dataset = job.open()
    prepared = [job.prepared(dataset, bucket) for bucket in range(dataset.buckets)]
    held = [chunk for one in prepared for _, chunk in [one.whole(())]]

    def kernel() -> None:
        run_all(lambda k: _total_in_memory(prepared[k], held[k]), len(held))

    def rows(target: str, in_parts: bool) -> None:
        settle_files(job, folder / target, folder / "work", in_parts=in_parts)

    other = _other(folder)

    def differ() -> None:
        differ_files(job, other, folder / "changed.parquet")

    def right_totals(totals: Any) -> None:
        (sums,) = totals.sums.values()
        if [sums[1], sums[2], sums[3], sums[5]] != want:
            raise Differs(f"totals are {sums}, not {want}")

    def right_rows(_: object) -> None:
        table = pq.read_table(folder / "parts", columns=list(SHARES))
        if [int(np.asarray(table[name]).sum()) for name in SHARES] != want:
            raise Differs("rows do not add up to the reference")

    jobs = [
        Timed("read the columns of totals", lambda: _read(prepared, ()), items=size),
        Timed("kernel alone, columns in memory", kernel, items=size),
        Timed("totals", lambda: total_files(job), right_totals, size),
        Timed("totals by level and year", lambda: total_files(job, ("level", "year")), items=size),
        Timed("read and write, no rules", lambda: _copy(prepared, folder), items=size),
        Timed("rows, a folder of parts", lambda: rows("parts", True), right_rows, size),
        Timed("rows, one file", lambda: rows("out.parquet", False), items=size),
        Timed("rows that another law changes", differ, items=size),
        Timed(f"sweep of {len(VARIANTS)} versions", lambda: sweep_files(job, VARIANTS), items=size * len(VARIANTS)),
    ]  # fmt: skip
    differ()
    interleave(jobs, rounds)
    by_name = {one.name: one.median for one in jobs}
    reading, loop = by_name["read the columns of totals"], by_name["kernel alone, columns in memory"]
    totals = by_name["totals"] / (reading + loop)
    written = by_name["read and write, no rules"] / by_name["rows, a folder of parts"]
    table: list[list[Cell]] = [
        [one.name, one.median, one.rate(one.best) / 1e6, one.rate(one.median) / 1e6] for one in jobs
    ]
    notes = [
        f"totals take {totals:.2f} of the time of reading and kernel one after the other",
        f"rows run at {written:.2f} of the rate of reading and writing without rules",
    ]
    headings = ["", "seconds, median", "million bills/s, best", "median"]
    return Section(
        "files",
        f"From the dataset, {size:,} bills, {dataset.buckets} buckets, two threads",
        headings,
        table,
        notes,
    )


def _other(folder: Path) -> Settler:
    """The law with a lower rate of assistance."""
    name = f"{laws.THREE_PAYER}.yaml"
    text = (laws.FOLDER / name).read_text("utf-8")
    place = folder / "policies"
    place.mkdir(exist_ok=True)
    (place / name).write_text(text.replace("rate: 70%\n", "rate: 65%\n"), "utf-8")
    other = Settler(Library([place], shipped=False).load(laws.THREE_PAYER))
    if other.policy.hash == laws.policy(laws.THREE_PAYER).hash:
        raise Differs("the other law is the same")
    return other


def _total_in_memory(prepared: PreparedFile, chunk: Any) -> None:
    stream = Stream(prepared.law, "totals")
    for low in range(0, len(chunk), 1 << 18):
        part = chunk.part(low, min(low + (1 << 18), len(chunk)))
        stream.run(part, np.zeros(len(part), np.int64), np.zeros((1, len(stream.names) + 2), np.int64))


def _read(prepared: list[PreparedFile], columns: tuple[str, ...]) -> None:
    def piece(k: int) -> None:
        for _ in prepared[k].pieces(columns):
            pass

    run_all(piece, len(prepared))


def _copy(prepared: list[PreparedFile], folder: Path) -> None:
    """Read what rows read and write columns of the same number and kind, without any rule."""
    parts = folder / "copies"
    parts.mkdir()

    def piece(k: int) -> None:
        writer: pq.ParquetWriter | None = None
        for passed, chunk in prepared[k].pieces(("id", "person")):
            inputs = chunk.laws[0].inputs
            share, rest = inputs[0], inputs[-1]
            columns: dict[str, Any] = {name: passed.column(name) for name in ("id", "person")}
            columns |= {
                "a": share,
                "b": share // 8,
                "c": share // 16,
                "hospital": np.zeros(len(share), np.int64),
                "patient": rest,
            }
            table = pa.table(columns)
            writer = writer or pq.ParquetWriter(
                parts / f"{k:04}.parquet", table.schema, **numbers_options(table.schema)
            )
            writer.write_table(table)
        if writer is not None:
            writer.close()

    run_all(piece, len(prepared))
    shutil.rmtree(parts)
