"""One benefit as sentences with its numbers, in the order of its meaning: base, deductible, rate, guarantee, caps."""

from __future__ import annotations

from collections.abc import Iterator

from doudi.engine.compile.context import TreePath
from doudi.engine.entitlement.data import Line
from doudi.engine.entitlement.figures import Figures, Within, figure_words, marks_of, shown
from doudi.engine.plan import (
    BasePlan,
    BenefitPlan,
    DeductiblePlan,
    LimitPlan,
    RulePlan,
    SchedulePlan,
    SegmentPlan,
)
from doudi.engine.render.amounts import period
from doudi.engine.render.benefit import GUARANTEES
from doudi.engine.vocabulary import name_of
from doudi.policy.benefits import Benefit
from doudi.policy.payers import Payer
from doudi.words import Words

BASE, DEDUCTIBLE, RATE, CAP = (
    Words("支付范围", "covers"), Words("起付线", "deductible"), Words("比例", "rate"), Words("封顶", "cap"),
)  # fmt: skip
SHARED = Words("共用封顶", "shared cap")
KINDS = {
    "slab": Words("全额按所在档的比例", "the whole at the rate of its band"),
    "lump": Words("按档定额", "a sum by band"),
    "quick": Words("按速算扣除数", "by quick deduction"),
}


def listed(words: list[Words]) -> Words:
    """Several words as one."""
    return Words("、".join(word.zh for word in words), ", ".join(word.en for word in words))


