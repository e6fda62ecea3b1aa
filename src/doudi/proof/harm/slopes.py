"""Every slope that one more fen of cost can meet: branches are enumerated, equal slopes are one.

A *branch vector* says for every cut, guarantee, band and test of a class on which side the bill is. Within one the
patient's share is a straight line, and its slope along a cost part does not depend on any amount or accumulator:
these only choose the vector. So all vectors are walked through at once, node by node; after each node the states
whose live slopes are equal are merged, which keeps millions of vectors in a handful of states. Vectors that no bill
can have are walked through too: what they show is a suspicion, for the solver to find the bill or prove there is none.

A node that is 0 whatever the bill – what remains of a sum that has been drawn in full – is NIL, not merely flat: it
takes away the vectors in which somebody would still draw on it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from operator import itemgetter
from typing import TypeAlias

from doudi.money import BP_ONE
from doudi.proof.harm.graph import Id, Node, arguments, continuous
from doudi.proof.harm.lines import FLAT, FULL, NIL, Line, Lines
from doudi.proof.harm.residual import Residual

MOST_STATES = 100_000

State: TypeAlias = tuple[Line, ...]


class TooManyVectors(Exception):
    """More states than are walked through in one class."""


@dataclass(frozen=True)
class Outcome:
    """What one more fen of a cost part can do.

    `slopes` are the least slopes of the patient's and of all payers' share, one pair a state. `jumps` says that some
    test or schedule can change its side at once, so that slopes alone prove nothing.
    """

    slopes: frozenset[tuple[Fraction, Fraction]]
    vectors: int
    jumps: bool

    @property
    def harmless(self) -> bool:
        """Whether neither the patient gains nor the payers' sum falls, in any vector."""
        return not self.jumps and all(slope >= 0 for pair in self.slopes for slope in pair)


def slopes(residual: Residual, part: str) -> Outcome:
    """Every slope along a cost part. Raises TooManyVectors."""
    return _Walk(residual, part).run()


