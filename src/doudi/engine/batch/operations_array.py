"""Each operation of `primitives.py` over NumPy arrays of 64-bit integers, signed and exact.

Slower than the compiled loop and needing nothing but NumPy: the second opinion, and the way without numba.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from doudi.engine.primitives import MISSING
from doudi.money import BP_ONE, Rounding, RoundingMode

Numbers: TypeAlias = npt.NDArray[np.int64]
ArrayOperation = Callable[..., Numbers]


def _divide(rounding: Rounding, exact: Numbers) -> Numbers:
    """Ten-thousandths of a fen, rounded once; negative ones mirror positive ones, as in `money.Rounding.divide`."""
    unit = int(rounding.unit)
    divisor = BP_ONE * unit
    size = np.abs(exact)
    quotient = size // divisor
    rest = size - quotient * divisor
    if rounding.mode is RoundingMode.HALF_UP:
        quotient += 2 * rest >= divisor
    elif rounding.mode is RoundingMode.HALF_EVEN:
        quotient += 2 * rest + (quotient & 1) > divisor
    return np.where(exact < 0, -quotient, quotient) * unit


def _chosen(test: Numbers, a: Numbers, b: Numbers) -> Numbers:
    return np.where(test != 0, a, b)


def _split(
    arguments: tuple[Numbers, ...], kinds: int
) -> tuple[tuple[Numbers, ...], list[tuple[Numbers, ...]]]:
    n = (len(arguments) - kinds) // (kinds + 1)
    rest = arguments[n:]
    return arguments[:n], [rest[k * (n + 1) : (k + 1) * (n + 1)] for k in range(kinds)]


def _marginal_exact(x: Numbers, edges: tuple[Numbers, ...], rates: tuple[Numbers, ...]) -> Numbers:
    amount, low = np.zeros_like(x), np.zeros_like(x)
    for edge, rate in zip((*edges, x), rates, strict=True):
        high = np.minimum(x, edge)
        width = np.maximum(high - low, 0)
        amount = amount + width * rate
        low = np.maximum(low, high)
    return amount


def _banded(x: Numbers, edges: tuple[Numbers, ...], values: tuple[Numbers, ...]) -> Numbers:
    band = reduce(np.add, [(x > edge).astype(np.int64) for edge in edges], np.zeros_like(x))
    return np.choose(band, [np.broadcast_to(value, x.shape) for value in values])


def _look(code: Numbers, row: tuple[Numbers, ...]) -> tuple[Numbers, Numbers]:
    """The row's number and whether there is one."""
    found = np.full_like(code, MISSING)
    for place, value in enumerate(row):
        found = np.where(code == place, value, found)
    known = found != MISSING
    return np.where(known, found, 0), known.astype(np.int64)


def _portion_of(total: Numbers, index: Numbers, *weights: Numbers) -> Numbers:
    """One part of a total by largest remainder; long division, so that nothing overflows."""
    whole = reduce(np.add, weights)
    some = np.where(whole > 0, whole, 1)
    parts, rests = [], []
    for weight in weights:
        high = total * (weight >> 20)
        low = ((high % some) << 20) + total * (weight & 0xFFFFF)
        parts.append(((high // some) << 20) + low // some)
        rests.append(low % some)
    missing = total - reduce(np.add, parts)
    stacked_parts, stacked = np.stack(parts), np.stack(rests)
    mine = np.take_along_axis(stacked_parts, index[None], 0)[0]
    more = np.take_along_axis(stacked, index[None], 0)[0]
    place = np.arange(len(weights))[:, None]
    ahead = ((stacked > more) | ((stacked == more) & (place < index))).sum(axis=0)
    return np.where((total == 0) | (whole == 0), 0, mine + (ahead < missing))


def array_operations(rounding: Rounding) -> dict[str, ArrayOperation]:
    """Every operation by name, with the policy's rounding where one rounds."""

    def marginal(x: Numbers, floor: Numbers, *numbers: Numbers) -> Numbers:
        edges, (rates,) = _split(numbers, 1)
        exact = _marginal_exact(np.maximum(x, floor), edges, rates) - _marginal_exact(floor, edges, rates)
        return _divide(rounding, exact)

    def slab(x: Numbers, floor: Numbers, *numbers: Numbers) -> Numbers:
        edges, (rates,) = _split(numbers, 1)
        return _divide(rounding, np.maximum(x - floor, 0) * _banded(x, edges, rates))

    def quick(x: Numbers, floor: Numbers, *numbers: Numbers) -> Numbers:
        edges, (rates, pluses) = _split(numbers, 2)
        exact = x * _banded(x, edges, rates) + _banded(x, edges, pluses) * BP_ONE
        return np.where((x > floor) & (exact > 0), _divide(rounding, exact), 0)

    def lump(x: Numbers, floor: Numbers, *numbers: Numbers) -> Numbers:
        edges, (lumps,) = _split(numbers, 1)
        return np.where(x > floor, _banded(x, edges, lumps), 0)

    return {
        "add": lambda *terms: reduce(np.add, terms),
        "sub": np.subtract,
        "min": lambda *terms: reduce(np.minimum, terms),
        "max": lambda *terms: reduce(np.maximum, terms),
        "less": lambda a, b: (a < b).astype(np.int64),
        "at_most": lambda a, b: (a <= b).astype(np.int64),
        "equal": lambda a, b: (a == b).astype(np.int64),
        "not": lambda a: 1 - a,
        "and": lambda *tests: reduce(np.multiply, tests),
        "or": lambda *tests: reduce(np.maximum, tests),
        "where": _chosen,
        "share": lambda x, rate: _divide(rounding, x * rate),
        "share_down": lambda x, rate: x * rate // BP_ONE,
        "scale": lambda x, rate: _divide(Rounding(), x * rate),
        "known": lambda number: (number != MISSING).astype(np.int64),
        "value": lambda number: _chosen(number != MISSING, number, np.zeros_like(number)),
        "look": lambda code, *row: _look(code, row)[0],
        "has_row": lambda code, *row: _look(code, row)[1],
        "marginal": marginal,
        "slab": slab,
        "quick": quick,
        "lump": lump,
        "portion_of": _portion_of,
    }
