"""What the worked cases of a policy read, take and turn on: every value, every branch, every member of a list.

A package is only as trustworthy as its cases. The universe is the plan of the compiled policy: each version of each
number, each benefit applied and passed over, each band reached, each cap binding and not, each guarantee raised and
not, each adjustment and bill rule holding and not. Beyond the plan, each member of a list, each side of a test and
each number must make a difference to some case (`coverage_variants.py`). What no case covers needs a written reason.
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
from doudi.proof.coverage_rerun import unnoticed
from doudi.proof.coverage_variants import Variant
from doudi.words import Words


@dataclass(frozen=True)
class Excuse:
    """An entry of `uncovered` with its reason: a path, perhaps only some members of the list that stands there."""

    path: str
    members: frozenset[str]
    node: Node

    def stands_at(self, variant: Variant) -> bool:
        """Whether it speaks of a variant's list; what is never passed over has no other side of its `when` either."""
        return variant.path in (self.path, f"{self.path}.when")

    def covers(self, variant: Variant) -> bool:
        """Whether it speaks of a variant."""
        return self.stands_at(variant) and (not self.members or bool(names_of(variant) & self.members))


def names_of(variant: Variant) -> set[str]:
    """What a member may be called in `uncovered`."""
    return {variant.name.zh, variant.name.en}


@dataclass(frozen=True)
class Coverage:
    """Covered and missing items of a policy."""

    covered: frozenset[tuple[str, str]]
    items: tuple[Item, ...]
    excused: frozenset[str]
    unmet: tuple[Variant, ...] = ()
    excuses: tuple[Excuse, ...] = ()

    def missing(self) -> list[Item]:
        """What no case covers and no reason excuses."""
        return [
            i for i in self.items if (i.path, i.what.en) not in self.covered and i.path not in self.excused
        ]

    def indifferent(self) -> dict[str, list[Variant]]:
        """List → what in it makes no difference to any case and has no reason; what no case reaches is told as such."""
        found: dict[str, list[Variant]] = {}
        missing = {item.path for item in self.missing()}
        for variant in self.unmet:
            plain = variant.path.replace(".rows.", ".").removesuffix(".value")
            plain = plain.removesuffix(".when") if variant.name.en.startswith("not ") else plain
            if not {variant.path, plain} & missing and not any(
                excuse.covers(variant) for excuse in self.excuses
            ):
                found.setdefault(variant.path, []).append(variant)
        return found

    def needless(self) -> list[Excuse]:
        """Reasons for what is covered after all, or does not exist."""
        uncovered = {item.path for item in self.items if (item.path, item.what.en) not in self.covered}
        return [excuse for excuse in self.excuses if not self._needed(excuse, uncovered)]

    def _needed(self, excuse: Excuse, uncovered: set[str]) -> bool:
        """Whether everything that an excuse names is unmet."""
        names = [names_of(variant) for variant in self.unmet if excuse.stands_at(variant)]
        if excuse.members:
            return excuse.members <= set().union(*names)
        return bool(names) or excuse.path in uncovered

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
    excuses = tuple(_excuses(cases))
    plain = frozenset(excuse.path for excuse in excuses if not excuse.members)
    unmet = unnoticed(policy, [result.asked for result in results if result.asked is not None])
    return Coverage(
        frozenset(covered & universe.keys()), tuple(universe.values()), plain, tuple(unmet), excuses
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


def _excuses(cases: Node | None) -> Iterator[Excuse]:
    section = cases.at("uncovered") if cases is not None else None
    for entry in section.items() if section else []:
        path, reason, members = entry.at("path"), entry.at("reason"), entry.at("members")
        if path is not None and reason is not None and reason.text():
            named = frozenset(str(item.text()) for item in (members.items() if members else []))
            yield Excuse(str(path.text()), named, entry)


def coverage_problems(found: Coverage, cases: Node) -> list[Problem]:
    """A finding for everything missing, one a list for what makes no difference, one for every needless excuse."""
    problems = [problem("case_uncovered", cases.where, item.path, what=item.what) for item in found.missing()]
    for path, variants in found.indifferent().items():
        zh, en = "、".join(one.name.zh for one in variants), ", ".join(one.name.en for one in variants)
        problems.append(problem("case_indifferent", cases.where, path, names=Words(zh, en)))
    problems += [problem("case_covered_after_all", one.node.where, one.path) for one in found.needless()]
    return problems
