"""Adjustments of a number: set, then the best bonus, then those that stack, then every penalty, then the clamp."""

from __future__ import annotations

from doudi.engine.compile.conditions import compile_test
from doudi.engine.compile.context import Context, TreePath
from doudi.engine.compile.numbers import compile_number
from doudi.engine.plan import AdjustedPlan, AdjustGroup, AdjustPlan, NumberPlan
from doudi.engine.program import Unit
from doudi.money import BP_ONE
from doudi.policy.benefits import AmountAdjust, Benefit, RateAdjust

_GROUPS: tuple[AdjustGroup, ...] = ("set", "bonus", "stack", "penalty")


def compile_adjusted(
    c: Context,
    benefit: Benefit,
    number: str,
    plan: NumberPlan,
    path: TreePath,
    label: str,
    stretch: tuple[int, int | None] | None = None,
) -> AdjustedPlan:
    """`plan` after the benefit's adjustments of `number` (those that hold on the whole `stretch` of the schedule)."""
    better = "min" if number == "deductible" else "max"
    chosen = [
        (index, adjust)
        for index, adjust in enumerate(benefit.adjust)
        if adjust.number == number and _covers(adjust, stretch)
    ]
    value = plan.register
    told: list[AdjustPlan] = []
    for group in _GROUPS:
        base = value
        for index, adjust in chosen:
            if _group(adjust) != group:
                continue
            here = _Adjusting(c, (*path, "adjust", index), f"{label}.adjust.{index + 1}", group)
            before = base if group == "bonus" else value
            made = here.apply(adjust, plan.unit, before, value, better)
            told.append(made)
            value = made.after
    if told and plan.unit == "bp":
        value = c.b.op("max", c.b.op("min", value, c.b.constant(BP_ONE)), c.b.constant(0))
    elif told:
        value = c.b.not_below_zero(value)
    return AdjustedPlan(plan, tuple(told), value)


def _covers(adjust: RateAdjust | AmountAdjust, stretch: tuple[int, int | None] | None) -> bool:
    within = adjust.within if isinstance(adjust, RateAdjust) else None
    if within is None or stretch is None:
        return True
    low, high = stretch
    return within.above <= low and (within.up_to is None or (high is not None and high <= within.up_to))


def _group(adjust: RateAdjust | AmountAdjust) -> AdjustGroup:
    if adjust.penalty:
        return "penalty"
    if adjust.stack:
        return "stack"
    return "set" if adjust.set is not None else "bonus"


class _Adjusting:
    """Writes one adjustment."""

    def __init__(self, c: Context, path: TreePath, label: str, group: AdjustGroup) -> None:
        self.c, self.path, self.label, self.group = c, path, label, group

    def apply(
        self, adjust: RateAdjust | AmountAdjust, unit: Unit, before: int, value: int, better: str
    ) -> AdjustPlan:
        """The value after this adjustment: of the best so far for a bonus, of the value before it otherwise."""
        b = self.c.b
        change = adjust.change()
        test = compile_test(self.c, adjust.when) if adjust.when is not None else None
        holds = test.register if test is not None else b.constant(1)
        with b.guarded(holds):
            number = self._number(adjust, change, unit)
            changed = self._changed(change, before, number.register, adjust.penalty)
        best = b.op(better, value, changed) if self.group == "bonus" else changed
        after = b.op("where", holds, best, value)
        return AdjustPlan(change, test, holds, number, value, after, self.group, self.label)

    def _number(self, adjust: RateAdjust | AmountAdjust, change: str, unit: Unit) -> NumberPlan:
        own_unit: Unit = "bp" if change in ("times", "points") else unit
        return compile_number(
            self.c, getattr(adjust, change), own_unit, (*self.path, change), f"{self.label}.{change}"
        )

    def _changed(self, change: str, before: int, number: int, penalty: bool) -> int:
        b = self.c.b
        if change == "set":
            return number
        if change in ("points", "plus"):
            return b.op("sub" if penalty and change == "points" else "add", before, number)
        if change == "times":
            return b.op("scale", before, number)
        return b.op("max" if change == "at_least" else "min", before, number)
