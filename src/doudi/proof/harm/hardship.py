"""Hardship is never worse: with one more category nobody pays more for the same bill.

Two sets of categories, one within the other, give two classes of the same bill. Where these are equal nothing need be
shown; else the solver holds them side by side, with the same amounts, the same recorded amounts and the same
accumulators.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from doudi.proof.harm import solver
from doudi.proof.harm.attributes import Choice
from doudi.proof.harm.classes import Classes, Witness
from doudi.proof.harm.residual import Residual
from doudi.proof.harm.search import Search
from doudi.proof.harm.verdict import Harm, Method


@dataclass(frozen=True)
class Two:
    """The same bill of two persons: the class of each and attributes that lead there."""

    lesser: Residual
    greater: Residual
    witnesses: tuple[Witness, Witness]


def pairs_of(classes: Classes) -> Iterator[Two]:
    """Every pair of different classes that one more category makes, each once."""
    seen: set[tuple[Residual, Residual]] = set()
    for row, witness in classes.contexts.items():
        choices = classes.choices[row]
        for few, lesser in zip(choices, row, strict=True):
            for many, greater in zip(choices, row, strict=True):
                if not _one_more(few, many) or lesser is None or greater is None or lesser == greater:
                    continue
                if (lesser, greater) not in seen:
                    seen.add((lesser, greater))
                    day, values = witness.day, witness.values
                    yield Two(lesser, greater, (Witness(day, few, values), Witness(day, many, values)))


def _one_more(few: Choice, many: Choice) -> bool:
    return many.poorer_than(few) and len(many.codes) == len(few.codes) + 1


@dataclass
class Comparison:
    """How it is known that hardship is never worse, and each benefit by which it is."""

    method: Method = "branches"
    pairs: int = 0
    harms: list[Harm] = field(default_factory=list)


def compare(search: Search) -> Comparison:
    """Every pair of classes; a harm for each benefit that one comes from."""
    found = Comparison()
    classes = search.classes(frozenset())
    if classes is None:
        found.method = "tested"
        return found
    if not classes.complete:
        found.method = "tested"
    for two in pairs_of(classes):
        found.pairs += 1
        if not search.use_solver:
            found.method = "undecided"
            continue
        question = solver.Question(two.lesser, two.greater)
        answer = question.ask(*question.same_bill(), two.lesser.rounded)
        if answer == "none":
            continue
        harm = None
        if isinstance(answer, solver.Amounts):
            harm = search.confirmer.hardship(*two.witnesses, answer.first, answer.second)
        if harm is None:
            found.method = "tested"
        elif not any((harm.payer, harm.benefit) == (one.payer, one.benefit) for one in found.harms):
            found.harms.append(harm)
    return found
