"""The certificate: forms with which no harm can be written, so that nothing has to be calculated.

Let every payer draw on one part, on what is *left* of it, by a continuous schedule of rates up to 100 %, with caps
that are amounts and guarantees on that same part. Then what it leaves grows by 0 or 1 fen where it finds 0 or 1 fen
more: round(f(x + 1)) − round(f(x)) is 0 or 1, and so is the least or the largest of such amounts – rounding included,
whatever the accumulators hold. Fen by fen the patient's share therefore grows by 0 or 1, and the payers' sum takes
the rest.

`own_at_least` promises a share of the *whole* part: it is certified only for the first to draw on it, for what an
earlier payer has taken does not come back.
"""

from __future__ import annotations

from collections.abc import Iterator

from doudi.engine.compile.bill import payers_in_order
from doudi.money import BP_ONE
from doudi.policy.benefits import Benefit
from doudi.policy.checks.jumps import amount_tests, broken_bands, rates_of
from doudi.policy.conditions import PARTS
from doudi.policy.document import PolicyDocument
from doudi.policy.payers import Payer
from doudi.policy.scalars import ShareOf
from doudi.policy.values import Reading
from doudi.words import Words


def uncertified(document: PolicyDocument) -> dict[str, Words | None]:
    """For every payer that pays bills, why it has no certificate; None where it has one."""
    everywhere = next(_document(document), None)
    found: dict[str, Words | None] = {}
    drawn: set[str] = set()
    for _, payer in payers_in_order(document):
        if payer.settled == "bill":
            found[payer.payer] = everywhere or next(_payer(document, payer, drawn), None)
            drawn |= parts_of(payer)
    return found


def parts_of(payer: Payer) -> set[str]:
    """The cost parts that a payer may draw on."""
    forms = [benefit.covers or payer.covers for benefit in payer.benefits] or [payer.covers]
    if not payer.benefits and payer.covers is None and payer.decided == "case_by_case":
        forms = [["total"]]
    found: set[str] = set()
    for covers in forms:
        found |= _parts(list(covers or ["in_scope"]))
    for benefit in payer.benefits:
        for guarantee in (benefit.raises_to, benefit.own_at_least, benefit.patient_at_most):
            found |= _parts(list(guarantee.of)) if guarantee is not None else set()
    return found


def _parts(names: list[str]) -> set[str]:
    return set(PARTS) if "total" in names else set(names)


def _document(document: PolicyDocument) -> Iterator[Words]:
    if document.rounding.to != "fen":
        yield Words("按角或元取整", "rounding to jiao or yuan")
    if any(True for rule in document.bill for _ in amount_tests(rule.when, ())):
        yield Words("单据规则的条件看金额", "a bill rule tests an amount")


def _payer(document: PolicyDocument, payer: Payer, drawn: set[str]) -> Iterator[Words]:
    parts = parts_of(payer)
    if len(parts) > 1:
        yield Words("动用不止一部分费用", "draws on more than one cost part")
    if any(True for _ in amount_tests(payer.when, ())):
        yield Words("条件看金额", "its condition tests an amount")
    for cap in (*payer.caps.values(), *payer.cap):
        if not isinstance(cap, str) and any(_percent(document, reading) for reading in cap.readings()):
            yield Words("限额随费用变动", "a cap is a share of the bill")
    for benefit in payer.benefits:
        yield from _benefit(document, benefit)
        if benefit.own_at_least is not None and (
            parts & drawn or (payer.choose == "all" and len(payer.benefits) > 1)
        ):
            yield Words(
                "保底按全部费用承诺，而先前已有人支付", "promises a share of a part that others have drawn on"
            )


def _benefit(document: PolicyDocument, benefit: Benefit) -> Iterator[Words]:
    if benefit.whole or benefit.less or benefit.portion or benefit.without or _percent(document, benefit):
        yield Words("基数不是剩余费用", "its base is not what is left")
    if benefit.offset or benefit.formula:
        yield Words("用了抵减或公式", "uses an offset or a formula")
    if benefit.kind in ("slab", "lump") or (
        benefit.kind == "quick" and (benefit.deductible is not None or any(broken_bands(benefit.bands or [])))
    ):
        yield Words("计算办法不连续", "its schedule is not continuous")
    whens = [benefit.when, *(adjust.when for adjust in benefit.adjust)]
    if any(True for when in whens for _ in amount_tests(when, ())):
        yield Words("条件看金额", "a condition tests an amount")
    for cap in benefit.cap:
        if not isinstance(cap, str) and any(_percent(document, reading) for reading in cap.readings()):
            yield Words("限额随费用变动", "a cap is a share of the bill")
    rates = [rate for band in benefit.bands or [] if band.rate for rate in rates_of(band.rate)]
    rates += rates_of(benefit.rate) if benefit.rate is not None else []
    if any(rate > BP_ONE for rate in rates):
        yield Words("比例超过100%", "a rate is above 100 %")


def _percent(document: PolicyDocument, form: Reading[int | ShareOf] | Benefit) -> bool:
    """Whether a limit is a share of the bill (and not of a figure of the region)."""
    if isinstance(form, Benefit):
        values: list[object] = [form.counts_at_most]
    else:
        rows = list((form.rows or {}).values())
        values = [form.value, form.default, *rows]
    return any(isinstance(value, ShareOf) and value.of not in document.figures for value in values)
