"""One benefit told in the order of its meaning: base, deductible, position, schedule, offset, guarantee, limits, draw."""

from __future__ import annotations

from typing import Any

from doudi.engine.plan import BasePlan, BenefitPlan, DeductiblePlan, GuaranteePlan, LimitPlan, SchedulePlan
from doudi.engine.primitives import band_of
from doudi.engine.tell import Teller, Told
from doudi.money import format_yuan as yuan


def tell_benefit(t: Teller, plan: BenefitPlan) -> Told:
    """Everything a chosen benefit did."""
    told: Told = {"base": _base(t, plan.base)}
    if plan.deductible is not None:
        told["deductible"] = _deductible(t, plan.deductible)
    if plan.schedule is not None:
        told["schedule"] = _schedule(t, plan.schedule)
    if plan.formula is not None:
        told["formula"] = {
            "text": plan.formula.text,
            "operands": {name: yuan(t.r[register]) for name, register in plan.formula.operands},
            "amount": yuan(t.r[plan.formula.amount]),
        }
    if plan.after_offset is not None:
        told["offset"] = {
            "payers": {name: yuan(t.r[register]) for name, register in plan.offset},
            "after": yuan(t.r[plan.after_offset]),
        }
    if plan.guarantees:
        told["guarantees"] = [_guarantee(t, guarantee) for guarantee in plan.guarantees]
    told["limits"] = [_limit(t, limit) for limit in plan.limits]
    told["draw"] = plan.draw
    told["drawn"] = {part: yuan(t.r[register]) for part, register in plan.drawn}
    told["amount"] = yuan(t.r[plan.amount])
    return told


def _base(t: Teller, base: BasePlan) -> Told:
    told: Told = {
        "mode": base.mode,
        "parts": {name: yuan(t.r[register]) for name, register in base.parts},
        "amount": yuan(t.r[base.amount]),
    }
    if base.names:
        told["names"] = list(base.names)
    if base.taken_out is not None:
        told["without"] = {"what": base.without, "amount": yuan(t.r[base.taken_out])}
    if base.limit is not None and base.uncut is not None:
        told["counts_at_most"] = {"limit": yuan(t.r[base.limit]), "before": yuan(t.r[base.uncut])}
        if base.limit_number is not None:
            told["counts_at_most"]["number"] = t.number(base.limit_number)
    return told


def _deductible(t: Teller, plan: DeductiblePlan) -> Told:
    told: Told = {
        "per": plan.period,
        "in_schedule": plan.in_schedule,
        "number": t.adjusted(plan.amount),
        "amount": yuan(t.r[plan.amount.register]),
        "taken": yuan(t.r[plan.taken]),
    }
    if plan.used is not None:
        told["accumulator"] = plan.accumulator
        told["taken_before"] = yuan(t.r[plan.used])
    if plan.limit is not None and plan.limit_used is not None:
        told["at_most"] = {"number": t.number(plan.limit), "taken_before": yuan(t.r[plan.limit_used])}
    return told


def _schedule(t: Teller, plan: SchedulePlan) -> Told:
    told: Told = {
        "kind": plan.kind,
        "edges": plan.edges,
        "start": yuan(t.r[plan.start]),
        "end": yuan(t.r[plan.end]),
        "threshold": yuan(t.r[plan.deductible]) if plan.deductible is not None else "0.00",
        "bands": _bands(t, plan),
        "at_start": yuan(t.r[plan.rounded_start]),
        "at_end": yuan(t.r[plan.rounded_end]),
        "amount": yuan(t.r[plan.amount]),
        "rounding": {"to": t.document.rounding.to, "mode": t.document.rounding.mode},
    }
    if plan.position is not None:
        told["position"] = {
            "accumulator": plan.position,
            "period": t.decision.moved.get(plan.position, ("", ""))[1],
            "before": told["start"],
            "after": told["end"],
        }
    if plan.paid_before is not None:
        told["paid_before"] = yuan(t.r[plan.paid_before])
    return told


def _bands(t: Teller, plan: SchedulePlan) -> list[dict[str, Any]]:
    """Every band with what of the position lies in it."""
    start, end, low_limit = _counted(t, plan)
    uppers = [t.r[s.upper] for s in plan.segments if s.upper is not None]
    here = band_of(end, tuple(uppers))
    told = []
    low = 0
    for index, segment in enumerate(plan.segments):
        high = uppers[index] if index < len(uppers) else None
        band: dict[str, Any] = {"from": yuan(low), "to": yuan(high) if high is not None else None}
        rate = t.adjusted(segment.rate)
        if plan.kind == "lump":
            band |= {"lump": rate["value"], "number": rate}
        else:
            band |= {"rate": rate.get("result", rate["value"]), "number": rate}
        if segment.plus is not None:
            band["plus"] = yuan(t.r[segment.plus])
        if plan.kind == "marginal":
            top = end if high is None else min(end, high)
            width = max(0, top - max(low, start, low_limit))
            band["part"] = yuan(width)
            band["amount"] = exact(width * t.r[segment.rate.register])
            band["reached"] = width > 0
        else:
            band["reached"] = index == here
        told.append(band)
        low = high if high is not None else low
    return told


def _counted(t: Teller, plan: SchedulePlan) -> tuple[int, int, int]:
    """Start and end on the scale of the bands, and the threshold on it."""
    threshold = t.r[plan.deductible] if plan.deductible is not None else 0
    start, end = t.r[plan.start], t.r[plan.end]
    if plan.edges == "above_deductible" and plan.kind != "quick":
        return max(0, start - threshold), max(0, end - threshold), 0
    return start, end, threshold


def exact(ten_thousandths: int) -> str:
    """1/10,000 fen as yuan with up to six decimals, two at least."""
    whole, rest = divmod(ten_thousandths, 1_000_000)
    return f"{whole}.{f'{rest:06d}'.rstrip('0').ljust(2, '0')}"


def _guarantee(t: Teller, plan: GuaranteePlan) -> Told:
    told: Told = {
        "kind": plan.kind,
        "share": t.number(plan.share),
        "of": list(plan.parts),
        "whole": yuan(t.r[plan.whole]),
        "left": yuan(t.r[plan.left]),
        "promised": yuan(t.r[plan.promised]),
        "at_least": yuan(t.r[plan.floor]),
        "before": yuan(t.r[plan.before]),
        "after": yuan(t.r[plan.after]),
        "raised": t.r[plan.after] > t.r[plan.before],
        "rounding": {"to": t.document.rounding.to, "mode": t.document.rounding.mode},
    }
    if plan.owed_before is not None and plan.whole_before is not None:
        told["year"] = {
            "owed_before": yuan(t.r[plan.owed_before]),
            "whole_before": yuan(t.r[plan.whole_before]),
        }
    return told


def _limit(t: Teller, plan: LimitPlan) -> Told:
    told: Told = {
        "kind": plan.kind,
        "name": plan.name,
        "per": plan.period,
        "limit": yuan(t.r[plan.limit]),
        "available": yuan(t.r[plan.available]),
        "before": yuan(t.r[plan.before]),
        "after": yuan(t.r[plan.after]),
        "binding": t.r[plan.after] < t.r[plan.before],
    }
    if plan.used is not None:
        told["used"] = yuan(t.r[plan.used])
    if plan.amount is not None:
        told["number"] = t.adjusted(plan.amount)
    if plan.percent_of is not None:
        told |= {"of": plan.of, "of_amount": yuan(t.r[plan.percent_of])}
    return told
