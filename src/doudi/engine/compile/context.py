"""What the compiler knows while it writes: the policy, the builder, and the state of the bill so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from doudi.engine.builder import Builder
from doudi.engine.program import Accumulator, Scope
from doudi.policy.conditions import PARTS
from doudi.policy.document import PolicyDocument
from doudi.policy.payers import Payer

TreePath = tuple[str | int, ...]


@dataclass
class Context:
    """The bill while payers draw on it; registers by part, by payer."""

    document: PolicyDocument
    b: Builder = field(default_factory=Builder)
    total: int = 0
    whole: dict[str, int] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    drawn: dict[str, dict[str, int]] = field(default_factory=dict)
    paid: dict[str, int] = field(default_factory=dict)
    deductible_taken: dict[str, int] = field(default_factory=dict)
    given: frozenset[str] = frozenset()
    pending: list[tuple[Accumulator, int]] = field(default_factory=list)

    def accumulator(
        self, payer: Payer, name: str, period: str, each: str | None = None, scope: Scope | None = None
    ) -> Accumulator:
        """The accumulator of a name, with the year rule of its payer."""
        year, own = self.document.year, payer.year
        begins = (own.begins if own else None) or year.begins or "01-01"
        as_of = (own.as_of if own else None) or year.as_of or "discharged"
        household = period == "household_year" or scope == "household"
        period = "year" if period == "household_year" else period
        return Accumulator(name, "household" if household else "person", period, begins, as_of, each)

    def parts(self, covers: Sequence[str] | None) -> tuple[str, ...]:
        """The parts named by `covers`, in order; `total` is all four."""
        names: list[str] = []
        for name in covers or ["in_scope"]:
            names += [part for part in (PARTS if name == "total" else (name,)) if part not in names]
        return tuple(names)

    def sum_of(self, parts: tuple[str, ...], amounts: dict[str, int]) -> int:
        """Σ of the registers of some parts."""
        return self.b.total(*(amounts[part] for part in parts))

    def later(self, accumulator: Accumulator, amount: int) -> None:
        """Remember a movement that counts if the benefit being written is the chosen one."""
        self.pending.append((accumulator, amount))

    def move_pending(self, pending: list[tuple[Accumulator, int]], chosen: int | None = None) -> None:
        """Make the remembered movements, where `chosen` holds (None: they are 0 wherever they do not count)."""
        for accumulator, amount in pending:
            moved = amount if chosen is None else self.b.op("where", chosen, amount, self.b.constant(0))
            self.b.move(accumulator, moved)
