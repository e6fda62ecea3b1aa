"""Bounds hold on every register of every run; what may overflow is named; what simplification drops is never missed."""

from __future__ import annotations

import pytest

from doudi.engine.facts import Situation
from doudi.engine.intervals import WORD, Bounds, bounds, overflowing
from doudi.engine.program import Instruction, Program
from doudi.engine.refusals import Refused
from doudi.engine.settle import Settler
from doudi.engine.stages import AMOUNT_FACTS, stages
from doudi.money import MAX_ACCUMULATOR, MAX_BILL, Rounding
from doudi.policy.library import Policy
from support.policies import ALL_IDS, policy
from support.random_policies import random_policy
from support.random_years import some_years


def runs(law: Policy, seed: int, people: int) -> list[list[int]]:
    """The registers of every bill that the engine for one bill settles."""
    found = []
    settler = Settler(law)
    for facts in some_years(law, seed, people, 3):
        balances = facts.opening
        for bill in facts.bills:
            try:
                decision, balances = settler.settle_bill(facts.person, bill, balances)
            except Refused:
                continue
            if decision.compiled is settler.machine()[0] and decision.as_category is None:
                found.append(decision.registers)
    return found


def broken(found: Bounds, registers: list[int]) -> list[str]:
    low_or_high = [f"r{r}" for r, value in enumerate(registers) if not found.low[r] <= value <= found.high[r]]
    above = [f"r{r} > r{s}" for r, under in found.below.items() for s in under if registers[r] > registers[s]]
    return low_or_high + above


@pytest.mark.parametrize("policy_id", ALL_IDS)
def test_registers_lie_within_their_bounds(policy_id: str) -> None:
    law = policy(policy_id)
    if law.document.abstract:
        return
    settler = Settler(law)
    program = settler.machine()[0].program
    found = bounds(program, settler.rounding)
    known = {register for register, _ in program.cells}  # a number that the law lacks on a day is no amount
    for registers in runs(law, 3, 20):
        shown = [value if r not in known else found.low[r] for r, value in enumerate(registers)]
        assert broken(found, shown) == []


@pytest.mark.parametrize("seed", range(60))
def test_registers_of_random_policies_lie_within_their_bounds(seed: int) -> None:
    law = random_policy(seed)
    settler = Settler(law)
    program = settler.machine()[0].program
    found = bounds(program, settler.rounding)
    known = {register for register, _ in program.cells}
    for registers in runs(law, seed, 8):
        shown = [value if r not in known else found.low[r] for r, value in enumerate(registers)]
        assert broken(found, shown) == []


@pytest.mark.parametrize("policy_id", ALL_IDS)
def test_no_policy_can_overflow_64_bits(policy_id: str) -> None:
    """Bills up to 10^9 yuan, accumulators up to 10^11 yuan."""
    if policy(policy_id).document.abstract:
        return
    settler = Settler(policy(policy_id))
    program = settler.machine()[0].program
    assert overflowing(program, bounds(program, settler.rounding)) == []


def test_an_instruction_that_may_overflow_is_named() -> None:
    share = Instruction("share", 2, (0, 1))
    program = Program(3, (), (), (), ((0, MAX_ACCUMULATOR * 1000), (1, 100_000)), (share,), ())
    assert overflowing(program, bounds(program, Rounding())) == [share]
    assert MAX_ACCUMULATOR * 1000 * 100_000 > WORD > MAX_BILL * 100_000


@pytest.mark.parametrize("policy_id", ALL_IDS)
def test_classes_know_their_early_registers(policy_id: str) -> None:
    """Two bills with the same attributes and law agree in every early register, whatever they cost."""
    law = policy(policy_id)
    if law.document.abstract:
        return
    settler = Settler(law)
    compiled, _ = settler.machine()
    split = stages(compiled.program)
    seen: dict[tuple[object, ...], list[int]] = {}
    attributes = [(r, fact) for r, fact in compiled.program.facts if fact.kind not in AMOUNT_FACTS]
    for facts in some_years(law, 4, 30, 3):
        for bill in facts.bills:
            rule = law.document
            situation = Situation(
                rule, facts.person, bill, bill.day(rule.law.as_of), bill.day(rule.identity.as_of), 1
            )
            answers = tuple(situation.answer(fact.kind, fact.argument) for _, fact in attributes)
            _, machine = settler.machine()
            registers = machine.registers(situation.law_day)
            for register, fact in compiled.program.facts:
                registers[register] = situation.answer(fact.kind, fact.argument)
            machine.run(registers)
            early = [registers[r] for r in sorted(split.known)]
            assert seen.setdefault((situation.law_day, *answers), early) == early
