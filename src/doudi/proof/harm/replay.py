"""From numbers to bills: the settle file of a class with amounts, and what the engine answers to two of them.

Nothing is reported that has not been settled here, to the fen, by the same engine that pays people.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from doudi.engine.decision import Decision
from doudi.engine.periods import period_key
from doudi.engine.read import read_facts
from doudi.engine.refusals import Refused
from doudi.engine.settle import Settler
from doudi.money import MoneyOverflow, format_yuan
from doudi.policy.conditions import PARTS
from doudi.proof.harm.attributes import settle_file
from doudi.proof.harm.classes import Witness
from doudi.proof.harm.verdict import Amounts, SettleFile

Numbers = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Pair:
    """Two files and what was decided on each."""

    files: tuple[SettleFile, SettleFile]
    decisions: tuple[Decision, Decision]

    @property
    def amounts(self) -> Amounts:
        """What the two bills cost and who paid."""
        first, second = self.decisions
        each = tuple((name, first.shares.get(name, 0), second.shares.get(name, 0))
                     for name in dict.fromkeys([*first.shares, *second.shares]))  # fmt: skip
        return Amounts(
            (first.bill.total, second.bill.total),
            (first.patient, second.patient),
            (sum(first.shares.values()), sum(second.shares.values())),
            each,
        )


class Replayer:
    """Writes files of one policy and settles them."""

    def __init__(self, settler: Settler) -> None:
        self.settler = settler
        self.document = settler.document
        self.accumulators = [a for _, a, _ in settler.machine()[0].program.accumulators]

    def file(self, witness: Witness, numbers: Numbers) -> SettleFile:
        """The settle file of a class with these amounts."""
        file = settle_file(self.document, witness.day, witness.choice, dict(witness.values))
        bill = file["bills"][0]
        parts = {part: numbers.get(("part", part), 0) for part in PARTS}
        bill.pop("in_scope")
        bill |= {"total": format_yuan(sum(parts.values()))}
        bill |= {part: format_yuan(amount) for part, amount in parts.items() if amount}
        marked = {name: format_yuan(amount) for (kind, name), amount in numbers.items() if kind == "portion"}
        if marked:
            bill["portions"] = marked
        for payer in bill.get("recorded", {}):
            bill["recorded"][payer] = format_yuan(numbers.get(("any", payer), 0))
        for payer in bill.get("decided", {}):
            bill["decided"][payer]["amount"] = format_yuan(numbers.get(("any", payer), 0))
        opening = self._opening(file, numbers)
        return file | {"opening": {"accumulators": opening}} if opening else file

    def _opening(self, file: SettleFile, numbers: Numbers) -> dict[str, Any]:
        bill = read_facts(file).bills[0]
        opening: dict[str, Any] = {}
        for accumulator in self.accumulators:
            held = numbers.get(("held", accumulator.name), 0)
            if held:
                keys = {period_key(accumulator, bill): format_yuan(held)}
                opening.setdefault(accumulator.scope, {})[accumulator.name] = keys
        return opening

    def settle(self, file: SettleFile) -> Decision | None:
        """The decision on a file's only bill; None where it is refused or leaves the bounds."""
        try:
            facts = read_facts(copy.deepcopy(file))
            return self.settler.settle(facts.person, facts.bills, facts.opening).decisions[0]
        except (Refused, MoneyOverflow):
            return None

    def pair(self, first: SettleFile, second: SettleFile) -> Pair | None:
        """Two files settled; None where one is refused."""
        decisions = self.settle(first), self.settle(second)
        if decisions[0] is None or decisions[1] is None:
            return None
        return Pair((first, second), (decisions[0], decisions[1]))

    def rounding(self, pair: Pair) -> int:
        """What rounding alone may add between two bills: one unit a payer, and one a bill rule."""
        compiled = pair.decisions[0].compiled
        return (len(compiled.plan.payers) + len(compiled.plan.rules)) * int(self.settler.rounding.unit)


def more_cost(first: Numbers, second: Numbers, part: str, step: int) -> Numbers:
    """The second bill with only `step` fen more than the first; what grows with it grows in proportion."""
    whole = second["part", part] - first["part", part]
    after = {
        key: amount + (second.get(key, amount) - amount) * step // whole for key, amount in first.items()
    }
    after["part", part] = first["part", part] + step
    return after
