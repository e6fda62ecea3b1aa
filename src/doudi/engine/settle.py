"""Settles a person's bills one after the other: facts + accumulators → decisions. Pure: no clock, no files.

Each bill sees what the bills before it left in the accumulators. A refused bill leaves everything as it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from doudi.engine.compile import Compiled, compile_policy
from doudi.engine.compile.limits import limit_names
from doudi.engine.data import Balances, Bill, Person
from doudi.engine.decision import Decision, check_in_force, decide, payer_words, refused
from doudi.engine.facts import Situation
from doudi.engine.periods import benefit_year, period_key
from doudi.engine.refusals import Refused
from doudi.engine.run import Machine
from doudi.engine.year_end import YearEnd
from doudi.money import MoneyOverflow, Rounding, RoundingMode, RoundingUnit, check_fen
from doudi.policy.document import PolicyDocument
from doudi.policy.library import Policy
from doudi.policy.meaning import conditions_of
from doudi.words import did_you_mean

UNITS = {"fen": RoundingUnit.FEN, "jiao": RoundingUnit.JIAO, "yuan": RoundingUnit.YUAN}


@dataclass(frozen=True)
class Settlement:
    """The decisions of a person's bills in order, and the accumulators after the last one."""

    decisions: tuple[Decision, ...]
    balances: Balances


