"""`formula:` as instructions."""

from __future__ import annotations

from doudi.engine.compile.context import Context
from doudi.engine.plan import FormulaPlan
from doudi.policy.benefits import Benefit
from doudi.policy.formula import Term, parse_formula


def compile_formula(c: Context, benefit: Benefit, base: int) -> FormulaPlan:
    """The formula as instructions; its result is not below 0."""
    quantities = {"base": base, "total": c.total, **c.left}
    quantities |= {f"whole_{part}": register for part, register in c.whole.items()}
    quantities |= {f"paid_{payer}": register for payer, register in c.paid.items()}
    tree = parse_formula(str(benefit.formula), quantities.__contains__)
    used: dict[str, int] = {}

    def write(term: Term) -> int:
        if term.kind in ("number", "percent"):
            return c.b.constant(int(term.value))
        if term.kind == "name":
            used[str(term.value)] = quantities[str(term.value)]
            return quantities[str(term.value)]
        return c.b.op(term.kind, *(write(part) for part in term.parts))

    amount = c.b.not_below_zero(write(tree))
    return FormulaPlan(str(benefit.formula), tuple(used.items()), amount)
