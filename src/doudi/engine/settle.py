"""Settles a person's bills one after the other: facts + accumulators → decisions. Pure: no clock, no files.

Each bill sees what the bills before it left in the accumulators. A refused bill leaves everything as it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from doudi.engine.compile import Compiled, compile_policy
from doudi.engine.compile.bill import compile_year_end
from doudi.engine.data import Balances, Bill, Person
from doudi.engine.facts import Situation, holds_category
from doudi.engine.periods import benefit_year, period_key
from doudi.engine.plan import BillPlan
from doudi.engine.program import Fact
from doudi.engine.refusals import Refused
from doudi.engine.run import Machine
from doudi.money import Rounding, RoundingMode, RoundingUnit, check_fen
from doudi.policy.document import PolicyDocument
from doudi.policy.library import Policy
from doudi.words import Words, did_you_mean

UNITS = {"fen": RoundingUnit.FEN, "jiao": RoundingUnit.JIAO, "yuan": RoundingUnit.YUAN}
_UNKNOWN_FACTS = {
    "care": Words("就医方式", "the kind of care"),
    "level": Words("机构级别", "the facility's level"),
    "grade": Words("机构等级", "the facility's grade"),
    "designated": Words("是否定点机构", "whether the facility is designated"),
    "in_pooling_area": Words("机构所在地", "where the facility is"),
    "in_province": Words("机构所在地", "where the facility is"),
    "place": Words("机构所在地", "where the facility is"),
    "age": Words("出生日期", "the date of birth"),
}
_KEYS = {"care": "care", "age": "person.born", "in_pooling_area": "facility.region", "in_province": "facility.region",
         "place": "facility.region"}  # fmt: skip


class InvariantBroken(Exception):
    """The engine contradicts itself; nothing it computed may be used."""


def invariant(holds: bool, code: str) -> None:
    """Stop, in production too, where a promise of the engine does not hold."""
    if not holds:
        raise InvariantBroken(code)


@dataclass(frozen=True)
class Decision:
    """What one bill comes to: amounts in fen, and the registers from which its explanation is told."""

    bill: Bill
    shares: dict[str, int]
    hospital: int
    patient: int
    patient_in_scope: int
    situation: Situation
    compiled: Compiled
    registers: list[int] = field(repr=False)
    moved: dict[str, tuple[str, str]] = field(default_factory=dict)
    as_category: str | None = None

    @property
    def plan(self) -> BillPlan:
        """The outline of the bill."""
        return self.compiled.plan


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
    def year_end_machine(self) -> tuple[Compiled, Machine]:
        """The program for yearly statements."""
        compiled = compile_year_end(self.document)
        return compiled, Machine(compiled.program, self.rounding)

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
        self._check(person, bill)
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
            payer = self._payer_words(refusal.label)
            raise Refused(refusal.code, bill.path, label=refusal.label, payer=payer)
        moved = self._move(compiled, registers, bill, balances)
        decision = self._decision(compiled, registers, situation, moved)
        return decision, balances

    def _check(self, person: Person, bill: Bill) -> None:
        """Everything that is refused before any arithmetic."""
        document = self.document
        law_day = bill.day(document.law.as_of)
        begins, ends = document.in_force.from_, document.in_force.until
        if law_day < begins or (ends is not None and law_day >= ends):
            zh, en = (f"，至 {ends}（不含）", str(ends)) if ends else ("", "open")
            raise Refused("date_outside_policy", bill.path, day=law_day, begins=begins, ends=zh, ends_en=en)
        for payer in (*bill.recorded, *bill.decisions):
            if payer not in self._payers:
                hint = did_you_mean(payer, sorted(self._payers))
                raise Refused("recorded_unknown", f"{bill.path}.recorded.{payer}", payer=payer, hint=hint)
        self._check_insured(person, bill)
        if document.year.across == "split":
            rule = document.year.begins or "01-01"
            if (
                benefit_year(bill.admitted, rule) != benefit_year(bill.discharged, rule)
                and bill.stay == bill.id
            ):
                raise Refused("year_crossed", bill.path)

    def _check_insured(self, person: Person, bill: Bill) -> None:
        if person.insured is None or not person.insured:
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
        rule = self.document.year
        year = str(benefit_year(bill.day(rule.as_of or "discharged"), rule.begins or "01-01"))
        if bill.care not in ("inpatient", "day_surgery"):
            return balances.admissions.get(year, 0) + 1
        counts_again = any(
            benefit.deductible is not None and benefit.deductible.counts_again
            for payer in self.document.payers
            for benefit in payer.benefits
        )
        key = f"{bill.stay}/{year}" if counts_again else bill.stay
        if key not in balances.stays:
            balances.admissions[year] = balances.admissions.get(year, 0) + 1
            balances.stays[key] = balances.admissions[year]
        return balances.stays[key]

    def _fill_facts(self, compiled: Compiled, registers: list[int], situation: Situation) -> None:
        for register, fact in compiled.program.facts:
            value = situation.answer(fact.kind, fact.argument)
            if value < 0 and (fact in compiled.program.required or fact.kind in ("routed",)):
                raise self._unknown(fact, situation.bill)
            registers[register] = value

    def _unknown(self, fact: Fact, bill: Bill) -> Refused:
        words = _UNKNOWN_FACTS.get(fact.kind, Words(fact.kind, fact.kind))
        key = _KEYS.get(fact.kind, f"facility.{fact.kind if fact.kind != 'routed' else 'level'}")
        return Refused("fact_missing", f"{bill.path}.{key}", fact=words, key=key)

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
                held[key] = check_fen(registers[after])
        return moved

    def _decision(
        self,
        compiled: Compiled,
        registers: list[int],
        situation: Situation,
        moved: dict[str, tuple[str, str]],
    ) -> Decision:
        plan, bill = compiled.plan, situation.bill
        shares = {payer.name: registers[payer.amount] for payer in plan.payers}
        hospital, patient = registers[plan.hospital], registers[plan.patient]
        left = dict(plan.left)
        invariant(sum(shares.values()) + hospital + patient == bill.total, "shares_sum_to_total")
        invariant(all(share >= 0 for share in shares.values()) and patient >= 0, "no_negative_share")
        invariant(all(registers[register] >= 0 for register in left.values()), "no_part_overdrawn")
        return Decision(
            bill,
            shares,
            hospital,
            patient,
            registers[left["in_scope"]],
            situation,
            compiled,
            registers,
            moved,
        )

    def _payer_words(self, name: str) -> Words:
        """A payer's name for people."""
        for payer in self.document.payers:
            if payer.payer == name and payer.name is not None:
                return Words(payer.name.zh, payer.name.en or name)
        return Words(name, name)

    def year_end(self, person: Person, balances: Balances, year: int) -> list[Decision]:
        """What the year-end payers would pay on what is still owed for a year; proposals, nothing is posted."""
        compiled, machine = self.year_end_machine
        decisions = []
        last_day = date(year, 12, 31)
        for payer, form in ((p, f) for p in compiled.plan.payers for f in [self.document.payers[p.index]]):
            held = balances.of(form.for_)
            owed = {
                part: held.get(f"{payer.name}_owed_{part}", {}).get(str(year), 0)
                for part in ("in_scope", "first_pay", "over_limit", "own_pay")
            }
            bill = Bill(
                f"{year}-{payer.name}", None, last_day, last_day, last_day, owed, path=f"year_end.{year}"
            )
            situation = Situation(self.document, person, bill, last_day, last_day, 1)
            registers = machine.registers(last_day)
            for register, fact in compiled.program.facts:
                registers[register] = situation.answer(fact.kind, fact.argument)
            machine.run(registers)
            decisions.append(self._decision(compiled, registers, situation, {}))
        return decisions


def settle(
    policy: Policy, person: Person, bills: Iterable[Bill], opening: Balances | None = None
) -> Settlement:
    """Settle a person's bills under a policy. Raises Refused."""
    return Settler(policy).settle(person, bills, opening)


__all__ = ["Decision", "Settlement", "Settler", "holds_category", "invariant", "settle"]
