"""先诊疗后付费: which rights of the policy go with a settled bill, asked of the law by the facts that were frozen.

A right is an entitlement of the policy (docs/policy-language.md): `treat_first` is the right to be treated and pay later,
`instalments: true` the right to pay in parts as well. The same tests stand on the card before the bill.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from doudi.engine.decision import Decision
from doudi.engine.entitlement import law_of
from doudi.engine.read import read_facts
from doudi.engine.refusals import Refused as EngineRefused
from doudi.engine.run import Machine
from doudi.policy import Policy
from doudi.server.entitlement.api import law_at
from doudi.server.settlement.debts_data import Right
from doudi.server.settlement.models import Record, Settlement
from doudi.server.settlement.packing import unpack
from doudi.words import Words

TREAT_FIRST = "treat_first"


def record_of(version: Settlement) -> dict[str, Any]:
    """The frozen record of a version."""
    return unpack(Record.objects.only("packed").get(pk=version.pk).packed)


def policy_of(version: Settlement) -> Policy | None:
    """The policy of a version as it was; None where another one is installed now."""
    for day in dict.fromkeys((version.discharged_on, version.admitted_on, version.settled_on)):
        law = law_at(version.region, version.scheme, day)
        if law is not None and law.policy.hash == version.policy_hash:
            return law.policy
    return None


def rights_of(version: Settlement) -> tuple[Right, ...] | None:
    """The rights to pay later of a version's bill; None where the policy cannot be asked any more."""
    policy = policy_of(version)
    if policy is None:
        return None
    wanted = [
        one for one in policy.document.entitlements if one.entitlement == TREAT_FIRST or one.instalments
    ]
    if not wanted:
        return ()
    held = _held(policy, decide(policy, record_of(version)["facts"]))
    return tuple(
        Right(one.entitlement, Words(one.zh, one.en or one.entitlement.replace("_", " ")), one.instalments)
        for one in wanted
        if one.entitlement in held
    )


def decide(policy: Policy, facts: Mapping[str, Any]) -> Decision:
    """The decision of a file of one bill."""
    read = read_facts(dict(facts))
    return law_of(policy).settler.settle(read.person, read.bills, read.opening).decisions[-1]


def _held(policy: Policy, decision: Decision) -> set[str]:
    law = law_of(policy)
    context, rights = law.services
    machine = Machine(context.b.program(), law.settler.rounding)
    registers = machine.registers(decision.situation.law_day)
    for register, fact in machine.program.facts:
        registers[register] = decision.situation.answer(fact.kind, fact.argument)
    machine.run(registers)
    return {right.entitlement for right, test in rights if test is None or registers[test.register]}


__all__ = ["EngineRefused", "decide", "policy_of", "record_of", "rights_of"]
