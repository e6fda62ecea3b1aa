"""Everything the worked cases of a policy can cover, each with a probe that looks whether a decision did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from doudi.engine.compile import Compiled
from doudi.engine.plan import (
    AdjustedPlan,
    BenefitPlan,
    Leaf,
    NumberPlan,
    PayerPlan,
    RulePlan,
    SchedulePlan,
)
from doudi.engine.primitives import band_of
from doudi.engine.program import Cell, Version
from doudi.words import Words

Registers = list[int]
Probe = Callable[[Registers, date], bool]

APPLIED = Words("适用", "applied")
NOT_APPLIED = Words("不适用", "not applied")
READ = Words("取值", "value read")
REACHED = Words("达到此段", "band reached")
BINDING = Words("封顶起作用", "cap binding")
NOT_BINDING = Words("封顶不起作用", "cap not binding")
GIVEN = Words("支付", "given")
RAISED = Words("保底起作用", "guarantee raised")
NOT_RAISED = Words("保底不起作用", "guarantee not raised")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a case can cover."""

    path: str
    what: Words
    value: bool
    probe: Probe


def items_of(compiled: Compiled) -> Iterator[Item]:
    """Everything the cases of a compiled policy can cover."""
    walker = _Items(compiled.cells)
    for rule in compiled.plan.rules:
        yield from walker.rule(rule)
    for payer in compiled.plan.payers:
        yield from walker.payer(payer)


def _holds(register: int) -> Probe:
    return lambda r, _: bool(r[register])


def _fails(outer: int | None, register: int) -> Probe:
    return lambda r, _: (outer is None or bool(r[outer])) and not r[register]


class _Items:
    """Walks a plan."""

    def __init__(self, cells: dict[int, Cell]) -> None:
        self.cells = cells

    def both(self, label: str, outer: int | None, register: int) -> Iterator[Item]:
        yield Item(label, APPLIED, False, _holds(register))
        yield Item(label, NOT_APPLIED, False, _fails(outer, register))

    def number(self, plan: NumberPlan, guard: int) -> Iterator[Item]:
        """Every version of every cell the number may come from."""
        for leaf in plan.leaves:
            versions = self.cells[leaf.cell].versions
            for version in versions:
                shown = leaf.label if len(versions) == 1 else f"{leaf.label}@{version.begins}"
                yield Item(shown, READ, True, self._reads(plan, leaf, version, guard))

    def _reads(self, plan: NumberPlan, leaf: Leaf, version: Version, guard: int) -> Probe:
        cell = self.cells[leaf.cell]

        def probe(r: Registers, day: date) -> bool:
            if not r[guard] or any(r[register] != code for register, code in leaf.conditions):
                return False
            return cell.on(day) is version and (not leaf.fallback or self._falls_back(plan, r))

        return probe

    @staticmethod
    def _falls_back(plan: NumberPlan, r: Registers) -> bool:
        rows = [leaf for leaf in plan.leaves if not leaf.fallback]
        return not any(all(r[register] == code for register, code in leaf.conditions) for leaf in rows)

    def adjusted(self, plan: AdjustedPlan, guard: int) -> Iterator[Item]:
        yield from self.number(plan.number, guard)
        for adjust in plan.adjusts:
            if adjust.test is not None:
                yield from self.both(adjust.label, guard, adjust.holds)
            yield from self.number(adjust.by, adjust.holds)

    def rule(self, plan: RulePlan) -> Iterator[Item]:
        if plan.test is not None:
            yield from self.both(f"bill.{plan.name}", None, plan.applies)
        yield from self.number(plan.number, plan.applies)

    def payer(self, plan: PayerPlan) -> Iterator[Item]:
        if plan.test is not None:
            yield from self.both(plan.name, None, plan.applies)
        for benefit in plan.benefits:
            yield from self.benefit(benefit, plan.applies)

    def benefit(self, plan: BenefitPlan, payer: int) -> Iterator[Item]:
        label, chosen = plan.label, plan.chosen
        yield Item(label, APPLIED, False, _holds(chosen))
        if plan.test is not None:
            yield Item(label, NOT_APPLIED, False, _fails(payer, plan.applies))
        if plan.base.limit_number is not None:
            yield from self.number(plan.base.limit_number, chosen)
        if plan.deductible is not None:
            yield from self.adjusted(plan.deductible.amount, chosen)
            if plan.deductible.limit is not None:
                yield from self.number(plan.deductible.limit, chosen)
        if plan.schedule is not None:
            yield from self.schedule(plan.schedule, label, chosen)
        for guarantee in plan.guarantees:
            yield from self.number(guarantee.share, chosen)
            moved = (chosen, guarantee.before, guarantee.after)
            yield from self.changed(f"{label}.{guarantee.kind}", *moved, RAISED, NOT_RAISED)
        for limit in plan.limits:
            if limit.amount is not None:
                yield from self.adjusted(limit.amount, chosen)
                moved = (chosen, limit.before, limit.after)
                yield from self.changed(f"{label}.cap.{limit.name}", *moved, BINDING, NOT_BINDING)

    @staticmethod
    def changed(path: str, chosen: int, before: int, after: int, yes: Words, no: Words) -> Iterator[Item]:
        """Two branches: the amount was changed, or it passed unchanged."""
        yield Item(path, yes, False, lambda r, _: bool(r[chosen]) and r[after] != r[before])
        yield Item(path, no, False, lambda r, _: bool(r[chosen]) and r[after] == r[before])

    def schedule(self, plan: SchedulePlan, label: str, chosen: int) -> Iterator[Item]:
        uppers = [segment.upper for segment in plan.segments if segment.upper is not None]
        for index, segment in enumerate(plan.segments):

            def reached(r: Registers, _: date, index: int = index) -> bool:
                if not r[chosen]:
                    return False
                threshold = r[plan.deductible] if plan.deductible is not None else 0
                shift = threshold if plan.edges == "above_deductible" else 0
                edges = tuple(r[upper] for upper in uppers)
                if plan.kind != "marginal":
                    return band_of(r[plan.end] - shift, edges) == index
                low = max(edges[index - 1] if index else 0, r[plan.start] - shift, threshold - shift)
                high = min(r[plan.end] - shift, edges[index] if index < len(edges) else r[plan.end] - shift)
                return high > low

            if len(plan.segments) > 1:
                path = f"{label}.bands.{segment.band + 1}"
                yield Item(path if not self._cut(plan) else f"{path}.{index + 1}", REACHED, False, reached)
            yield from self.adjusted(segment.rate, chosen)

    @staticmethod
    def _cut(plan: SchedulePlan) -> bool:
        """Whether adjustments cut bands into further stretches."""
        return len({segment.band for segment in plan.segments}) < len(plan.segments)