class BenefitLines:
    """The lines of one benefit for one person."""

    def __init__(
        self, figures: Figures, payer: Payer, plan: BenefitPlan, path: TreePath, within: Within
    ) -> None:
        self.f, self.law, self.payer, self.plan, self.path, self.within = (
            figures,
            figures.law,
            payer,
            plan,
            path,
            within,
        )
        self.benefit: Benefit = payer.benefits[plan.index]

    def lines(self) -> Iterator[Line]:
        """All of it."""
        plan, f = self.plan, self.f
        yield self._base(plan.base)
        if plan.base.limit_number is not None:
            figure = f.figure(plan.base.limit_number, self.within)
            yield Line(
                "base_limit",
                Words("计入不超过", "counts at most"),
                figure_words(figure),
                figure,
                marks_of(figure),
            )
        if plan.deductible is not None:
            yield from self._deductible(plan.deductible)
        if plan.schedule is not None:
            yield from self._schedule(plan.schedule)
        if plan.formula is not None:
            text = Words(plan.formula.text, plan.formula.text)
            yield Line("formula", Words("公式", "formula"), text, notes=f.book.at((*self.path, "formula")))
        if plan.offset:
            payers = listed([self.law.payer(name) for name, _ in plan.offset])
            yield Line("offset", Words("扣减", "less"), Words(f"{payers.zh}已付", f"what {payers.en} paid"))
        yield from self._guarantees()
        for limit in plan.limits:
            if limit.kind == "cap":
                yield self._cap(limit)

    def _base(self, base: BasePlan) -> Line:
        covers = self.benefit.covers or self.payer.covers or ["in_scope"]
        parts = listed([name_of(part) for part in covers])
        zh, en = parts.zh, parts.en
        if base.mode == "whole":
            zh, en = f"{zh}（按原额计）", f"{en} (as billed)"
        elif base.mode == "less":
            payers = listed([self.law.payer(name) for name in base.names])
            zh, en = f"{zh}（只减去{payers.zh}已付）", f"{en} (less only what {payers.en} paid)"
        elif base.mode == "portion":
            zh, en = (
                f"{zh}中的专项费用 {base.names[0]}",
                f"of {en}, the part marked {base.names[0].replace('_', ' ')}",
            )
        elif base.mode == "deductible_of":
            payer = self.law.payer(base.names[0])
            zh, en = f"{payer.zh}的起付线部分", f"the deductible of {payer.en}"
        elif self._comes_later():
            zh, en = f"{zh}（前面各方付后所余）", f"{en} (left by the payers before)"
        if base.without is not None:
            payer = self.law.payer(base.without.removeprefix("deductible_of ").strip())
            zh, en = f"{zh}，不含{payer.zh}的起付线部分", f"{en}, without the deductible of {payer.en}"
        return Line("base", BASE, Words(zh, en))

    def _comes_later(self) -> bool:
        """Whether a payer before this one may have taken something."""
        order = self.law.compiled.plan.payers
        return bool(order) and order[0].name != self.payer.payer

    def _deductible(self, plan: DeductiblePlan) -> Iterator[Line]:
        figure = self.f.figure(plan.amount, self.within)
        per = period(plan.period)
        label = Words(f"{DEDUCTIBLE.zh}（{per.zh}）", f"{DEDUCTIBLE.en} ({per.en})")
        text = figure_words(figure)
        if plan.in_schedule:
            text = Words(
                f"{per.zh}累计超过 {text.zh} 的部分才支付",
                f"pays what exceeds {text.en}, counted over {per.en}",
            )
        yield Line("deductible", label, text, figure, marks_of(figure))
        if (
            plan.limit is not None
            and self.benefit.deductible is not None
            and self.benefit.deductible.at_most is not None
        ):
            most = self.f.figure(plan.limit, self.within)
            over = period(self.benefit.deductible.at_most.per)
            label = Words(f"{over.zh}起付线合计不超过", f"deductibles of {over.en} at most")
            yield Line("deductible", label, figure_words(most), most, marks_of(most))

    def _schedule(self, plan: SchedulePlan) -> Iterator[Line]:
        single = len(plan.segments) == 1 and plan.kind != "lump"
        low = 0
        for segment in plan.segments:
            high = self.f.partial.number(segment.upper) if segment.upper is not None else None
            yield self._segment(segment, low, high, single)
            low = high if high is not None else low
        said = [KINDS[plan.kind]] if plan.kind in KINDS else []
        if plan.edges == "above_deductible" and not single:
            said.append(Words("分段从起付线以上起算", "bands count from the deductible up"))
        if self.benefit.cumulative is not None:
            per = period(self.benefit.cumulative.per)
            said.append(Words(f"{per.zh}累计计算", f"cumulative over {per.en}"))
        if plan.paid_before is not None:
            said.append(Words("补足前期少付的部分", "catches up with what was paid before"))
        if said:
            yield Line("schedule", Words("计算", "reckoned"), listed(said))

    def _segment(self, segment: SegmentPlan, low: int, high: int | None, single: bool) -> Line:
        figure = self.f.figure(segment.rate, self.within)
        text = figure_words(figure)
        if segment.plus is not None and (plus := self.f.partial.number(segment.plus)):
            text = Words(f"{text.zh}，加 {shown(plus, 'fen').zh}", f"{text.en}, plus {shown(plus, 'fen').en}")
        if single:
            return Line("rate", RATE, text, figure, marks_of(figure), low=low)
        start, end = shown(low, "fen").zh, shown(high, "fen").zh
        label = Words(f"{start} – {end}", f"{start} – {end}") if high is not None else (
            Words(f"{start} 以上", f"above {start}")
        )  # fmt: skip
        return Line("band", label, text, figure, marks_of(figure), low=low, high=high)

    def _guarantees(self) -> Iterator[Line]:
        labels = {
            "raises_to": Words("补足", "raised"),
            "own_at_least": Words("保底", "at least"),
            "patient_at_most": Words("个人负担", "patient"),
        }
        for plan in self.plan.guarantees:
            figure = self.f.figure(plan.share, self.within)
            written = getattr(self.benefit, plan.kind)
            of, share = listed([name_of(part) for part in written.of]), figure_words(figure)
            form = GUARANTEES[plan.kind]
            zh, en = form.zh.format(of=of.zh, share=share.zh), form.en.format(of=of.en, share=share.en)
            if written.per == "year":
                zh, en = f"{zh}（按年）", f"{en} (over the year)"
            yield Line("guarantee", labels[plan.kind], Words(zh, en), figure, marks_of(figure))

    def _cap(self, plan: LimitPlan) -> Line:
        figure = self.f.limit(plan, self.within)
        each = self._each(plan)
        per = period(plan.period)
        zh, en = (f"{per.zh}，每个病种", f"{per.en}, each disease") if each else (per.zh, per.en)
        name = SHARED if plan.name in self.payer.caps else CAP
        return Line(
            "cap",
            Words(f"{name.zh}（{zh}）", f"{name.en} ({en})"),
            figure_words(figure),
            figure,
            marks_of(figure),
        )

    def _each(self, plan: LimitPlan) -> str | None:
        """`disease` where the cap is kept for each disease."""
        if plan.name in self.payer.caps:
            return self.payer.caps[plan.name].each
        own = [cap for cap in (*self.benefit.cap, *self.payer.cap) if not isinstance(cap, str)]
        return next((cap.each for cap in own if cap.per == plan.period), None)


def rule_line(figures: Figures, plan: RulePlan) -> Line | None:
    """A rule that changes the bill before the first payer, where it can concern this person."""
    applies = figures.applies(plan.applies)
    if applies == "no":
        return None
    rule = figures.law.document.bill[plan.index]
    figure = figures.figure(plan.number, (plan.applies,))
    number = figure_words(figure)
    if plan.kind == "move":
        of, to = name_of(plan.of), name_of(plan.to)
        text = Words(f"{of.zh}的 {number.zh} 转入{to.zh}", f"{number.en} of {of.en} moves to {to.en}")
    else:
        text = Words(f"定额 {number.zh}", f"fixed price {number.en}")
    conditions = [reason.words for reason in figures.why(plan.test, applies)]
    if conditions:
        zh, en = "，".join(one.zh for one in conditions), ", ".join(one.en for one in conditions)
        text = Words(f"{zh}：{text.zh}", f"{en}: {text.en}")
    label = Words(rule.name or "费用调整", rule.rule.replace("_", " "))
    return Line("rule", label, text, figure, marks_of(figure) or figures.book.own(("bill", plan.index)))
