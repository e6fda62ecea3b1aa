"""A body with what surrounds it: how it meets its columns, how it rounds, what its names begin with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from doudi.engine.batch.body import Body, Operand
from doudi.money import Rounding

Mode = Literal["rows", "totals", "differences"]
WATCH, WRONG, COUNT, PERSON, FIRST_FREE = 0, 1, 2, 3, 4
"""Places in the state array: the two alarms, rows written (differences), the person of the last bill, what follows."""

Where = tuple[Literal["run", "slot"], int]

NOBODY = -1
"""A person number that nobody has."""


@dataclass(frozen=True)
class Shape:
    """How a body meets its columns. `keys`: how many columns of period keys; `where`: for each kept accumulator
    ("run", key column) – a scalar that starts anew when the key changes – or ("slot", slot column) – a place in the
    person's scratch row; `strides`: one a column of codes, which together number the class.
    """

    keys: int
    where: tuple[Where, ...]
    strides: tuple[int, ...] = (1,)
    opens: tuple[bool, ...] = ()

    @property
    def slots(self) -> int:
        """How many slot columns there are."""
        return len({index for kind, index in self.where if kind == "slot"})


@dataclass(frozen=True)
class Law:
    """One body with its shape and rounding, and the letter that its names begin with."""

    body: Body
    shape: Shape
    rounding: Rounding
    letter: str = "a"
    texts: dict[Mode, str] = field(init=False, default_factory=dict, compare=False, repr=False)
    """The texts of the law's kernels, once they are written."""

    def columns(self) -> list[str]:
        """The names of the kernel's parameters for this law, in order."""
        x = self.letter
        names = [f"{x}_key{k}" for k in range(self.shape.keys)]
        names += [f"{x}_slot{k}" for k in range(self.shape.slots)]
        names += [f"{x}_code{k}" for k in range(len(self.shape.strides))]
        names += [f"{x}_in{k}" for k in range(len(self.body.inputs))]
        names += [f"{x}_open{k}" for k in range(sum(self.shape.opens))]
        return [*names, f"{x}_table", *([f"{x}_scratch"] if self.shape.slots else [])]

    def state(self) -> list[str]:
        """The scalars that outlive a chunk."""
        x = self.letter
        names = [f"{x}_k{k}" for k in range(self.shape.keys)]
        runs = [k for k, w in zip(self.body.kept, self.shape.where, strict=True) if w[0] == "run"]
        names += [f"{x}_r{kept.before}" for kept in runs]
        return names + ([f"{x}_used"] if self.shape.slots else [])

    def name_of(self, operand: Operand) -> str:
        """An operand as the kernel's text names it."""
        if operand.kind == "number":
            return str(operand.index)
        return f"{self.letter}_{'r' if operand.kind == 'register' else 't'}{operand.index}"

    @property
    def status(self) -> str | None:
        """The name of the bill's status, where the law can refuse a bill in the loop."""
        return f"{self.letter}_status" if self.body.refusals else None


def written(body: Body) -> list[str]:
    """The outputs that the kernel writes: those that are not the same number on every bill."""
    return [name for name, operand in body.outputs if operand.number is None]


def state_size(laws: list[Law]) -> int:
    """How many numbers the state holds."""
    return FIRST_FREE + sum(len(law.state()) for law in laws)
