"""What the worked cases of a policy read and take: every value of the law, every branch of a benefit.

A package is only as trustworthy as its cases. The universe is the plan of the compiled policy: each version of each
number, each benefit applied and passed over, each band reached, each cap binding and not, each guarantee raised and
not, each adjustment and bill rule holding and not. What no case covers must have a written reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from doudi.engine.compile.bill import compile_policy, compile_year_end
from doudi.policy.document import PolicyDocument
from doudi.policy.library import Policy
from doudi.policy.problems import Problem, problem
from doudi.policy.source import Node
from doudi.proof.cases import CaseResult
from doudi.proof.coverage_items import GIVEN, Item, items_of


@dataclass(frozen=True)
class Coverage:
    """Covered and missing items of a policy."""

    covered: frozenset[tuple[str, str]]
    items: tuple[Item, ...]
    excused: frozenset[str]

    def missing(self) -> list[Item]:
        """What no case covers and no reason excuses."""
        return [
            i for i in self.items if (i.path, i.what.en) not in self.covered and i.path not in self.excused
        ]

    def counts(self, value: bool) -> tuple[int, int, int]:
        """(covered, all, excused) of values or of branches."""
        mine = [item for item in self.items if item.value == value]
        covered = [item for item in mine if (item.path, item.what.en) in self.covered]
        excused = [item for item in mine if item not in covered and item.path in self.excused]
        return len(covered), len(mine), len(excused)


def coverage(policy: Policy, results: Iterable[CaseResult], cases: Node | None) -> Coverage:
    """What the worked cases cover of a policy."""
    results = list(results)
    universe: dict[tuple[str, str], Item] = {}
    yearly = [
        compile_year_end(policy.document, index)
        for index, payer in enumerate(policy.document.payers)
        if payer.settled == "year_end"
    ]
    for compiled in (compile_policy(policy.document), *yearly):
        for item in items_of(compiled):
            universe.setdefault((item.path, item.what.en), item)
    covered: set[tuple[str, str]] = set()
    known: dict[int, list[Item]] = {}
    for item in _given_items(policy.document):
        universe[item.path, item.what.en] = item
        if any(result.given.get(item.path) for result in results):
            covered.add((item.path, item.what.en))
    for decision in (decision for result in results for decision in (*result.decisions, *result.year_end)):
        compiled = decision.compiled
        if id(compiled) not in known:
            known[id(compiled)] = list(items_of(compiled))
        for item in known[id(compiled)]:
            if item.probe(decision.registers, decision.situation.law_day):
                covered.add((item.path, item.what.en))
    return Coverage(
        frozenset(covered & universe.keys()), tuple(universe.values()), frozenset(_excused(cases))
    )


def _given_items(document: PolicyDocument) -> Iterator[Item]:
    """What is given beyond bills: each grant, the premium, each subsidy; covered where a case receives it."""
    names = [f"grants.{grant.grant}" for grant in document.grants]
    if document.enrolment is not None:
        names += [
            "enrolment.premium",
            *(f"enrolment.{subsidy.subsidy}" for subsidy in document.enrolment.subsidies),
        ]
    for name in names:
        yield Item(name, GIVEN, True, lambda _registers, _day: False)


def _excused(cases: Node | None) -> Iterator[str]:
    section = cases.at("uncovered") if cases is not None else None
    for entry in section.items() if section else []:
        path, reason = entry.at("path"), entry.at("reason")
        if path is not None and reason is not None and reason.text():
            yield str(path.text())


def coverage_problems(found: Coverage, cases: Node) -> list[Problem]:
    """A finding for everything missing, and for every excuse that is not needed."""
    problems = [problem("case_uncovered", cases.where, item.path, what=item.what) for item in found.missing()]
    needless = found.excused - {i.path for i in found.items if (i.path, i.what.en) not in found.covered}
    section = cases.at("uncovered")
    for entry in section.items() if section else []:
        path = entry.at("path")
        if path is not None and path.text() in needless:
            problems.append(problem("case_covered_after_all", entry.where, str(path.text())))
    return problems
