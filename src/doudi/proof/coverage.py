"""What the worked cases of a policy read and take: every value of the law, every branch of a benefit.

A package is only as trustworthy as its cases. The universe is the plan of the compiled policy: each version of each
number, each benefit applied and passed over, each band reached, each cap binding and not, each guarantee raised and
not, each adjustment and bill rule holding and not. What no case covers must have a written reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from doudi.engine.compile import Compiled
from doudi.engine.compile.bill import compile_policy, compile_year_end
from doudi.engine.plan import (
    AdjustedPlan,
    BenefitPlan,
    LimitPlan,
    NumberPlan,
    PayerPlan,
    RulePlan,
    SchedulePlan,
)
from doudi.engine.primitives import band_of
from doudi.engine.program import Cell
from doudi.engine.settle import Decision
from doudi.policy.document import PolicyDocument
from doudi.policy.library import Policy
from doudi.policy.problems import Problem, problem
from doudi.policy.source import Node
from doudi.words import Words

Registers = list[int]
Probe = Callable[[Registers, date], bool]

APPLIED = Words("适用", "applied")
NOT_APPLIED = Words("不适用", "not applied")
READ = Words("取值", "value read")
REACHED = Words("达到此段", "band reached")
BINDING = Words("封顶起作用", "cap binding")
NOT_BINDING = Words("封顶不起作用", "cap not binding")
RAISED = Words("保底起作用", "guarantee raised")
NOT_RAISED = Words("保底不起作用", "guarantee not raised")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a case can cover."""

    path: str
    what: Words
    value: bool
    probe: Probe


@dataclass(frozen=True)
class Coverage:
    """Covered and missing items of a policy."""

    covered: frozenset[tuple[str, str]]
    items: tuple[Item, ...]
    excused: frozenset[str]

    def missing(self) -> list[Item]:
        """What no case covers and no reason excuses."""
        return [i for i in self.items if (i.path, i.what.en) not in self.covered and i.path not in self.excused]

    def counts(self, value: bool) -> tuple[int, int, int]:
        """(covered, all, excused) of values or of branches."""
        mine = [item for item in self.items if item.value == value]
        covered = [item for item in mine if (item.path, item.what.en) in self.covered]
        excused = [item for item in mine if item not in covered and item.path in self.excused]
        return len(covered), len(mine), len(excused)


def coverage(policy: Policy, decisions: Iterable[Decision], cases: Node | None) -> Coverage:
    """What the decisions of the worked cases cover of a policy."""
    universe: dict[tuple[str, str], Item] = {}
    for compiled in (compile_policy(policy.document), compile_year_end(policy.document)):
        for item in items_of(compiled, policy.document):
            universe.setdefault((item.path, item.what.en), item)
    covered: set[tuple[str, str]] = set()
    known: dict[int, list[Item]] = {}
    for decision in decisions:
        compiled = decision.compiled
        if id(compiled) not in known:
            known[id(compiled)] = list(items_of(compiled, policy.document))
        for item in known[id(compiled)]:
            if item.probe(decision.registers, decision.situation.law_day):
                covered.add((item.path, item.what.en))
    return Coverage(frozenset(covered & universe.keys()), tuple(universe.values()), frozenset(_excused(cases)))


def _excused(cases: Node | None) -> Iterator[str]:
    section = cases.at("uncovered") if cases is not None else None
    for entry in section.items() if section else []:
        path, reason = entry.at("path"), entry.at("reason")
        if path is not None and reason is not None and reason.text():
            yield str(path.text())


def coverage_problems(found: Coverage, cases: Node) -> list[Problem]:
    """A finding for everything missing, and for every excuse that is not needed."""
    problems = []
    for item in found.missing():
        problems.append(problem("case_uncovered", cases.where, item.path, what=item.what))
    needless = found.excused - {i.path for i in found.items if (i.path, i.what.en) not in found.covered}
    section = cases.at("uncovered")
    for entry in section.items() if section else []:
        path = entry.at("path")
        if path is not None and path.text() in needless:
            problems.append(problem("case_covered_after_all", entry.where, str(path.text())))
    return problems


def items_of(compiled: Compiled, document: PolicyDocument) -> Iterator[Item]:
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
            cell = self.cells[leaf.cell]
            for version in cell.versions:
                shown = leaf.label if len(cell.versions) == 1 else f"{leaf.label}@{version.begins}"

                def probe(r: Registers, day: date, leaf=leaf, cell=cell, version=version) -> bool:  # type: ignore[no-untyped-def]  # bound early
                    if not r[guard] or any(r[register] != code for register, code in leaf.conditions):
                        return False
                    return cell.on(day) is version and (not leaf.fallback or self._falls_back(plan, r))

                yield Item(shown, READ, True, probe)

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
        if plan.deductible is not None:
            yield from self.adjusted(plan.deductible.amount, chosen)
            if plan.deductible.limit is not None:
                yield from self.number(plan.deductible.limit, chosen)
        if plan.schedule is not None:
            yield from self.schedule(plan.schedule, label, chosen)
        for guarantee in plan.guarantees:
            path = f"{label}.{guarantee.kind}"
            yield from self.number(guarantee.share, chosen)
            yield Item(path, RAISED, False, lambda r, _, g=guarantee: bool(r[chosen]) and r[g.after] > r[g.before])  # type: ignore[misc]
            yield Item(path, NOT_RAISED, False, lambda r, _, g=guarantee: bool(r[chosen]) and r[g.after] == r[g.before])  # type: ignore[misc]
        for limit in plan.limits:
            if limit.amount is not None:
                yield from self.cap(limit, label, chosen)

    def cap(self, plan: LimitPlan, label: str, chosen: int) -> Iterator[Item]:
        assert plan.amount is not None
        yield from self.adjusted(plan.amount, chosen)
        path = f"{label}.cap.{plan.name}"
        yield Item(path, BINDING, False, lambda r, _: bool(r[chosen]) and r[plan.after] < r[plan.before])
        yield Item(path, NOT_BINDING, False, lambda r, _: bool(r[chosen]) and r[plan.after] == r[plan.before])

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
