"""The fallback: random pairs of bills, close to the edges of the law. What it does not find is only tested.

Amounts are drawn where something can happen: at the numbers of the law – edges of bands, deductibles, caps – and a
fen to either side, and at anything between. A seed makes every run the same.
"""

from __future__ import annotations

from random import Random

from doudi.engine.compile import Compiled
from doudi.engine.program import Fact
from doudi.policy.conditions import PARTS
from doudi.policy.document import PolicyDocument
from doudi.proof.harm.attributes import Values, axes_of, days_of
from doudi.proof.harm.classes import Witness
from doudi.proof.harm.replay import Numbers
from doudi.proof.harm.verdict import Harm, Kind
from doudi.proof.harm.witness import Confirmer

KINDS: tuple[Kind, ...] = ("patient_gains", "payers_fall")
_SIZES = (0, 1, 99, 5_000, 80_000, 600_001, 3_000_050, 12_345_678, 60_000_000)


class Sampler:
    """Random pairs of bills of one policy."""

    def __init__(
        self, document: PolicyDocument, compiled: Compiled, confirmer: Confirmer, seed: int = 0
    ) -> None:
        self.document, self.confirmer = document, confirmer
        self.random = Random(seed)  # noqa: S311 - samples, not secrets
        program = compiled.program
        self.facts = [fact for _, fact in program.facts]
        self.values = Values(document, tuple(self.facts))
        numbers = {
            version.value for _, cell in program.cells if cell.unit == "fen" for version in cell.versions
        }
        self.edges = sorted(number for number in numbers if number > 0) or [100_000]
        self.held = [accumulator.name for _, accumulator, _ in program.accumulators]
        self.days = days_of(document)

    def harm(self, pairs: int, witness: Witness | None = None) -> Harm | None:
        """The first harm among some pairs; `witness` fixes the attributes."""
        for _ in range(pairs):
            here = witness or self.attributes()
            first, second, part = self.pair(here)
            for kind in KINDS:
                found = self.confirmer.cost(kind, here, part, first, second, around=False)
                if found is not None:
                    return found
        return None

    def attributes(self) -> Witness:
        """Any attributes that the policy asks for."""
        r = self.random
        day = r.choice(self.days)
        axes = dict.fromkeys(axis for fact in self._attributes() for axis in axes_of(fact))
        chosen = tuple((axis, r.choice(self.values.of(axis))) for axis in axes)
        return Witness(day, r.choice(self.values.choices(day)), chosen)

    def _attributes(self) -> list[Fact]:
        return [fact for fact in self.facts if fact.kind not in ("part", "portion", "given")]

    def amount(self) -> int:
        """An amount: at a number of the law and a fen to either side, of some size, or anything."""
        r = self.random
        edge = r.choice(self.edges)
        return max(0, r.choice((0, edge, edge - 1, edge + 1, r.choice(_SIZES), r.randint(0, 2 * edge))))

    def pair(self, witness: Witness) -> tuple[Numbers, Numbers, str]:
        """A bill, the same with more cost in a part, and the part."""
        r = self.random
        first: dict[tuple[str, str], int] = {("part", part): self.amount() for part in PARTS}
        first["part", "in_scope"] += 1
        first |= {("held", name): self.amount() if r.randint(1, 5) <= 3 else 0 for name in self.held}
        total = sum(first["part", part] for part in PARTS)
        for fact in self.facts:
            if fact.kind == "portion":
                first["portion", fact.argument] = r.randint(0, total)
        part, step = r.choice(PARTS), r.choice((1, 1, 100, self.amount() + 1))
        second = dict(first)
        second["part", part] += step
        for key in first:
            if key[0] == "portion":
                second[key] += r.choice((0, step))
        left = first["part", "in_scope"]
        for name, given in dict(witness.values).items():
            if name.startswith("given ") and given:
                recorded = r.randint(0, left)
                left -= recorded
                first["any", name.removeprefix("given ")] = recorded
                grown = r.choice((0, step)) if part == "in_scope" and left else 0
                second["any", name.removeprefix("given ")] = recorded + grown
        return first, second, part