class _Walk:
    def __init__(self, residual: Residual, part: str) -> None:
        self.residual, self.part, self.nodes = residual, part, residual.nodes
        ends = {residual.patient, residual.hospital, residual.total}
        self.needed = _reached(residual, ends)
        shared = [i for i in self.needed if self.nodes[i][0] == "pro_rata"]
        self.groups = list(dict.fromkeys(_group(self.nodes[i]) for i in shared))
        self.lines = Lines(tuple(len(weights) for _, weights in self.groups))
        self.proportions = [self._proportions(*group) for group in self.groups]
        self.last: dict[Id, Id] = dict.fromkeys(ends, len(self.nodes))
        for i in reversed(self.needed):
            for argument in self._looked_at(i):
                self.last.setdefault(argument, i)
        self.jumps = False

    def run(self) -> Outcome:
        """Node by node over all states at once."""
        live: list[Id] = []
        states: dict[State, int] = {(): 1}
        for i in self.needed:
            after = [node for node in live if self.last[node] > i]
            rest, stays = _picker([live.index(node) for node in after]), self.last[i] > i
            states = self._step(i, live, states, rest, stays=stays)
            if len(states) > MOST_STATES:
                raise TooManyVectors
            live = [*after, i] if stays else after
        return self._outcome(live, states)

    def _step(
        self, i: Id, live: list[Id], states: dict[State, int], rest: Callable[[State], State], *, stays: bool
    ) -> dict[State, int]:
        """All states after one node: each with every slope that the node can have beside it."""
        asked = list(dict.fromkeys(self._looked_at(i)))
        read = _picker([live.index(node) for node in asked])
        known: dict[State, list[Line]] = {}
        made: dict[State, int] = {}
        for state, vectors in states.items():
            seen = read(state)
            if seen not in known:
                at = dict(zip(asked, seen, strict=True))
                known[seen] = list(dict.fromkeys(self._slopes(i, at)))
            kept = rest(state)
            for line in known[seen]:
                after = (*kept, line) if stays else kept
                made[after] = made.get(after, 0) + vectors
        return made

    def _outcome(self, live: list[Id], states: dict[State, int]) -> Outcome:
        r, found = self.residual, set()
        for state in states:
            at = dict(zip(live, state, strict=True))
            payers = self.lines.minus(self.lines.minus(at[r.total], at[r.hospital]), at[r.patient])
            found.add((self.lines.lowest(at[r.patient]), self.lines.lowest(payers)))
        return Outcome(frozenset(found), sum(states.values()), self.jumps)

    def _looked_at(self, i: Id) -> list[Id]:
        """The nodes whose slopes decide a node's: of a difference also what else its cut could have been."""
        kind, *rest = self.nodes[i]
        if kind == "sub" and self.nodes[rest[1]][0] == "min" and rest[0] in self.nodes[rest[1]][1:]:
            return [*rest, *self.nodes[rest[1]][1:]]
        return list(arguments(self.nodes[i]))

    def _slopes(self, i: Id, at: dict[Id, Line]) -> Iterator[Line]:
        """The slopes a node can have where those before it have these; of a test: FULL where it holds."""
        kind, *rest = self.nodes[i]
        if kind == "const":
            yield NIL if rest[0] == 0 else FLAT
        elif kind == "input":
            yield FULL if rest == ["part", self.part] else FLAT
            if rest[0] == "portion":
                yield FULL
        elif kind == "any":
            yield NIL if at[rest[1]] == NIL else FLAT
            yield at[rest[1]]
        elif kind == "add":
            yield reduce(self.lines.plus, [at[term] for term in rest])
        elif kind == "sub":
            yield from self._difference(rest[0], rest[1], at)
        elif kind in ("min", "max"):
            yield from self._cut(kind, rest, at)
        elif kind == "pieces":
            yield from self._pieces(at[rest[0]], *rest[1:])
        elif kind == "pro_rata":
            yield self._drawn(i, at)
        elif kind == "where":
            yield at[rest[2]] if self.lines.flat(at[rest[0]]) else at[rest[1]]
        else:
            yield from self._test(i, kind, rest, at)

    def _difference(self, a: Id, b: Id, at: dict[Id, Line]) -> Iterator[Line]:
        """What b leaves of a; where b is a cut of a that did not cut, nothing remains."""
        kind, *terms = self.nodes[b]
        if kind == "min" and a in terms and at[a] == at[b]:
            yield NIL
            if not any(at[term] == at[b] for term in terms if term != a):
                return
        yield self.lines.minus(at[a], at[b])

    def _cut(self, kind: str, terms: list[Id], at: dict[Id, Line]) -> Iterator[Line]:
        """The slope of each term that may be the least (or largest); NIL settles it among what is not negative."""
        rest = [term for term in terms if at[term] != NIL]
        if len(rest) < len(terms):
            above = [term for term in rest if self.residual.positive[term]]
            if kind == "min":
                rest = [term for term in rest if term not in above]
                yield NIL
            elif not above:
                yield NIL
        yield from (at[term] for term in rest)

    def _pieces(
        self, x: Line, edges: tuple[int, ...], rates: tuple[int, ...], plus: tuple[int, ...]
    ) -> Iterator[Line]:
        if self.lines.flat(x):
            yield NIL if x == NIL and plus[sum(edge < 0 for edge in edges)] == 0 else FLAT
            return
        if not continuous(edges, rates, plus):
            self.jumps = True
        for rate in rates:
            yield self.lines.times(x, rate)

    def _test(self, i: Id, kind: str, rest: list[Id], at: dict[Id, Line]) -> Iterator[Line]:
        if kind == "not":
            yield FULL if self.lines.flat(at[rest[0]]) else FLAT
        elif kind in ("and", "or"):
            holds = (all if kind == "and" else any)(not self.lines.flat(at[term]) for term in rest)
            yield FULL if holds else FLAT
        else:
            a, b = (FLAT if at[term] == NIL else at[term] for term in rest)
            if a != b and i not in self.residual.frozen:
                self.jumps = True
            yield FLAT
            yield FULL

    # --- draws in proportion ------------------------------------------------------------------------------

    def _drawn(self, i: Id, at: dict[Id, Line]) -> Line:
        """What one part gives: a fixed share of it where the total is one of all parts, else it rests on unknowns."""
        _, total, part, *weights = self.nodes[i]
        if at[total] == NIL or at[weights[part]] == NIL:
            return NIL
        group = self.groups.index((total, tuple(weights)))
        exact = [self.lines.exact(at[node]) for node in (total, *weights)]
        known = [slope for slope in exact if slope is not None]
        if len(known) < len(exact):
            self.jumps = True  # a draw that rests on an earlier draw's unknowns
            return FLAT
        whole = sum(known[1:])
        for rate in self.proportions[group]:
            if known[0] != 0 and known[0] * BP_ONE == whole * rate:
                return self.lines.times(at[weights[part]], rate)
        return self.lines.drawn(group, part, tuple(known[1:]), known[0])

    def _proportions(self, total: Id, weights: tuple[Id, ...]) -> list[int]:
        """The rates at which a total can be a plain share of all its weights; none where it can be something else."""
        whole = {weight for weight in weights if self.nodes[weight] != ("const", 0)}
        found: list[int] = []
        for leaf in self._choices(total):
            kind, *rest = self.nodes[leaf]
            inner = rest[0] if kind == "pieces" and len(rest[2]) == 1 and rest[3] == (0,) else leaf
            if self.nodes[inner][0] == "add" and set(self.nodes[inner][1:]) == whole:
                found.append(rest[2][0] if inner != leaf else BP_ONE)
            elif any(self.nodes[node][0] == "any" or self.nodes[node][:2] in (("input", "part"), ("input", "portion"))
                     for node in _reached(self.residual, {leaf})):  # fmt: skip
                return []
        return found

    def _choices(self, node: Id) -> Iterator[Id]:
        """The nodes one of which a cut is."""
        kind, *rest = self.nodes[node]
        if kind not in ("min", "max"):
            yield node
            return
        for term in rest:
            yield from self._choices(term)


def _picker(positions: list[int]) -> Callable[[State], State]:
    """A function that takes what stands at some positions out of a state."""
    if len(positions) > 1:
        return itemgetter(*positions)
    return (lambda state: (state[positions[0]],)) if positions else (lambda _: ())


def _group(node: Node) -> tuple[Id, tuple[Id, ...]]:
    """The total and the weights of a proportional draw."""
    return node[1], node[3:]


def _reached(residual: Residual, ends: Collection[Id]) -> list[Id]:
    """The nodes on which some others rest, in order."""
    found = set(ends)
    for i in reversed(range(len(residual.nodes))):
        if i in found:
            found |= set(arguments(residual.nodes[i]))
    return sorted(found)
