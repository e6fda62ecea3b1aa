"""Each operation says the same three times: one by one, on arrays, and compiled."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doudi.engine.batch.kernel_text import PORTION
from doudi.engine.batch.operations_array import array_operations
from doudi.engine.batch.operations_text import expression
from doudi.engine.primitives import MISSING, OPERATIONS, operations
from doudi.money import MAX_ACCUMULATOR, MAX_BILL, Rounding, RoundingMode, RoundingUnit

ROUNDINGS = [Rounding(mode, unit) for mode in RoundingMode for unit in RoundingUnit]
AMOUNT = st.one_of(st.integers(0, MAX_BILL), st.integers(0, 10_000), st.sampled_from([0, 1, 5_000, 10**9]))
POSITION = st.one_of(AMOUNT, st.integers(0, MAX_ACCUMULATOR))
RATE = st.integers(0, 10_000)
FLAG = st.integers(0, 1)
CELL = st.one_of(st.just(MISSING), RATE)


@st.composite
def scheduled(draw: st.DrawFn, kinds: int) -> list[int]:
    n = draw(st.integers(0, 3))
    edges = sorted(draw(st.lists(st.integers(1, 10**9), min_size=n, max_size=n, unique=True)))
    rates = draw(st.lists(RATE, min_size=n + 1, max_size=n + 1))
    more = draw(st.lists(st.integers(-(10**8), 10**8), min_size=n + 1, max_size=n + 1)) if kinds == 2 else []
    return [draw(POSITION), draw(st.one_of(st.just(0), AMOUNT)), *edges, *rates, *more]


def some(element: st.SearchStrategy[int], least: int = 1) -> st.SearchStrategy[list[int]]:
    return st.lists(element, min_size=least, max_size=4)


ARGUMENTS: dict[str, st.SearchStrategy[list[int]]] = {
    "add": some(POSITION),
    "sub": st.tuples(POSITION, POSITION).map(list),
    "min": some(POSITION, 2),
    "max": some(POSITION, 2),
    **{name: st.tuples(AMOUNT, AMOUNT).map(list) for name in ("less", "at_most", "equal")},
    "not": st.tuples(FLAG).map(list),
    "and": some(FLAG),
    "or": some(FLAG),
    "where": st.tuples(FLAG, AMOUNT, AMOUNT).map(list),
    "share": st.tuples(POSITION, RATE).map(list),
    "share_down": st.tuples(POSITION, RATE).map(list),
    "scale": st.tuples(POSITION, RATE).map(list),
    "known": st.tuples(CELL).map(list),
    "value": st.tuples(CELL).map(list),
    "look": st.tuples(st.integers(-1, 4), CELL, CELL, CELL).map(list),
    "has_row": st.tuples(st.integers(-1, 4), CELL, CELL, CELL).map(list),
    "marginal": scheduled(1),
    "slab": scheduled(1),
    "lump": scheduled(1),
    "quick": scheduled(2),
    "portion_of": st.lists(AMOUNT, min_size=1, max_size=4).flatmap(
        lambda w: st.tuples(st.integers(0, sum(w)), st.integers(0, len(w) - 1)).map(
            lambda t: [t[0], t[1], *w]
        )
    ),
}


def as_text(name: str, count: int, rounding: Rounding):
    """The operation's own lines as a function, not compiled: NumPy's scalars behave as numba's."""
    names = [f"a{k}" for k in range(count)]
    lines = [*PORTION.replace('@njit(nogil=True, error_model="numpy")\n', "").splitlines()]
    lines += [
        f"def f({', '.join(names)}):",
        *(f"    {line}" for line in expression("t", name, names, rounding)),
    ]
    scope = {"np": np}
    exec("\n".join([*lines, "    return t"]), scope)
    return scope["f"]


def test_no_operation_is_left_out() -> None:
    assert sorted(ARGUMENTS) == sorted(OPERATIONS)


@pytest.mark.parametrize("name", sorted(OPERATIONS))
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_the_three_agree(name: str, data: st.DataObject) -> None:
    arguments = data.draw(ARGUMENTS[name])
    rounding = data.draw(st.sampled_from(ROUNDINGS))
    one = operations(rounding)[name](*arguments)
    arrays = [np.array([a], np.int64) for a in arguments]
    many = array_operations(rounding)[name](*arrays)
    text = as_text(name, len(arguments), rounding)(*arguments)
    assert (int(many[0]), int(text)) == (one, one)


@given(x=st.integers(-MAX_BILL, -1), rate=RATE, rounding=st.sampled_from(ROUNDINGS))
def test_arrays_mirror_negative_amounts(x: int, rate: int, rounding: Rounding) -> None:
    arrays = array_operations(rounding)["share"](np.array([x], np.int64), np.array([rate], np.int64))
    assert int(arrays[0]) == operations(rounding)["share"](x, rate)
