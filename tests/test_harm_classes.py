"""No class is forgotten, no slope is missed, and a residual is the program: held against random bills."""

from fractions import Fraction
from functools import cache
from random import Random

import pytest

from doudi.engine.facts import Situation
from doudi.engine.primitives import operations
from doudi.engine.refusals import Refused
from doudi.engine.settle import Settler
from doudi.engine.stages import stages
from doudi.policy.conditions import PARTS
from doudi.proof.harm.classes import Classes, classes_of, listings
from doudi.proof.harm.graph import arguments
from doudi.proof.harm.residual import Reducer, Residual
from doudi.proof.harm.slopes import slopes
from support.bills import Maker
from support.harm import worked_out
from support.policies import ALL_IDS, policy, settler

RANDOM = [policy_id for policy_id in ALL_IDS if policy_id != "best-single"]


@cache
def classes(policy_id: str) -> Classes:
    one = settler(policy_id)
    compiled, _ = one.machine()
    return classes_of(listings(one.document, compiled, one.rounding), compiled)


def residual_of(one: Settler, situation: Situation) -> Residual:
    """The residual of a bill's own registers."""
    compiled, machine = one.machine()
    registers = machine.registers(situation.law_day)
    for register, fact in compiled.program.facts:
        registers[register] = situation.answer(fact.kind, fact.argument)
    early = stages(compiled.program)
    early.run_early(registers, operations(one.rounding))
    return Reducer(compiled, early).reduce(registers)


@pytest.mark.parametrize("policy_id", RANDOM)
def test_every_bill_falls_into_a_listed_class_and_its_residual_is_the_program(policy_id: str) -> None:
    one, maker = settler(policy_id), Maker(policy(policy_id).document, 7)
    listed = classes(policy_id).witnesses
    settled = 0
    for number in range(60):
        person, bill = maker.person(), maker.bill(number)
        try:
            decision = one.settle(person, [bill]).decisions[0]
        except Refused:
            continue
        residual = residual_of(one, decision.situation)
        assert residual in listed, decision.situation
        inputs = {("part", part): Fraction(bill.parts[part]) for part in PARTS}
        inputs |= {("portion", name): Fraction(amount) for name, amount in bill.portions.items()}
        inputs |= {("any", name): Fraction(a) for name, a in {**bill.recorded, **bill.decisions}.items()}
        full = {key: inputs.get(key, Fraction(0)) for _, *key in residual.inputs for key in [tuple(key)]}
        at = worked_out(residual, {**inputs, **full})
        unit = int(one.rounding.unit)
        assert abs(at[residual.patient] - decision.patient) <= (residual.rounded + 1) * unit
        assert abs(at[residual.hospital] - decision.hospital) <= (residual.rounded + 1) * unit
        settled += 1
    assert settled >= 10


def free(residual: Residual) -> list[tuple[str, str]]:
    """Inputs and amounts that are recorded."""
    found = [(kind, name) for _, kind, name in residual.inputs]
    return found + [("any", node[1]) for node in residual.nodes if node[0] == "any"]


def random_inputs(residual: Residual, r: Random) -> dict[tuple[str, str], Fraction]:
    edges = [edge for node in residual.nodes if node[0] == "pieces" for edge in node[2]]
    edges += [node[1] for node in residual.nodes if node[0] == "const" and node[1] > 0] or [100_000]

    def amount() -> Fraction:
        high = r.choice(edges) if edges else 100_000
        return Fraction(r.choice((0, r.randint(0, 3 * high + 1), r.randint(0, 5_000_000)))) + Fraction(
            r.randint(1, 96), 97
        )

    return {key: amount() for key in free(residual)}


@pytest.mark.parametrize("policy_id", ALL_IDS)
def test_the_slope_at_any_bill_is_among_those_walked_through(policy_id: str) -> None:
    """At random bills off every edge the patient's true slope is one of the listed ones (or above a lower bound)."""
    r, tried = Random(11), 0
    step = Fraction(1, 10**9)
    for residual in list(classes(policy_id).witnesses)[:40]:
        if any(node[0] == "pro_rata" for node in residual.nodes):
            continue  # their slopes are bounds: the next test
        outcomes = {part: slopes(residual, part) for part in PARTS}
        for _ in range(25):
            inputs = random_inputs(residual, r)
            part = r.choice(PARTS)
            inputs = {("part", one): Fraction(0) for one in PARTS} | inputs
            at = worked_out(residual, inputs)
            moved = dict(inputs)
            moved["part", part] += step
            for i, node in enumerate(residual.nodes):  # recorded amounts that take the whole of what is left
                if node[0] == "any" and at[i] < inputs["any", node[1]]:
                    moved["any", node[1]] = inputs["any", node[1]] + 10 * step
                elif node[0] == "any":
                    moved["any", node[1]] = inputs["any", node[1]]
            then = worked_out(residual, moved)
            patient = (then[residual.patient] - at[residual.patient]) / step
            whole = [then[n] - at[n] for n in (residual.total, residual.hospital, residual.patient)]
            payers = (whole[0] - whole[1] - whole[2]) / step
            assert (patient, payers) in outcomes[part].slopes or outcomes[part].jumps
            tried += 1
    assert tried or any(node[0] == "pro_rata" for one in classes(policy_id).witnesses for node in one.nodes)


@pytest.mark.parametrize("policy_id", ["pro-rata", "shandong/poverty-2017"])
def test_a_slope_of_a_proportional_draw_is_never_below_its_bound(policy_id: str) -> None:
    r, step, tried = Random(5), Fraction(1, 10**9), 0
    for residual in classes(policy_id).witnesses:
        outcomes = {part: slopes(residual, part) for part in PARTS}
        for _ in range(30):
            inputs = {("part", one): Fraction(0) for one in PARTS} | random_inputs(residual, r)
            part = r.choice(PARTS)
            moved = dict(inputs)
            moved["part", part] += step
            at, then = worked_out(residual, inputs), worked_out(residual, moved)
            patient = (then[residual.patient] - at[residual.patient]) / step
            lowest = min(pair[0] for pair in outcomes[part].slopes)
            assert patient >= lowest - Fraction(1, 1000)
            tried += 1
    assert tried >= 30


def test_classes_are_outcomes_and_not_the_product_of_attributes() -> None:
    """Baishan: 10 diagnoses × 7 cares × 6 levels × 3 ages × 8 sets of categories … come to a few dozen classes."""
    found = classes("jilin/baishan/major-disease-2017")
    assert 40 <= len(found.witnesses) <= 120


def test_nodes_come_after_what_they_rest_on() -> None:
    for residual in classes("chongqing/five-layers-2017").witnesses:
        assert all(max(arguments(node), default=-1) < i for i, node in enumerate(residual.nodes))
