"""The base of a benefit (meaning, step 3) and its deductible (step 5)."""

from __future__ import annotations

from dataclasses import replace

from doudi.engine.compile.adjust import compile_adjusted
from doudi.engine.compile.context import Context, TreePath
from doudi.engine.compile.numbers import compile_number
from doudi.engine.plan import BaseMode, BasePlan, DeductiblePlan
from doudi.policy.benefits import Benefit
from doudi.policy.payers import Payer
from doudi.policy.scalars import ShareOf
from doudi.policy.values import AmountValue, RateValue


def covered(c: Context, payer: Payer, benefit: Benefit) -> tuple[str, ...]:
    """The parts a benefit covers."""
    return c.parts(benefit.covers or payer.covers)


def compile_base(c: Context, payer: Payer, benefit: Benefit, path: TreePath, label: str) -> BasePlan:
    """What the benefit counts on this bill."""
    b = c.b
    parts = covered(c, payer, benefit)
    mode: BaseMode = "left"
    names: tuple[str, ...] = ()
    amounts = c.left
    if benefit.portion is not None:
        return _cut(c, benefit, _portion(c, benefit, parts), path, label)
    if benefit.whole:
        mode, amounts = "whole", c.whole
    elif benefit.less:
        mode, names = "less", tuple(benefit.less)
        amounts = {
            part: b.op("sub", c.whole[part], b.total(*(c.drawn[name][part] for name in names)))
            for part in parts
        }
    told = tuple((part, amounts[part]) for part in parts)
    plan = BasePlan(mode, told, c.sum_of(parts, amounts), names)
    return _cut(c, benefit, _without(c, benefit, plan), path, label)


def _portion(c: Context, benefit: Benefit, parts: tuple[str, ...]) -> BasePlan:
    """A marked sum, no more than what is left of the parts it lies in."""
    b = c.b
    name = str(benefit.portion)
    left = c.sum_of(parts, c.left)
    if name.startswith("deductible_of "):
        payer = name.removeprefix("deductible_of ").strip()
        marked = c.deductible_taken[payer]
        return BasePlan("deductible_of", ((payer, marked),), b.op("min", marked, left), (payer,))
    marked = b.fact("portion", name)
    return BasePlan("portion", ((name, marked),), b.op("min", marked, left), (name,))


def _without(c: Context, benefit: Benefit, plan: BasePlan) -> BasePlan:
    if benefit.without is None:
        return plan
    payer = benefit.without.removeprefix("deductible_of ").strip()
    taken = c.deductible_taken[payer]
    amount = c.b.not_below_zero(c.b.op("sub", plan.amount, taken))
    return BasePlan(plan.mode, plan.parts, amount, plan.names, taken, benefit.without)


def _cut(c: Context, benefit: Benefit, plan: BasePlan, path: TreePath, label: str) -> BasePlan:
    """`counts_at_most`: the least of the base and an amount or a share of the bill."""
    form = benefit.counts_at_most
    if form is None:
        return plan
    b = c.b
    path, label = (*path, "counts_at_most"), f"{label}.counts_at_most"
    if isinstance(form, ShareOf) and form.of not in c.document.figures:
        rate = RateValue.model_construct(value=form.rate_bp)
        number = compile_number(c, rate, "bp", path, label)
        whole = c.total if form.of == "total" else c.whole[form.of]
        limit = b.op("share_down", whole, number.register)
    else:
        number = compile_number(c, AmountValue.model_construct(value=form), "fen", path, label)
        limit = number.register
    amount = b.op("min", plan.amount, limit)
    return replace(plan, amount=amount, limit=limit, limit_number=number, uncut=plan.amount)


def deductible_in_schedule(benefit: Benefit) -> bool:
    """Whether the deductible is a zero-rate stretch of a cumulative schedule."""
    if benefit.deductible is None or benefit.cumulative is None:
        return False
    return benefit.deductible.per in (None, benefit.cumulative.per)


def compile_deductible(
    c: Context, payer: Payer, benefit: Benefit, base: int, path: TreePath, label: str
) -> DeductiblePlan | None:
    """The deductible: in the schedule, or taken off the base before the position."""
    form = benefit.deductible
    if form is None:
        return None
    b = c.b
    label = f"{label}.deductible"
    number = compile_number(c, form, "fen", (*path, "deductible"), label, "min")
    adjusted = compile_adjusted(c, benefit, "deductible", number, path, label)
    amount = adjusted.register
    if deductible_in_schedule(benefit):
        period = benefit.cumulative.per if benefit.cumulative else "year"
        return DeductiblePlan(adjusted, period, True, b.constant(0))
    period = form.per or "stay"
    name = form.as_ or f"{payer.payer}_deductible"
    due, used, accumulator = amount, None, None
    if period != "bill":
        key = "stay_year" if period == "stay" and form.across_year == "new" else period
        accumulator = c.accumulator(payer, name, key)
        used = b.accumulator(accumulator)
        if period == "stay" and form.across_year == "old":
            amount = _first_of_stay(c, payer, name, amount)
            adjusted = replace(adjusted, register=amount)
        due = b.not_below_zero(b.op("sub", amount, used))
    limit, limit_used, yearly = None, None, None
    if form.at_most is not None:
        limit = compile_number(c, form.at_most, "fen", (*path, "deductible", "at_most"), f"{label}.at_most")
        yearly = c.accumulator(payer, form.at_most.as_ or f"{name}_{form.at_most.per}", form.at_most.per)
        limit_used = b.accumulator(yearly)
        due = b.op("min", due, b.not_below_zero(b.op("sub", limit.register, limit_used)))
    taken = b.op("min", base, due)
    for moved in (accumulator, yearly):
        if moved is not None:
            c.later(moved, taken)
    kept = name if accumulator is not None else None
    return DeductiblePlan(adjusted, period, False, taken, used, kept, limit, limit_used)


def _first_of_stay(c: Context, payer: Payer, name: str, amount: int) -> int:
    """`across_year: old`: the deductible that stood when the stay's first bill was settled."""
    b = c.b
    first = c.accumulator(payer, f"{name}_first", "stay")
    stored = b.accumulator(first)
    empty = b.op("equal", stored, b.constant(0))
    kept = b.op("where", empty, amount, stored)
    c.later(first, b.op("where", empty, amount, b.constant(0)))
    return kept
