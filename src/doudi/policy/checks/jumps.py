"""Where a benefit may jump: one more yuan of cost changes it by more than a yuan. The law may want that; then it says so.

Jumps come from slabs, lumps, a quick-deduction table whose pieces do not meet, a test on an amount in `when`, a
rounding unit above the fen, and a choice of the best benefit among some that draw on different parts: where another
becomes the best, later payers find other parts. Each needs `accepted` on the benefit, with a reason. What falls
without a jump cannot be seen in the forms alone: `doudi.proof.harm` finds it, with the bill.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TypeAlias

from doudi.money import BP_ONE
from doudi.policy.benefits import Band, Benefit
from doudi.policy.conditions import PARTS, When
from doudi.policy.document import PolicyDocument
from doudi.policy.payers import Payer
from doudi.policy.problems import Problem, problem
from doudi.policy.source import Node
from doudi.policy.validate import where_of
from doudi.policy.values import RateValue, Reading
from doudi.words import Words

Path: TypeAlias = tuple[str | int, ...]
Reason: TypeAlias = tuple[Path, Words]


def unaccepted_jumps(document: PolicyDocument, tree: Node) -> Iterator[Problem]:
    """A finding for every cause of a jump in a benefit without `accepted`, at the cause."""
    for i, payer in enumerate(document.payers):
        for j, benefit in enumerate(payer.benefits):
            if benefit.accepted is not None:
                continue
            for path, what in jump_causes(document, i, j):
                yield problem("jump_not_accepted", where_of(tree, path), what=what, name=benefit.benefit)


def jump_causes(document: PolicyDocument, payer_index: int, benefit_index: int) -> Iterator[Reason]:
    """Everything in a benefit that makes it jump, with its place."""
    payer = document.payers[payer_index]
    benefit = payer.benefits[benefit_index]
    outer: Path = ("payers", payer_index)
    path: Path = (*outer, "benefits", benefit_index)
    bands = benefit.bands or []
    if benefit.kind == "slab" and len(bands) > 1:
        yield (*path, "schedule"), Words("按全额一个比例（slab）", "A slab (one rate for the whole amount)")
    if benefit.kind == "lump":
        yield (*path, "bands"), Words("定额（lump）", "A lump sum")
    if benefit.kind == "quick":
        for index in broken_bands(bands):
            what = Words(
                "速算扣除数在这一段的起点接不上，", "The quick-deduction table does not meet here and"
            )
            yield (*path, "bands", index, "plus"), what
    if document.rounding.to != "fen":
        yield ("rounding", "to"), Words("按角或元取整", "Rounding to jiao or yuan")
    if (
        payer.choose == "best"
        and benefit is not payer.benefits[0]
        and _drawn(payer, benefit) != _drawn(payer, payer.benefits[0])
    ):
        yield (
            (*outer, "choose"),
            Words(
                "从优选择动用不同费用的待遇", "A choice of the best among benefits that draw on other parts"
            ),
        )
    conditions = [((*outer, "when"), payer.when), ((*path, "when"), benefit.when)]
    conditions += [
        ((*path, "adjust", index, "when"), adjust.when) for index, adjust in enumerate(benefit.adjust)
    ]
    for place, when in conditions:
        for found in amount_tests(when, place):
            yield found, Words("条件中的金额", "An amount in when")


def _drawn(payer: Payer, benefit: Benefit) -> set[str]:
    """The parts that a benefit draws on."""
    guarantees = (benefit.raises_to, benefit.own_at_least, benefit.patient_at_most)
    names: set[str] = {*(benefit.covers or payer.covers or ["in_scope"])}
    names |= {part for guarantee in guarantees if guarantee is not None for part in guarantee.of}
    return set(PARTS) if "total" in names else names


def amount_tests(when: When | None, path: Path) -> Iterator[Path]:
    """The paths of the tests on amounts in a condition."""
    if when is None:
        return
    if when.amount is not None:
        yield (*path, "amount")
    for key, inner in (("any", when.any_ or []), ("all", when.all_ or [])):
        for index, one in enumerate(inner):
            yield from amount_tests(one, (*path, key, index) if key == "any" else (*path, "all", index))
    yield from amount_tests(when.not_, (*path, "not"))


def broken_bands(bands: list[Band]) -> Iterator[int]:
    """The bands of a quick-deduction table (f = x·rate + plus) that do not begin where the one before ends."""
    if bands and bands[0].plus:
        yield 0
    for index, (before, band) in enumerate(pairwise(bands), start=1):
        for low, high in _rates_side_by_side(before, band):
            fall = (high - low) * band.edge + ((band.plus or 0) - (before.plus or 0)) * BP_ONE
            if fall != 0:
                yield index
                break


def _rates_side_by_side(before: Band, band: Band) -> list[tuple[int, int]]:
    """The rates of two neighbouring bands, row by row and date by date."""
    low, high = _rates(before), _rates(band)
    return [(low.get(key, low.get(())) or 0, rate) for key, rate in high.items()]


def _rates(band: Band) -> dict[Path, int]:
    found: dict[Path, int] = {}
    for reading in band.rate.readings() if band.rate is not None else []:
        date_steps: Path = () if reading.from_ is None else (str(reading.from_),)
        found |= {(*date_steps, *steps): rate for steps, rate in _cells(reading)}
    return found


def rates_of(value: RateValue) -> list[int]:
    """Every rate that a number can be."""
    return [rate for reading in value.readings() for _, rate in _cells(reading)]


def _cells(reading: Reading[int]) -> Iterator[tuple[Path, int]]:
    if reading.value is not None:
        yield (), reading.value
    for name, row in (reading.rows or {}).items():
        if isinstance(row, dict):
            yield from (((name, inner), rate) for inner, rate in row.items())
        else:
            yield (name,), row
