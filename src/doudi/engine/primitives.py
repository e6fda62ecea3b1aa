"""The arithmetic of a policy: a closed list of operations over integers, and nothing else.

Every operation is a pure function of integers to an integer (fen, basis points, codes, or 0/1), so that the same
list can be run one bill at a time here and over columns elsewhere. Amounts are ≥ 0 unless said otherwise.
`MISSING` marks a number that the law does not give for a date or an attribute; it never enters arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod

from doudi.money import BP_ONE, Rounding, allocate

MISSING = -(1 << 62)

Operation = Callable[..., int]


def edges_and_rest(arguments: tuple[int, ...], kinds: int) -> tuple[tuple[int, ...], list[tuple[int, ...]]]:
    """Split `n` upper edges followed by `kinds` runs of `n + 1` numbers."""
    n = (len(arguments) - kinds) // (kinds + 1)
    edges, rest = arguments[:n], arguments[n:]
    return edges, [rest[i * (n + 1) : (i + 1) * (n + 1)] for i in range(kinds)]


def marginal_exact(x: int, edges: tuple[int, ...], rates: tuple[int, ...]) -> int:
    """Σ (width of x inside each band × its rate), in 1/10,000 fen. `edges` are upper edges; the last band is open."""
    amount = low = 0
    for edge, rate in zip((*edges, x), rates, strict=True):
        high = min(x, edge)
        if high > low:
            amount += (high - low) * rate
            low = high
    return amount


def band_of(x: int, edges: tuple[int, ...]) -> int:
    """The index of the band that holds x; an edge belongs to the band below it."""
    return sum(x > edge for edge in edges)


def operations(rounding: Rounding) -> dict[str, Operation]:
    """Every operation by name, with the policy's rounding where one rounds."""
    divide = rounding.divide
    to_one = Rounding().divide

    def marginal(x: int, deductible: int, *numbers: int) -> int:
        edges, (rates,) = edges_and_rest(numbers, 1)
        exact = marginal_exact(max(x, deductible), edges, rates) - marginal_exact(deductible, edges, rates)
        return divide(exact, BP_ONE)

    def slab(x: int, deductible: int, *numbers: int) -> int:
        edges, (rates,) = edges_and_rest(numbers, 1)
        return divide(max(x - deductible, 0) * rates[band_of(x, edges)], BP_ONE)

    def quick(x: int, deductible: int, *numbers: int) -> int:
        edges, (rates, pluses) = edges_and_rest(numbers, 2)
        band = band_of(x, edges)
        exact = x * rates[band] + pluses[band] * BP_ONE
        return divide(exact, BP_ONE) if x > deductible and exact > 0 else 0

    def lump(x: int, deductible: int, *numbers: int) -> int:
        edges, (lumps,) = edges_and_rest(numbers, 1)
        return lumps[band_of(x, edges)] if x > deductible else 0

    return {
        "add": lambda *terms: sum(terms),
        "sub": lambda a, b: a - b,
        "min": min,
        "max": max,
        "less": lambda a, b: int(a < b),
        "at_most": lambda a, b: int(a <= b),
        "equal": lambda a, b: int(a == b),
        "not": lambda a: 1 - a,
        "and": lambda *tests: prod(tests),
        "or": lambda *tests: max(tests),
        "where": lambda test, a, b: a if test else b,
        "share": lambda x, rate: divide(x * rate, BP_ONE),
        "share_down": lambda x, rate: x * rate // BP_ONE,
        "scale": lambda x, rate: to_one(x * rate, BP_ONE),
        "known": lambda number: int(number != MISSING),
        "value": lambda number: 0 if number == MISSING else number,
        "look": lambda code, *row: row[code] if 0 <= code < len(row) and row[code] != MISSING else 0,
        "has_row": lambda code, *row: int(0 <= code < len(row) and row[code] != MISSING),
        "marginal": marginal,
        "slab": slab,
        "quick": quick,
        "lump": lump,
        "portion_of": lambda total, index, *weights: allocate(total, weights)[index],
    }


OPERATIONS = tuple(operations(Rounding()))
