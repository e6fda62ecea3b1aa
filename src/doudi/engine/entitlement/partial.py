"""A program run with some of its facts unknown: a register is a number, or None while it still depends on the bill.

The same instructions and the same operations that settle a bill; only what decides early (`and` with a 0, `where` with
equal branches, a table whose rows agree) is looked at before all arguments are known. Guards are left aside: what is
asked of a number is its value where its benefit applies.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from doudi.engine.primitives import MISSING, Operation, operations
from doudi.engine.program import ALWAYS, Fact, Instruction, Program
from doudi.engine.stages import AMOUNT_FACTS
from doudi.money import Rounding

Known = Mapping[int, int]
KEPT_DAYS = 64


class Outline:
    """A program with its operations and the law of a day, ready to be run in part.

    `cuts` are registers taken as facts themselves: tests on amounts, which are known or unknown as a whole. Amounts
    themselves and accumulators are 0: no number of the law depends on them. `apart`: groups of diseases of which a bill
    is in one at most.
    """

    def __init__(
        self, program: Program, rounding: Rounding, cuts: Collection[int] = (), apart: Collection[str] = ()
    ) -> None:
        self.program = program
        self.facts: dict[int, Fact] = {r: fact for r, fact in program.facts if fact.kind not in AMOUNT_FACTS}
        self.cuts = frozenset(cuts)
        self.apart = tuple(
            r for r, fact in self.facts.items() if fact.kind == "disease" and fact.argument in apart
        )
        self.operations: dict[str, Operation] = operations(rounding)
        self.steps = tuple(i for i in program.instructions if i.target not in self.cuts)
        self.makers = {i.target: i for i in self.steps}
        self._facts: dict[int, frozenset[int]] = {}
        self._laws: dict[date, list[int | None]] = {}

    def facts_of(self, register: int) -> frozenset[int]:
        """The registers of all facts that lead to a register, guards included."""
        if register not in self._facts:
            seen: set[int] = set()
            waiting = [register]
            while waiting:
                one = waiting.pop()
                if one in seen:
                    continue
                seen.add(one)
                if (i := self.makers.get(one)) is not None:
                    waiting += [*i.arguments, *([i.guard] if i.guard != ALWAYS else [])]
            self._facts[register] = frozenset(seen & self.facts.keys())
        return self._facts[register]

    def law(self, day: date) -> list[int | None]:
        """Registers with constants and the numbers of the law on a day; facts and cuts are None."""
        if day not in self._laws:
            while len(self._laws) >= KEPT_DAYS:
                self._laws.pop(next(iter(self._laws)), None)
            row: list[int | None] = list(self.program.row(day))
            for register in (*self.facts, *self.cuts):
                row[register] = None
            self._laws[day] = row
        return self._laws[day]


class Partial:
    """One run: the person's facts are known. What stays None can be asked again with more facts known."""

    def __init__(self, outline: Outline, day: date, known: Known) -> None:
        self.outline, self.day, self.known = outline, day, dict(known)
        registers = outline.law(day).copy()
        for register, value in known.items():
            registers[register] = value
        for i in outline.steps:
            registers[i.target] = _result(
                outline.operations[i.operation], i, [registers[a] for a in i.arguments]
            )
        self.registers = registers
        self._open: dict[int, tuple[tuple[Instruction, ...], tuple[int, ...]]] = {}

    def number(self, register: int) -> int:
        """A number of the law or a constant."""
        value = self.registers[register]
        return MISSING if value is None else value

    def value(self, register: int, more: Known | None = None) -> int | None:
        """A register, or None while it depends on facts that are not known, `more` included."""
        known = self.registers[register]
        if known is not None or not more:
            return known
        if register in more:
            return more[register]
        held: dict[int, int | None] = dict(more)
        for i in self._slice(register)[0]:
            arguments = [held[a] if a in held else self.registers[a] for a in i.arguments]
            held[i.target] = _result(self.outline.operations[i.operation], i, arguments)
        return held.get(register)

    def open_facts(self, register: int) -> tuple[int, ...]:
        """The registers of unknown facts (and cuts) on which a register still depends."""
        return self._slice(register)[1]

    def _slice(self, register: int) -> tuple[tuple[Instruction, ...], tuple[int, ...]]:
        """The instructions that are still open and lead to a register, in order, and the facts they begin with."""
        if register not in self._open:
            wanted: dict[int, Instruction] = {}
            facts: set[int] = set()
            waiting = [register]
            while waiting:
                one = waiting.pop()
                if self.registers[one] is not None or one in wanted:
                    continue
                if one in self.outline.makers:
                    wanted[one] = self.outline.makers[one]
                    waiting += wanted[one].arguments
                else:
                    facts.add(one)
            # a register is made after its arguments: their numbers ascend in the order of the instructions
            self._open[register] = tuple(wanted[one] for one in sorted(wanted)), tuple(sorted(facts))
        return self._open[register]


def _result(operation: Operation, i: Instruction, arguments: list[int | None]) -> int | None:
    """The operation's result where everything is known, or where what is known decides it."""
    if None not in arguments:
        return operation(*arguments)
    if i.operation == "and":
        return 0 if 0 in arguments else None
    if i.operation == "or":
        return 1 if 1 in arguments else None
    if i.operation == "where":
        test, first, second = arguments
        if test is not None:
            return first if test else second
        return first if first == second else None
    if i.operation in ("look", "has_row") and arguments[0] is None:
        row = set(arguments[1:])
        if i.operation == "has_row":
            return None if MISSING in row else 1
        return next(iter(row)) if len(row) == 1 and MISSING not in row else None
    return None
