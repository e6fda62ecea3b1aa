"""The public answer to a settle file (docs/settle-file.md): everything that was decided, as JSON-able data."""

from __future__ import annotations

from typing import Any

from doudi.engine.beyond import Measured, grants_of, measure, premium
from doudi.engine.data import Balances, Facts
from doudi.engine.decision import Decision
from doudi.engine.explain import explain
from doudi.engine.lines import draw_over_lines
from doudi.engine.settle import Settlement, Settler
from doudi.money import format_percent
from doudi.money import format_yuan as yuan
from doudi.policy.conditions import PARTS


def answer(settler: Settler, facts: Facts, with_explanation: bool = True) -> dict[str, Any]:
    """Settle the bills of a file and answer what its contract promises. Raises Refused."""
    return tell(settler, facts, settler.settle(facts.person, facts.bills, facts.opening), with_explanation)


def tell(
    settler: Settler, facts: Facts, settlement: Settlement, with_explanation: bool = True
) -> dict[str, Any]:
    """The answer to a settle file whose bills have been settled already."""
    policy = settler.policy
    told: dict[str, Any] = {
        "policy": {"id": policy.id, "hash": policy.hash},
        "bills": [tell_bill(settler, decision, with_explanation) for decision in settlement.decisions],
        "accumulators": _accumulators(settlement.balances),
    }
    if policy.document.targets and settlement.decisions:
        told["targets"] = [
            _target(measured) for measured in measure(policy.document, list(settlement.decisions))
        ]
    if facts.year_end:
        told["year_end"] = {
            str(year): _year_end(settler, facts, settlement.balances, year, with_explanation)
            for year in facts.year_end
        }
    if facts.events:
        told["grants"] = [
            {"event": event.kind, "date": event.day.isoformat(), "amounts": _yuan_of(given)}
            for event, given in zip(
                facts.events, grants_of(policy.document, facts.person, facts.events), strict=True
            )
        ]
    if facts.enrolment:
        told["enrolment"] = {str(year): _premium(settler, facts, year) for year in facts.enrolment}
    return told


def _yuan_of(amounts: dict[str, int]) -> dict[str, str]:
    return {name: yuan(amount) for name, amount in amounts.items()}


def tell_bill(settler: Settler, decision: Decision, with_explanation: bool = True) -> dict[str, Any]:
    """One decision as data."""
    told: dict[str, Any] = {
        "id": decision.bill.id,
        "total": yuan(decision.bill.total),
        "shares": _yuan_of(decision.shares),
        "hospital": yuan(decision.hospital),
        "patient": yuan(decision.patient),
        "patient_in_scope": yuan(decision.patient_in_scope),
    }
    if decision.bill.lines:
        told["lines"] = _lines(decision)
    if with_explanation:
        told["explanation"] = explain(decision, settler.policy)
    return told


def _lines(decision: Decision) -> list[dict[str, Any]]:
    """What each payer bears of each fee line; empty where a bill rule has changed the parts."""
    lines, registers = decision.bill.lines, decision.registers
    if any(registers[rule.applies] for rule in decision.plan.rules):
        return []
    left: dict[str, list[int]] = {part: [line.parts[part] for line in lines] for part in PARTS}
    by_payer = {
        payer.name: draw_over_lines(lines, {part: registers[r] for part, r in payer.drawn}, left)
        for payer in decision.plan.payers
    }
    return [
        {
            "line": line.id,
            "parts": _yuan_of(line.parts),
            "shares": {payer: yuan(amounts[index]) for payer, amounts in by_payer.items()},
            "patient": yuan(sum(left[part][index] for part in PARTS)),
        }
        for index, line in enumerate(lines)
    ]


def _accumulators(balances: Balances) -> dict[str, Any]:
    """In the shape of `opening`, so that the next file can begin where this one ended."""
    return {
        "person": {name: _yuan_of(keys) for name, keys in sorted(balances.person.items())},
        "household": {name: _yuan_of(keys) for name, keys in sorted(balances.household.items())},
        "admissions": dict(balances.admissions),
        "stays": dict(balances.stays),
    }


def _target(measured: Measured) -> dict[str, Any]:
    goal = measured.target.goal.model_dump(exclude_none=True)
    return {
        "target": measured.target.target,
        "name": measured.target.name.model_dump(),
        "numerator": yuan(measured.numerator),
        "denominator": yuan(measured.denominator),
        "rate": format_percent(measured.rate_bp) if measured.rate_bp is not None else None,
        "goal": {kind: format_percent(rate) for kind, rate in goal.items()},
        "met": measured.met,
    }


def _year_end(
    settler: Settler, facts: Facts, balances: Balances, year: int, with_explanation: bool
) -> list[dict[str, Any]]:
    """What each year-end payer would pay; a proposal."""
    told = []
    for decision in settler.year_end(facts.person, balances, year):
        payer = decision.bill.id.split("-", 1)[1]
        entry: dict[str, Any] = {
            "payer": payer,
            "owed": yuan(decision.bill.total),
            "amount": yuan(decision.shares[payer]),
        }
        if with_explanation:
            entry["explanation"] = explain(decision, settler.policy)
        told.append(entry)
    return told


def _premium(settler: Settler, facts: Facts, year: int) -> dict[str, Any]:
    bought = premium(settler.document, facts.person, year)
    return {
        "premium": yuan(bought.premium),
        "own": yuan(bought.own),
        "subsidies": _yuan_of(bought.subsidies),
        "refund_later": yuan(bought.refund_later),
        "pay_now": yuan(bought.own + bought.refund_later),
    }
