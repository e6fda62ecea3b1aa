"""Between which bounds each register lies, and which registers never exceed which: no 64-bit surprise, fewer checks.

One pass from top to bottom over the instructions, for every bill within the bounds at once. `low` and `high` enclose
a register; `below` holds, for a register, others that it never exceeds whatever the bill (what a benefit draws is
never above what was left), so that `left − drawn` is known not to be negative. `largest` is the largest magnitude
that computing the register passes through, products before their division included; where that leaves 63 bits the
instruction is named (`overflowing`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from doudi.engine.primitives import MISSING, edges_and_rest
from doudi.engine.program import ALWAYS, Cell, Fact, Instruction, Program
from doudi.engine.stages import AMOUNT_FACTS
from doudi.money import BP_ONE, MAX_ACCUMULATOR, MAX_BILL, Rounding, RoundingMode, RoundingUnit

Interval = tuple[int, int]
WORD = (1 << 63) - 1
DIGIT = 20
"""Proportions of large amounts are divided digit by digit, a digit being this many bits (`portion_of`)."""


@dataclass
class Bounds:
    """What is known of the registers of a program for all bills within the bounds."""

    low: list[int]
    high: list[int]
    largest: list[int]
    below: dict[int, frozenset[int]] = field(default_factory=dict)

    def within(self, register: int, other: int) -> bool:
        """Whether a register never exceeds another."""
        return register == other or other in self.below.get(register, ()) or (
            self.high[register] <= self.low[other]
        )  # fmt: skip


def bounds(
    program: Program,
    rounding: Rounding,
    bill: int = MAX_BILL,
    accumulated: int = MAX_ACCUMULATOR,
    known: Mapping[int, Interval] | None = None,
) -> Bounds:
    """Bounds for bills whose parts are up to `bill` fen each and accumulators up to `accumulated` fen.

    `known` narrows registers, as for one class of attributes.
    """
    found = Bounds([0] * program.size, [0] * program.size, [0] * program.size)

    def enter(register: int, interval: Interval) -> None:
        found.low[register], found.high[register] = (known or {}).get(register, interval)
        found.largest[register] = max(abs(found.low[register]), abs(found.high[register]))

    for register, fact in program.facts:
        enter(register, _fact(fact, bill))
    for register, cell in program.cells:
        enter(register, _cell(cell))
    for register, value in program.constants:
        enter(register, (value, value))
    for register, _, _ in program.accumulators:
        enter(register, (0, accumulated))
    analysis = _Analysis(found, rounding)
    for instruction in program.instructions:
        analysis.add(instruction)
        if known and instruction.target in known:
            found.low[instruction.target], found.high[instruction.target] = known[instruction.target]
    return found


def overflowing(program: Program, found: Bounds) -> list[Instruction]:
    """The instructions that may pass through a number beyond 63 bits; none: the columns are as exact as one bill."""
    return [i for i in program.instructions if found.largest[i.target] > WORD]


def _fact(fact: Fact, bill: int) -> Interval:
    if fact.kind in AMOUNT_FACTS:
        return 0, bill * (4 if fact.kind in ("portion", "given") else 1)
    return (-1, 200) if fact.kind in ("age", "admission") else (-1, 9)


def _cell(cell: Cell) -> Interval:
    values = [version.value for version in cell.versions if version.value != MISSING]
    return (min(values), max(values)) if values else (0, 0)


class _Analysis:
    """Adds one instruction after the other."""

    def __init__(self, found: Bounds, rounding: Rounding) -> None:
        self.found = found
        self.unit = int(rounding.unit)
        self.never_up = rounding.unit is RoundingUnit.FEN or rounding.mode is RoundingMode.DOWN

    def add(self, i: Instruction) -> None:
        """The bounds of one instruction's target."""
        found = self.found
        rule: Callable[[tuple[int, ...]], tuple[Interval, int]] = getattr(self, f"_{i.operation}", self._test)
        (low, high), inside = rule(i.arguments)
        under = self._below(i)
        caps = [found.high[s] for s in under]
        high = min([high, *caps])
        if i.operation == "sub" and found.within(i.arguments[1], i.arguments[0]):
            low = max(low, 0)
        if i.guard != ALWAYS:
            low, high = min(low, 0), max(high, 0)
            under = frozenset(s for s in under if found.low[s] >= 0)
        found.low[i.target], found.high[i.target] = low, max(low, high)
        found.largest[i.target] = max(inside, abs(low), abs(high))
        found.below[i.target] = under

    def _between(self, register: int) -> Interval:
        return self.found.low[register], self.found.high[register]

    # --- which registers are never exceeded -----------------------------------------------------------

    def _below(self, i: Instruction) -> frozenset[int]:
        """The registers that the result never exceeds."""
        found, arguments = self.found, i.arguments

        def up(register: int) -> frozenset[int]:
            return found.below.get(register, frozenset()) | {register}

        if i.operation == "min":
            return frozenset().union(*(up(a) for a in arguments))
        if i.operation in ("max", "add") and len(arguments) == 1:
            return up(arguments[0])
        if i.operation == "max":
            return self._joint(arguments)
        if i.operation == "where":
            return self._joint(arguments[1:])
        if i.operation == "sub" and found.low[arguments[1]] >= 0:
            return up(arguments[0])
        if i.operation in ("share", "share_down", "marginal"):
            rates = edges_and_rest(arguments[2:], 1)[1][0] if i.operation == "marginal" else arguments[1:]
            whole = i.operation == "share_down" or self.never_up
            if whole and found.low[arguments[0]] >= 0 and all(found.high[r] <= BP_ONE for r in rates):
                return up(arguments[0])
        return frozenset()

    def _joint(self, arguments: tuple[int, ...]) -> frozenset[int]:
        """What none of several registers exceeds; a register that is 0 exceeds nothing that is not negative."""
        found = self.found
        others = [a for a in arguments if self._between(a) != (0, 0)]
        if not others:
            return frozenset()
        common = frozenset.intersection(*(found.below.get(a, frozenset()) | {a} for a in others))
        zero = len(others) < len(arguments)
        return frozenset(s for s in common if not zero or found.low[s] >= 0)

    # --- one rule an operation: (interval, largest magnitude inside) ------------------------------------

    def _test(self, _: tuple[int, ...]) -> tuple[Interval, int]:
        """`less`, `equal`, `and`, `known` … : 0 or 1."""
        return (0, 1), 1

    def _add(self, terms: tuple[int, ...]) -> tuple[Interval, int]:
        low = sum(self.found.low[t] for t in terms)
        high = sum(self.found.high[t] for t in terms)
        return (low, high), sum(max(abs(self.found.low[t]), abs(self.found.high[t])) for t in terms)

    def _sub(self, terms: tuple[int, ...]) -> tuple[Interval, int]:
        (al, ah), (bl, bh) = self._between(terms[0]), self._between(terms[1])
        return (al - bh, ah - bl), max(abs(al - bh), abs(ah - bl))

    def _min(self, terms: tuple[int, ...]) -> tuple[Interval, int]:
        return (min(self.found.low[t] for t in terms), min(self.found.high[t] for t in terms)), 0

    def _max(self, terms: tuple[int, ...]) -> tuple[Interval, int]:
        return (max(self.found.low[t] for t in terms), max(self.found.high[t] for t in terms)), 0

    def _where(self, terms: tuple[int, ...]) -> tuple[Interval, int]:
        (tl, th), (al, ah), (bl, bh) = (self._between(t) for t in terms)
        if tl >= 1 or (tl, th) == (0, 0):
            return ((al, ah) if tl >= 1 else (bl, bh)), 0
        return (min(al, bl), max(ah, bh)), 0

    def _value(self, terms: tuple[int, ...]) -> tuple[Interval, int]:
        low, high = self._between(terms[0])
        return (min(low, 0), max(high, 0)), 0

    def _look(self, terms: tuple[int, ...]) -> tuple[Interval, int]:
        lows, highs = zip(*(self._between(t) for t in terms[1:]), strict=True)
        return (min(0, *lows), max(0, *highs)), 0

    def _product(self, x: int, rates: tuple[int, ...]) -> tuple[Interval, int]:
        """X times the least and the largest of some rates, rounded outwards to the unit."""
        (xl, xh), (rl, rh) = self._between(x), self._hull(rates)
        corners = [xl * rl, xl * rh, xh * rl, xh * rh]
        inside = max(abs(c) for c in corners) + BP_ONE * self.unit
        low, high = min(corners) // BP_ONE, -(-max(corners) // BP_ONE)
        return (low - self.unit if low < 0 else low // self.unit * self.unit, high + self.unit - 1), inside

    def _hull(self, registers: tuple[int, ...]) -> Interval:
        return min(self.found.low[r] for r in registers), max(self.found.high[r] for r in registers)

    def _share(self, terms: tuple[int, ...]) -> tuple[Interval, int]:
        return self._product(terms[0], terms[1:])

    _share_down = _scale = _share

    def _marginal(self, terms: tuple[int, ...]) -> tuple[Interval, int]:
        rates = edges_and_rest(terms[2:], 1)[1][0]
        (low, high), inside = self._product(terms[0], rates)
        inside += max(abs(self.found.high[e]) for e in terms[1:]) * max(abs(self._hull(rates)[1]), 1)
        return (min(0, low), max(0, high)), inside

    def _slab(self, terms: tuple[int, ...]) -> tuple[Interval, int]:
        return self._marginal(terms)

    def _quick(self, terms: tuple[int, ...]) -> tuple[Interval, int]:
        rates, pluses = edges_and_rest(terms[2:], 2)[1]
        (_, high), inside = self._product(terms[0], rates)
        plus = max(abs(v) for v in self._hull(pluses))
        return (0, max(0, high + plus)), inside + plus * BP_ONE

    def _lump(self, terms: tuple[int, ...]) -> tuple[Interval, int]:
        lumps = edges_and_rest(terms[2:], 1)[1][0]
        low, high = self._hull(lumps)
        return (min(0, low), max(0, high)), 0

    def _portion_of(self, terms: tuple[int, ...]) -> tuple[Interval, int]:
        total = self.found.high[terms[0]]
        weight = max(self.found.high[w] for w in terms[2:])
        whole = sum(max(self.found.high[w], 0) for w in terms[2:])
        inside = max(total * ((weight >> DIGIT) + 1), (whole << DIGIT) + (total << DIGIT))
        return (0, max(0, total)), inside
