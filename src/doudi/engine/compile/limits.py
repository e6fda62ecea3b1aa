"""Offset, guarantees and caps (meaning, steps 7 and 8)."""

from __future__ import annotations

from doudi.engine.compile.adjust import compile_adjusted
from doudi.engine.compile.context import Context, TreePath
from doudi.engine.compile.numbers import compile_number
from doudi.engine.plan import AdjustedPlan, GuaranteeKind, GuaranteePlan, LimitPlan, NumberPlan
from doudi.engine.program import Accumulator
from doudi.policy.benefits import Benefit, Cap, Guarantee
from doudi.policy.document import PolicyDocument
from doudi.policy.payers import Payer
from doudi.policy.scalars import ShareOf
from doudi.policy.values import AmountValue

KINDS: tuple[GuaranteeKind, ...] = ("raises_to", "own_at_least", "patient_at_most")


def compile_guarantees(
    c: Context, payer: Payer, benefit: Benefit, amount: int, path: TreePath, label: str
) -> list[GuaranteePlan]:
    """The guarantees in order; each is at least the amount before it."""
    told: list[GuaranteePlan] = []
    for kind in KINDS:
        form: Guarantee | None = getattr(benefit, kind)
        if form is not None:
            told.append(_guarantee(c, payer, kind, form, amount, (*path, kind), f"{label}.{kind}"))
            amount = told[-1].after
    return told


def _guarantee(
    c: Context, payer: Payer, kind: GuaranteeKind, form: Guarantee, amount: int, path: TreePath, label: str
) -> GuaranteePlan:
    b = c.b
    parts = c.parts(list(form.of))
    whole, left = c.sum_of(parts, c.whole), c.sum_of(parts, c.left)
    share = compile_number(c, form.share, "bp", (*path, "share"), f"{label}.share")
    owed_before = whole_before = None
    if kind == "patient_at_most" and form.per == "year":
        owed_before = b.accumulator(owed_of(c, payer))
        whole_before = b.accumulator(whole_of(c, payer))
    all_whole = b.op("add", whole, whole_before) if whole_before is not None else whole
    promised = b.op("share", all_whole, share.register)
    if kind == "raises_to":
        floor = b.op("sub", left, b.op("sub", whole, promised))
    elif kind == "own_at_least":
        floor = promised
    else:
        owed = b.op("add", left, owed_before) if owed_before is not None else left
        floor = b.op("sub", owed, promised)
    after = b.op("max", amount, floor)
    return GuaranteePlan(
        kind,
        share,
        parts,
        whole,
        left,
        promised,
        floor,
        amount,
        after,
        owed_before,
        whole_before,
    )


def owed_of(c: Context, payer: Payer) -> Accumulator:
    """What the patient owed on the year's earlier bills."""
    return c.accumulator(payer, f"{payer.payer}_owed", "year")


def whole_of(c: Context, payer: Payer) -> Accumulator:
    """The parts of the year's earlier bills that `patient_at_most` looks at."""
    return c.accumulator(payer, f"{payer.payer}_owed_of", "year")


def compile_limits(
    c: Context,
    payer: Payer,
    benefit: Benefit,
    amount: int,
    drawable: tuple[str, ...],
    path: TreePath,
    label: str,
) -> list[LimitPlan]:
    """What is left of the drawn parts, then every cap; the least wins."""
    b = c.b
    left = c.sum_of(drawable, c.left)
    after = b.not_below_zero(b.op("min", amount, left))
    told = [LimitPlan("left", "left", "bill", left, None, left, amount, after)]
    payer_path = path[:2]
    for index, cap in enumerate(benefit.cap):
        here = (*path, "cap") if len(benefit.cap) == 1 else (*path, "cap", index)
        told.append(_cap(c, payer, benefit, cap, told[-1].after, here, payer_path, label))
    for cap in payer.cap:
        told.append(_cap(c, payer, benefit, cap, told[-1].after, (*payer_path, "cap"), payer_path, label))
    return told


def compile_payer_caps(c: Context, payer: Payer, index: int, amount: int) -> int:
    """What the payer's own caps leave of an amount that was decided case by case."""
    for cap in payer.cap:
        amount = _cap(
            c, payer, None, cap, amount, ("payers", index, "cap"), ("payers", index), payer.payer
        ).after
    return amount


def _cap(
    c: Context,
    payer: Payer,
    benefit: Benefit | None,
    cap: str | Cap,
    before: int,
    path: TreePath,
    payer_path: TreePath,
    label: str,
) -> LimitPlan:
    b = c.b
    if isinstance(cap, str):
        form, name, path, label = (
            payer.caps[cap],
            cap,
            (*payer_path, "caps", cap),
            f"{payer.payer}.caps.{cap}",
        )
    else:
        form, name, label = cap, cap.as_ or f"{payer.payer}_paid", f"{label}.cap"
    adjusted, percent_of, of = _amount(c, benefit, form, path, label)
    limit = adjusted.register if percent_of is None else b.op("share_down", percent_of, adjusted.register)
    used = None
    available = limit
    if form.per != "bill":
        accumulator = c.accumulator(payer, cap_name(payer, cap), form.per, form.each)
        used = b.accumulator(accumulator)
        available = b.not_below_zero(b.op("sub", limit, used))
    after = b.op("min", before, available)
    return LimitPlan("cap", name, form.per, limit, used, available, before, after, adjusted, percent_of, of)


def cap_name(payer: Payer, cap: str | Cap) -> str:
    """The accumulator that a cap counts in."""
    if isinstance(cap, str):
        return payer.caps[cap].as_ or f"{payer.payer}_{cap}_paid"
    return cap.as_ or f"{payer.payer}_paid"


def limit_names(document: PolicyDocument) -> frozenset[str]:
    """The accumulators that caps count in: what can be held. Positions and deductibles are not among them."""
    return frozenset(
        cap_name(payer, cap)
        for payer in document.payers
        for caps in (payer.cap, *(benefit.cap for benefit in payer.benefits))
        for cap in caps
        if (payer.caps[cap] if isinstance(cap, str) else cap).per != "bill"
    )


def _amount(
    c: Context, benefit: Benefit | None, form: Cap, path: TreePath, label: str
) -> tuple[AdjustedPlan, int | None, str | None]:
    """The cap's amount; or, for a share of the bill, its rate and the amount it is a share of."""
    share = form.value
    if isinstance(share, ShareOf) and share.of not in c.document.figures:
        rate = AmountValue.model_construct(value=share.rate_bp)
        number: NumberPlan = compile_number(c, rate, "bp", path, label)
        whole = c.total if share.of == "total" else c.whole[share.of]
        return AdjustedPlan(number, (), number.register), whole, share.of
    number = compile_number(c, form, "fen", path, label)
    if benefit is None or form not in benefit.cap:
        return AdjustedPlan(number, (), number.register), None, None
    return compile_adjusted(c, benefit, "cap", number, path[:4], label.removesuffix(".cap")), None, None
