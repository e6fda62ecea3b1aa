"""The graph of what is left of a program says the same as the sums it was made from; what it claims to know holds."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from doudi.money import BP_ONE
from doudi.proof.harm.certificate import uncertified
from doudi.proof.harm.graph import Graph
from support.policies import one_benefit, written

Amounts = dict[str, int]
Meant = Callable[[Amounts], Fraction]
NAMES = ("x", "y", "z")


def value_of(graph: Graph, node: int, amounts: Amounts) -> Fraction:
    """What a node comes to, by its own definition."""
    kind, *rest = graph.nodes[node]

    def of(other: int) -> Fraction:
        return value_of(graph, other, amounts)

    if kind == "const":
        return Fraction(rest[0])
    if kind == "input":
        return Fraction(amounts[rest[1]])
    if kind == "pieces":
        x, edges, slopes, plus = rest
        at = of(x)
        band = sum(at > edge for edge in edges)
        return (slopes[band] * at + plus[band]) / BP_ONE
    terms = [of(other) for other in rest]
    return {"add": sum, "min": min, "max": max, "sub": lambda t: t[0] - t[1]}[kind](terms)


def drawn(random: Random, graph: Graph, made: list[tuple[int, Meant]]) -> tuple[int, Meant]:
    """One more node over those that exist, and what it means."""
    (a, f), (b, g) = random.choice(made), random.choice(made)
    kind = random.randrange(6)
    if kind == 0:
        number = random.choice((0, 1, 5, 700, -3))
        return graph.const(number), lambda _: Fraction(number)
    if kind == 1:
        return graph.add(a, b), lambda t: f(t) + g(t)
    if kind == 2:
        return graph.sub(a, b), lambda t: f(t) - g(t)
    if kind == 3:
        return graph.least(a, b), lambda t: min(f(t), g(t))
    if kind == 4:
        return graph.most(a, b), lambda t: max(f(t), g(t))
    edge, low, high = (
        random.choice((0, 10, 300)),
        random.choice((0, 5_000)),
        random.choice((0, 6_000, 10_000)),
    )
    plus = (0, (low - high) * edge)

    def bands(t: Amounts) -> Fraction:
        at = f(t)
        return (low * at if at <= edge else high * at + plus[1]) / BP_ONE

    node = graph.pieces(a, (edge,), (low, high), plus)
    return node, bands if graph.value(node) is None else lambda _: Fraction(graph.value(node) or 0)


@pytest.mark.parametrize("seed", range(150))
def test_nodes_mean_what_they_were_made_of(seed: int) -> None:
    random, graph = Random(seed), Graph()
    made: list[tuple[int, Meant]] = [
        (graph.input("part", name), lambda t, name=name: Fraction(t[name])) for name in NAMES
    ]
    for _ in range(14):
        made.append(drawn(random, graph, made))
    for _ in range(25):
        amounts = {name: random.choice((0, 1, 9, 10, 11, 299, 301, 5_000)) for name in NAMES}
        for node, meant in made:
            found = value_of(graph, node, amounts)
            assert found == meant(amounts)
            assert found >= 0 or not graph.positive[node], "what is never negative is not"
            for other in graph.below[node]:
                assert found <= value_of(graph, other, amounts), "what is never above is not"


@pytest.mark.parametrize(("choose", "certified"), [("first", True), ("all", False)])
def test_a_share_promised_after_another_benefit_has_drawn_is_not_certified(
    choose: str, certified: bool, tmp_path: Path
) -> None:
    body = one_benefit("rate: 50%", more=f"covers: in_scope\n    choose: {choose}")
    body += "      - {benefit: floor, own_at_least: {share: 60%, of: in_scope}}\n"
    reasons = uncertified(written(tmp_path, body).document)
    assert (reasons["aid"] is None) == certified
