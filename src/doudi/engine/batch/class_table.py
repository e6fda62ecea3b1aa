"""The table of classes: what the early stage makes of each class, and the columns that a body reads of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from doudi.engine.batch.body import Body
from doudi.engine.primitives import operations
from doudi.engine.program import ALWAYS, Program
from doudi.engine.run import Machine
from doudi.engine.stages import Stages, stages
from doudi.money import Rounding


@dataclass(frozen=True)
class ClassOf:
    """What makes a class: the answers to the program's attribute facts by register, and a day of its law version."""

    law_day: date
    answers: Mapping[int, int]


def early_registers(program: Program, rounding: Rounding, split: Stages, one: ClassOf) -> list[int]:
    """The registers of a class after the early stage."""
    registers = program.row(one.law_day)
    for register, answer in one.answers.items():
        registers[register] = answer
    split.run_early(registers, operations(rounding))
    return registers


def first_refusal(split: Stages, registers: list[int]) -> int:
    """The place of the first early refusal that a class meets; −1 where it meets none."""
    for place, refusal in enumerate(split.early_refusals):
        excused = refusal.excused != ALWAYS and registers[refusal.excused]
        if Machine.fails(refusal, registers) and not excused:
            return place
    return -1


def agreed(split: Stages, rows: Sequence[list[int]]) -> dict[int, int]:
    """Early registers on which all classes agree."""
    if not rows:
        return {}
    return {r: rows[0][r] for r in split.known if all(row[r] == rows[0][r] for row in rows)}


def class_table(
    program: Program, rounding: Rounding, body: Body, classes: Sequence[ClassOf]
) -> npt.NDArray[np.int64]:
    """One row a class, one column a number that the body reads."""
    table_of = operations(rounding)
    split = stages(program, body.empty)
    table = np.zeros((max(len(classes), 1), max(len(body.table), 1)), np.int64)
    for number, one in enumerate(classes):
        registers = early_registers(program, rounding, split, one)
        for place, column in enumerate(body.table):
            if column.operation:
                values = [registers[a] for a in column.arguments]
                table[number, place] = table_of[column.operation](*values)
            else:
                table[number, place] = registers[column.register]
    return table
