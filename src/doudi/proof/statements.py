"""What a worked case may state beside the amounts of its payers: which funds pay in the end, what a bill entitles to.

`expect: {funds: {nrcms: 17990.00}}` counts every payer, grant and subsidy of the case to the fund that bears it;
`expect: {b1: {entitlements: treat_first}}` names the rights that go with a bill (`none` where there are none).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from doudi.engine.compile.conditions import compile_test
from doudi.engine.compile.context import Context
from doudi.engine.decision import Decision
from doudi.engine.run import Machine
from doudi.money import Rounding
from doudi.policy.conditions import PARTS
from doudi.policy.document import PolicyDocument

NO_FUND = "-"
NO_RIGHT = "none"


def funds_of(
    document: PolicyDocument, decisions: Iterable[Decision], grants: dict[str, int], subsidies: dict[str, int]
) -> Counter[str]:
    """Fund → what it bears of some decisions, grants and subsidies, in fen."""
    found: Counter[str] = Counter()
    for decision in decisions:
        for plan in decision.plan.payers:
            payer = document.payers[plan.index]
            rest = decision.shares[plan.name]
            for told in plan.benefits:
                fund, amount = payer.benefits[told.index].fund, decision.registers[told.amount]
                if fund is not None and decision.registers[told.chosen]:
                    found[fund] += min(amount, rest)
                    rest -= min(amount, rest)
            found[payer.fund or NO_FUND] += rest
    for grant in document.grants:
        found[grant.fund or NO_FUND] += grants.get(grant.grant, 0)
    for subsidy in document.enrolment.subsidies if document.enrolment else []:
        found[subsidy.fund or NO_FUND] += subsidies.get(subsidy.subsidy, 0)
    return +found


class Entitled:
    """The entitlements of a policy, compiled once."""

    def __init__(self, document: PolicyDocument) -> None:
        c = Context(document)
        c.whole = {part: c.b.fact("part", part) for part in PARTS}
        c.total = c.sum_of(PARTS, c.whole)
        self.tests = [
            (right.entitlement, compile_test(c, right.when).register if right.when else c.b.constant(1))
            for right in document.entitlements
        ]
        self.machine = Machine(c.b.program(), Rounding())

    def names(self, decision: Decision) -> str:
        """The rights that go with a bill, in the order of the policy; what the bill does not say gives none."""
        registers = self.machine.registers(decision.situation.law_day)
        for register, fact in self.machine.program.facts:
            registers[register] = decision.situation.answer(fact.kind, fact.argument)
        self.machine.run(registers)
        return " ".join(name for name, register in self.tests if registers[register]) or NO_RIGHT
