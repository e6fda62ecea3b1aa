"""Checks of one benefit: its bands, adjustments, references, formula and caps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from doudi.money import BP_ONE, MoneyError, format_yuan
from doudi.policy.benefits import AmountAdjust, Band, Benefit, Cap, RateAdjust
from doudi.policy.checks.numbers import scalars_of
from doudi.policy.formula import FormulaError, parse_formula, quantities
from doudi.policy.payers import Payer
from doudi.policy.problems import Problem, problem
from doudi.policy.source import Node
from doudi.policy.validate import cap_form, locate, where_of
from doudi.words import Words, did_you_mean

Path = tuple[str | int, ...]
_THE_END = Words("末尾", "the end")
_GROUPED = re.compile(r"[0-9],[0-9]{3}(?![0-9])")


def benefit_problems(
    tree: Node, payer: Payer, benefit: Benefit, path: Path, earlier: list[str], deductibles: set[str]
) -> Iterator[Problem]:
    """Every finding about one benefit; `earlier`: payers before it, `deductibles`: those that have one."""
    yield from _bands(benefit, tree, path)
    yield from _adjusts(benefit, tree, path)
    yield from _references(benefit, tree, path, earlier, deductibles)
    yield from _formula(benefit, tree, path, earlier)
    form, cumulative = benefit.deductible, benefit.cumulative
    if form is not None and form.at_most is not None and cumulative and form.per in (None, cumulative.per):
        yield problem("deductible_limit", where_of(tree, (*path, "deductible", "at_most")))
    yield from _caps(payer, benefit.cap, tree, (*path, "cap"))
    if payer.settled == "year_end" and _works_on_more_than_owed(benefit):
        yield problem("year_end_needs_total", where_of(tree, path))


def _works_on_more_than_owed(benefit: Benefit) -> bool:
    odd = (benefit.cumulative, benefit.less, benefit.portion, benefit.whole or None)
    return any(form is not None for form in odd)


def payer_caps(payer: Payer, tree: Node, path: Path) -> Iterator[Problem]:
    """The caps that a payer defines, and those it applies to all its benefits."""
    for name in payer.caps:
        node, shown = locate(tree, (*path, "caps", name))
        if node.text() is not None:
            yield cap_form(node, shown)
    yield from _caps(payer, payer.cap, tree, (*path, "cap"))


def _caps(payer: Payer, caps: list[str | Cap], tree: Node, path: Path) -> Iterator[Problem]:
    """Caps without a period, and names of caps that the payer does not define."""
    for index, cap in enumerate(caps):
        node, shown = locate(tree, (*path, index))
        if not isinstance(cap, str) and node.text() is not None:
            yield cap_form(node, shown)
        if isinstance(cap, str) and cap not in payer.caps:
            hint = did_you_mean(cap, list(payer.caps))
            yield problem("cap_unknown", node.where, shown, name=cap, hint=hint)


def _bands(benefit: Benefit, tree: Node, path: Path) -> Iterator[Problem]:
    bands = benefit.bands or []
    lumps = [band.lump is not None for band in bands]
    if any(lumps) and not all(lumps):
        yield problem("bands_mixed", where_of(tree, (*path, "bands")))
    if bands and bands[0].edge != 0:
        where = where_of(tree, (*path, "bands", 0, _edge_key(bands[0])))
        yield problem("bands_first_edge", where, edge=format_yuan(bands[0].edge))
    for index, (before, band) in enumerate(pairwise(bands), start=1):
        where = where_of(tree, (*path, "bands", index, _edge_key(band)))
        if band.edge <= before.edge:
            yield problem("bands_not_ascending", where, edge=format_yuan(band.edge))
        if before.up_to is not None and before.up_to != band.edge:
            shown = format_yuan(before.up_to)
            where = where_of(tree, (*path, "bands", index - 1, "up_to"))
            yield problem("bands_up_to", where, up_to=shown, edge=format_yuan(band.edge))
    if benefit.schedule is not None and bands:
        found = benefit.model_copy(update={"schedule": None}).kind
        fits = {
            "marginal": ("marginal",),
            "slab": ("marginal",),
            "lump": ("lump",),
            "quick": ("quick", "marginal"),
        }
        if found not in fits[benefit.schedule]:
            where = where_of(tree, (*path, "schedule"))
            yield problem("schedule_mismatch", where, written=benefit.schedule, found=found)


def _edge_key(band: Band) -> str:
    return "above" if band.above is not None else "reaching"


def _adjusts(benefit: Benefit, tree: Node, path: Path) -> Iterator[Problem]:
    has = {
        "rate": benefit.rate is not None or any(band.rate for band in benefit.bands or []),
        "deductible": benefit.deductible is not None,
        "cap": any(not isinstance(cap, str) for cap in benefit.cap),
    }
    for index, adjust in enumerate(benefit.adjust):
        where = where_of(tree, (*path, "adjust", index))
        if not has[adjust.number]:
            yield problem("adjust_target_missing", where, number=adjust.number)
        change = adjust.change()
        if (change, adjust.number) in (("at_most", "cap"), ("at_least", "deductible")):
            yield problem("adjust_direction", where, change=change, number=adjust.number)
        if not adjust.penalty and _lowers(adjust, change):
            yield problem("adjust_lowers", where)


def _lowers(adjust: RateAdjust | AmountAdjust, change: str) -> bool:
    """Whether a factor or addend makes the benefit worse for the patient."""
    form = getattr(adjust, change)
    scalars = [
        scalar for reading in form.readings() for scalar in scalars_of(reading) if isinstance(scalar, int)
    ]
    worse_up = adjust.number == "deductible"
    if change == "times":
        return any(value > BP_ONE if worse_up else value < BP_ONE for value in scalars)
    if change == "plus":
        return any(value > 0 if worse_up else value < 0 for value in scalars)
    return False


def _references(
    benefit: Benefit, tree: Node, path: Path, earlier: list[str], deductibles: set[str]
) -> Iterator[Problem]:
    if sum(form is not None for form in (benefit.less, benefit.portion, benefit.whole or None)) > 1:
        yield problem("base_two_ways", where_of(tree, path))
    for key in ("less", "offset"):
        for index, name in enumerate(getattr(benefit, key) or []):
            if name not in earlier:
                where = where_of(tree, (*path, key, index))
                yield problem("payer_not_earlier", where, name=name, hint=did_you_mean(name, earlier))
    for key in ("portion", "without"):
        text = getattr(benefit, key) or ""
        name = text.removeprefix("deductible_of ").strip()
        refers = key == "without" or text.startswith("deductible_of ")
        if text and refers and (name not in deductibles or not text.startswith("deductible_of ")):
            yield problem("deductible_of_unknown", where_of(tree, (*path, key)), name=name)


def _formula(benefit: Benefit, tree: Node, path: Path, earlier: list[str]) -> Iterator[Problem]:
    if benefit.formula is None:
        return
    where = where_of(tree, (*path, "formula"))
    known = quantities(earlier)
    unread: str | Words | None = found.group() if (found := _GROUPED.search(benefit.formula)) else None
    try:
        parse_formula(benefit.formula, known.__contains__)
    except FormulaError as error:
        if error.unknown:
            yield problem("formula_name", where, text=error.text, hint=did_you_mean(error.text, known))
            return
        unread = unread or (_THE_END if error.text == benefit.formula else error.text)
    except MoneyError:
        unread = unread or benefit.formula
    if unread is not None:
        yield problem("formula_syntax", where, text=unread)
