"""What a body of late steps is made of: operands, columns of the class table, steps, accumulators, outputs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, order=True)
class Operand:
    """A late register, a column of the class table, or a number."""

    kind: Literal["register", "table", "number"]
    index: int

    @property
    def number(self) -> int | None:
        """The number, where it is one."""
        return self.index if self.kind == "number" else None


ZERO, ONE = Operand("number", 0), Operand("number", 1)


@dataclass(frozen=True)
class Column:
    """A column of the class table: an early register, or an operation over early registers that only a late guard
    kept from running early.
    """

    register: int
    operation: str = ""
    arguments: tuple[int, ...] = ()


@dataclass(frozen=True)
class Step:
    """`target = operation(*arguments)`, 0 where the guard is 0."""

    operation: str
    target: int
    arguments: tuple[Operand, ...]
    guard: Operand | None = None


@dataclass(frozen=True)
class Input:
    """An amount of the bill: the sum of some of its amount facts, such as (`part`, `in_scope`)."""

    register: int
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Kept:
    """An accumulator: the register that holds it before the bill, and what it holds after."""

    name: str
    before: int
    after: Operand


@dataclass(frozen=True)
class Move:
    """An accumulator whose movement is told: what it holds before and after the bill.

    `left in_scope` is no accumulator: what the patient bears of a part, as if it were one that is always empty.
    """

    name: str
    before: Operand
    after: Operand


@dataclass(frozen=True)
class LateRefusal:
    """The bill is refused for reason `index` of the program where `register` is 0, the guard holds and no excuse."""

    index: int
    register: Operand
    guard: Operand | None
    excused: Operand | None


@dataclass(frozen=True)
class Body:
    """All that is done for one bill of a known class."""

    inputs: tuple[Input, ...]
    kept: tuple[Kept, ...]
    steps: tuple[Step, ...]
    refusals: tuple[LateRefusal, ...]
    outputs: tuple[tuple[str, Operand], ...]
    table: tuple[Column, ...]
    never_negative: tuple[Operand, ...]
    proven: frozenset[int]
    """Late registers that bounds show not to be negative."""
    empty: tuple[str, ...] = ()
    """Accumulators that hold nothing before any bill."""
    moves: tuple[Move, ...] = ()
    """What is told of each accumulator, where that is asked for."""


def operands_of(step: Step) -> Iterable[Operand]:
    """All that a step reads."""
    return (*step.arguments, *((step.guard,) if step.guard is not None else ()))
