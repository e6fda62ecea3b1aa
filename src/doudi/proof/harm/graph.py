"""What is left of a program within one class of attributes: a small graph of exact, piecewise linear steps.

Everything that the attributes decide is a number by now. What remains are amounts: parts of the bill, marked sums,
amounts decided elsewhere, accumulators – added, compared, cut, and passed through schedules. Equal nodes are one
node, and what is known of them (never negative, never above another) takes away branches that cannot happen. Here
nothing is rounded: a rounded program differs from its graph by less than a fen a payer.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, TypeAlias

from doudi.engine.primitives import marginal_exact
from doudi.money import BP_ONE

Id: TypeAlias = int
Node: TypeAlias = tuple[Any, ...]


class Opaque(Exception):
    """A step that is not piecewise linear in the amounts: a rate that is itself an amount."""


class Graph:
    """Nodes by number; a node is its operation and the numbers (or values) it rests on."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._known: dict[Node, Id] = {}
        self.below: list[frozenset[Id]] = []
        self.positive: list[bool] = []

    def _put(self, node: Node, *, positive: bool = False, below: frozenset[Id] = frozenset()) -> Id:
        if node in self._known:
            return self._known[node]
        self.nodes.append(node)
        self._known[node] = len(self.nodes) - 1
        self.below.append(below)
        self.positive.append(positive)
        return len(self.nodes) - 1

    def const(self, value: int) -> Id:
        """A number."""
        return self._put(("const", value), positive=value >= 0)

    def value(self, node: Id) -> int | None:
        """The number a node is, or None where it depends on amounts."""
        kind, *rest = self.nodes[node]
        return rest[0] if kind == "const" else None

    def input(self, kind: str, name: str) -> Id:
        """A part, a marked sum, an accumulator."""
        return self._put(("input", kind, name), positive=True)

    def any_up_to(self, name: str, left: Id) -> Id:
        """An amount about which only this is known: not negative, and what it leaves of `left` never shrinks."""
        if self.value(left) == 0:
            return left
        return self._put(("any", name, left), positive=True, below=self._up(left))

    def _up(self, node: Id) -> frozenset[Id]:
        return self.below[node] | {node}

    def never_above(self, node: Id, other: Id) -> bool:
        """Whether a node is known never to exceed another."""
        a, b = self.value(node), self.value(other)
        if a is not None and b is not None:
            return a <= b
        return (
            node == other or other in self.below[node] or (a is not None and a <= 0 and self.positive[other])
        )

    # --- sums ------------------------------------------------------------------------------------------

    def add(self, *terms: Id) -> Id:
        """The sum; nested sums are one sum, numbers are added up."""
        flat: list[Id] = []
        for term in terms:
            flat += self.nodes[term][1:] if self.nodes[term][0] == "add" else [term]
        fixed = sum(value for term in flat if (value := self.value(term)) is not None)
        rest = sorted(term for term in flat if self.value(term) is None)
        rest += [self.const(fixed)] if fixed or not rest else []
        if len(rest) == 1:
            return rest[0]
        return self._put(("add", *rest), positive=all(self.positive[term] for term in rest))

    def sub(self, a: Id, b: Id) -> Id:
        """The difference."""
        first, second = self.value(a), self.value(b)
        if first is not None and second is not None:
            return self.const(first - second)
        if second == 0:
            return a
        if a == b:
            return self.const(0)
        below = self._up(a) if self.positive[b] else frozenset()
        return self._put(("sub", a, b), positive=self.never_above(b, a), below=below)

    # --- cuts --------------------------------------------------------------------------------------------

    def least(self, *terms: Id) -> Id:
        """The least of several."""
        kept = self._without(list(dict.fromkeys(terms)), lambda one, other: self.never_above(other, one))
        if len(kept) == 1:
            return kept[0]
        below = frozenset().union(*(self._up(term) for term in kept))
        return self._put(("min", *sorted(kept)), positive=all(self.positive[t] for t in kept), below=below)

    def most(self, *terms: Id) -> Id:
        """The largest of several."""
        kept = self._without(list(dict.fromkeys(terms)), self.never_above)
        if len(kept) == 1:
            return kept[0]
        below = frozenset.intersection(*(self._bounds(term, kept) for term in kept))
        return self._put(("max", *sorted(kept)), positive=any(self.positive[t] for t in kept), below=below)

    def _bounds(self, term: Id, others: list[Id]) -> frozenset[Id]:
        """What a term never exceeds, as far as it matters beside others: 0 exceeds nothing that is not negative."""
        if self.value(term) != 0:
            return self._up(term)
        return frozenset(up for other in others for up in self._up(other) if self.positive[up])

    def _without(self, terms: list[Id], superfluous: Callable[[Id, Id], bool]) -> list[Id]:
        """The terms, less those that another makes superfluous; numbers among themselves first."""
        kept = list(terms)
        for term in terms:
            others = [one for one in kept if one != term]
            if others and any(superfluous(term, one) for one in others):
                kept = others
        return kept

    # --- schedules -----------------------------------------------------------------------------------------

    def pieces(self, x: Id, edges: tuple[int, ...], slopes: tuple[int, ...], plus: tuple[int, ...]) -> Id:
        """(slope·x + plus) / 10,000 by the band of x; an edge belongs to the band below it."""
        edges, slopes, plus = _joined(edges, slopes, plus)
        while self.positive[x] and edges and (edges[0] < 0 or (edges[0] == 0 and plus[0] == plus[1])):
            edges, slopes, plus = (
                edges[1:],
                slopes[1:],
                plus[1:],
            )  # what is never negative is never in this band
        if (known := self.value(x)) is not None:
            band = sum(known > edge for edge in edges)
            exact = slopes[band] * known + plus[band]
            return self.const(exact // BP_ONE)
        if not edges and slopes[0] == 0:
            return self.const(plus[0] // BP_ONE)
        if not edges and (slopes[0], plus[0]) == (BP_ONE, 0):
            return x
        corners = [(0, 0)] + [
            (edge, band) for k, edge in enumerate(edges) for band in (k, k + 1) if edge >= 0
        ]
        reached = [(at, slopes[band] * at + plus[band]) for at, band in corners]
        positive = self.positive[x] and all(y >= 0 for _, y in reached) and slopes[-1] >= 0
        under = self.positive[x] and all(y <= at * BP_ONE for at, y in reached) and slopes[-1] <= BP_ONE
        below = self._up(x) if under else frozenset()
        return self._put(("pieces", x, edges, slopes, plus), positive=positive, below=below)

    def continuous(self, node: Id) -> bool:
        """Whether a schedule has no jump."""
        _, _, edges, slopes, plus = self.nodes[node]
        return continuous(edges, slopes, plus)

    # --- tests -----------------------------------------------------------------------------------------------

    def test(self, operation: str, a: Id, b: Id) -> Id:
        """`less`, `at_most`, `equal`: 0 or 1."""
        first, second = self.value(a), self.value(b)
        if first is not None and second is not None:
            holds = {"less": first < second, "at_most": first <= second, "equal": first == second}[operation]
            return self.const(int(holds))
        if operation == "at_most" and self.never_above(a, b):
            return self.const(1)
        if operation == "less" and self.never_above(b, a):
            return self.const(0)
        if operation == "equal" and a == b:
            return self.const(1)
        if operation == "equal":
            a, b = sorted((a, b))
        return self._put((operation, a, b), positive=True)

    def negate(self, a: Id) -> Id:
        """1 − a test."""
        known = self.value(a)
        if known is not None:
            return self.const(1 - known)
        if self.nodes[a][0] == "not":
            inner: Id = self.nodes[a][1]
            return inner
        return self._put(("not", a), positive=True)

    def join(self, operation: str, terms: tuple[Id, ...]) -> Id:
        """`and`, `or` of tests."""
        decides, idle = (0, 1) if operation == "and" else (1, 0)
        values = [self.value(term) for term in terms]
        if any(value is not None and bool(value) == bool(decides) for value in values):
            return self.const(decides)
        rest = sorted({term for term, value in zip(terms, values, strict=True) if value is None})
        if not rest:
            return self.const(idle)
        return rest[0] if len(rest) == 1 else self._put((operation, *rest), positive=True)

    def where(self, test: Id, a: Id, b: Id) -> Id:
        """A where the test holds, else b."""
        known = self.value(test)
        if known is not None:
            return a if known else b
        if a == b:
            return a
        below = self._bounds(a, [a, b]) & self._bounds(b, [a, b])
        return self._put(("where", test, a, b), positive=self.positive[a] and self.positive[b], below=below)

    def pro_rata(self, total: Id, index: int, weights: tuple[Id, ...]) -> Id:
        """A total split in proportion to weights: between 0 and its weight, all together the total."""
        if self.value(total) == 0:
            return total
        busy = [weight for weight in weights if self.value(weight) != 0]
        if self.value(weights[index]) == 0:
            return self.const(0)
        if len(busy) == 1:
            return total
        below = self._up(total) | self._up(weights[index])
        return self._put(("pro_rata", total, index, *weights), positive=True, below=below)

    def arguments(self, node: Id) -> tuple[Id, ...]:
        """The nodes a node rests on."""
        return arguments(self.nodes[node])


def arguments(node: Node) -> tuple[Id, ...]:
    """The numbers of the nodes on which a node rests."""
    kind, *rest = node
    if kind in ("const", "input"):
        return ()
    if kind == "any":
        return (rest[1],)
    if kind == "pieces":
        return (rest[0],)
    if kind == "pro_rata":
        return (rest[0], *rest[2:])
    return tuple(rest)


def continuous(edges: tuple[int, ...], slopes: tuple[int, ...], plus: tuple[int, ...]) -> bool:
    """Whether pieces meet at every edge."""
    bands = list(zip(slopes, plus, strict=True))
    return all(low[0] * edge + low[1] == high[0] * edge + high[1]
               for edge, (low, high) in zip(edges, pairwise(bands), strict=True))  # fmt: skip


def _joined(
    edges: tuple[int, ...], slopes: tuple[int, ...], plus: tuple[int, ...]
) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Neighbouring bands of one line are one band; a band without width is none."""
    kept: list[tuple[int | None, int, int]] = []
    low = None
    for edge, slope, add in zip((*edges, None), slopes, plus, strict=True):
        if edge is not None and low is not None and edge <= low:
            continue
        if kept and kept[-1][1:] == (slope, add):
            kept.pop()
        kept.append((edge, slope, add))
        low = edge
    return (tuple(edge for edge, _, _ in kept if edge is not None), tuple(slope for _, slope, _ in kept),
            tuple(add for _, _, add in kept))  # fmt: skip


def marginal_pieces(
    deductible: int, edges: tuple[int, ...], rates: tuple[int, ...]
) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """A marginal schedule above a deductible as pieces."""
    at_start = marginal_exact(deductible, edges, rates)
    upper = [deductible, *(edge for edge in edges if edge > deductible)]
    above = rates[sum(edge <= deductible for edge in edges) :]
    slopes, plus = [0], [0]
    for low, rate in zip(upper, above, strict=True):
        slopes.append(rate)
        plus.append(marginal_exact(low, edges, rates) - at_start - rate * low)
    return tuple(upper), tuple(slopes), tuple(plus)