class Settler:
    """A policy compiled once, settling any number of bills."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.document: PolicyDocument = policy.document
        rule = self.document.rounding
        self.rounding = Rounding(RoundingMode(rule.mode), UNITS[rule.to])
        self._machines: dict[frozenset[str], tuple[Compiled, Machine]] = {}
        self._payers = {payer.payer for payer in self.document.payers}
        self._decided = {payer.payer for payer in self.document.payers if payer.decided != "here"}

    def machine(self, given: frozenset[str] = frozenset()) -> tuple[Compiled, Machine]:
        """The program for bills; `given`: payers that arrive with an amount the policy does not expect."""
        if given not in self._machines:
            compiled = compile_policy(self.document, given)
            self._machines[given] = compiled, Machine(compiled.program, self.rounding)
        return self._machines[given]

    @cached_property
    def _year_end(self) -> YearEnd:
        return YearEnd(self.document, self.rounding)

    @cached_property
    def knows_uninsured(self) -> bool:
        """Whether the policy says anything about people without insurance; silence never means allow."""
        return any(when.uninsured is not None for _, when in conditions_of(self.document))

    def settle(self, person: Person, bills: Iterable[Bill], opening: Balances | None = None) -> Settlement:
        """Settle bills in order. Raises Refused at the first bill that cannot be settled."""
        balances = (opening or Balances()).copy()
        decisions = []
        for bill in bills:
            decision, balances = self.settle_bill(person, bill, balances)
            decisions.append(decision)
        return Settlement(tuple(decisions), balances)

    def settle_bill(self, person: Person, bill: Bill, opening: Balances) -> tuple[Decision, Balances]:
        """Settle one bill and answer the accumulators after it; `opening` is not changed. Raises Refused."""
        if self.document.abstract:
            raise Refused("policy_abstract", bill.path, id=self.policy.id)
        self.check(person, bill)
        if self.document.identity.several == "best_single":
            return self._best_single(person, bill, opening)
        return self._settle_as(person, bill, opening)

    def _best_single(self, person: Person, bill: Bill, opening: Balances) -> tuple[Decision, Balances]:
        """Once for each category; the one with the least patient share counts, ties in the order of `people`."""
        held = {holding.code for holding in person.categories}
        order = [code for group in self.document.people.values() for code in (group.any_ or group.all_ or [])]
        results = []
        for code in dict.fromkeys(code for code in order if code in held) or [""]:
            alone = replace(person, categories=tuple(h for h in person.categories if h.code == code))
            decision, after = self._settle_as(alone, bill, opening)
            results.append((replace(decision, as_category=code or None), after))
        return min(results, key=lambda result: result[0].patient)

    def _settle_as(self, person: Person, bill: Bill, opening: Balances) -> tuple[Decision, Balances]:
        balances = opening.copy()
        situation = self._situation(person, bill, balances)
        given = frozenset(name for name in (*bill.recorded, *bill.decisions) if name not in self._decided)
        compiled, machine = self.machine(given)
        registers = machine.registers(situation.law_day)
        self._fill_facts(compiled, registers, situation)
        self._fill_accumulators(compiled, registers, bill, balances)
        machine.run(registers)
        if (refusal := machine.refusal(registers)) is not None:
            raise refused(refusal, compiled, registers, bill, payer_words(self.document, refusal.label))
        moved = self._move(compiled, registers, bill, balances)
        decision = decide(compiled, registers, situation, moved)
        return decision, balances

    def check(self, person: Person, bill: Bill) -> None:
        """Everything that is refused before any arithmetic. Raises Refused."""
        document = self.document
        check_in_force(document, bill.day(document.law.as_of), bill.path)
        for payer in (*bill.recorded, *bill.decisions):
            if payer not in self._payers:
                hint = did_you_mean(payer, sorted(self._payers))
                raise Refused("recorded_unknown", f"{bill.path}.recorded.{payer}", payer=payer, hint=hint)
        self._check_insured(person, bill)
        if document.year.across == "split":
            rule = document.year.begins or "01-01"
            if benefit_year(bill.admitted, rule) != benefit_year(bill.discharged, rule):
                raise Refused("year_crossed", bill.path)

    def _check_insured(self, person: Person, bill: Bill) -> None:
        if person.insured is None:
            return
        if not person.insured and self.knows_uninsured:
            return
        for insurance in person.insured:
            if insurance.span.holds(bill.admitted):
                schemes = self.document.schemes
                if schemes and insurance.scheme not in schemes:
                    raise Refused("scheme_not_served", bill.path, scheme=insurance.scheme)
                return
        raise Refused("not_insured", bill.path, day=bill.admitted)

    def _situation(self, person: Person, bill: Bill, balances: Balances) -> Situation:
        document = self.document
        number = bill.admission or self._count_admission(bill, balances)
        law_day, identity_day = bill.day(document.law.as_of), bill.day(document.identity.as_of)
        return Situation(document, person, bill, law_day, identity_day, number)

    def _count_admission(self, bill: Bill, balances: Balances) -> int:
        """The number of the inpatient stay in its benefit year; a stay seen before keeps its number."""
        year = str(self.benefit_year(bill))
        if bill.care not in ("inpatient", "day_surgery"):
            return balances.admissions.get(year, 0) + 1
        key = self.stay_key(bill.stay, year)
        if key not in balances.stays:
            balances.admissions[year] = balances.admissions.get(year, 0) + 1
            balances.stays[key] = balances.admissions[year]
        return balances.stays[key]

    def stay_key(self, stay: str, year: str) -> str:
        """Under which key a stay's number is kept: once, or once a benefit year where its deductible counts again."""
        return f"{stay}/{year}" if self._counts_again else stay

    @cached_property
    def _counts_again(self) -> bool:
        return any(
            benefit.deductible is not None and benefit.deductible.counts_again
            for payer in self.document.payers
            for benefit in payer.benefits
        )

    @cached_property
    def limits(self) -> frozenset[str]:
        """The accumulators that caps count in: what a hold may reserve."""
        return limit_names(self.document)

    def benefit_year(self, bill: Bill) -> int:
        """The year in whose order a bill takes its place."""
        rule = self.document.year
        return benefit_year(bill.day(rule.as_of or "discharged"), rule.begins or "01-01")

    def _fill_facts(self, compiled: Compiled, registers: list[int], situation: Situation) -> None:
        for register, fact in compiled.program.facts:
            registers[register] = situation.answer(fact.kind, fact.argument)

    def _fill_accumulators(
        self, compiled: Compiled, registers: list[int], bill: Bill, balances: Balances
    ) -> None:
        for register, accumulator, _ in compiled.program.accumulators:
            held = balances.of(accumulator.scope).get(accumulator.name, {})
            registers[register] = held.get(period_key(accumulator, bill), 0)

    def _move(
        self, compiled: Compiled, registers: list[int], bill: Bill, balances: Balances
    ) -> dict[str, tuple[str, str]]:
        """Write the accumulators; answers name → (scope, period key) of all that the program has."""
        moved: dict[str, tuple[str, str]] = {}
        for before, accumulator, after in compiled.program.accumulators:
            key = period_key(accumulator, bill)
            moved[accumulator.name] = (accumulator.scope, key)
            if registers[after] != registers[before]:
                held = balances.of(accumulator.scope).setdefault(accumulator.name, {})
                try:
                    held[key] = check_fen(registers[after])
                except MoneyOverflow as error:
                    raise Refused("accumulator_full", bill.path, name=accumulator.name) from error
        return moved

    def year_end(self, person: Person, balances: Balances, year: int) -> list[Decision]:
        """What each year-end payer would pay on what is still owed for a year; proposals, nothing is posted."""
        return self._year_end.propose(person, balances, year)


def settle(
    policy: Policy, person: Person, bills: Iterable[Bill], opening: Balances | None = None
) -> Settlement:
    """Settle a person's bills under a policy. Raises Refused."""
    return Settler(policy).settle(person, bills, opening)
