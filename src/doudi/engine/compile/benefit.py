"""One benefit, in the order of its meaning: base, deductible, schedule, offset, guarantee, caps, draw."""

from __future__ import annotations

from dataclasses import replace

from doudi.engine.compile.base import compile_base, compile_deductible, covered
from doudi.engine.compile.conditions import compile_test
from doudi.engine.compile.context import Context, TreePath
from doudi.engine.compile.formula import compile_formula
from doudi.engine.compile.limits import cap_name, compile_guarantees, compile_limits
from doudi.engine.compile.schedule import compile_schedule
from doudi.engine.plan import BasePlan, BenefitPlan, Leaf, NumberPlan, TestPlan
from doudi.engine.program import Cell, Version
from doudi.policy.benefits import Benefit, PayerCovers
from doudi.policy.payers import BillRule, Payer


def compile_in_force(
    c: Context, form: PayerCovers | BillRule, path: TreePath, label: str
) -> NumberPlan | None:
    """1 on law dates in [from, until), else 0; None where the form has no dates of its own."""
    if form.from_ is None and form.until is None:
        return None
    versions = (Version(None, None, 0, path), Version(form.from_, form.until, 1, path))
    cell = c.b.cell(Cell(f"{label}.in_force", "flag", versions))
    return NumberPlan(cell, "flag", (Leaf(cell, f"{label}.in_force"),))


def compile_applies(
    c: Context, form: PayerCovers | BillRule, path: TreePath, label: str
) -> tuple[NumberPlan | None, TestPlan | None, int]:
    """Whether a form is in force and its `when` holds."""
    in_force = compile_in_force(c, form, path, label)
    test = compile_test(c, form.when) if form.when is not None else None
    tests = [plan.register for plan in (in_force, test) if plan is not None]
    return in_force, test, c.b.both(*tests)


class Applying:
    """A benefit whose `when` is known and which now computes what it would pay."""

    def __init__(self, c: Context, payer: Payer, index: int, path: TreePath) -> None:
        self.c, self.payer, self.index = c, payer, index
        self.benefit: Benefit = payer.benefits[index]
        self.path: TreePath = (*path, "benefits", index)
        self.label = f"{payer.payer}.{self.benefit.benefit}"
        self.in_force, self.test, self.applies = compile_applies(c, self.benefit, self.path, self.label)

    def compile(self, chosen: int, shared_base: BasePlan | None) -> BenefitPlan:
        """The benefit's amount and draw under the current guard; its movements wait in `c.pending`."""
        c, benefit, b = self.c, self.benefit, self.c.b
        base = shared_base or compile_base(c, self.payer, benefit, self.path, self.label)
        deductible = compile_deductible(c, self.payer, benefit, base.amount, self.path, self.label)
        counted = base.amount
        if deductible is not None and not deductible.in_schedule:
            counted = b.op("sub", base.amount, deductible.taken)
        schedule = compile_schedule(c, self.payer, benefit, counted, deductible, self.path, self.label)
        if deductible is not None and deductible.in_schedule and schedule is not None:
            inside = [b.op("min", x, deductible.amount.register) for x in (schedule.end, schedule.start)]
            deductible = replace(deductible, taken=b.op("sub", *inside))
        formula = compile_formula(c, benefit, counted) if benefit.formula else None
        amount = schedule.amount if schedule else formula.amount if formula else b.constant(0)
        offset = tuple((name, c.paid[name]) for name in benefit.offset or [])
        after_offset = None
        if offset:
            amount = b.not_below_zero(b.op("sub", amount, b.total(*(paid for _, paid in offset))))
            after_offset = amount
        guarantees = compile_guarantees(c, self.payer, benefit, amount, self.path, self.label)
        if guarantees:
            amount = guarantees[-1].after
        promised = [part for guarantee in guarantees for part in guarantee.parts]
        drawable = tuple(dict.fromkeys((*covered(c, self.payer, benefit), *promised)))
        limits = compile_limits(c, self.payer, benefit, amount, drawable, self.path, self.label)
        amount = limits[-1].after
        drawn = draw(c, drawable, amount, benefit.draw == "pro_rata")
        return BenefitPlan(
            benefit.benefit,
            self.label,
            self.index,
            self.in_force,
            self.test,
            self.applies,
            chosen,
            base,
            deductible,
            schedule,
            formula,
            offset,
            after_offset,
            tuple(guarantees),
            tuple(limits),
            drawn,
            amount,
            benefit.draw or "in_order",
        )

    def caps(self) -> list[tuple[str, str, str | None]]:
        """(accumulator, period, each) of every cap that outlives the bill."""
        forms = [(cap, self.payer.caps[cap] if isinstance(cap, str) else cap)
                 for cap in (*self.benefit.cap, *self.payer.cap)]  # fmt: skip
        return list(
            dict.fromkeys(
                (cap_name(self.payer, cap), form.per, form.each) for cap, form in forms if form.per != "bill"
            )
        )


def draw(
    c: Context, parts: tuple[str, ...], amount: int, pro_rata: bool = False
) -> tuple[tuple[str, int], ...]:
    """Take an amount (≤ what is left) from parts: one after the other, or in proportion to what is left."""
    b = c.b
    left = [c.left[part] for part in parts]
    if pro_rata and len(parts) > 1:
        return tuple((part, b.op("portion_of", amount, b.constant(i), *left)) for i, part in enumerate(parts))
    drawn = []
    for part, rest in zip(parts, left, strict=True):
        taken = b.op("min", amount, rest)
        amount = b.op("sub", amount, taken)
        drawn.append((part, taken))
    return tuple(drawn)
