"""Distinct combinations of columns, numbered; by counting where the numbers lie close together, else by sorting."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from doudi.engine.batch.columns import Codes

DENSE = 1 << 22


def combined(columns: Sequence[npt.NDArray[np.integer]]) -> Codes:
    """Codes of the distinct combinations of columns."""
    return distinct(columns)[0]


def distinct(columns: Sequence[npt.NDArray[np.integer]]) -> tuple[Codes, npt.NDArray[np.intp]]:
    """Codes of the distinct combinations of columns, and one row of each; by counting where they are few."""
    size = len(columns[0])
    code, cards = np.zeros(size, np.int64), 1
    for column in columns:
        each, kinds = _compact(column)
        if kinds > 1:
            code, cards = _compact(code * kinds + each)
    example = np.zeros(cards if size else 0, np.intp)
    example[code[::-1]] = np.arange(size - 1, -1, -1)
    return code, example


def _compact(column: npt.NDArray[np.integer]) -> tuple[Codes, int]:
    """The column renumbered from 0 without gaps, and how many numbers it has."""
    if len(column) == 0 or column.strides == (0,):  # nothing, or one value for all
        return np.zeros(len(column), np.int64), 1
    low, high = int(column.min()), int(column.max())
    if low == high:
        return np.zeros(len(column), np.int64), 1
    if high - low < DENSE:
        shifted = column.astype(np.int64) - low
        present = np.zeros(high - low + 1, np.bool_)
        present[shifted] = True
        return (np.cumsum(present) - 1)[shifted], int(np.count_nonzero(present))
    values, code = np.unique(column, return_inverse=True)
    return code.astype(np.int64), len(values)
