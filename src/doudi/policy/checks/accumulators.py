"""One name, one meaning: everything that outlives a bill is counted once, in one period, for one thing.

An accumulator is known by its name alone. Two forms that name the same one – of one payer or of two – must agree on
period, year, disease and what they count, or one of them would silently count by the other's rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from doudi.policy.benefits import Benefit, Deductible
from doudi.policy.document import PolicyDocument
from doudi.policy.payers import Payer
from doudi.policy.problems import Problem, problem
from doudi.policy.source import Node
from doudi.policy.validate import where_of

Path = tuple[str | int, ...]
_TIMELESS = ("bill", "stay", "lifetime")  # periods that no year rule touches


@dataclass(frozen=True)
class Held:
    """One form that reads or moves an accumulator, and what it takes the accumulator to be."""

    name: str
    path: Path
    period: str
    year: str
    each: str = ""
    across: str = ""


def accumulator_problems(document: PolicyDocument, tree: Node) -> Iterator[Problem]:
    """Every finding about what outlives a bill."""
    first: dict[str, Held] = {}
    for index, payer in enumerate(document.payers):
        for held in _held(document, payer, ("payers", index)):
            yield from _disagreement(first.setdefault(held.name, held), held, tree)
        yield from _positions(payer, index, tree)
        yield from _totals(payer, index, tree)


def _disagreement(one: Held, other: Held, tree: Node) -> Iterator[Problem]:
    """What two forms with one accumulator take it to be."""
    where, name = where_of(tree, other.path), one.name
    if one.period != other.period:
        yield problem("accumulator_period", where, name=name, first=one.period, second=other.period)
    elif one.each != other.each:
        yield problem("accumulator_each", where, name=name)
    elif one.across != other.across and one.across and other.across:
        yield problem("across_year_mixed", where, name=name, first=one.across, second=other.across)
    elif one.year != other.year and one.period not in _TIMELESS:
        yield problem("accumulator_year", where, name=name, first=one.year, second=other.year)


def _held(document: PolicyDocument, payer: Payer, path: Path) -> Iterator[Held]:
    """Every form of a payer that outlives the bill, in the order of the file."""
    usual, own = document.year, payer.year
    begins = (own.begins if own else None) or usual.begins or "01-01"
    year = f"{begins} {(own.as_of if own else None) or usual.as_of or 'discharged'}"
    for name, cap in payer.caps.items():
        if cap.per != "bill":
            held = cap.as_ or f"{payer.payer}_{name}_paid"
            yield Held(held, (*path, "caps", name), cap.per, year, cap.each or "")
    for index, benefit in enumerate(payer.benefits):
        here: Path = (*path, "benefits", index)
        if benefit.cumulative is not None:
            name = position_name(payer, benefit)
            yield Held(name, (*here, "cumulative"), benefit.cumulative.per, year)
        if benefit.deductible is not None:
            yield from _deductible(payer, benefit, benefit.deductible, (*here, "deductible"), year)
        yield from _caps(payer, benefit, (*here, "cap"), year)
    yield from _caps(payer, payer, (*path, "cap"), year)


def _caps(payer: Payer, form: Payer | Benefit, path: Path, year: str) -> Iterator[Held]:
    for cap in form.cap:
        if not isinstance(cap, str) and cap.per != "bill":
            yield Held(cap.as_ or f"{payer.payer}_paid", path, cap.per, year, cap.each or "")


def _deductible(payer: Payer, benefit: Benefit, form: Deductible, path: Path, year: str) -> Iterator[Held]:
    """A deductible of its own scope, and the yearly limit of what is taken."""
    if benefit.cumulative and form.per in (None, benefit.cumulative.per):
        return
    period, name = form.per or "stay", form.as_ or f"{payer.payer}_deductible"
    if period != "bill":
        yield Held(name, path, period, year, across=form.across_year if period == "stay" else "")
    if (limit := form.at_most) is not None:
        yield Held(limit.as_ or f"{name}_{limit.per}", (*path, "at_most"), limit.per, year)


def position_name(payer: Payer, benefit: Benefit) -> str:
    """The accumulator that is a cumulative benefit's position."""
    form = benefit.cumulative
    return (form.as_ if form is not None else None) or f"{payer.payer}_scope"


def _positions(payer: Payer, index: int, tree: Node) -> Iterator[Problem]:
    """Benefits that share a position count the same base on the same bills."""
    bases: dict[str, tuple[object, ...]] = {}
    counts: dict[str, object] = {}
    for number, benefit in enumerate(payer.benefits):
        if benefit.cumulative is None:
            continue
        name = position_name(payer, benefit)
        where = where_of(tree, ("payers", index, "benefits", number, "cumulative"))
        if payer.choose == "all" and name in bases:
            yield problem("position_with_all", where, name=name)
        base = (*parts_of(payer, benefit), benefit.whole, str(benefit.less), benefit.portion, benefit.without,
                str(benefit.counts_at_most))  # fmt: skip
        if bases.setdefault(name, base) != base:
            yield problem("shared_base_differs", where, name=name)
        if counts.setdefault(name, benefit.cumulative.when) != benefit.cumulative.when:
            yield problem("position_when_differs", where, name=name)


def _totals(payer: Payer, index: int, tree: Node) -> Iterator[Problem]:
    """What a payer keeps under one name of its own: what it paid in all, what the patient owed in the end."""
    periods: list[str] = []
    owed: list[list[str]] = []
    for number, benefit in enumerate(payer.benefits):
        path: Path = ("payers", index, "benefits", number)
        if benefit.pays == "catch_up" and benefit.cumulative is not None:
            periods.append(benefit.cumulative.per)
            if periods[-1] != periods[0]:
                where = where_of(tree, (*path, "pays"))
                yield problem("catch_up_periods", where, first=periods[0], second=periods[-1])
        form = benefit.patient_at_most
        if form is not None and form.per == "year":
            owed.append(sorted(form.of))
            if owed[-1] != owed[0]:
                where = where_of(tree, (*path, "patient_at_most", "of"))
                yield problem("owed_of_differs", where, first=", ".join(owed[0]), second=", ".join(owed[-1]))


def parts_of(payer: Payer, benefit: Benefit) -> list[str]:
    """The parts of a bill that a benefit covers."""
    covers = benefit.covers or payer.covers or ["in_scope"]
    return ["in_scope", "first_pay", "over_limit", "own_pay"] if "total" in covers else list(covers)
