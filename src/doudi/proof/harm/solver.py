"""Finds the bill behind a suspicion, or proves that there is none.

A class is written down twice over real numbers: for a bill, and for the same bill with some more cost in one part
(or for two persons with the same bill). The accumulators are the same unknowns in both. Asked is whether the patient
of the second bill pays less, or the payers together. No answer exists: then no jump and no slope of the class does
harm, whatever the amounts. An answer is only a suspicion with numbers in it; `witness.py` settles it to the fen.

The solver is an extra (`doudi[proof]`) and is imported where it is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal

from doudi.money import BP_ONE, MAX_ACCUMULATOR, MAX_BILL
from doudi.policy.conditions import PARTS
from doudi.proof.harm.graph import Id, Node
from doudi.proof.harm.residual import Residual

Answer = Literal["none", "unknown"]
Term = Any
TIMEOUT_MS = 10_000
NICE = ((10**8, 10**8), (10**9, 10**10), (MAX_BILL, MAX_ACCUMULATOR))
"""Bounds of bill and accumulators in fen, tried in order: the first bill found should look like a bill."""
MARGINS = (10_000, 200)
"""How much more than rounding the harm should be, in fen, tried in order."""


@dataclass(frozen=True)
class Amounts:
    """Numbers for the inputs of a class, in fen: by (kind, name), the second bill's where they differ."""

    first: Mapping[tuple[str, str], int]
    second: Mapping[tuple[str, str], int]


def available() -> bool:
    """Whether the solver is installed."""
    return find_spec("z3") is not None


