"""Runs a program once over one bill's registers, in plain integers."""

from __future__ import annotations

from datetime import date

from doudi.engine.primitives import operations
from doudi.engine.program import ALWAYS, Program, Refusal
from doudi.money import Rounding


class Machine:
    """A program ready to run: instructions bound to their operations, rows of the law kept by date."""

    def __init__(self, program: Program, rounding: Rounding) -> None:
        self.program = program
        table = operations(rounding)
        self._steps = [(table[i.operation], i.target, i.arguments, i.guard) for i in program.instructions]
        self._rows: dict[date, list[int]] = {}

    def registers(self, law_day: date) -> list[int]:
        """Fresh registers with the law of a day."""
        if law_day not in self._rows:
            self._rows[law_day] = self.program.row(law_day)
        return self._rows[law_day].copy()

    def run(self, registers: list[int]) -> None:
        """Fill every register; those whose guard is 0 stay 0."""
        for operation, target, arguments, guard in self._steps:
            if guard == ALWAYS or registers[guard]:
                registers[target] = operation(*[registers[argument] for argument in arguments])

    def refusal(self, registers: list[int]) -> Refusal | None:
        """The first reason to refuse the bill, or None."""
        for refusal in self.program.refusals:
            if self.fails(refusal, registers) and not (
                refusal.excused != ALWAYS and registers[refusal.excused]
            ):
                return refusal
        return None

    @staticmethod
    def fails(refusal: Refusal, registers: list[int]) -> bool:
        """Whether a refusal's register is 0 although its guard holds."""
        guarded = refusal.guard != ALWAYS and not registers[refusal.guard]
        return not guarded and not registers[refusal.register]
