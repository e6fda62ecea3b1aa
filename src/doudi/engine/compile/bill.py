"""A whole policy as one program: bill rules, payers in order, what the patient owes; and the year-end program."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from doudi.engine.compile.benefit import compile_applies
from doudi.engine.compile.context import Context
from doudi.engine.compile.numbers import compile_number
from doudi.engine.compile.payer import compile_owed, compile_payer
from doudi.engine.plan import BillPlan, PayerPlan, RuleKind, RulePlan
from doudi.engine.program import Cell, Program
from doudi.policy.conditions import PARTS
from doudi.policy.document import PolicyDocument
from doudi.policy.payers import BillRule, Payer


@dataclass(frozen=True)
class Compiled:
    """The instructions of a policy and what their registers mean."""

    program: Program
    plan: BillPlan

    @cached_property
    def cells(self) -> dict[int, Cell]:
        """The numbers of the law by register."""
        return dict(self.program.cells)


def payers_in_order(document: PolicyDocument) -> list[tuple[int, Payer]]:
    """The payers with their index in the file, in the order in which they act."""
    listed = list(enumerate(document.payers))
    order = document.order
    return listed if order is None else sorted(listed, key=lambda item: order.index(item[1].payer))


def compile_policy(document: PolicyDocument, given: frozenset[str] = frozenset()) -> Compiled:
    """The program for bills; `given`: payers whose amount arrives although the policy does not say so."""
    c = _start(document, given)
    rules = [_rule(c, rule, index) for index, rule in enumerate(document.bill)]
    hospital = c.b.op("sub", c.total, c.sum_of(PARTS, c.whole))
    payers = [(i, payer) for i, payer in payers_in_order(document) if payer.settled == "bill"]
    plans = [compile_payer(c, payer, i) for i, payer in payers]
    for (_, payer), plan in zip(payers, plans, strict=True):
        compile_owed(c, payer, plan)
    for _, payer in payers_in_order(document):
        if payer.settled == "year_end":
            _remember_owed(c, payer)
    return _finish(c, rules, plans, hospital)


def compile_year_end(document: PolicyDocument, index: int) -> Compiled:
    """The program of one payer for a yearly statement; its parts are what the person or household still owes."""
    c = _start(document, frozenset())
    plan = compile_payer(c, document.payers[index], index)
    return _finish(c, [], [plan], c.b.constant(0))


def _start(document: PolicyDocument, given: frozenset[str]) -> Context:
    c = Context(document, given=given)
    c.whole = {part: c.b.fact("part", part) for part in PARTS}
    c.left = dict(c.whole)
    c.total = c.sum_of(PARTS, c.whole)
    return c


def _finish(c: Context, rules: list[RulePlan], plans: list[PayerPlan], hospital: int) -> Compiled:
    patient = c.sum_of(PARTS, c.left)
    plan = BillPlan(
        c.total,
        tuple((part, c.b.fact("part", part)) for part in PARTS),
        tuple(rules),
        tuple(plans),
        tuple(c.left.items()),
        hospital,
        patient,
    )
    return Compiled(c.b.program(), plan)


def _rule(c: Context, rule: BillRule, index: int) -> RulePlan:
    """One bill rule; `c.whole` and `c.left` are the parts after it."""
    b = c.b
    path, label = ("bill", index), f"bill.{rule.rule}"
    _, test, applies = compile_applies(c, rule, path, label)
    before = tuple(c.whole.items())
    moved = None
    of, to = str(rule.of or "total"), str(rule.to or "in_scope")
    if rule.move is not None:
        with b.guarded(applies):
            number = compile_number(c, rule.move, "bp", (*path, "move"), f"{label}.move")
            moved = b.op("min", b.op("share", c.whole[of], number.register), c.whole[of])
        c.whole = {**c.whole, of: b.op("sub", c.whole[of], moved), to: b.op("add", c.whole[to], moved)}
    elif rule.fixed_price is not None:
        with b.guarded(applies):
            number = compile_number(
                c, rule.fixed_price, "fen", (*path, "fixed_price"), f"{label}.fixed_price"
            )
            price = number.register
            moved = (
                b.op("min", price, c.total) if rule.below == "actual" else b.op("max", price, b.constant(0))
            )
        c.whole = {
            part: b.op("where", applies, moved if part == "in_scope" else b.constant(0), c.whole[part])
            for part in PARTS
        }
    c.left = dict(c.whole)
    kind: RuleKind = "move" if rule.move is not None else "fixed_price"
    return RulePlan(
        rule.rule,
        index,
        test,
        applies,
        number,
        kind,
        moved,
        of,
        to,
        before,
        tuple(c.whole.items()),
    )


def _remember_owed(c: Context, payer: Payer) -> None:
    """What a year-end payer will look at: the parts that are still owed, summed over the year."""
    for part in PARTS:
        accumulator = c.accumulator(payer, f"{payer.payer}_owed_{part}", "year", scope=payer.for_)
        c.b.move(accumulator, c.left[part])