class Copy:
    """One bill of a class: a term for every node. What two bills have in common is one term (`memory`)."""

    def __init__(
        self,
        residual: Residual,
        inputs: Mapping[tuple[str, str], Term],
        memory: dict[tuple[Any, ...], tuple[int, Term]],
    ) -> None:
        z3 = import_module("z3")
        self.z3, self.residual, self.inputs, self.memory = z3, residual, inputs, memory
        self.conditions: list[Term] = []
        self.free: dict[tuple[str, str], tuple[Term, Term]] = {}
        self.terms: list[Term] = []
        self.same: list[int] = []
        for i, node in enumerate(residual.nodes):
            key = self._key(node)
            if key not in memory:
                memory[key] = (len(memory), self._term(i))
            self.same.append(memory[key][0])
            self.terms.append(memory[key][1])
            if node[0] == "any":
                self.free["any", node[1]] = (self.terms[i], self.terms[node[2]])
        for guard, test in residual.must:
            self.conditions.append(z3.Or(self.terms[guard] == 0, self.terms[test] != 0))

    def _key(self, node: Node) -> tuple[Any, ...]:
        """A node by what it rests on in both bills."""
        kind, *rest = node
        if kind == "const":
            return node
        if kind == "input":
            return (kind, str(self.inputs[rest[0], rest[1]]))
        if kind == "any":
            return (kind, rest[0], self.same[rest[1]])
        if kind == "pieces":
            return (kind, self.same[rest[0]], *rest[1:])
        if kind == "pro_rata":
            return (kind, self.same[rest[0]], rest[1], *(self.same[term] for term in rest[2:]))
        return (kind, *(self.same[term] for term in rest))

    def _term(self, i: Id) -> Term:
        z3, (kind, *rest) = self.z3, self.residual.nodes[i]
        if kind == "const":
            return z3.RealVal(rest[0])
        if kind == "input":
            return self.inputs[rest[0], rest[1]]
        if kind == "any":
            return self._any(rest[0], self.terms[rest[1]])
        if kind == "pieces":
            return self._pieces(*rest)
        if kind == "pro_rata":
            return self._share(i, rest)
        terms = [self.terms[term] for term in rest]
        if kind in ("min", "max"):
            return self._cut(kind, terms)
        simple = {
            "add": lambda: z3.Sum(terms),
            "sub": lambda: terms[0] - terms[1],
            "where": lambda: z3.If(terms[0] != 0, terms[1], terms[2]),
            "less": lambda: self._one(terms[0] < terms[1]),
            "at_most": lambda: self._one(terms[0] <= terms[1]),
            "equal": lambda: self._one(terms[0] == terms[1]),
            "not": lambda: 1 - terms[0],
            "and": lambda: self._one(z3.And(*(term != 0 for term in terms))),
            "or": lambda: self._one(z3.Or(*(term != 0 for term in terms))),
        }
        return simple[kind]()

    def _one(self, test: Term) -> Term:
        return self.z3.If(test, self.z3.RealVal(1), self.z3.RealVal(0))

    def _cut(self, kind: str, terms: list[Term]) -> Term:
        """The least or largest, as a new unknown between its bounds: shorter to reason about than nested choices."""
        z3 = self.z3
        cut = self._new("cut")
        self.conditions += [cut <= term if kind == "min" else cut >= term for term in terms]
        self.conditions.append(z3.Or(*(cut == term for term in terms)))
        return cut

    def _new(self, what: str) -> Term:
        return self.z3.Real(f"{what} {len(self.memory)}")

    def _any(self, name: str, left: Term) -> Term:
        chosen = self._new(f"any {name}")
        self.conditions += [chosen >= 0, chosen <= left]
        return chosen

    def _share(self, i: Id, rest: list[Any]) -> Term:
        """A proportional draw, loosely: between 0 and its weight, and with the others the total."""
        total, _, *weights = rest
        chosen = self._new("share")
        self.conditions += [chosen >= 0, chosen <= self.terms[weights[rest[1]]]]
        mine = [j for j in range(i) if self.residual.nodes[j][0] == "pro_rata"
                and (self.residual.nodes[j][1], self.residual.nodes[j][3:]) == (total, tuple(weights))]  # fmt: skip
        if len(mine) + 1 == len(weights):
            self.conditions.append(self.z3.Sum([chosen, *(self.terms[j] for j in mine)]) == self.terms[total])
        return chosen

    def _pieces(self, x: Id, edges: tuple[int, ...], rates: tuple[int, ...], plus: tuple[int, ...]) -> Term:
        z3, at = self.z3, self.terms[x]
        lines = [at * Fraction(rate, BP_ONE) + Fraction(add, BP_ONE) if rate else z3.RealVal(Fraction(add, BP_ONE))
                 for rate, add in zip(rates, plus, strict=True)]  # fmt: skip
        result = lines[-1]
        for edge, line in reversed(list(zip(edges, lines[:-1], strict=True))):
            result = z3.If(at <= edge, line, result)
        return result

    def payers(self) -> Term:
        """What all payers pay together."""
        r = self.residual
        return self.terms[r.total] - self.terms[r.hospital] - self.terms[r.patient]


def _inputs(residual: Residual) -> list[tuple[str, str]]:
    return [(kind, name) for _, kind, name in residual.inputs]


