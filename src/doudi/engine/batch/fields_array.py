"""Reads Arrow columns strictly: amounts, dates, words, lists; what cannot be read is refused with its reason.

A wrong column (a float for money, a missing date) is a fault of the file and stops it. A wrong value is a fault of
its row: the row is rejected, the others go on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from doudi.engine.batch.columns import Coded, Flags, Numbers, Rejected
from doudi.engine.refusals import Refused

SEPARATOR = "\x1f"


class Faults:
    """The rows of a file that cannot be settled, each with its first reason."""

    def __init__(self, size: int) -> None:
        self.free: Flags = np.ones(size, np.bool_)
        self.found: list[Rejected] = []

    def add(self, test: Flags, why: Callable[[int], Refused]) -> None:
        """Reject the rows of a test; `why` tells the reason of one of them."""
        rows = np.flatnonzero(test & self.free)
        if len(rows):
            self.found.append(Rejected(rows, why))
            self.free[rows] = False


def flat(table: pa.Table, name: str) -> pa.Array | None:
    """One column as one array; None where it is not there or says nothing."""
    if name not in table.column_names:
        return None
    column = table.column(name).combine_chunks()
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return None if pa.types.is_null(column.type) else column


def need(table: pa.Table, name: str) -> pa.Array:
    """A column that must be there."""
    found = flat(table, name)
    if found is None:
        raise Refused("column_missing", name, key=name)
    return found


def fen(table: pa.Table, name: str, faults: Faults, limit: int) -> tuple[Numbers, Flags] | None:
    """An amount in fen and where it is given: `name_fen` (whole numbers) or `name` (decimal yuan, two places)."""
    column = flat(table, f"{name}_fen")
    if column is not None:
        if not pa.types.is_integer(column.type):
            raise Refused(
                "column_type", f"{name}_fen", key=f"{name}_fen", kind="整数（分）", kind_en="whole fen"
            )
        amounts = column.cast(pa.int64())
    else:
        column = flat(table, name)
        if column is None:
            return None
        if not pa.types.is_decimal(column.type) or column.type.scale > 2:
            raise Refused(
                "column_type",
                name,
                key=name,
                kind="两位小数的十进制数（元）",
                kind_en="decimal yuan, two places",
            )
        yuan = column.cast(pa.decimal128(20, 2))
        amounts = pc.multiply(yuan, pa.scalar(100, pa.decimal128(3, 0))).cast(pa.int64())
    known = np.asarray(pc.is_valid(amounts))
    values = np.asarray(pc.fill_null(amounts, 0)).astype(np.int64)
    faults.add(values < 0, lambda row: Refused("amount_negative", f"row {row}.{name}", key=name))
    faults.add(values > limit, lambda row: Refused("amount_too_large", f"row {row}.{name}", key=name))
    return np.where((values < 0) | (values > limit), 0, values), known


def days(table: pa.Table, name: str) -> tuple[Numbers, Flags] | None:
    """Dates as day numbers and where they are given."""
    column = flat(table, name)
    if column is None:
        return None
    if not pa.types.is_date(column.type):
        raise Refused("column_type", name, key=name, kind="日期", kind_en="a date")
    numbers = column.cast(pa.date32()).cast(pa.int32())
    return np.asarray(pc.fill_null(numbers, 0)).astype(np.int64), np.asarray(pc.is_valid(numbers))


def coded(column: pa.Array | None, size: int, as_value: Callable[[Any], Any] = lambda value: value) -> Coded:
    """A column by its distinct values; null is None."""
    if column is None:
        return Coded((None,), np.broadcast_to(np.int64(0), size))
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode(null_encoding="encode")
    indices = column.indices
    values = [as_value(value) for value in column.dictionary.to_pylist()]
    if indices.null_count:
        values.append(None)
        indices = pc.fill_null(indices, len(values) - 1)
    return Coded(tuple(values), np.asarray(indices).astype(np.int64))


def word(table: pa.Table, name: str, allowed: tuple[str, ...], faults: Faults) -> Coded:
    """One of some words; others reject their rows."""
    found = coded(flat(table, name), len(table), lambda value: None if value in (None, "") else str(value))
    wrong = np.array([value is not None and value not in allowed for value in found.values], np.bool_)
    faults.add(
        wrong[found.codes],
        lambda row: Refused(
            "not_one_of", f"row {row}.{name}", key=name, text=found.values[found.codes[row]], hint=""
        ),
    )
    values = tuple(None if bad else value for value, bad in zip(found.values, wrong, strict=True))
    return Coded(values, found.codes)


def flag(table: pa.Table, name: str) -> Coded:
    """True, false or unknown."""
    column = flat(table, name)
    if column is not None and not pa.types.is_boolean(column.type):
        raise Refused("column_type", name, key=name, kind="布尔值", kind_en="true or false")
    return coded(column, len(table))


def texts(table: pa.Table, name: str) -> Coded:
    """Lists of words, by their distinct lists; a plain text is a list of one."""
    column = flat(table, name)
    if column is None:
        return Coded(((),), np.broadcast_to(np.int64(0), len(table)))
    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        column = pc.binary_join(column.cast(pa.list_(pa.string())), SEPARATOR)
    return coded(column, len(table), lambda value: tuple(str(value).split(SEPARATOR)) if value else ())
