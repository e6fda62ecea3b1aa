"""Payers in their order, each benefit with what it covers, its numbers, tables and adjustments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from doudi.engine.render.amounts import period
from doudi.engine.render.benefit import change_words
from doudi.engine.vocabulary import name_of
from doudi.money import format_yuan
from doudi.policy.benefits import Benefit, Cap, Guarantee
from doudi.policy.payers import BillRule, Payer
from doudi.proof.amendment_vocabulary import ADJUSTED, CHOICES
from doudi.proof.policy_page.blocks import Block, Head, Line, Marks
from doudi.proof.policy_page.numbers import Numbers, Path
from doudi.words import Words

SCHEDULES = CHOICES["schedule"]
REPAID = {
    "at_once": Words("即时拨付", "repaid at once"),
    "monthly": Words("按月拨付", "repaid monthly"),
    "quarterly": Words("按季拨付", "repaid quarterly"),
    "yearly": Words("按年拨付", "repaid yearly"),
}


class PayerPages:
    """The blocks of bill rules and payers."""

    def __init__(self, numbers: Numbers) -> None:
        self.n, self.w, self.document = numbers, numbers.w, numbers.document

    def in_force(self, form: Any) -> bool:
        """Whether a form with from and until is law on the chosen day."""
        on = self.n.on
        if on is None:
            return True
        return (form.from_ is None or form.from_ <= on) and (form.until is None or on < form.until)

    def rules(self) -> Iterator[Block]:
        """Bill rules."""
        if self.document.bill:
            yield Head(1, self.w("先调整费用", "Bill rules"))
        for index, rule in enumerate(self.document.bill):
            if self.in_force(rule):
                yield from self._rule(rule, ("bill", index))

    def _rule(self, rule: BillRule, path: Path) -> Iterator[Block]:
        yield Head(2, (rule.name or rule.rule.replace("_", " ")) + self.n.dates(rule))
        yield from self._when(rule)
        if rule.move is not None:
            of, to = name_of(str(rule.of)).say(self.n.language), name_of(str(rule.to)).say(self.n.language)
            name = self.w(f"{of}转入{to}", f"moves from {of} to {to}")
            yield from self._number(name, rule.move, "bp", (*path, "move"))
        if rule.fixed_price is not None:
            yield from self._number(
                self.w("定额", "fixed price"), rule.fixed_price, "fen", (*path, "fixed_price")
            )

    def payers(self) -> Iterator[Block]:
        """Every payer, from the first to the last."""
        order = " → ".join(self.n.title(payer.name, payer.payer) for payer in self._ordered())
        yield Head(1, self.w("谁付多少", "Who pays what"))
        yield Line(order, self.w("支付顺序", "order"))
        for index, payer in enumerate(self.document.payers):
            if self.in_force(payer):
                yield from self._payer(payer, ("payers", index))

    def _ordered(self) -> list[Payer]:
        by_name = {payer.payer: payer for payer in self.document.payers}
        names = self.document.order or list(by_name)
        return [by_name[name] for name in names if name in by_name and self.in_force(by_name[name])]

    def _payer(self, payer: Payer, path: Path) -> Iterator[Block]:
        name = self.n.title(payer.name, payer.payer) + self.n.dates(payer)
        yield Head(2, name, self.n.own_marks(path))
        if decided := self._decided(payer):
            yield Line(decided, tone="look")
        if payer.fund:
            yield Line(self.n.fund(payer.fund), self.w("资金", "fund"))
        yield from self._when(payer)
        yield from self._covers(payer, None)
        for cap_name, cap in payer.caps.items():
            label = self.w(f"共用封顶 {cap_name}", f"shared cap {cap_name.replace('_', ' ')}")
            yield from self._cap(label, cap, (*path, "caps", cap_name))
        yield from self._caps(payer.cap, path)
        yield from self._clearing(payer, path)
        for index, benefit in enumerate(payer.benefits):
            if self.in_force(benefit):
                yield from self._benefit(benefit, (*path, "benefits", index))

    def _decided(self, payer: Payer) -> str:
        said = []
        if payer.decided == "elsewhere":
            said.append(
                self.w("由别的系统决定，单据带来金额", "decided elsewhere; the bill brings the amount")
            )
        if payer.decided == "case_by_case":
            said.append(
                self.w(f"个案审批，批准人：{payer.approver}", f"decided case by case by {payer.approver}")
            )
        if payer.settled == "year_end":
            whose = self.w("家庭", "a household") if payer.for_ == "household" else self.w("个人", "a person")
            said.append(self.w(f"年末按{whose}结算", f"settled at year end for {whose}"))
        if payer.choose != "first" and len(payer.benefits) > 1:
            best, every = (
                self.w("各项待遇取最高一项", "the best benefit pays"),
                self.w("各项待遇都付", "all benefits pay"),
            )
            said.append(best if payer.choose == "best" else every)
        return self.w("；", "; ").join(said)

    def _clearing(self, payer: Payer, path: Path) -> Iterator[Block]:
        if payer.clearing is None:
            return
        said = []
        if payer.clearing.advanced_by:
            who = payer.clearing.advanced_by
            said.append(
                self.w("医院垫付", "advanced by the hospital")
                if who == "hospital"
                else self.w(f"{who}垫付", f"advanced by {who}")
            )
        if payer.clearing.float_ is not None:
            amount = format_yuan(payer.clearing.float_, grouping=True)
            said.append(self.w(f"预付周转金 {amount}", f"float {amount}"))
        if payer.clearing.repaid:
            said.append(REPAID[payer.clearing.repaid].say(self.n.language))
        if said:
            yield Line(
                self.w("，", ", ").join(said), self.w("清算", "clearing"), self.n.marks((*path, "clearing"))
            )

    def _when(self, form: Any) -> Iterator[Line]:
        if form.when is not None:
            yield Line(self.n.condition(form.when), self.w("条件", "when"))

    def _covers(self, form: Any, benefit: Benefit | None) -> Iterator[Line]:
        if form.covers is None and (
            benefit is None or not (benefit.whole or benefit.less or benefit.portion)
        ):
            return
        parts = self.w("、", ", ").join(
            name_of(part).say(self.n.language) for part in form.covers or ["in_scope"]
        )
        if benefit is not None:
            parts += self._base(benefit)
        yield Line(parts, self.w("支付范围", "covers"))

    def _base(self, benefit: Benefit) -> str:
        if benefit.whole:
            return self.w("，按原额计", ", as billed")
        if benefit.less:
            names = self.w("、", ", ").join(self._payer_name(name) for name in benefit.less)
            return self.w(f"，只减去{names}已付", f", less only what {names} paid")
        if benefit.portion:
            return self.w(f"，其中 {benefit.portion}", f", of it {benefit.portion.replace('_', ' ')}")
        return ""

    def _payer_name(self, name: str) -> str:
        return next((self.n.title(p.name, name) for p in self.document.payers if p.payer == name), name)

    def _benefit(self, benefit: Benefit, path: Path) -> Iterator[Block]:
        yield Head(
            3, self.n.title(benefit.name, benefit.benefit) + self.n.dates(benefit), self.n.own_marks(path)
        )
        yield from self._when(benefit)
        yield from self._covers(benefit, benefit)
        if benefit.without:
            yield Line(
                self.w("不含前面的起付线部分", "without the deductible before"), marks=self.n.marks(path)
            )
        if benefit.counts_at_most is not None:
            most = self.n.amount(benefit.counts_at_most)
            yield Line(most, self.w("计入不超过", "counts at most"), self.n.marks((*path, "counts_at_most")))
        yield from self._deductible_and_rate(benefit, path)
        yield from self._bands(benefit, path)
        if benefit.cumulative is not None:
            per = period(benefit.cumulative.per).say(self.n.language)
            yield Line(self.w(f"{per}累计计算", f"cumulative over {per}"), self.w("累计", "position"))
        if benefit.formula:
            yield Line(benefit.formula, self.w("公式", "formula"), self.n.marks((*path, "formula")))
        if benefit.offset:
            names = self.w("、", ", ").join(self._payer_name(name) for name in benefit.offset)
            yield Line(names, self.w("抵扣", "less what was paid by"))
        yield from self._guarantees(benefit, path)
        yield from self._caps(benefit.cap, path)
        for index, adjust in enumerate(benefit.adjust):
            yield from self._adjust(adjust, (*path, "adjust", index))
        if benefit.accepted is not None:
            yield Line(
                benefit.accepted.reason,
                self.w("已确认的断点", "accepted cliff"),
                self.n.marks((*path, "accepted")),
                "quiet",
            )

    def _deductible_and_rate(self, benefit: Benefit, path: Path) -> Iterator[Block]:
        numbers: list[tuple[str, Any, str, Path]] = []
        if benefit.deductible is not None:
            default = benefit.cumulative.per if benefit.cumulative else "stay"
            per = period(benefit.deductible.per or default).say(self.n.language)
            label = self.w(f"起付线（{per}）", f"deductible ({per})")
            numbers.append((label, benefit.deductible, "fen", (*path, "deductible")))
        if benefit.rate is not None:
            numbers.append((self.w("比例", "rate"), benefit.rate, "bp", (*path, "rate")))
        for label, value, unit, where in numbers:
            for text, marks in self.n.plain(value, unit, where):
                yield Line(text, label, marks)
        yield from self.n.grids(numbers)

    def _number(self, label: str, value: Any, unit: str, path: Path) -> Iterator[Block]:
        for text, marks in self.n.plain(value, unit, path):
            yield Line(text, label, marks)
        yield from self.n.grids([(label, value, unit, path)])

    def _bands(self, benefit: Benefit, path: Path) -> Iterator[Block]:
        bands = benefit.bands or []
        if benefit.kind != "marginal":
            yield Line(SCHEDULES[benefit.kind].say(self.n.language), self.w("计算", "schedule"))
        for index, band in enumerate(bands):
            here = (*path, "bands", index)
            upper = bands[index + 1].edge if index + 1 < len(bands) else None
            label = self._stretch(band.edge, upper)
            if band.lump is not None:
                yield Line(format_yuan(band.lump, grouping=True), label, self.n.marks(here))
            elif band.rate is not None:
                plus = f" + {format_yuan(band.plus, grouping=True)}" if band.plus is not None else ""
                for text, marks in self.n.plain(band.rate, "bp", (*here, "rate")):
                    yield Line(text + plus, label, marks)
                yield from self.n.grids([(label, band.rate, "bp", (*here, "rate"))])

    def _stretch(self, low: int, high: int | None) -> str:
        start, end = format_yuan(low, grouping=True), format_yuan(high or 0, grouping=True)
        if high is None:
            return self.w(f"{start} 以上", f"above {start}")
        return f"{start} – {end}"

    def _guarantees(self, benefit: Benefit, path: Path) -> Iterator[Line]:
        labels = {
            "raises_to": self.w("补足到", "raised to"),
            "own_at_least": self.w("本待遇保底", "at least"),
            "patient_at_most": self.w("个人负担不超过", "patient at most"),
        }
        for key, label in labels.items():
            guarantee: Guarantee | None = getattr(benefit, key)
            if guarantee is None:
                continue
            of = self.w("、", ", ").join(name_of(part).say(self.n.language) for part in guarantee.of)
            for text, marks in self.n.plain(guarantee.share, "bp", (*path, key, "share")):
                per = self.w("，按年", ", over the year") if guarantee.per == "year" else ""
                yield Line(self.w(f"{of}的 {text}{per}", f"{text} of {of}{per}"), label, marks)

    def _caps(self, caps: list[Any], path: Path) -> Iterator[Block]:
        for index, cap in enumerate(caps):
            if isinstance(cap, Cap):
                here = (*path, "cap") if len(caps) == 1 else (*path, "cap", index)
                yield from self._cap(self.w("封顶", "cap"), cap, here)
            else:
                yield Line(
                    self.w(f"共用封顶 {cap}", f"shared cap {cap.replace('_', ' ')}"), self.w("封顶", "cap")
                )

    def _cap(self, label: str, cap: Cap, path: Path) -> Iterator[Block]:
        per = period(cap.per).say(self.n.language)
        each = self.w("，每个病种", ", each disease") if cap.each else ""
        yield from self._number(self.w(f"{label}（{per}{each}）", f"{label} ({per}{each})"), cap, "fen", path)

    def _adjust(self, adjust: Any, path: Path) -> Iterator[Line]:
        change = adjust.change()
        unit = "bp" if adjust.number == "rate" or change == "times" else "fen"
        value = getattr(adjust, change)
        label = self.w("调整", "adjustment") + self.w(
            "（降低）" if adjust.penalty else "", " (lowers)" if adjust.penalty else ""
        )
        number = ADJUSTED[adjust.number].say(self.n.language)
        why = self.n.condition(adjust.when)
        for text, marks in self._readings(value, unit, (*path, change)):
            how = change_words(change, text).say(self.n.language)
            within = self._within(adjust)
            yield Line(f"{why}{self.w('：', ': ') if why else ''}{number}{within} {how}", label, marks)

    def _readings(self, value: Any, unit: str, path: Path) -> list[tuple[str, Marks]]:
        """Readings as text, tables too."""
        found = self.n.plain(value, unit, path)
        for grid in self.n.grids([("", value, unit, path)]):
            pairs = [
                f"{head} {cell}"
                for row in grid.rows
                for head, cell in zip(grid.heads[1:], row[1:], strict=True)
            ]
            found.append((self.w("、", ", ").join(pairs), grid.marks[0]))
        return found

    def _within(self, adjust: Any) -> str:
        within = getattr(adjust, "within", None)
        if within is None:
            return ""
        stretch = self._stretch(within.above, within.up_to)
        return self.w(f"（{stretch} 段内）", f" (within {stretch})")
