"""Runs prepared bills through a kernel, chunk by chunk on all cores, or through the wavefront."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from doudi.engine.batch.chunk import Chunk, LawColumns, Result
from doudi.engine.batch.kernels import compiled, kernel
from doudi.engine.batch.law import NOBODY, PERSON, WATCH, WRONG, Law, Mode, state_size, written
from doudi.engine.batch.wave import settle_wave

Numbers = npt.NDArray[np.int64]


PIECE = 1 << 17
"""About how many bills a thread takes at a time: few enough for the cache, and for threads to end together."""


def threads() -> int:
    """How many threads settle bills: one a core, or DOUDI_THREADS."""
    return int(os.environ.get("DOUDI_THREADS") or len(os.sched_getaffinity(0)))


def new_state(laws: list[Law]) -> Numbers:
    """The state before the first bill."""
    state = np.zeros(state_size(laws), np.int64)
    state[PERSON] = NOBODY
    return state


def arguments(law: Law, columns: LawColumns) -> list[npt.NDArray[np.integer]]:
    """The kernel's arguments for one law, in the order of `Law.columns`."""
    found = [*columns.keys, *columns.slots, *columns.codes, *columns.inputs, *columns.openings, columns.table]
    if law.shape.slots:
        most = max(int(column.max(initial=0)) for column in columns.slots) + 1
        found.append(np.zeros((len(law.body.kept), most), np.int64))
    return found


def settle_rows(law: Law, chunk: Chunk, *, pieces: int | None = None) -> Result:
    """What each bill comes to, on all cores. Raises PromiseBroken where the engine contradicts itself."""
    cuts = chunk.cuts(pieces or max(threads(), len(chunk) // PIECE))
    results: list[Result] = [Result({}, np.zeros(0, np.int16))] * (len(cuts) - 1)

    def piece(k: int) -> None:
        part = chunk.part(cuts[k], cuts[k + 1])
        try:
            results[k] = Stream(law).settle(part)
        except Alarm:
            results[k] = settle_wave(law, part)

    run_all(piece, len(cuts) - 1)
    if len(results) == 1:
        return results[0]
    amounts = {
        name: np.concatenate([r.amounts[name] for r in results]) if results else np.zeros(0, np.int64)
        for name, _ in law.body.outputs
    }
    status = np.concatenate([r.status for r in results]) if results else np.zeros(0, np.int16)
    moved = {
        move.name: np.concatenate([r.moved[move.name] for r in results]) for move in law.body.moves if results
    }
    return Result(amounts, status, moved)


class Alarm(Exception):
    """A loop met a negative number where none is proven, or a broken promise: the bills must be repeated exactly."""


class Stream:
    """Runs a kernel over chunks that follow one another; a person may be cut anywhere."""

    def __init__(self, law: Law, mode: Mode = "rows") -> None:
        self.law, self.mode = law, mode
        self.names = written(law.body)
        self.state = new_state([law])
        self.scratch: Numbers | None = None

    def run(self, chunk: Chunk, *places: npt.NDArray[np.integer]) -> None:
        """The next bills; `places` are the arrays that the mode reads and writes. Raises Alarm."""
        if not compiled():
            raise Alarm
        kernel([self.law], self.mode)(chunk.group, *self._arguments(chunk.laws[0]), *places, self.state)
        if self.state[WATCH] < 0 or self.state[WRONG] != 0:
            raise Alarm

    def settle(self, chunk: Chunk) -> Result:
        """What the next bills come to. Raises Alarm."""
        out = np.empty((len(self.names) + len(self.law.body.moves), len(chunk)), np.int64)
        status = np.zeros(len(chunk), np.int16)
        self.run(chunk, out, status)
        return _result(self.law, self.names, out, status)

    def _arguments(self, columns: LawColumns) -> list[npt.NDArray[np.integer]]:
        """The kernel's arguments, with a scratch row that grows with the slots and keeps what it holds."""
        found = arguments(self.law, columns)
        if self.law.shape.slots:
            fresh = found[-1].astype(np.int64, copy=False)
            if self.scratch is None:
                self.scratch = fresh
            elif self.scratch.shape[1] < fresh.shape[1]:
                fresh[:, : self.scratch.shape[1]] = self.scratch
                self.scratch = fresh
            found[-1] = self.scratch
        return found


def _result(law: Law, names: list[str], out: Numbers, status: npt.NDArray[np.int16]) -> Result:
    """What the loop wrote, with the outputs that are one number, and nothing for refused bills."""
    amounts = {name: out[names.index(name)] for name, _ in law.body.outputs if name in names}
    for name, operand in law.body.outputs:
        if name not in amounts:
            amounts[name] = np.full(out.shape[1], operand.index, np.int64)
    moved = {move.name: out[len(names) + k] for k, move in enumerate(law.body.moves)}
    if law.body.refusals and status.any():
        for column in (*amounts.values(), *moved.values()):
            column[status != 0] = 0
    return Result({name: amounts[name] for name, _ in law.body.outputs}, status, moved)


def run_all(piece: object, count: int) -> None:
    """Run `piece(0)` … on the threads; the first failure is raised."""
    if not callable(piece):
        raise TypeError("piece is a function of a number")
    if count <= 1:
        for k in range(count):
            piece(k)
        return
    with ThreadPoolExecutor(min(count, threads())) as pool:
        for done in [pool.submit(piece, k) for k in range(count)]:
            done.result()