class Question:
    """A pair of bills within one class, or of two classes on one bill."""

    def __init__(self, first: Residual, second: Residual | None = None) -> None:
        z3 = import_module("z3")
        self.z3 = z3
        names = dict.fromkeys([*_inputs(first), *(_inputs(second) if second else [])])
        names |= {("part", part): None for part in PARTS}
        self.before = {name: z3.Real(f"{name[0]} {name[1]}") for name in names}
        self.solver = z3.SolverFor("QF_LRA")
        self.solver.set("timeout", TIMEOUT_MS)
        self.memory: dict[tuple[Any, ...], tuple[int, Term]] = {}
        self.a = Copy(first, self.before, self.memory)
        self._bounds()
        self.first, self.second = first, second

    def _bounds(self) -> None:
        z3 = self.z3
        total = z3.Sum([self.before["part", part] for part in PARTS])
        self.solver.add(*(term >= 0 for term in self.before.values()), *self.a.conditions, total >= 1)
        self.solver.add(
            *(term <= MAX_ACCUMULATOR for (kind, _), term in self.before.items() if kind == "held")
        )
        self.solver.add(*(term <= total for (kind, _), term in self.before.items() if kind == "portion"))
        self.total = total

    def sound(self) -> bool:
        """Whether no payer's share can be negative, nor what is left of any part."""
        r, terms = self.first, self.a.terms
        left = r.nodes[r.patient][1:] if r.nodes[r.patient][0] == "add" else (r.patient,)
        ends = [terms[node] for node in (*left, *(node for _, node in r.amounts))]
        self.solver.push()
        self.solver.add(self.z3.Or(*(term < 0 for term in ends)))
        verdict = self.solver.check()
        self.solver.pop()
        return bool(verdict == self.z3.unsat)

    def more_cost(self, part: str) -> Iterator[tuple[Term, Copy]]:
        """(what may not be negative, the second bill): the same bill with more cost in `part`."""
        z3, step = self.z3, self.z3.Real("step")
        after = dict(self.before)
        after["part", part] = self.before["part", part] + step
        self.solver.add(step >= 1, self.total + step <= MAX_BILL)
        for kind, name in self.before:
            if kind == "portion":
                after[kind, name] = z3.Real(f"after {name}")
                grown = after[kind, name] - self.before[kind, name]
                self.solver.add(grown >= 0, grown <= step)
        b = Copy(self.first, after, self.memory)
        self.solver.add(*b.conditions)
        for key, (chosen, left) in b.free.items():
            mine, before = self.a.free[key]
            self.solver.add(chosen >= mine, left - chosen >= before - mine)
        self.solver.add(*(self.a.terms[test] == b.terms[test] for test in self.first.frozen))
        yield b.terms[self.first.patient] - self.a.terms[self.first.patient], b
        yield b.payers() - self.a.payers(), b

    def same_bill(self) -> tuple[Term, Copy]:
        """What may not be negative: how much less a person of the second class pays for the same bill."""
        if self.second is None:
            raise ValueError("one class")
        b = Copy(self.second, self.before, self.memory)
        self.solver.add(*b.conditions, self.total <= MAX_BILL)
        for key, (chosen, _) in b.free.items():
            if key in self.a.free:
                self.solver.add(chosen == self.a.free[key][0])  # what was recorded is the same for both
        return self.a.terms[self.first.patient] - b.terms[self.second.patient], b

    def ask(self, gain: Term, b: Copy, rounded: int) -> Answer | Amounts:
        """`none` where the gain can never be negative; else amounts for which it is."""
        z3 = self.z3
        self.solver.push()
        self.solver.add(gain < 0)
        verdict = self.solver.check()
        found: Answer | Amounts = "none" if verdict == z3.unsat else "unknown"
        if verdict == z3.sat:
            found = self._plainest(gain, b, rounded) or self._amounts(self.solver.model(), b)
        self.solver.pop()
        return found

    def _plainest(self, gain: Term, b: Copy, rounded: int) -> Amounts | None:
        """Amounts like those of real bills and a harm that nobody can take for rounding, if there are such."""
        held = [term for (kind, _), term in self.before.items() if kind == "held"]
        for bill, accumulated in NICE:
            for margin in MARGINS:
                self.solver.push()
                self.solver.add(gain <= -(margin + rounded), self.total <= bill)
                self.solver.add(*(term <= accumulated for term in held))
                verdict = self.solver.check()
                found = self._amounts(self.solver.model(), b) if verdict == self.z3.sat else None
                self.solver.pop()
                if found is not None:
                    return found
        return None

    def _amounts(self, model: Any, b: Copy) -> Amounts:
        def numbers(copy: Copy) -> dict[tuple[str, str], int]:
            terms = {**copy.inputs, **{key: chosen for key, (chosen, _) in copy.free.items()}}
            return {key: _floor(model.eval(term, model_completion=True)) for key, term in terms.items()}

        return Amounts(numbers(self.a), numbers(b))


def _floor(value: Any) -> int:
    return int(value.numerator_as_long() // value.denominator_as_long())
