"""Small policies that do harm or not, residuals worked out in fractions, and pairs of bills."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from doudi.engine.read import read_facts
from doudi.engine.settle import Settler
from doudi.money import BP_ONE
from doudi.policy.library import Policy
from doudi.proof.harm.residual import Residual
from doudi.proof.harm.verdict import Harm
from support.policies import written

Inputs = Mapping[tuple[str, str], Fraction]

PEOPLE = """people:
  poor: {zh: 低保对象, any: [subsistence_allowance], assumed: 测试用}
  destitute: {zh: 特困人员, any: [destitute], assumed: 测试用}
"""


def payer(name: str, *benefits: str, more: str = "covers: in_scope") -> str:
    """One payer with benefits in flow style."""
    lines = "".join(f"      - {{benefit: b{i}, {benefit}}}\n" for i, benefit in enumerate(benefits, start=1))
    return f"  - payer: {name}\n    assumed: 测试用\n    {more}\n    benefits:\n{lines}"


def policy_of(folder: Path, *payers: str, head: str = PEOPLE, name: str = "trial") -> Policy:
    """A policy of some payers."""
    return written(folder, "payers:\n" + "".join(payers), name=name, head=head)


def replayed(policy: Policy, harm: Harm) -> tuple[tuple[int, int], tuple[int, int]]:
    """(patient, payers' sum) of both files of a harm, settled anew from what they hold."""
    found = []
    for file in (harm.before, harm.after):
        facts = read_facts(file)
        (decision,) = Settler(policy).settle(facts.person, facts.bills, facts.opening).decisions
        found.append((decision.patient, sum(decision.shares.values())))
    return found[0], found[1]


def worked_out(residual: Residual, inputs: Inputs) -> list[Fraction]:
    """Every node of a residual in exact fractions; a proportional draw is exact, too."""
    at: list[Fraction] = []
    for kind, *rest in residual.nodes:
        terms = [at[one] for one in rest] if kind in _TERMS else []
        if kind == "const":
            value = Fraction(rest[0])
        elif kind == "input":
            value = inputs[rest[0], rest[1]]
        elif kind == "any":
            value = min(inputs["any", rest[0]], at[rest[1]])
        elif kind == "pieces":
            x, edges, rates, plus = at[rest[0]], *rest[1:]
            band = sum(x > edge for edge in edges)
            value = (x * rates[band] + plus[band]) / BP_ONE
        elif kind == "pro_rata":
            whole = sum(at[one] for one in rest[2:])
            value = at[rest[0]] * at[rest[2 + rest[1]]] / whole if whole else Fraction(0)
        else:
            value = Fraction(_TERMS[kind](terms))
        at.append(value)
    return at


_TERMS = {
    "add": sum,
    "sub": lambda t: t[0] - t[1],
    "min": min,
    "max": max,
    "less": lambda t: int(t[0] < t[1]),
    "at_most": lambda t: int(t[0] <= t[1]),
    "equal": lambda t: int(t[0] == t[1]),
    "not": lambda t: 1 - t[0],
    "and": lambda t: int(all(t)),
    "or": lambda t: int(any(t)),
    "where": lambda t: t[1] if t[0] else t[2],
}
