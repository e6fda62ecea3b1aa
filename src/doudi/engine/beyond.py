"""What a policy gives beyond the bill: grants on events, premiums and their subsidies, targets measured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from doudi.engine.compile.beyond import Sums, compile_enrolment, compile_grants
from doudi.engine.compile.conditions import compile_test
from doudi.engine.compile.context import Context
from doudi.engine.data import Bill, Event, Person
from doudi.engine.decision import Decision, refused
from doudi.engine.facts import UNKNOWN, Situation
from doudi.engine.run import Machine
from doudi.money import BP_ONE, Rounding, share
from doudi.policy.beyond import Grant, Target
from doudi.policy.conditions import PARTS, When
from doudi.policy.document import PolicyDocument
from doudi.words import Words


@dataclass(frozen=True)
class Premium:
    """A person's premium of a year, in fen: own cost in the end, subsidies, what they pay first and get back."""

    year: int
    premium: int
    own: int
    subsidies: dict[str, int]
    refund_later: int


@dataclass(frozen=True)
class Measured:
    """A target on some bills: fen over fen; `met` None where there is nothing to divide by."""

    target: Target
    numerator: int
    denominator: int

    @property
    def rate_bp(self) -> int | None:
        """The indicator in basis points, rounded half up."""
        return None if self.denominator == 0 else Rounding().divide(self.numerator * BP_ONE, self.denominator)

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None where it cannot be said."""
        goal = self.target.goal
        if self.denominator == 0 or goal.about is not None:
            return None
        most = goal.at_most is None or self.numerator * BP_ONE <= goal.at_most * self.denominator
        return most and (goal.at_least is None or self.numerator * BP_ONE >= goal.at_least * self.denominator)


def _situation(document: PolicyDocument, person: Person, day: date) -> Situation:
    bill = Bill("-", None, day, day, day, dict.fromkeys(PARTS, 0))
    return Situation(document, person, bill, max(day, document.in_force.from_), day, 1)


def run_sums(sums: Sums, situation: Situation) -> list[int]:
    """The registers of a program of sums in a situation. Raises Refused."""
    machine = Machine(sums.program, Rounding())
    registers = machine.registers(situation.law_day)
    for register, fact in sums.program.facts:
        registers[register] = max(situation.answer(fact.kind, fact.argument), UNKNOWN)
    machine.run(registers)
    if (refusal := machine.refusal(registers)) is not None:
        raise refused(refusal, sums, registers, situation.bill, Words(refusal.label, refusal.label))
    return registers


def grants(document: PolicyDocument, person: Person, event: Event) -> dict[str, int]:
    """What each grant gives a person on an event, in fen; those that give nothing are left out."""
    sums = compile_grants(document)
    registers = run_sums(sums, _situation(document, person, event.day))
    found = {}
    for grant, plan in zip(document.grants, sums.sums, strict=True):
        if grant.event == event.kind and _in_force(grant, event.day) and registers[plan.applies]:
            found[grant.grant] = registers[plan.number.register]
    return {name: amount for name, amount in found.items() if amount}


def grants_of(document: PolicyDocument, person: Person, events: Iterable[Event]) -> list[dict[str, int]]:
    """What each event earns, in order; a grant `per: month` or `per: year` is given once in it."""
    periods = {grant.grant: {"month": "%Y-%m", "year": "%Y"}.get(grant.per) for grant in document.grants}
    given: set[tuple[str, str]] = set()
    found = []
    for event in events:
        amounts = grants(document, person, event)
        for name in list(amounts):
            if (form := periods[name]) is None:
                continue
            if (key := (name, event.day.strftime(form))) in given:
                del amounts[name]
            given.add(key)
        found.append(amounts)
    return found


def _in_force(grant: Grant, day: date) -> bool:
    return (grant.from_ is None or grant.from_ <= day) and (grant.until is None or day < grant.until)


def premium(document: PolicyDocument, person: Person, year: int) -> Premium:
    """A person's premium of a year. Raises Refused where the law gives no number."""
    if document.enrolment is None:
        return Premium(year, 0, 0, {}, 0)
    sums = compile_enrolment(document)
    day = max(date(year, 1, 1), document.in_force.from_)
    registers = run_sums(sums, _situation(document, person, day))
    whole = registers[sums.sums[0].number.register]
    left, later = whole, 0
    given: dict[str, int] = {}
    for subsidy, plan in zip(document.enrolment.subsidies, sums.sums[1:], strict=True):
        in_force = (subsidy.from_ is None or subsidy.from_ <= day) and (
            subsidy.until is None or day < subsidy.until
        )
        if not (in_force and registers[plan.applies]):
            continue
        number = registers[plan.number.register]
        amount = min(left, share(whole, number) if plan.number.unit == "bp" else number)
        left -= amount
        given[subsidy.subsidy] = amount
        if subsidy.pay == "first_refund_later":
            later += amount
    return Premium(year, whole, left, given, later)


def measure(document: PolicyDocument, decisions: list[Decision]) -> list[Measured]:
    """Every target of a policy over some decisions; measured, never paid."""
    found = []
    for target in document.targets:
        test = _Test(document, target.when) if target.when is not None else None
        mine = [decision for decision in decisions if test is None or test.holds(decision)]
        numerator = sum(_measure(target.numerator, decision) for decision in mine)
        denominator = sum(_measure(target.denominator, decision) for decision in mine)
        found.append(Measured(target, numerator, denominator))
    return found


def _measure(name: str, decision: Decision) -> int:
    paid_in_scope = decision.bill.parts["in_scope"] - decision.patient_in_scope
    return {
        "patient": decision.patient,
        "patient_in_scope": decision.patient_in_scope,
        "total": decision.bill.total,
        "in_scope": decision.bill.parts["in_scope"],
        "paid": sum(decision.shares.values()),
        "paid_in_scope": max(0, paid_in_scope),
    }[name]


class _Test:
    """A condition of a target, compiled once; what a bill does not say does not hold."""

    def __init__(self, document: PolicyDocument, when: When) -> None:
        c = Context(document)
        c.whole = {part: c.b.fact("part", part) for part in PARTS}
        c.total = c.sum_of(PARTS, c.whole)
        self.register = compile_test(c, when).register
        self.machine = Machine(c.b.program(), Rounding())

    def holds(self, decision: Decision) -> bool:
        """Whether the condition holds for a decision's bill."""
        registers = self.machine.registers(decision.situation.law_day)
        for register, fact in self.machine.program.facts:
            registers[register] = decision.situation.answer(fact.kind, fact.argument)
        self.machine.run(registers)
        return bool(registers[self.register])
