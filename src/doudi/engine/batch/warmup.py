"""Compiles a policy's kernels ahead: for bills of which each is a stay of its own, and for stays of several bills."""

from __future__ import annotations

import numpy as np

from doudi.engine.batch.chunk import Chunk, LawColumns
from doudi.engine.batch.kernels import compiled
from doudi.engine.batch.law import Law, Mode, Shape, Where
from doudi.engine.batch.periods_array import Period
from doudi.engine.batch.ready import as_columns
from doudi.engine.batch.run import Stream
from doudi.engine.batch.steps import make_body
from doudi.engine.settle import Settler

_OF_A_BILL = ("stay", "stay_year", "bill")


def warm(settler: Settler) -> int:
    """Compile the loops of rows and totals; answers how many."""
    if not (compiled() and as_columns(settler)):
        return 0
    laws = {law.shape: law for law in (_law(settler, alone=True), _law(settler, alone=False))}
    for law in laws.values():
        for mode in ("rows", "totals"):
            _run_on_nothing(law, mode)
    return 2 * len(laws)


def _law(settler: Settler, *, alone: bool) -> Law:
    """The law as data will mostly meet it: years stand together; `alone`: every bill is a stay of its own."""
    compiled_policy, _ = settler.machine()
    accumulators = {a.name: a for _, a, _ in compiled_policy.program.accumulators}
    empty = [name for name, a in accumulators.items() if alone and a.period in _OF_A_BILL]
    body = make_body(compiled_policy, settler.rounding, empty)
    runs: list[Period] = []
    slots: list[Period] = []
    where: list[Where] = []
    for kept in body.kept:
        period = Period.of(accumulators[kept.name])
        several = slots if period.period in _OF_A_BILL or period.each else runs
        if period not in several:
            several.append(period)
        where.append(("slot" if several is slots else "run", several.index(period)))
    shape = Shape(len(runs), tuple(where), opens=(False,) * len(body.kept))
    return Law(body, shape, settler.rounding)


def _run_on_nothing(law: Law, mode: Mode) -> None:
    """One bill of nothing, with columns of the types that prepared files have."""
    number, amount = np.zeros(1, np.int32), np.zeros(1, np.int64)
    shape, body = law.shape, law.body
    columns = LawColumns(
        (number,) * shape.keys, (number,) * shape.slots, (number,), (amount,) * len(body.inputs), (),
        np.zeros((1, max(len(body.table), 1)), np.int64),
    )  # fmt: skip
    stream = Stream(law, mode)
    outputs = len(stream.names)
    if mode == "rows":
        stream.settle(Chunk(number, (columns,)))
    else:
        stream.run(Chunk(number, (columns,)), amount, np.zeros((1, outputs + 2), np.int64))
