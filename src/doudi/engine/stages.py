"""Which registers are known before any amount: the early stage of a program, and the late one.

A bill's attributes, the law of its day and the constants of the language decide most of a program: which benefits
apply, which rate, deductible and cap hold after every adjustment. Bills that agree in these are one *class*; the
early instructions run once a class, the late ones – those that see an amount or an accumulator – once a bill. The
batch engine wraps only the late stage; the checker asks what can happen to an amount within a class.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from doudi.engine.primitives import Operation
from doudi.engine.program import ALWAYS, Instruction, Program, Refusal

AMOUNT_FACTS = frozenset({"part", "portion", "given"})
"""The kinds of fact that are amounts in fen; every other kind is an attribute of the bill or the person."""


@dataclass(frozen=True)
class Stages:
    """A program's instructions in two runs; `known` are the registers that the early one leaves known."""

    known: frozenset[int]
    early: tuple[Instruction, ...]
    late: tuple[Instruction, ...]
    early_refusals: tuple[Refusal, ...]
    late_refusals: tuple[Refusal, ...]

    def run_early(self, registers: list[int], operations: Mapping[str, Operation]) -> None:
        """Fill the early registers; facts, numbers of the law and constants must stand in them already."""
        for i in self.early:
            if i.guard == ALWAYS or registers[i.guard]:
                registers[i.target] = operations[i.operation](*[registers[a] for a in i.arguments])


def stages(program: Program, empty: Collection[str] = ()) -> Stages:
    """Split a program; `empty`: names of accumulators that hold 0 before every bill, and so are known."""
    known = {register for register, fact in program.facts if fact.kind not in AMOUNT_FACTS}
    known |= {register for register, _ in program.cells}
    known |= {register for register, _ in program.constants}
    known |= {register for register, accumulator, _ in program.accumulators if accumulator.name in empty}
    early: list[Instruction] = []
    late: list[Instruction] = []
    for instruction in program.instructions:
        if _all_known(known, (instruction.guard, *instruction.arguments)):
            known.add(instruction.target)
            early.append(instruction)
        else:
            late.append(instruction)
    first = [r for r in program.refusals if _all_known(known, (r.register, r.guard, r.excused))]
    then = [r for r in program.refusals if r not in first]
    return Stages(frozenset(known), tuple(early), tuple(late), tuple(first), tuple(then))


def _all_known(known: set[int], registers: Sequence[int]) -> bool:
    return all(register == ALWAYS or register in known for register in registers)
