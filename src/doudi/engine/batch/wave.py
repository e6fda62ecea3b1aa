"""The wavefront: the first bill of every person at once, then every second bill, and so on; NumPy alone.

A bill waits only for the earlier bills of its own person, so all k-th bills can be settled together as arrays. It is
the way where numba is missing and the exact signed arithmetic that a watched chunk is repeated in; it runs the steps
themselves, not their text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from doudi.engine.batch.body import Operand
from doudi.engine.batch.chunk import Chunk, Integers, LawColumns, Numbers, Result
from doudi.engine.batch.law import Law
from doudi.engine.batch.operations_array import array_operations

Places = npt.NDArray[np.intp]
Value = Callable[[Operand], Numbers]


class PromiseBroken(Exception):
    """Shares do not add up to the bill, or a part is overdrawn: the engine contradicts itself."""


def settle_wave(law: Law, chunk: Chunk, place: int = 0) -> Result:
    """Settle whole persons; `place`: which of the chunk's laws."""
    return _Wave(law, chunk, chunk.laws[place]).settle()


@dataclass
class _Wave:
    law: Law
    chunk: Chunk
    columns: LawColumns

    def settle(self) -> Result:
        n = len(self.chunk)
        body = self.law.body
        self.operations = array_operations(self.law.rounding)
        names = [name for name, _ in body.outputs]
        self.amounts = {name: np.zeros(n, np.int64) for name in names}
        self.moved = {move.name: np.zeros(n, np.int64) for move in body.moves}
        self.status = np.zeros(n, np.int16)
        group = np.asarray(self.chunk.group)
        starts = (
            np.flatnonzero(np.concatenate(([True], group[1:] != group[:-1]))) if n else np.zeros(0, np.intp)
        )
        sizes = np.diff(np.append(starts, n))
        codes = [
            np.asarray(c, np.int64) * s
            for c, s in zip(self.columns.codes, self.law.shape.strides, strict=True)
        ]
        self.row = np.sum(codes, axis=0) if codes else np.zeros(n, np.int64)
        opens = [which for which, opens in enumerate(self.law.shape.opens) if opens]
        self.opening = dict(zip(opens, self.columns.openings, strict=True))
        self._empty(len(starts))
        for ordinal in range(int(sizes.max(initial=0))):
            people = np.flatnonzero(sizes > ordinal)
            self._bills(people, starts[people] + ordinal, first=ordinal == 0)
        return Result(self.amounts, self.status, self.moved)

    def _empty(self, people: int) -> None:
        """No accumulator holds anything; one place a person, or one a slot of a person."""
        self.held: list[Numbers] = []
        self.keys = [np.zeros(people, np.int64) for _ in self.columns.keys]
        for kind, index in self.law.shape.where:
            slots = int(self.columns.slots[index].max(initial=0)) + 1 if kind == "slot" else 1
            self.held.append(np.zeros((people, slots), np.int64))

    def _places(self, which: int, people: Places, bills: Places) -> tuple[Places, Integers | int]:
        kind, index = self.law.shape.where[which]
        return people, (self.columns.slots[index][bills] if kind == "slot" else 0)

    def _bills(self, people: Places, bills: Places, *, first: bool) -> None:
        """The same-numbered bill of some people: what they hold, the steps, what becomes of it."""
        self._turn(people, bills, first=first)
        body = self.law.body
        registers: dict[int, Numbers] = {}
        table = self.columns.table[self.row[bills]]
        for one, column in zip(body.inputs, self.columns.inputs, strict=True):
            registers[one.register] = column[bills]
        for which, kept in enumerate(body.kept):
            places = self._places(which, people, bills)
            if which in self.opening:
                self.held[which][places] += self.opening[which][bills]
            registers[kept.before] = self.held[which][places]

        def value(operand: Operand) -> Numbers:
            if operand.kind == "number":
                return np.full(len(bills), operand.index, np.int64)
            return table[:, operand.index] if operand.kind == "table" else registers[operand.index]

        for step in body.steps:
            result = self.operations[step.operation](*(value(a) for a in step.arguments))
            if step.guard is not None:
                result = np.where(value(step.guard) != 0, result, 0)
            registers[step.target] = result
        status = self._status(value, len(bills))
        good = status == 0
        self._promises(registers, value, good)
        self.status[bills] = status
        for name, operand in body.outputs:
            self.amounts[name][bills] = np.where(good, value(operand), 0)
        for move in body.moves:
            self.moved[move.name][bills] = np.where(good, value(move.after) - value(move.before), 0)
        after = [value(kept.after)[good] for kept in body.kept]
        for which, amount in enumerate(after):
            self.held[which][self._places(which, people[good], bills[good])] = amount

    def _turn(self, people: Places, bills: Places, *, first: bool) -> None:
        """A new period begins with empty accumulators."""
        for key, column in enumerate(self.columns.keys):
            turned = first | (self.keys[key][people] != column[bills])
            self.keys[key][people] = column[bills]
            for which, where in enumerate(self.law.shape.where):
                if where == ("run", key):
                    self.held[which][people[turned]] = 0

    def _status(self, value: Value, size: int) -> npt.NDArray[np.int16]:
        """0, or 1 + the index of the first refusal."""
        status = np.zeros(size, np.int16)
        for refusal in self.law.body.refusals:
            fails = value(refusal.register) == 0
            if refusal.guard is not None:
                fails &= value(refusal.guard) != 0
            if refusal.excused is not None:
                fails &= value(refusal.excused) == 0
            status = np.where((status == 0) & fails, refusal.index + 1, status).astype(np.int16)
        return status

    def _promises(self, registers: dict[int, Numbers], value: Value, good: npt.NDArray[np.bool_]) -> None:
        """Shares add up to the bill and no part is overdrawn; refused bills promise nothing."""
        body = self.law.body
        parts = sum(registers[one.register] for one in body.inputs if one.facts[0][0] == "part")
        wrong = np.asarray(sum(value(operand) for _, operand in body.outputs) != parts)
        for operand in body.never_negative:
            wrong |= value(operand) < 0
        if bool((wrong & good).any()):
            raise PromiseBroken("shares_sum_to_total")
