"""Totals without rows: each bill is settled and added to its group at once; nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from doudi.engine.batch.answers import Asker
from doudi.engine.batch.chunk import Chunk
from doudi.engine.batch.columns import Coded
from doudi.engine.batch.groupings import grouping, joined_labels
from doudi.engine.batch.law import Law, written
from doudi.engine.batch.prepared_files import PreparedFile
from doudi.engine.batch.ready import Settled
from doudi.engine.batch.run import Alarm, Stream
from doudi.engine.batch.wave import settle_wave
from doudi.policy.document import PolicyDocument

Numbers = npt.NDArray[np.int64]
Labels = Sequence[tuple[str, ...]]


@dataclass
class Totals:
    """Sums by group: the group's labels → how many bills, each output in fen, how many bills the loop refused."""

    names: tuple[str, ...]
    sums: dict[tuple[str, ...], list[int]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock, repr=False)

    def add(self, labels: Labels, sums: Numbers) -> None:
        """Add the sums of some groups."""
        with self.lock:
            for label, row in zip(labels, sums, strict=True):
                if row.any():
                    held = self.sums.setdefault(label, [0] * (len(self.names) + 2))
                    self.sums[label] = [a + int(b) for a, b in zip(held, row, strict=True)]

    def table(self, by: Sequence[str]) -> pa.Table:
        """One row a group, in the order of the labels."""
        keys = sorted(self.sums)
        data: dict[str, list[str] | list[int]] = {name: [key[k] for key in keys] for k, name in enumerate(by)}
        data["bills"] = [self.sums[key][0] for key in keys]
        for k, name in enumerate(self.names):
            data[f"{name}_fen"] = [self.sums[key][k + 1] for key in keys]
        data["refused"] = [self.sums[key][-1] for key in keys]
        return pa.table(data)


def total_bucket(prepared: PreparedFile, by: Sequence[str], totals: Totals) -> None:
    """Add a bucket to the totals."""
    columns = tuple(f"by_{name}" for name in by)
    stream = Stream(prepared.law, "totals")
    found: list[tuple[Labels, Numbers]] = []
    try:
        for passed, chunk in prepared.pieces(columns):
            codes, labels = _codes(prepared, passed, by, len(chunk))
            sums = np.zeros((len(labels), len(stream.names) + 2), np.int64)
            stream.run(chunk, codes, sums)
            found.append((labels, _all_outputs(prepared.law, sums)))
    except Alarm:
        passed, chunk = prepared.whole(columns)
        codes, labels = _codes(prepared, passed, by, len(chunk))
        found = [(labels, total_by_wave(prepared.law, chunk, codes, len(labels)))]
    for labels, sums in found:
        totals.add(labels, sums)


def total_by_wave(law: Law, chunk: Chunk, by: npt.NDArray[np.integer], groups: int) -> Numbers:
    """The same sums by way of the rows."""
    result = settle_wave(law, chunk)
    good = (result.status == 0).astype(np.int64)
    columns = [good, *(result.amounts[name] for name, _ in law.body.outputs), 1 - good]
    return sums_of(columns, by, groups)


def total_settled(settled: Settled, document: PolicyDocument, by: Sequence[str], totals: Totals) -> None:
    """Add bills that were settled one by one."""
    asker = Asker(document, settled.bills, settled.people)
    labels: Labels = [()]
    codes = np.zeros(len(settled.rows), np.int64)
    if by:
        codes, labels = joined_labels([grouping(name, asker, settled.rows) for name in by])
    good = np.ones(len(settled.rows), np.int64)
    columns = [good, *(settled.amounts[name] for name in totals.names), good - 1]
    totals.add(labels, sums_of(columns, codes, len(labels)))


def sums_of(columns: Sequence[Numbers], by: npt.NDArray[np.integer], groups: int) -> Numbers:
    """Columns summed by group code."""
    sums = np.zeros((groups, len(columns)), np.int64)
    for k, column in enumerate(columns):
        np.add.at(sums[:, k], by, column)
    return sums


def _all_outputs(law: Law, sums: Numbers) -> Numbers:
    """The sums with the outputs that are one number on every bill."""
    names = written(law.body)
    columns = [sums[:, 0]]
    for name, operand in law.body.outputs:
        constant = operand.number
        columns.append(sums[:, names.index(name) + 1] if constant is None else sums[:, 0] * constant)
    return np.stack([*columns, sums[:, -1]], axis=1)


def _codes(
    prepared: PreparedFile, passed: pa.Table, by: Sequence[str], size: int
) -> tuple[npt.NDArray[np.int64], Labels]:
    """The group of each bill, and the labels of the groups."""
    if not by:
        return np.zeros(size, np.int64), [()]
    columns = [
        Coded(
            prepared.labels[name], np.asarray(passed.column(f"by_{name}").combine_chunks()).astype(np.int64)
        )
        for name in by
    ]
    return joined_labels(columns)
