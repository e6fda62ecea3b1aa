"""Writes instructions: hands out registers, shares equal inputs, keeps the current guard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from doudi.engine.program import ALWAYS, Accumulator, Cell, Fact, Instruction, Program, Refusal


class Builder:
    """Collects a program; every method that computes answers the register of its result."""

    def __init__(self) -> None:
        self.size = 0
        self.guard = ALWAYS
        self.excused = ALWAYS
        self.refusals: list[Refusal] = []
        self._facts: dict[Fact, int] = {}
        self._cells: list[tuple[int, Cell]] = []
        self._constants: dict[int, int] = {}
        self._accumulators: dict[str, tuple[int, Accumulator]] = {}
        self._current: dict[str, int] = {}
        self._instructions: list[Instruction] = []

    def _register(self) -> int:
        self.size += 1
        return self.size - 1

    def fact(self, kind: str, argument: str = "") -> int:
        """An input of the bill."""
        fact = Fact(kind, argument)
        if fact not in self._facts:
            self._facts[fact] = self._register()
        return self._facts[fact]

    def cell(self, cell: Cell) -> int:
        """A number of the law."""
        register = self._register()
        self._cells.append((register, cell))
        return register

    def constant(self, value: int) -> int:
        """A number of the language itself, such as 0 or 100 %."""
        if value not in self._constants:
            self._constants[value] = self._register()
        return self._constants[value]

    def accumulator(self, accumulator: Accumulator) -> int:
        """What an accumulator holds at this point of the bill."""
        if accumulator.name not in self._accumulators:
            register = self._register()
            self._accumulators[accumulator.name] = (register, accumulator)
            self._current[accumulator.name] = register
        return self._current[accumulator.name]

    def move(self, accumulator: Accumulator, amount: int) -> None:
        """Add to an accumulator, whatever the guard (the amount is 0 where it does not count)."""
        before = self.accumulator(accumulator)
        with self.unguarded():
            self._current[accumulator.name] = self.op("add", before, amount)

    def op(self, operation: str, *arguments: int) -> int:
        """One instruction under the current guard."""
        target = self._register()
        self._instructions.append(Instruction(operation, target, arguments, self.guard))
        return target

    def total(self, *terms: int) -> int:
        """The sum of any number of registers."""
        if not terms:
            return self.constant(0)
        return terms[0] if len(terms) == 1 else self.op("add", *terms)

    def both(self, *tests: int) -> int:
        """All tests hold; with none: 1."""
        if not tests:
            return self.constant(1)
        return tests[0] if len(tests) == 1 else self.op("and", *tests)

    def either(self, *tests: int) -> int:
        """One test holds; with none: 0."""
        if not tests:
            return self.constant(0)
        return tests[0] if len(tests) == 1 else self.op("or", *tests)

    def not_below_zero(self, register: int) -> int:
        """max(x, 0)."""
        return self.op("max", register, self.constant(0))

    def refuse_unless(self, register: int, code: str, label: str) -> None:
        """Refuse the bill where the register is 0 under the current guard."""
        self.refusals.append(Refusal(code, register, self.guard, label, self.excused))

    @contextmanager
    def guarded(self, test: int) -> Iterator[None]:
        """Instructions inside count only where `test` holds (and the guard outside)."""
        outer, inner = self.guard, test
        if outer != ALWAYS:
            with self.unguarded():
                inner = self.op("and", outer, test)
        self.guard = inner
        try:
            yield
        finally:
            self.guard = outer

    @contextmanager
    def unguarded(self) -> Iterator[None]:
        """Instructions inside count always."""
        outer, self.guard = self.guard, ALWAYS
        try:
            yield
        finally:
            self.guard = outer

    def program(self) -> Program:
        """The finished program."""
        moved = tuple(
            (register, accumulator, self._current[name])
            for name, (register, accumulator) in self._accumulators.items()
        )
        return Program(
            self.size,
            tuple((register, fact) for fact, register in self._facts.items()),
            tuple(self._cells),
            moved,
            tuple((register, value) for value, register in self._constants.items()),
            tuple(self._instructions),
            tuple(self.refusals),
        )
