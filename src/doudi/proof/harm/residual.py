"""A program within one class: the early registers are numbers, the late instructions become a graph.

Two policies, two sets of categories or two law dates that leave the same graph are the same class, however
different their words. A benefit whose jump or fall the policy accepts may stand in the graph as *any* amount that
behaves well: what then still does harm comes from somewhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from doudi.engine.compile import Compiled
from doudi.engine.plan import AdjustPlan, BenefitPlan, TestPlan
from doudi.engine.primitives import edges_and_rest, operations
from doudi.engine.program import ALWAYS, Instruction
from doudi.engine.stages import Stages
from doudi.money import BP_ONE, Rounding
from doudi.proof.harm.graph import Graph, Id, Node, Opaque, arguments, marginal_pieces

_OPERATIONS = operations(Rounding())
MOST_SPLITS = 2_000
"""Choices among numbers that are moved outside schedules before a program counts as opaque."""


@dataclass(frozen=True)
class Residual:
    """The graph of a class in a fixed numbering: equal classes are equal residuals.

    `must` are pairs (guard, test): where the guard is not 0 the bill is refused unless the test holds. `frozen` are
    tests whose jump is accepted.
    """

    nodes: tuple[Node, ...]
    patient: Id
    hospital: Id
    total: Id
    amounts: tuple[tuple[str, Id], ...]
    must: tuple[tuple[Id, Id], ...]
    frozen: tuple[Id, ...]
    rounded: int
    positive: tuple[bool, ...]

    @property
    def inputs(self) -> Iterator[tuple[Id, str, str]]:
        """(node, kind, name) of every input."""
        return ((i, node[1], node[2]) for i, node in enumerate(self.nodes) if node[0] == "input")


def benefits_of(compiled: Compiled, accepted: Collection[tuple[str, str]]) -> list[BenefitPlan]:
    """The plans of the accepted benefits; `accepted`: (payer, benefit)."""
    return [
        plan
        for payer in compiled.plan.payers
        for plan in payer.benefits
        if (payer.name, plan.name) in accepted
    ]


def accepted_tests(compiled: Compiled, accepted: Collection[tuple[str, str]]) -> set[int]:
    """Registers of the tests whose jump is accepted: on amounts (the payer's included), and which benefit is best."""
    found: set[int] = set()
    for payer in compiled.plan.payers:
        mine = [plan for plan in payer.benefits if (payer.name, plan.name) in accepted]
        for plan in mine:
            tests = [payer.test, plan.test, *(adjust.test for adjust in _adjusts(plan))]
            found |= {leaf.register for test in tests if test is not None for leaf in _leaves(test)
                      if leaf.kind == "amount"}  # fmt: skip
        found |= {plan.chosen for plan in payer.benefits if mine}
    return found


def _adjusts(plan: BenefitPlan) -> Iterator[AdjustPlan]:
    numbers = [segment.rate for segment in (plan.schedule.segments if plan.schedule else ())]
    numbers += [plan.deductible.amount] if plan.deductible else []
    numbers += [limit.amount for limit in plan.limits if limit.amount is not None]
    return (adjust for number in numbers for adjust in number.adjusts)


def _leaves(test: TestPlan) -> Iterator[TestPlan]:
    if not test.parts:
        yield test
    for part in test.parts:
        yield from _leaves(part)


class Reducer:
    """Turns classes of one compiled policy into residuals."""

    def __init__(
        self, compiled: Compiled, stages: Stages, accepted: Collection[tuple[str, str]] = frozenset()
    ) -> None:
        self.compiled, self.stages = compiled, stages
        self.free = {
            plan.amount: (f"{plan.label}", plan.limits[0].limit) for plan in benefits_of(compiled, accepted)
        }
        self.frozen = accepted_tests(compiled, accepted)
        program = compiled.program
        self.inputs = {
            r: (fact.kind, fact.argument) for r, fact in program.facts if fact.kind in ("part", "portion")
        }
        self.inputs |= {r: ("held", accumulator.name) for r, accumulator, _ in program.accumulators}
        self.given = {r: fact.argument for r, fact in program.facts if fact.kind == "given"}

    def reduce(self, registers: list[int]) -> Residual:
        """The residual of a class whose early registers are filled. Raises Opaque."""
        return _Reduction(self, registers).run()


class _Reduction:
    def __init__(self, reducer: Reducer, registers: list[int]) -> None:
        self.r, self.registers, self.g = reducer, registers, Graph()
        self.at: dict[int, Id] = {}
        self.splits = 0

    def node(self, register: int) -> Id:
        """The node of a register."""
        if register not in self.at:
            if register in self.r.inputs:
                self.at[register] = self.g.input(*self.r.inputs[register])
            elif register in self.r.given:
                self.at[register] = self.g.const(0)  # read where nothing was given
            else:
                self.at[register] = self.g.const(self.registers[register])
        return self.at[register]

    def run(self) -> Residual:
        """Every late instruction in order, then only what the outcome rests on."""
        for instruction in self.r.stages.late:
            self.at[instruction.target] = self._instruction(instruction)
        plan, g = self.r.compiled.plan, self.g
        must = []
        for refusal in self.r.stages.late_refusals:
            excused = refusal.excused != ALWAYS and g.value(self.node(refusal.excused)) not in (None, 0)
            guard = g.const(1) if refusal.guard == ALWAYS else self.node(refusal.guard)
            test = self.node(refusal.register)
            if not excused and g.value(guard) != 0 and g.value(test) in (None, 0):
                must.append((guard, test))
        amounts = [(payer.name, self.node(payer.amount)) for payer in plan.payers]
        amounts = [(name, node) for name, node in amounts if g.value(node) != 0]
        frozen = {test for r in self.r.frozen if r in self.at for test in _tests(g, self.at[r])}
        return _pruned(g, self.node(plan.patient), self.node(plan.hospital), self.node(plan.total), amounts, must,
                       sorted(frozen), len(amounts) + len(plan.rules))  # fmt: skip

    def _instruction(self, i: Instruction) -> Id:
        g = self.g
        guard = None if i.guard == ALWAYS else self.node(i.guard)
        if guard is not None and g.value(guard) == 0:
            return g.const(0)
        if i.target in self.r.free:
            name, left = self.r.free[i.target]
            return g.any_up_to(name, self.node(left))
        if i.operation == "at_most" and i.arguments[0] in self.r.given and i.arguments[0] not in self.at:
            given, left = i.arguments
            self.at[given] = g.any_up_to(self.r.given[given], self.node(left))
            return g.const(1)
        made = self._made(i.operation, tuple(self.node(argument) for argument in i.arguments))
        return made if guard is None or g.value(guard) is not None else g.where(guard, made, g.const(0))

    def _made(self, operation: str, nodes: tuple[Id, ...]) -> Id:
        """One operation on nodes; tests among the numbers of a schedule are moved outside it."""
        g = self.g
        values = [g.value(node) for node in nodes]
        if all(value is not None for value in values):
            return g.const(_OPERATIONS[operation](*values))
        if operation in _PLAIN:
            return _PLAIN[operation](g, nodes)
        if operation == "portion_of":
            return g.pro_rata(nodes[0], values[1] or 0, nodes[2:])
        first = 0 if operation in ("known", "value", "look", "has_row") else 1
        for position, value in enumerate(values):
            if position >= first and value is None:
                return self._split(operation, nodes, position)
        if operation not in _SCHEDULES:
            raise Opaque(operation)
        numbers = tuple(value for value in values[1:] if value is not None)
        return g.pieces(nodes[0], *_SCHEDULES[operation](*numbers))

    def _split(self, operation: str, nodes: tuple[Id, ...], position: int) -> Id:
        """f(x, where(t, a, b)) is where(t, f(x, a), f(x, b)); a cut of numbers is a choice among them."""
        g = self.g
        self.splits += 1
        kind = g.nodes[nodes[position]][0]
        if kind not in ("where", "min", "max", "add", "sub", "pieces") or self.splits > MOST_SPLITS:
            raise Opaque(operation)
        if kind != "where":
            inner = self._lifted(nodes[position])
            if inner is None:
                raise Opaque(operation)
            return self._made(operation, (*nodes[:position], inner, *nodes[position + 1 :]))
        test: Id = g.nodes[nodes[position]][1]
        sides = [
            self._made(
                operation,
                tuple(
                    self._under(node, test, holds) if i or not position else node
                    for i, node in enumerate(nodes)
                ),
            )
            for holds in (True, False)
        ]
        return g.where(test, *sides)

    def _under(self, node: Id, test: Id, holds: bool) -> Id:
        """A number where it is known whether a test holds."""
        g = self.g
        kind, *rest = g.nodes[node]
        if kind == "where" and rest[0] == test:
            return self._under(rest[1] if holds else rest[2], test, holds)
        if kind == "where":
            return g.where(rest[0], *(self._under(side, test, holds) for side in rest[1:]))
        if kind in ("min", "max", "add", "sub"):
            return _PLAIN[kind](g, tuple(self._under(term, test, holds) for term in rest))
        return node

    def _lifted(self, node: Id) -> Id | None:
        """A sum or cut of choices among numbers as a choice among sums or cuts."""
        g = self.g
        kind, *rest = g.nodes[node]
        inner = [one for one in arguments(g.nodes[node]) if g.nodes[one][0] == "where"]
        if not inner:
            return None
        _, test, a, b = g.nodes[inner[0]]

        def put(side: Id) -> Id:
            replaced = [side if one == inner[0] else one for one in arguments(g.nodes[node])]
            if kind == "pieces":
                return g.pieces(replaced[0], *rest[1:])
            return _PLAIN[str(kind)](g, tuple(replaced))

        return g.where(test, put(a), put(b))


def _tests(g: Graph, node: Id) -> Iterator[Id]:
    """The comparisons that a condition is made of."""
    kind = g.nodes[node][0]
    if kind in ("less", "at_most", "equal"):
        yield node
    elif kind in ("and", "or", "not"):
        for inner in arguments(g.nodes[node]):
            yield from _tests(g, inner)


def _line(rate: int) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    return (), (rate,), (0,)


def _stepped(
    deductible: int, edges: tuple[int, ...], slopes: tuple[int, ...], plus: tuple[int, ...]
) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Bands above a deductible, nothing below it."""
    first = sum(edge <= deductible for edge in edges)
    return (deductible, *edges[first:]), (0, *slopes[first:]), (0, *plus[first:])


def _slab(deductible: int, *numbers: int) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    edges, (rates,) = edges_and_rest(numbers, 1)
    return _stepped(deductible, edges, rates, tuple(-rate * deductible for rate in rates))


def _quick(deductible: int, *numbers: int) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    edges, (rates, pluses) = edges_and_rest(numbers, 2)
    made = _stepped(deductible, edges, rates, tuple(plus * BP_ONE for plus in pluses))
    if any(rate * low + plus < 0 for low, rate, plus in zip(made[0], made[1][1:], made[2][1:], strict=True)):
        raise Opaque("quick")  # a piece that begins below 0 is cut at 0
    return made


def _marginal(deductible: int, *numbers: int) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    edges, (rates,) = edges_and_rest(numbers, 1)
    return marginal_pieces(deductible, edges, rates)


def _lump(deductible: int, *numbers: int) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    edges, (lumps,) = edges_and_rest(numbers, 1)
    return _stepped(deductible, edges, (0,) * len(lumps), tuple(lump * BP_ONE for lump in lumps))


Pieces = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]
_SCHEDULES: dict[str, Callable[..., Pieces]] = {
    "share": _line,
    "share_down": _line,
    "scale": _line,
    "marginal": _marginal,
    "slab": _slab,
    "quick": _quick,
    "lump": _lump,
}
_PLAIN: dict[str, Callable[[Graph, tuple[Id, ...]], Id]] = {
    "add": lambda g, terms: g.add(*terms),
    "sub": lambda g, terms: g.sub(*terms),
    "min": lambda g, terms: g.least(*terms),
    "max": lambda g, terms: g.most(*terms),
    "less": lambda g, terms: g.test("less", *terms),
    "at_most": lambda g, terms: g.test("at_most", *terms),
    "equal": lambda g, terms: g.test("equal", *terms),
    "not": lambda g, terms: g.negate(*terms),
    "and": lambda g, terms: g.join("and", terms),
    "or": lambda g, terms: g.join("or", terms),
    "where": lambda g, terms: g.where(*terms),
}


def _pruned(
    g: Graph,
    patient: Id,
    hospital: Id,
    total: Id,
    amounts: list[tuple[str, Id]],
    must: list[tuple[Id, Id]],
    frozen: list[Id],
    rounded: int,
) -> Residual:
    """Only the nodes that the outcome rests on, numbered in the order in which they are first needed."""
    order: dict[Id, Id] = {}

    def visit(node: Id) -> Id:
        for argument in arguments(g.nodes[node]):
            if argument not in order:
                visit(argument)
        return order.setdefault(node, len(order))

    ends = [
        patient,
        hospital,
        total,
        *(node for _, node in amounts),
        *(n for pair in must for n in pair),
        *frozen,
    ]
    numbered = [visit(node) for node in ends]
    nodes = tuple(_renumbered(g.nodes[node], order) for node in order)
    rest = iter(numbered[3:])
    return Residual(
        nodes,
        numbered[0],
        numbered[1],
        numbered[2],
        tuple((name, next(rest)) for name, _ in amounts),
        tuple((next(rest), next(rest)) for _ in must),
        tuple(rest),
        rounded,
        tuple(g.positive[node] for node in order),
    )


def _renumbered(node: Node, order: dict[Id, Id]) -> Node:
    kind, *rest = node
    if kind in ("const", "input"):
        return node
    if kind == "any":
        return (kind, rest[0], order[rest[1]])
    if kind == "pieces":
        return (kind, order[rest[0]], *rest[1:])
    if kind == "pro_rata":
        return (kind, order[rest[0]], rest[1], *(order[one] for one in rest[2:]))
    return (kind, *(order[one] for one in rest))
