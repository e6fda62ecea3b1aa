"""Tells a decision: a list of steps that anyone can re-add, with the source of each number.

The explanation is data (JSON), made from the plan and the registers after the run; it computes no money of its own.
Amounts are yuan as text with two decimals, rates percent as text, words in Chinese and English. The shape is
documented in docs/settle-file.md; `scripts/readd.py` re-adds it without the engine.
"""

from __future__ import annotations

from typing import Any

from doudi.engine.decision import Decision
from doudi.engine.plan import BenefitPlan, PayerPlan, RulePlan
from doudi.engine.tell import Teller
from doudi.engine.tell_benefit import tell_benefit
from doudi.money import format_yuan as yuan
from doudi.policy.library import Policy
from doudi.words import Words


def explain(decision: Decision, policy: Policy) -> list[dict[str, Any]]:
    """The steps of a bill: `bill`, `rule` …, `payer` …, `patient`."""
    teller = Teller(decision, policy)
    steps = [_bill(decision)]
    steps += [_rule(teller, rule) for rule in decision.plan.rules]
    steps += [_payer(teller, payer) for payer in decision.plan.payers]
    steps.append(_patient(teller))
    return steps


def _bill(decision: Decision) -> dict[str, Any]:
    bill, situation = decision.bill, decision.situation
    told: dict[str, Any] = {
        "step": "bill",
        "bill": bill.id,
        "law_date": situation.law_day.isoformat(),
        "identity_date": situation.identity_day.isoformat(),
        "admission": situation.admission,
        "total": yuan(bill.total),
        "parts": {part: yuan(amount) for part, amount in bill.parts.items()},
    }
    if decision.as_category is not None:
        told["as_category"] = decision.as_category
    return told


def _rule(t: Teller, rule: RulePlan) -> dict[str, Any]:
    form = t.document.bill[rule.index]
    applied = bool(t.r[rule.applies])
    told: dict[str, Any] = {
        "step": "rule",
        "rule": rule.name,
        "name": t.words(form.name, rule.name),
        "applied": applied,
        "test": t.test(rule.test),
        "kind": rule.kind,
    }
    if not applied:
        return {**told, "why_not": t.why_not(None, rule.test)}
    told["number"] = t.number(rule.number)
    told |= {"of": rule.of, "to": rule.to}
    if rule.moved is not None:
        told["moved" if rule.kind == "move" else "price"] = yuan(t.r[rule.moved])
    told["before"] = {part: yuan(t.r[register]) for part, register in rule.before}
    told["after"] = {part: yuan(t.r[register]) for part, register in rule.after}
    return told


def _payer(t: Teller, payer: PayerPlan) -> dict[str, Any]:
    form = t.document.payers[payer.index]
    applied = bool(t.r[payer.applies])
    told: dict[str, Any] = {
        "step": "payer",
        "payer": payer.name,
        "name": t.title(form.name, payer.name),
        "fund": form.fund,
        "decided": payer.decided,
        "choose": form.choose,
        "applied": applied,
        "test": t.test(payer.test),
        "amount": yuan(t.r[payer.amount]),
        "drawn": {part: yuan(t.r[register]) for part, register in payer.drawn},
        "positions": [
            {"accumulator": name, "before": yuan(t.r[before]), "after": yuan(t.r[after])}
            for name, before, after in payer.positions
        ],
    }
    if not applied:
        told["why_not"] = t.why_not(payer.in_force, payer.test)
    told["benefits"] = [_one_benefit(t, payer, plan, applied) for plan in payer.benefits]
    if payer.given_known is not None and payer.given is not None and t.r[payer.given_known]:
        told["recorded"] = yuan(t.r[payer.given])
        told["rule_amount"] = yuan(t.r[payer.rule_amount])
        told["recorded_differs"] = bool(payer.benefits) and t.r[payer.given] != t.r[payer.rule_amount]
    elif payer.decided == "case_by_case":
        told["awaits_decision"] = {"approver": form.approver, "at_most": yuan(t.r[payer.rule_amount])}
    return told


def _one_benefit(t: Teller, payer: PayerPlan, plan: BenefitPlan, payer_applied: bool) -> dict[str, Any]:
    form = t.document.payers[payer.index].benefits[plan.index]
    chosen = bool(t.r[plan.chosen]) and payer_applied
    told: dict[str, Any] = {
        "benefit": plan.name,
        "name": t.title(form.name, plan.name),
        "fund": form.fund,
        "applied": bool(t.r[plan.applies]) and payer_applied,
        "chosen": chosen,
        "test": t.test(plan.test),
    }
    if not told["applied"]:
        told["why_not"] = t.why_not(plan.in_force, plan.test) if payer_applied else []
        return told
    if not chosen:
        if t.document.payers[payer.index].choose == "best":
            told["would_pay"] = yuan(t.r[plan.amount])
            told["why_not"] = [
                t.both(Words("另一项待遇支付更多或排在前面", "another benefit pays more, or stands first"))
            ]
        else:
            told["why_not"] = [t.both(Words("前面的待遇已经适用", "a benefit written before it applies"))]
        return told
    return told | tell_benefit(t, plan)


def _patient(t: Teller) -> dict[str, Any]:
    decision = t.decision
    return {
        "step": "patient",
        "hospital": yuan(decision.hospital),
        "patient": yuan(decision.patient),
        "parts": {part: yuan(t.r[register]) for part, register in decision.plan.left},
    }
