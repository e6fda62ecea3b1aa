"""From the position to an amount: marginal bands, slab, lump and quick-deduction tables (meaning, step 6)."""

from __future__ import annotations

from doudi.engine.compile.adjust import compile_adjusted
from doudi.engine.compile.context import Context, TreePath
from doudi.engine.compile.numbers import compile_number
from doudi.engine.plan import AdjustedPlan, DeductiblePlan, Leaf, NumberPlan, SchedulePlan, SegmentPlan
from doudi.engine.program import Accumulator, Cell, Version
from doudi.policy.benefits import Band, Benefit, RateAdjust
from doudi.policy.payers import Payer
from doudi.policy.values import RateValue


def compile_schedule(
    c: Context,
    payer: Payer,
    benefit: Benefit,
    base: int,
    deductible: DeductiblePlan | None,
    path: TreePath,
    label: str,
) -> SchedulePlan | None:
    """The schedule's amount for a base that is already without a deductible of another scope."""
    if benefit.rate is None and benefit.bands is None:
        return None
    b, zero = c.b, c.b.constant(0)
    segments = _segments(c, benefit, path, label)
    in_schedule = deductible is not None and deductible.in_schedule
    threshold = deductible.amount.register if deductible is not None and in_schedule else zero
    position = position_of(c, payer, benefit)
    start = b.accumulator(position) if position else zero
    end = b.op("add", start, base) if position else base
    rounded_end = _amount_at(c, benefit, segments, end, threshold)
    rounded_start = _amount_at(c, benefit, segments, start, threshold) if position else zero
    paid_before = None
    if benefit.pays == "catch_up" and benefit.cumulative is not None:
        total = c.accumulator(payer, f"{payer.payer}_total", benefit.cumulative.per)
        paid_before = b.accumulator(total)
    earlier = paid_before if paid_before is not None else rounded_start
    amount = b.not_below_zero(b.op("sub", rounded_end, earlier))
    return SchedulePlan(
        benefit.kind,
        benefit.edges,
        tuple(segments),
        start,
        end,
        rounded_start,
        rounded_end,
        paid_before,
        amount,
        position.name if position else None,
        threshold if in_schedule else None,
    )


def position_of(c: Context, payer: Payer, benefit: Benefit) -> Accumulator | None:
    """The accumulator that is the benefit's position, if it is cumulative."""
    form = benefit.cumulative
    if form is None:
        return None
    return c.accumulator(payer, form.as_ or f"{payer.payer}_scope", form.per)


def _segments(c: Context, benefit: Benefit, path: TreePath, label: str) -> list[SegmentPlan]:
    """The bands, cut further where an adjustment holds only on a stretch."""
    bands = benefit.bands or [Band.model_construct(rate=benefit.rate)]
    edges = sorted({band.edge for band in bands[1:]} | _stretch_edges(benefit))
    segments: list[SegmentPlan] = []
    for low, high in zip([0, *edges], [*edges, None], strict=True):
        index = max(i for i, band in enumerate(bands) if band.edge <= low)
        band = bands[index]
        here = (*path, "bands", index) if benefit.bands else path
        name = f"{label}.bands.{index + 1}" if benefit.bands else label
        upper = None if high is None else _edge(c, bands, high, here, name, benefit.kind != "marginal")
        rate = _rate(c, benefit, band, here, name, path, label, (low, high))
        plus = None
        if benefit.kind == "quick":
            plus = _constant_cell(c, band.plus or 0, (*here, "plus"), f"{name}.plus")
        segments.append(SegmentPlan(upper, rate, plus, index))
    return segments


def _stretch_edges(benefit: Benefit) -> set[int]:
    edges: set[int] = set()
    for adjust in benefit.adjust:
        if isinstance(adjust, RateAdjust) and adjust.within is not None:
            edges |= {edge for edge in (adjust.within.above, adjust.within.up_to) if edge}
    return edges


def _edge(c: Context, bands: list[Band], edge: int, path: TreePath, label: str, steps: bool) -> int:
    """The upper edge of a segment; where the next band says `reaching`, the last fen below it (it matters in steps)."""
    reaching = any(band.reaching == edge for band in bands)
    return _constant_cell(c, edge - 1 if reaching and steps else edge, path, f"{label}.up_to")


def _constant_cell(c: Context, value: int, path: TreePath, label: str) -> int:
    return c.b.cell(Cell(label, "fen", (Version(None, None, value, path),)))


def _rate(
    c: Context,
    benefit: Benefit,
    band: Band,
    here: TreePath,
    name: str,
    path: TreePath,
    label: str,
    stretch: tuple[int, int | None],
) -> AdjustedPlan:
    if band.lump is not None:
        cell = _constant_cell(c, band.lump, (*here, "lump"), f"{name}.lump")
        leaf = Leaf(cell, f"{name}.lump")
        return AdjustedPlan(NumberPlan(cell, "fen", (leaf,)), (), cell)
    rate = band.rate or RateValue.model_construct(value=0)
    number = compile_number(c, rate, "bp", (*here, "rate"), f"{name}.rate")
    return compile_adjusted(c, benefit, "rate", number, path, label, stretch)


def _amount_at(c: Context, benefit: Benefit, segments: list[SegmentPlan], x: int, threshold: int) -> int:
    """round(f(x)) as one instruction."""
    b = c.b
    if benefit.edges == "above_deductible" and benefit.kind != "quick":
        x, threshold = b.not_below_zero(b.op("sub", x, threshold)), b.constant(0)
    numbers = [segment.upper for segment in segments if segment.upper is not None]
    numbers += [segment.rate.register for segment in segments]
    if benefit.kind == "quick":
        numbers += [segment.plus for segment in segments if segment.plus is not None]
    return b.op(benefit.kind, x, threshold, *numbers)
