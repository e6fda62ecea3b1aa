"""One policy made ready for cards: its programs, the tests on amounts in them, and the words of its facts.

Compiled once for each content of a policy; what a policy gives people who are alike is then told once a day of the law
(`Law.remembered`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from doudi.engine.compile.bill import Compiled, compile_year_end, payers_in_order
from doudi.engine.compile.conditions import FLAGS, compile_test, group_words
from doudi.engine.compile.context import Context
from doudi.engine.data import Bill
from doudi.engine.entitlement.data import Subject
from doudi.engine.entitlement.partial import Outline
from doudi.engine.facts import UNKNOWN, Situation, age_on, in_people
from doudi.engine.plan import AdjustedPlan, BenefitPlan, BillPlan, PayerPlan, TestPlan
from doudi.engine.program import Fact
from doudi.engine.settle import Settler
from doudi.engine.vocabulary import name_of
from doudi.policy.beyond import Entitlement
from doudi.policy.conditions import PARTS
from doudi.policy.library import Policy
from doudi.policy.payers import Payer
from doudi.words import Words

REMEMBERED = 4096
OF_THE_PERSON = frozenset({"people", "contract", "uninsured", "scheme", "tier", "filing", "age"})
T = TypeVar("T")


class Law:
    """A compiled policy, and what is remembered of it."""

    def __init__(self, policy: Policy) -> None:
        self.policy, self.document = policy, policy.document
        self.settler = Settler(policy)
        self.compiled, _ = self.settler.machine()
        self._memory: dict[Any, Any] = {}
        self._outlines: dict[tuple[int, bool], Outline] = {}

    def remembered(self, key: Any, make: Callable[[], T]) -> T:
        """What was made for a key before, or is made now; the oldest is forgotten first."""
        if key not in self._memory:
            while len(self._memory) >= REMEMBERED:
                del self._memory[next(iter(self._memory))]
            self._memory[key] = make()
        found: T = self._memory[key]
        return found

    @cached_property
    def year_end(self) -> dict[int, Compiled]:
        """The program of each year-end payer by its index in the file."""
        return {
            index: compile_year_end(self.document, index)
            for index, payer in payers_in_order(self.document)
            if payer.settled == "year_end"
        }

    @cached_property
    def services(self) -> tuple[Context, tuple[tuple[Entitlement, TestPlan | None], ...]]:
        """The entitlements that are not money, each with its compiled condition."""
        c = Context(self.document)
        c.whole = {part: c.b.fact("part", part) for part in PARTS}
        c.total = c.sum_of(PARTS, c.whole)
        rights = self.document.entitlements
        return c, tuple((one, compile_test(c, one.when) if one.when is not None else None) for one in rights)

    @cached_property
    def apart(self) -> frozenset[str]:
        """Groups of diseases told by the main diagnosis alone that share no code with one another."""
        groups = {name: one for name, one in self.document.diseases.items() if not one.anywhere}
        taken: list[str] = []
        found = set()
        for name, group in groups.items():
            codes = [code.upper() for code in group.icd10]
            if not any(_share(code, other) for code in codes for other in taken):
                found.add(name)
                taken += codes
        return frozenset(found)

    def outline(self, compiled: Compiled, *, age_known: bool) -> Outline:
        """The outline of one of the programs; without a date of birth tests on age are open like those on amounts."""
        key = (id(compiled), age_known)
        if key not in self._outlines:
            cut = {"amount"} if age_known else {"amount", "age"}
            tests = {test.register: test for test in tests_of(compiled.plan) if test.kind in cut}
            self._outlines[key] = Outline(compiled.program, self.settler.rounding, tests, self.apart)
        return self._outlines[key]

    def test_words(self, compiled: Compiled, register: int) -> Words:
        """The words of a test that is taken as a fact."""
        return next(test.words for test in tests_of(compiled.plan) if test.register == register)

    def situation(self, subject: Subject, day: date) -> Situation:
        """The person before a bill of that day of which nothing else is known."""
        bill = Bill(
            "card", None, day, day, day, dict.fromkeys(PARTS, 0), filings=subject.filings, path="card"
        )
        return Situation(self.document, subject.person, bill, day, day, 1)

    def known(self, outline: Outline, subject: Subject, situation: Situation) -> dict[int, int]:
        """The registers of facts that the person alone decides."""
        found: dict[int, int] = {}
        for register, fact in outline.facts.items():
            value = self._answer(fact, subject, situation)
            if value is not None and value != UNKNOWN:
                found[register] = value
        return found

    def _answer(self, fact: Fact, subject: Subject, s: Situation) -> int | None:
        if fact.kind in OF_THE_PERSON:
            return s.answer(fact.kind, fact.argument)
        if fact.kind == "given_known":
            return 0
        if fact.kind == "disease":
            return self._disease(fact.argument, s)
        if fact.kind == "programme":
            programme = self.document.programmes[fact.argument]
            meant = not programme.people or any(in_people(s, group) for group in programme.people)
            listed = not programme.roster or subject.roster is None or fact.argument in subject.roster
            return None if meant and listed else 0
        return None

    def _disease(self, name: str, s: Situation) -> int | None:
        """0 where the person's age rules a group of diseases out."""
        span, born = self.document.diseases[name].age, s.person.born
        if span is None or born is None:
            return None
        age = age_on(born, s.bill.admitted)
        old_enough = age >= 0 and (span.at_least is None or span.at_least <= age)
        return None if old_enough and (span.below is None or age < span.below) else 0

    def people_in(self, s: Situation) -> tuple[str, ...]:
        """The groups of people that the person belongs to, in the order of the policy."""
        return tuple(name for name in self.document.people if in_people(s, name))

    # words

    def category(self, code: str) -> Words:
        """A category."""
        return title(self.policy.categories.get(code), code)

    def payer(self, name: str) -> Words:
        """A payer."""
        return next(
            (title(payer.name, name) for payer in self.document.payers if payer.payer == name),
            title(None, name),
        )

    def form(self, plan: PayerPlan) -> Payer:
        """The payer as it is written."""
        return self.document.payers[plan.index]

    def answers(self, kind: str, names: tuple[str, ...]) -> Words:
        """What answers to a question about the bill mean in words."""
        key, _, argument = kind.partition(":")
        if names in (("yes",), ("no",)):
            return self._said(key, argument, names == ("yes",))
        words = [self._answer_words(key, name) for name in names]
        return Words("、".join(word.zh for word in words), " or ".join(word.en for word in words))

    def _answer_words(self, key: str, name: str) -> Words:
        if key == "disease":
            return Words("其他病种", "other diseases") if name == "other" else self.group(key, name)
        return _NAMED.get((key, name)) or name_of(name)

    def _said(self, key: str, argument: str, holds: bool) -> Words:
        if key in FLAGS:
            return FLAGS[key][0 if holds else 1]
        words = self.group(key, argument)
        return words if holds else denied(words)

    def group(self, key: str, argument: str) -> Words:
        """A group that a condition or a table names; filings by the word people use."""
        if key == "filing":
            kind = name_of(argument)
            return Words(f"有{kind.zh}备案", f"filing: {kind.en.replace('_', ' ')}")
        return group_words(self.document, key, argument)


