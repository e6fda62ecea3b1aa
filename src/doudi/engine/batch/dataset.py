"""A dataset: bills and people cut into buckets once, and for each policy the prepared columns beside them.

    DATASET/dataset.json        what it was made from; its presence says that the cutting is complete
    DATASET/bills-0000.arrow    raw bills of a bucket, with `row`, their place in the file
    DATASET/people-0000.arrow   the people of the same bucket
    DATASET/<policy>/…          prepared columns of a policy (`prepared_files.py`)

Everything is written under another name and then renamed: what is there is whole.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from doudi.engine.batch.buckets import (
    Progress,
    batches,
    people_with_group,
    read_bucket,
    row_count,
    scatter,
    with_household,
)
from doudi.engine.refusals import Refused

ROWS_A_BUCKET = 1_000_000
MOST_BUCKETS = 500
FORMAT = 1


@dataclass(frozen=True)
class Dataset:
    """A complete dataset."""

    folder: Path
    buckets: int
    rows: int
    people: bool

    def bills(self, bucket: int) -> pa.Table:
        """The raw bills of a bucket."""
        return read_bucket(self.folder, "bills", bucket)

    def people_of(self, bucket: int) -> pa.Table | None:
        """The people of a bucket; None where no table of people was given."""
        return read_bucket(self.folder, "people", bucket) if self.people else None


def fingerprint(path: Path | None) -> list[Any] | None:
    """What tells a changed file from the one that was read."""
    if path is None:
        return None
    status = path.stat()
    return [path.name, status.st_size, status.st_mtime_ns]


def open_dataset(
    folder: Path,
    bills: Path,
    people: Path | None,
    progress: Progress,
    *,
    by_household: bool,
    rows_a_bucket: int = 0,
) -> Dataset:
    """The dataset of two files: as it lies there, or cut now.

    Raises Refused for a file that cannot be read, and for a folder that holds anything but a dataset.
    """
    rows = row_count(bills)
    buckets = min(MOST_BUCKETS, max(1, -(-rows // (rows_a_bucket or ROWS_A_BUCKET))))
    made_from = {
        "format": FORMAT, "bills": fingerprint(bills), "people": fingerprint(people), "buckets": buckets,
        "rows": rows, "household": by_household,
    }  # fmt: skip
    manifest = folder / "dataset.json"
    if manifest.is_file() and json.loads(manifest.read_text("utf-8")) == made_from:
        progress(rows)
        return Dataset(folder, buckets, rows, people is not None)
    if folder.exists() and not manifest.is_file() and any(folder.iterdir()):
        raise Refused("folder_of_others", str(folder), folder=folder)
    _cut(folder, bills, people, buckets, progress, json.dumps(made_from), by_household=by_household)
    return Dataset(folder, buckets, rows, people is not None)


def write_whole(path: Path, text: str) -> None:
    """A small file, complete or not there."""
    temporary = path.with_suffix(path.suffix + ".tmp")
    temporary.write_text(text, "utf-8")
    temporary.replace(path)


def _cut(
    folder: Path,
    bills: Path,
    people: Path | None,
    buckets: int,
    progress: Progress,
    manifest: str,
    *,
    by_household: bool,
) -> None:
    """Cut both files into buckets, in a folder of their own that takes its place when it is complete."""
    cutting = folder.with_name(f"{folder.name}.cutting-{os.getpid()}")
    for left_over in folder.parent.glob(f"{folder.name}.cutting-*"):
        shutil.rmtree(left_over, ignore_errors=True)
    first = cutting / "by-person" if by_household else cutting
    scatter(_numbered(batches(bills)), "person", first, "bills", buckets, progress)
    if people is not None:
        scatter(batches(people), "id", first, "people", buckets, _quiet)
    if by_household:
        _by_household(cutting, first, buckets, people is not None)
    write_whole(cutting / "dataset.json", manifest)
    shutil.rmtree(folder, ignore_errors=True)
    cutting.replace(folder)


def _quiet(_: int) -> None:
    """Say nothing."""


def _numbered(source: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The batches with `row`, the place of each row in the file."""
    first = 0
    for batch in source:
        rows = pa.array(range(first, first + len(batch)), pa.int64())
        columns = [*batch.columns, rows]
        yield pa.RecordBatch.from_arrays(columns, names=[*batch.schema.names, "row"])
        first += len(batch)


def _by_household(folder: Path, by_person: Path, buckets: int, people: bool) -> None:
    """Put the buckets of persons together anew by household."""

    def bills() -> Iterator[pa.RecordBatch]:
        for k in range(buckets):
            table = read_bucket(by_person, "bills", k)
            listed = (
                read_bucket(by_person, "people", k) if people else pa.table({"id": table.column("person")})
            )
            yield from with_household(table, listed).to_batches()

    def persons() -> Iterator[pa.RecordBatch]:
        for k in range(buckets):
            yield from people_with_group(read_bucket(by_person, "people", k)).to_batches()

    scatter(bills(), "group", folder, "bills", buckets, _quiet)
    if people:
        scatter(persons(), "group", folder, "people", buckets, _quiet)
    shutil.rmtree(by_person)
