"""Bills as arrays: the form in which every runner takes them.

Bills of one person (or one household, where the law keeps household accumulators) stand together, in the order in
which the centre posted them. All arrays have one entry a bill.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Numbers: TypeAlias = npt.NDArray[np.int64]
Integers: TypeAlias = npt.NDArray[np.integer]


@dataclass(frozen=True)
class LawColumns:
    """The columns of one law: period keys and slots of its accumulators, codes that number its class, amounts and
    balances brought forward in fen, and the table with one row a class.
    """

    keys: tuple[Integers, ...]
    slots: tuple[Integers, ...]
    codes: tuple[Integers, ...]
    inputs: tuple[Numbers, ...]
    openings: tuple[Numbers, ...]
    table: Numbers

    def part(self, low: int, high: int) -> LawColumns:
        """The bills from `low` to before `high`."""

        def cut(columns: tuple[Integers, ...]) -> tuple[Integers, ...]:
            return tuple(column[low:high] for column in columns)

        inputs = tuple(column[low:high] for column in self.inputs)
        openings = tuple(column[low:high] for column in self.openings)
        return LawColumns(cut(self.keys), cut(self.slots), cut(self.codes), inputs, openings, self.table)


@dataclass(frozen=True)
class Chunk:
    """Some bills: whose they are, and the columns of each law that looks at them."""

    group: Integers
    laws: tuple[LawColumns, ...]

    def __len__(self) -> int:
        return len(self.group)

    def part(self, low: int, high: int) -> Chunk:
        """The bills from `low` to before `high`; the cut may fall within a person."""
        return Chunk(self.group[low:high], tuple(law.part(low, high) for law in self.laws))

    def cuts(self, pieces: int) -> list[int]:
        """Places that divide the bills into about equal pieces between two persons."""
        wanted = [len(self) * k // pieces for k in range(1, pieces)]
        found = [0]
        for place in wanted:
            between = place
            while 0 < between < len(self) and self.group[between] == self.group[between - 1]:
                between += 1
            if between > found[-1]:
                found.append(between)
        return [*found, len(self)] if found[-1] < len(self) else found


@dataclass(frozen=True)
class Result:
    """What each bill came to: `amounts[name]` in fen; `status` 0, or 1 + the index of the program's refusal.

    `moved`: what each bill adds to each accumulator, in fen, where the body tells it.
    """

    amounts: dict[str, Numbers]
    status: npt.NDArray[np.int16]
    moved: dict[str, Numbers] = field(default_factory=dict)
