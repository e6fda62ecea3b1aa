"""Slopes as numbers in a table: exact fractions, each kept once, their sums remembered.

A slope is a tuple: itself, then what it has of every *unknown*. Unknowns belong to a sum A drawn in proportion to
what several parts have left, w₁ … wₙ of W together. With λ = A/W and μᵢ = wᵢ/W the part's draw changes by

    λ·wᵢ′ − (λ·W′ − A′)·μᵢ

where ′ are slopes. λ and μ depend on the bill; written with νᵢ = λ·μᵢ (so λ = Σν) this is linear in μ and ν, of which is
known: 0 ≤ νᵢ ≤ μᵢ and Σμ = 1. The least that a linear form can be on that set lies at one of its corners, where one μ
is 1 and its ν is 0 or 1 (`lowest`).
"""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

from doudi.money import BP_ONE

Line: TypeAlias = int
"""A slope's number in the table."""
NIL: Line = 0
"""Of a node that is 0 throughout the branch: flat, and known to be nothing."""
FLAT: Line = 1
FULL: Line = 2


class Lines:
    """The slopes met in one walk; `groups` are the numbers of parts of each proportional draw."""

    def __init__(self, groups: tuple[int, ...] = ()) -> None:
        self.groups = groups
        width = 1 + sum(2 * parts for parts in groups)
        zero = (Fraction(0),) * width
        self.values: list[tuple[Fraction, ...]] = [zero, zero, (Fraction(1), *zero[1:])]
        self._known = {self.values[1]: FLAT, self.values[2]: FULL}
        self._sums: dict[tuple[Line, Line], Line] = {}
        self._differences: dict[tuple[Line, Line], Line] = {}
        self._parts: dict[tuple[Line, int], Line] = {}

    def put(self, value: tuple[Fraction, ...]) -> Line:
        """The number of a slope."""
        if value not in self._known:
            self._known[value] = len(self.values)
            self.values.append(value)
        return self._known[value]

    def flat(self, line: Line) -> bool:
        """Whether a slope is 0."""
        return line in (NIL, FLAT)

    def plus(self, a: Line, b: Line) -> Line:
        """The sum."""
        if NIL in (a, b):
            return b if a == NIL else a
        if (a, b) not in self._sums:
            pair = zip(self.values[a], self.values[b], strict=True)
            self._sums[a, b] = self.put(tuple(x + y for x, y in pair))
        return self._sums[a, b]

    def minus(self, a: Line, b: Line) -> Line:
        """The difference."""
        if b == NIL:
            return a
        if (a, b) not in self._differences:
            pair = zip(self.values[a], self.values[b], strict=True)
            self._differences[a, b] = self.put(tuple(x - y for x, y in pair))
        return self._differences[a, b]

    def times(self, a: Line, rate: int) -> Line:
        """A share of a slope, in basis points."""
        if (a, rate) not in self._parts:
            self._parts[a, rate] = self.put(tuple(x * rate / BP_ONE for x in self.values[a]))
        return self._parts[a, rate]

    def lowest(self, line: Line) -> Fraction:
        """The least that a slope can be, whatever the unknowns."""
        value = self.values[line]
        least, at = value[0], 1
        for parts in self.groups:
            shares, both = value[at : at + parts], value[at + parts : at + 2 * parts]
            least += min(share + min(Fraction(0), joint) for share, joint in zip(shares, both, strict=True))
            at += 2 * parts
        return least

    def exact(self, line: Line) -> Fraction | None:
        """The slope as a number, or None where it rests on unknowns."""
        value = self.values[line]
        return None if any(value[1:]) else value[0]

    def drawn(self, group: int, part: int, slopes: tuple[Fraction, ...], total: Fraction) -> Line:
        """The slope of what one part gives of a proportional draw; `slopes`: of what the parts have left."""
        value = list(self.values[FLAT])
        at = 1 + sum(2 * parts for parts in self.groups[:group])
        parts = self.groups[group]
        value[at + part] = total
        for other in range(parts):
            value[at + parts + other] = slopes[part]
        value[at + parts + part] -= sum(slopes)
        return self.put(tuple(value))
