"""Cuts tables of any length into buckets, each with all bills of its persons: the one shuffle, done once.

A file is read in batches and every row goes to the bucket of its person's (or household's) hash, so that memory holds
a batch and never the file. Where a law keeps household accumulators the rows are first put together by person, which
gives bills their household, and then by household.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from doudi.engine.refusals import Refused

BATCH = 1 << 19
Progress = Callable[[int], None]


def batches(path: Path) -> Iterator[pa.RecordBatch]:
    """The rows of a Parquet file, some at a time; an empty file gives one empty batch."""
    with pq.ParquetFile(path) as file:
        if file.metadata.num_rows == 0:
            yield pa.RecordBatch.from_pylist([], schema=file.schema_arrow)
        yield from file.iter_batches(batch_size=BATCH)


def row_count(path: Path) -> int:
    """How many rows a Parquet file has. Raises Refused where it is none."""
    try:
        return int(pq.read_metadata(path).num_rows)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise Refused("table_unreadable", str(path), detail=str(error).splitlines()[0]) from error


def scatter(
    source: Iterator[pa.RecordBatch], key: str, folder: Path, name: str, buckets: int, progress: Progress
) -> None:
    """Write the rows to `folder/name-NNNN.arrow` by the hash of their key column."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        writers: list[pa.RecordBatchFileWriter] = []
        for batch in source:
            if key not in batch.schema.names:
                raise Refused("column_missing", key, key=key)
            if not writers:
                writers = [
                    stack.enter_context(
                        pa.ipc.new_file(bucket_path(folder, name, k), batch.schema, options=_LZ4)
                    )
                    for k in range(buckets)
                ]
            for k, part in split(batch, hashed(batch.column(key)) % np.uint64(buckets), buckets):
                writers[k].write_batch(part)
            progress(len(batch))


_LZ4 = pa.ipc.IpcWriteOptions(compression="lz4")


def bucket_path(folder: Path, name: str, bucket: int) -> Path:
    """Where a bucket lies."""
    return folder / f"{name}-{bucket:04d}.arrow"


def read_bucket(folder: Path, name: str, bucket: int) -> pa.Table:
    """One bucket, whole."""
    with pa.ipc.open_file(bucket_path(folder, name, bucket)) as file:
        return file.read_all()


def split(
    batch: pa.RecordBatch, bucket: npt.NDArray[np.uint64], buckets: int
) -> Iterator[tuple[int, pa.RecordBatch]]:
    """The rows of a batch by bucket, each in the order of the batch."""
    if buckets == 1:
        yield 0, batch
        return
    order = np.argsort(bucket, kind="stable")
    sorted_batch = batch.take(pa.array(order))
    ends = np.searchsorted(bucket[order], np.arange(buckets + 1, dtype=np.uint64))
    for k in range(buckets):
        if ends[k + 1] > ends[k]:
            yield k, sorted_batch.slice(int(ends[k]), int(ends[k + 1] - ends[k]))


def hashed(column: pa.Array) -> npt.NDArray[np.uint64]:
    """A hash of each value, the same for equal values on every machine; null is 0."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_integer(column.type):
        numbers = np.asarray(pc.fill_null(column.cast(pa.int64()), 0)).astype(np.uint64)
        return _mixed(numbers)
    texts = pc.fill_null(column.cast(pa.large_string()), "")
    offsets = np.frombuffer(texts.buffers()[1], np.int64)[texts.offset : texts.offset + len(texts) + 1]
    data = texts.buffers()[2]
    letters = (
        np.frombuffer(data, np.uint8)[offsets[0] : offsets[-1]] if data is not None else np.zeros(0, np.uint8)
    )
    starts, sizes = offsets[:-1] - offsets[0], np.diff(offsets)
    place = (np.arange(len(letters)) - np.repeat(starts, sizes)).astype(np.uint64)
    weighed = (letters.astype(np.uint64) + np.uint64(1)) * _mixed(place)
    sums = np.concatenate((np.zeros(1, np.uint64), np.cumsum(weighed, dtype=np.uint64)))
    return _mixed(sums[starts + sizes] - sums[starts])


def _mixed(numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Numbers spread over all 64 bits (the finisher of SplitMix64)."""
    mixed = numbers + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def with_household(bills: pa.Table, people: pa.Table) -> pa.Table:
    """Bills of one bucket with the column `group`: the household, or the person where there is none."""
    return bills.append_column("group", _groups(bills.column("person").combine_chunks(), people))


def people_with_group(people: pa.Table) -> pa.Table:
    """People with the same column."""
    return people.append_column("group", _groups(people.column("id").combine_chunks(), people))


def _groups(person: pa.Array, people: pa.Table) -> pa.Array:
    alone = pc.binary_join_element_wise("person", person.cast(pa.string()), " ")
    if "household" not in people.column_names:
        return alone
    at = pc.index_in(person, people.column("id").combine_chunks().cast(person.type))
    household = people.column("household").combine_chunks().cast(pa.string()).take(at)
    return pc.coalesce(pc.binary_join_element_wise("household", household, " "), alone)
