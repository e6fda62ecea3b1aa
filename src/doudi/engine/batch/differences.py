"""What a second law makes of the same bills: both settled in one pass, only the bills that differ are kept.

A bill that one law refuses and the other settles differs too. Where both laws settle the same bills in the same order
one fused loop does it; else each settles its own and the results are laid side by side.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from doudi.engine.batch.chunk import Chunk
from doudi.engine.batch.kernels import compiled, kernel
from doudi.engine.batch.law import COUNT, WATCH, WRONG, Law
from doudi.engine.batch.ready import Settled
from doudi.engine.batch.run import arguments, new_state, settle_rows

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Changes:
    """What a table of differences comes to: bills settled by both laws whose patient pays less or more, with the sums
    in fen; bills that only one law settles; each share's sum under both laws over the bills settled by both.
    """

    bills: int
    less: int
    less_fen: int
    more: int
    more_fen: int
    only_a: int
    only_b: int
    shares: dict[str, tuple[int, int]]


def changes_of(table: pa.Table) -> Changes:
    """Add up a table of differences."""

    def column(name: str) -> Numbers:
        return np.asarray(table.column(name).combine_chunks()).astype(np.int64)

    a, b = column("a_settled"), column("b_settled")
    both = (a == 1) & (b == 1)
    change = (column("b_patient_fen") - column("a_patient_fen"))[both]
    names = [n.removeprefix("a_").removesuffix("_fen") for n in table.column_names if n.startswith("a_")]
    shares = {
        name: (int(column(f"a_{name}_fen")[both].sum()), int(column(f"b_{name}_fen")[both].sum()))
        for name in names
        if name != "settled"
    }
    return Changes(
        len(table), int((change < 0).sum()), int(-change[change < 0].sum()), int((change > 0).sum()),
        int(change[change > 0].sum()), int(((a == 1) & (b == 0)).sum()), int(((a == 0) & (b == 1)).sum()), shares,
    )  # fmt: skip


@dataclass(frozen=True)
class Side:
    """One law's bills, ready to be settled: `passed` has their columns row, id and person."""

    law: Law
    chunk: Chunk
    passed: pa.Table


@dataclass(frozen=True)
class Outcome:
    """What one law made of bills: `amounts` of those that it settled; `passed` as above."""

    passed: pa.Table
    amounts: dict[str, Numbers]

    @classmethod
    def of_side(cls, side: Side) -> Outcome:
        """Settle one side."""
        result = settle_rows(side.law, side.chunk)
        good = np.flatnonzero(result.status == 0)
        amounts = {name: column[good] for name, column in result.amounts.items()}
        return cls(side.passed.take(pa.array(good)), amounts)

    @classmethod
    def of_settled(cls, settled: Settled) -> Outcome:
        """The outcome of tables that were settled."""
        row = pa.array(settled.bills.row[settled.rows])
        return cls(settled.table().select(["id", "person"]).append_column("row", row), settled.amounts)


def side_by_side(a: Side, b: Side) -> pa.Table:
    """The bills that two laws settle differently: id, person, row, `a_…` and `b_…` of every share, `…_settled`."""
    if not (compiled() and _same_bills(a, b)):
        return compared(Outcome.of_side(a), Outcome.of_side(b))
    laws = [a.law, replace(b.law, letter="b")]
    chunk = Chunk(a.chunk.group, (a.chunk.laws[0], b.chunk.laws[0]))
    state = new_state(laws)
    n, width = len(chunk), len(a.law.body.outputs) + len(b.law.body.outputs)
    at, out, status = np.empty(n, np.int64), np.empty((width, n), np.int64), np.zeros((2, n), np.int16)
    both = [*arguments(laws[0], chunk.laws[0]), *arguments(laws[1], chunk.laws[1])]
    kernel(laws, "differences")(chunk.group, *both, at, out, status, state)
    if state[WATCH] < 0 or state[WRONG] != 0:
        return compared(Outcome.of_side(a), Outcome.of_side(b))
    count = int(state[COUNT])
    picked = a.passed.take(pa.array(at[:count]))
    good = status[:, :count] == 0
    names = [[name for name, _ in law.body.outputs] for law in laws]
    amounts = [
        dict(zip(names[0], out[: len(names[0]), :count], strict=True)),
        dict(zip(names[1], out[len(names[0]) :, :count], strict=True)),
    ]
    for side, settled in zip(amounts, good, strict=True):
        for name in side:
            side[name] = np.where(settled, side[name], 0)
        side["settled"] = settled.astype(np.int64)
    return _table(picked, amounts[0], amounts[1])


def _same_bills(a: Side, b: Side) -> bool:
    """Whether both settle the same bills in the same order and begin anew at the same places."""
    rows = [np.asarray(side.passed.column("row")) for side in (a, b)]
    if len(rows[0]) == 0 or not np.array_equal(rows[0], rows[1]):
        return False
    turns = [side.chunk.group[1:] != side.chunk.group[:-1] for side in (a, b)]
    return bool(np.array_equal(turns[0], turns[1]))


def compared(a: Outcome, b: Outcome) -> pa.Table:
    """The bills on which two outcomes differ."""
    row_a, row_b = (np.asarray(side.passed.column("row")) for side in (a, b))
    rows = np.union1d(row_a, row_b)
    left, right = _on(rows, row_a, a.amounts), _on(rows, row_b, b.amounts)
    differs = np.zeros(len(rows), np.bool_)
    for name in {*left, *right}:
        nothing = np.zeros(len(rows), np.int64)
        differs |= left.get(name, nothing) != right.get(name, nothing)
    keep = rows[differs]
    every = pa.concat_tables([a.passed, b.passed.cast(a.passed.schema)])
    number = np.concatenate([row_a, row_b])
    order = np.argsort(number, kind="stable")
    picked = every.take(pa.array(order[np.searchsorted(number[order], keep)]))
    return _table(picked, {n: c[differs] for n, c in left.items()}, {n: c[differs] for n, c in right.items()})


def _on(rows: Numbers, mine: Numbers, amounts: dict[str, Numbers]) -> dict[str, Numbers]:
    """Amounts by row, 0 where the law did not settle the row, and whether it did."""
    place = np.searchsorted(rows, mine)
    found = {}
    for name, column in {**amounts, "settled": np.ones(len(mine), np.int64)}.items():
        found[name] = np.zeros(len(rows), np.int64)
        found[name][place] = column
    return found


def _table(picked: pa.Table, a: dict[str, Numbers], b: dict[str, Numbers]) -> pa.Table:
    """One row a bill that differs, in the order of the file."""
    data = {name: picked.column(name) for name in ("row", "id", "person")}
    nothing = np.zeros(len(picked), np.int64)
    for name in dict.fromkeys([*a, *b]):
        for letter, side in (("a", a), ("b", b)):
            column = side.get(name, nothing)
            data[f"{letter}_{name}" + ("" if name == "settled" else "_fen")] = (
                column != 0 if name == "settled" else column
            )
    return pa.table(data).sort_by("row")
