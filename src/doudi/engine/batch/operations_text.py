"""Each operation of `primitives.py` as lines of Python for numba, over signed 64-bit integers.

Divisions are of unsigned numbers: their operands are proven not to be negative, or watched (`kernel_text.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from doudi.engine.primitives import MISSING
from doudi.money import BP_ONE, Rounding, RoundingMode

Lines = Iterator[str]
_COMPARED = {"less": "<", "at_most": "<=", "equal": "=="}


def divided(exact: str, rounding: Rounding) -> str:
    """`exact` ten-thousandths of a fen, rounded once."""
    unit = int(rounding.unit)
    divisor = BP_ONE * unit
    if rounding.mode is RoundingMode.HALF_UP:
        quotient = f"np.int64(np.uint64({exact} + {divisor // 2}) // np.uint64({divisor}))"
    elif rounding.mode is RoundingMode.DOWN:
        quotient = f"np.int64(np.uint64({exact}) // np.uint64({divisor}))"
    else:
        below = f"np.int64(np.uint64({exact}) // np.uint64({divisor}))"
        quotient = (
            f"({below} + (1 if 2 * (({exact}) - {below} * {divisor}) + ({below} & 1) > {divisor} else 0))"
        )
    return quotient if unit == 1 else f"{quotient} * {unit}"


def expression(target: str, operation: str, arguments: list[str], rounding: Rounding) -> Lines:
    """The lines that leave an operation's result in `target`."""
    yield from _LINES.get(operation, _plain)(target, operation, arguments, rounding)


def _plain(target: str, operation: str, arguments: list[str], rounding: Rounding) -> Lines:
    """Operations that are one expression."""
    a = arguments
    if operation in _COMPARED:
        yield f"{target} = 1 if {a[0]} {_COMPARED[operation]} {a[1]} else 0"
    elif operation in ("min", "max"):
        yield f"{target} = {_nested(operation, a)}"
    elif operation == "share":
        yield f"{target} = {divided(f'{a[0]} * {a[1]}', rounding)}"
    elif operation == "scale":
        yield f"{target} = {divided(f'{a[0]} * {a[1]}', Rounding())}"
    elif operation == "portion_of":
        yield f"{target} = portion_of({a[0]}, {a[1]}, ({', '.join(a[2:])},))"
    else:
        yield f"{target} = {_SIMPLE[operation](a)}"


def _nested(operation: str, arguments: list[str]) -> str:
    text = arguments[0]
    for argument in arguments[1:]:
        text = f"{operation}({text}, {argument})"
    return text


_SIMPLE: dict[str, Callable[[list[str]], str]] = {
    "add": " + ".join,
    "sub": lambda a: f"{a[0]} - {a[1]}",
    "not": lambda a: f"1 - {a[0]}",
    "and": " * ".join,
    "or": lambda a: _nested("max", a),
    "where": lambda a: f"{a[1]} if {a[0]} != 0 else {a[2]}",
    "share_down": lambda a: f"np.int64(np.uint64({a[0]} * {a[1]}) // np.uint64({BP_ONE}))",
    "known": lambda a: f"1 if {a[0]} != {MISSING} else 0",
    "value": lambda a: f"0 if {a[0]} == {MISSING} else {a[0]}",
}


def _split(arguments: list[str], kinds: int) -> tuple[list[str], list[list[str]]]:
    n = (len(arguments) - kinds) // (kinds + 1)
    rest = arguments[n:]
    return arguments[:n], [rest[k * (n + 1) : (k + 1) * (n + 1)] for k in range(kinds)]


def _marginal(target: str, _: str, a: list[str], rounding: Rounding) -> Lines:
    """Bands from the lowest up; most amounts end in the first, so the others are asked for behind it."""
    x, floor, (edges, (rates,)) = a[0], a[1], _split(a[2:], 1)
    if not edges:
        exact = f"({x} - {floor}) * {rates[0]}" if floor != "0" else f"{x} * {rates[0]}"
        if floor == "0":
            yield f"{target} = {divided(exact, rounding)}"
            return
        yield f"{target} = 0"
        yield f"if {x} > {floor}:"
        yield f"    {target} = {divided(exact, rounding)}"
        return
    yield f"{target} = 0"
    yield f"if {x} > {floor}:"
    yield f"    if {x} <= {edges[0]}:"
    yield f"        {target} = ({x} - {floor}) * {rates[0]}"
    yield "    else:"
    low = floor
    for edge, rate in zip(edges, rates, strict=False):
        yield f"        {target} += max(min({x}, {edge}) - {low}, 0) * {rate}"
        low = edge if floor == "0" else f"max({edge}, {floor})"
    yield f"        {target} += max({x} - {low}, 0) * {rates[-1]}"
    yield f"    {target} = {divided(target, rounding)}"


def _banded(target: str, x: str, edges: list[str], values: list[str]) -> Lines:
    """`target` is the value of the band that holds x; an edge belongs to the band below it."""
    yield f"{target} = {values[0]}"
    for edge, value in zip(edges, values[1:], strict=True):
        yield f"if {x} > {edge}:"
        yield f"    {target} = {value}"


def _slab(target: str, _: str, a: list[str], rounding: Rounding) -> Lines:
    x, floor, (edges, (rates,)) = a[0], a[1], _split(a[2:], 1)
    yield from _banded(target, x, edges, rates)
    yield f"{target} = {divided(f'max({x} - {floor}, 0) * {target}', rounding)}"


def _quick(target: str, _: str, a: list[str], rounding: Rounding) -> Lines:
    x, floor, (edges, (rates, pluses)) = a[0], a[1], _split(a[2:], 2)
    yield from _banded(
        target,
        x,
        edges,
        [f"{x} * {rate} + {plus} * {BP_ONE}" for rate, plus in zip(rates, pluses, strict=True)],
    )
    yield f"{target} = {divided(target, rounding)} if {x} > {floor} and {target} > 0 else 0"


def _lump(target: str, _: str, a: list[str], __: Rounding) -> Lines:
    x, floor, (edges, (lumps,)) = a[0], a[1], _split(a[2:], 1)
    yield from _banded(target, x, edges, lumps)
    yield f"{target} = {target} if {x} > {floor} else 0"


def _look(target: str, _: str, a: list[str], __: Rounding) -> Lines:
    yield f"{target} = 0"
    for code, value in enumerate(a[1:]):
        yield f"if {a[0]} == {code}:"
        yield f"    {target} = 0 if {value} == {MISSING} else {value}"


def _has_row(target: str, _: str, a: list[str], __: Rounding) -> Lines:
    yield f"{target} = 0"
    for code, value in enumerate(a[1:]):
        yield f"if {a[0]} == {code}:"
        yield f"    {target} = 0 if {value} == {MISSING} else 1"


_LINES: dict[str, Callable[[str, str, list[str], Rounding], Lines]] = {
    "marginal": _marginal,
    "slab": _slab,
    "quick": _quick,
    "lump": _lump,
    "look": _look,
    "has_row": _has_row,
}