def _share(first: str, second: str) -> bool:
    """Whether some code begins with both prefixes or lies in both ranges of prefixes."""
    low, high = first.split("-") if "-" in first else (first, first)
    start, end = second.split("-") if "-" in second else (second, second)
    width = min(len(low), len(start))
    return low[:width] <= end[:width] and start[:width] <= high[:width]


def denied(words: Words) -> Words:
    """The opposite of a test in words."""
    if words.zh.startswith("有"):
        return Words(f"没{words.zh}", f"no {words.en}")
    return Words(f"不属于“{words.zh}”", f"not “{words.en}”")


def title(form: Any, otherwise: str) -> Words:
    """The name of a form that has `zh` and perhaps `en`."""
    if form is None:
        return Words(otherwise, otherwise.replace("_", " "))
    return Words(form.zh, form.en or otherwise.replace("_", " "))


_NAMED = {
    ("grade", "1"): Words("一级医院", "grade 1"),
    ("grade", "2"): Words("二级医院", "grade 2"),
    ("grade", "3"): Words("三级医院", "grade 3"),
    ("place", "province"): Words("统筹区外省内", "elsewhere in the province"),
    ("admission", "5"): Words("本年第 5 次及以后住院", "admission 5 or later"),
    **{("admission", str(n)): Words(f"本年第 {n} 次住院", f"admission {n}") for n in range(1, 5)},
}


def tests_of(plan: BillPlan) -> Iterator[TestPlan]:
    """Every innermost test of a plan."""
    roots: list[TestPlan | None] = [rule.test for rule in plan.rules]
    for payer in plan.payers:
        roots.append(payer.test)
        for benefit in payer.benefits:
            roots += [
                benefit.test,
                *(adjust.test for number in numbers_of(benefit) for adjust in number.adjusts),
            ]
    open_ = [root for root in roots if root is not None]
    while open_:
        test = open_.pop()
        open_ += test.parts
        if not test.parts:
            yield test


def numbers_of(benefit: BenefitPlan) -> Iterator[AdjustedPlan]:
    """The numbers of a benefit that adjustments change."""
    if benefit.deductible is not None:
        yield benefit.deductible.amount
    if benefit.schedule is not None:
        yield from (segment.rate for segment in benefit.schedule.segments)
    yield from (limit.amount for limit in benefit.limits if limit.amount is not None)
