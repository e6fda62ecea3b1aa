"""A compiled policy: one ordered list of instructions over integer registers, and the table of its numbers.

Registers are filled from three sides – facts of the bill, numbers of the law (one row of the table a law date),
accumulators – and then the instructions run once from top to bottom. There are no loops and no jumps: an
instruction whose guard is 0 leaves 0 behind. The structure does not depend on dates or amounts: a changed number,
region or date is another row, not another program. That is what lets the same list be wrapped for columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from doudi.engine.primitives import MISSING

Unit = Literal["fen", "bp", "flag"]
Scope = Literal["person", "household"]
ALWAYS = -1


@dataclass(frozen=True)
class Fact:
    """One input column: its kind (`part`, `people`, `level` …) and argument (`in_scope`, a group's name …)."""

    kind: str
    argument: str = ""


@dataclass(frozen=True)
class Version:
    """A number from a law date on; `until` exclusive, None is open."""

    begins: date | None
    ends: date | None
    value: int
    source: tuple[str | int, ...]

    def holds(self, day: date) -> bool:
        """Whether the version is the law on `day`."""
        return (self.begins is None or self.begins <= day) and (self.ends is None or day < self.ends)


@dataclass(frozen=True)
class Cell:
    """One number of the law with all its versions."""

    label: str
    unit: Unit
    versions: tuple[Version, ...]

    def on(self, day: date) -> Version | None:
        """The version that is the law on `day`; the last one whose span holds."""
        for version in reversed(self.versions):
            if version.holds(day):
                return version
        return None

    def value(self, day: date) -> int:
        """The number on `day`, or MISSING."""
        version = self.on(day)
        return MISSING if version is None else version.value


@dataclass(frozen=True)
class Accumulator:
    """A named sum that outlives the bill. `period` says what a key of it is; `year` (begins, as_of) which year."""

    name: str
    scope: Scope
    period: str
    year_begins: str
    year_as_of: str
    each: str | None = None


@dataclass(frozen=True)
class Instruction:
    """`registers[target] = operation(*arguments)` when `registers[guard]` is not 0."""

    operation: str
    target: int
    arguments: tuple[int, ...]
    guard: int = ALWAYS


@dataclass(frozen=True)
class Refusal:
    """The bill is refused with `code` when the register is 0 and the guard is not.

    Not so where `excused` is 1: the amount was decided elsewhere and the rule is only rehearsed.
    """

    code: str
    register: int
    guard: int
    label: str
    excused: int = ALWAYS


@dataclass(frozen=True)
class Program:
    """Instructions with their inputs and outputs; registers are numbered from 0."""

    size: int
    facts: tuple[tuple[int, Fact], ...]
    cells: tuple[tuple[int, Cell], ...]
    accumulators: tuple[tuple[int, Accumulator, int], ...]
    constants: tuple[tuple[int, int], ...]
    instructions: tuple[Instruction, ...]
    refusals: tuple[Refusal, ...]

    def row(self, day: date) -> list[int]:
        """Fresh registers with constants and the numbers of the law on `day`."""
        registers = [0] * self.size
        for register, value in self.constants:
            registers[register] = value
        for register, cell in self.cells:
            registers[register] = cell.value(day)
        return registers

    def listing(self) -> str:
        """The instructions as text, one a line, for people who read compilers."""
        lines = [f"r{r} = fact {fact.kind} {fact.argument}".rstrip() for r, fact in self.facts]
        lines += [f"r{r} = number {cell.label} ({cell.unit})" for r, cell in self.cells]
        lines += [f"r{r} = accumulator {a.name} ({a.scope}, {a.period})" for r, a, _ in self.accumulators]
        lines += [f"r{r} = {value}" for r, value in self.constants]
        for i in self.instructions:
            guard = f"  if r{i.guard}" if i.guard != ALWAYS else ""
            lines.append(f"r{i.target} = {i.operation} {' '.join(f'r{a}' for a in i.arguments)}{guard}")
        return "\n".join(lines)
