"""Grants and premiums as programs: whether each applies, and how much it is."""

from __future__ import annotations

from dataclasses import dataclass

from doudi.engine.compile.conditions import compile_test
from doudi.engine.compile.context import Context
from doudi.engine.compile.numbers import compile_number
from doudi.engine.plan import NumberPlan, TestPlan
from doudi.engine.program import Program
from doudi.policy.conditions import When
from doudi.policy.document import PolicyDocument


@dataclass(frozen=True)
class SumPlan:
    """One sum: its name, its test, the register that says whether it applies, its number and unit."""

    name: str
    test: TestPlan | None
    applies: int
    number: NumberPlan


@dataclass(frozen=True)
class Sums:
    """A program of sums."""

    program: Program
    sums: tuple[SumPlan, ...]


def compile_grants(document: PolicyDocument) -> Sums:
    """Every grant of a policy."""
    c = Context(document)
    sums = []
    for index, grant in enumerate(document.grants):
        test = compile_test(c, grant.when) if grant.when else None
        applies = test.register if test else c.b.constant(1)
        with c.b.guarded(applies):
            number = compile_number(
                c, grant.amount, "fen", ("grants", index, "amount"), f"grants.{grant.grant}.amount"
            )
        sums.append(SumPlan(grant.grant, test, applies, number))
    return Sums(c.b.program(), tuple(sums))


def compile_enrolment(document: PolicyDocument) -> Sums:
    """The premium, then every subsidy."""
    c = Context(document)
    sums: list[SumPlan] = []
    if document.enrolment is not None:
        form = document.enrolment
        premium = compile_number(c, form.premium, "fen", ("enrolment", "premium"), "enrolment.premium")
        sums.append(SumPlan("premium", None, c.b.constant(1), premium))
        for index, subsidy in enumerate(form.subsidies):
            path = ("enrolment", "subsidies", index)
            test = compile_test(c, When.model_construct(people=subsidy.people)) if subsidy.people else None
            applies = test.register if test else c.b.constant(1)
            label = f"enrolment.{subsidy.subsidy}"
            with c.b.guarded(applies):
                if subsidy.share is not None:
                    number = compile_number(c, subsidy.share, "bp", (*path, "share"), f"{label}.share")
                elif subsidy.amount is not None:
                    number = compile_number(c, subsidy.amount, "fen", (*path, "amount"), f"{label}.amount")
            sums.append(SumPlan(subsidy.subsidy, test, applies, number))
    return Sums(c.b.program(), tuple(sums))
