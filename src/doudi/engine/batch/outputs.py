"""From the parts of a run to what the user asked for: one file, or a folder of files that tools read as one table."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq

from doudi.engine.batch.prepared_files import numbers_options
from doudi.engine.refusals import Refused


def gather(parts: Sequence[Path], out: Path, *, in_parts: bool = False) -> int:
    """Put parts in their place; answers the rows. A single file appears whole or not at all."""
    if in_parts:
        return _as_folder(parts, out)
    out.parent.mkdir(parents=True, exist_ok=True)
    if len(parts) == 1:
        rows = int(pq.read_metadata(parts[0]).num_rows)
        shutil.move(parts[0], out)
        return rows
    temporary, rows, schema = out.with_name(out.name + ".tmp"), 0, pq.read_schema(parts[0])
    with pq.ParquetWriter(temporary, schema, **numbers_options(schema)) as writer:
        for part in parts:
            with pq.ParquetFile(part) as file:
                for group in range(file.num_row_groups):
                    table = file.read_row_group(group)
                    writer.write_table(table)
                    rows += len(table)
    temporary.replace(out)
    return rows


def check_folder(out: Path) -> None:
    """A folder of parts holds nothing but parts. Raises Refused where it holds other files."""
    if out.is_dir() and any(not _PART.fullmatch(path.name) for path in out.iterdir()):
        raise Refused("folder_of_others", str(out), folder=out)


def check_work(work: Path) -> None:
    """A folder of unfinished work holds nothing else, for it is removed at the end. Raises Refused."""
    if work.is_dir() and any(not _WORK.fullmatch(path.name) for path in work.iterdir()):
        raise Refused("folder_of_others", str(work), folder=work)


_WORK = re.compile(r"dataset(\.cutting-[0-9]+)?|parts|run\.json(\.tmp)?")
_PART = re.compile(r"[0-9]{4}\.parquet|_rejected\.parquet")


def _as_folder(parts: Sequence[Path], out: Path) -> int:
    """Move parts into a folder that `check_folder` has let pass, in the place of earlier ones."""
    out.mkdir(parents=True, exist_ok=True)
    for left_over in out.iterdir():
        if _PART.fullmatch(left_over.name):
            left_over.unlink()
    for part in parts:
        shutil.move(part, out / part.name)
    return sum(int(pq.read_metadata(out / part.name).num_rows) for part in parts)


def reasons_of(path: Path) -> list[tuple[str, str, str, int]]:
    """The reasons of a file of rejected bills."""
    table = pq.read_table(path, columns=["code", "reason_zh", "reason_en"])
    found = table.group_by("code", use_threads=False).aggregate(
        [("reason_zh", "first"), ("reason_en", "first"), ("code", "count")]
    )
    rows = [
        (r["code"], r["reason_zh_first"], r["reason_en_first"], r["code_count"]) for r in found.to_pylist()
    ]
    return sorted(rows, key=lambda row: (-row[3], row[0]))
