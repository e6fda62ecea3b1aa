"""The payers in their order as they are for one person, and the counters that their caps and deductibles keep."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from doudi.engine.compile.bill import Compiled
from doudi.engine.compile.limits import cap_name
from doudi.engine.entitlement.data import Applies, BenefitCard, Figure, MeterKind, PayerCard, Reason
from doudi.engine.entitlement.figures import Figures, Within
from doudi.engine.entitlement.law import Law, title
from doudi.engine.entitlement.lines import CAP, SHARED, BenefitLines
from doudi.engine.plan import NO_WORDS, BenefitPlan, LimitPlan, NumberPlan, PayerPlan
from doudi.engine.program import Accumulator
from doudi.engine.render.amounts import OWED, period
from doudi.engine.vocabulary import name_of
from doudi.policy.benefits import Cap
from doudi.policy.conditions import PARTS
from doudi.policy.payers import Payer
from doudi.words import Words


@dataclass(frozen=True, slots=True)
class Counter:
    """A counter that a meter will show: the accumulator and the limit for this person."""

    kind: MeterKind
    payer: str
    accumulator: Accumulator
    title: Words
    figure: Figure | None


class PayerTold:
    """One payer for one person."""

    def __init__(self, figures: Figures, plan: PayerPlan, compiled: Compiled) -> None:
        self.f, self.law, self.plan = figures, figures.law, plan
        self.form: Payer = self.law.form(plan)
        self.accumulators = {one.name: one for _, one, _ in compiled.program.accumulators}
        self.counters: list[Counter] = []

    def card(self) -> PayerCard:
        """The payer's card; its counters stand in `counters` afterwards."""
        plan, form = self.plan, self.form
        applies = self.f.applies(plan.applies)
        because = _not_in_force(self.f, plan.in_force) or self.f.why(plan.test, applies)
        benefits = tuple(self._benefits()) if applies != "no" else ()
        if (
            benefits
            and form.choose != "best"
            and form.decided == "here"
            and all(one.applies == "no" for one in benefits)
        ):
            applies, because = (
                "no",
                tuple(dict.fromkeys(reason for one in benefits for reason in one.because)),
            )
        fund = title(self.law.policy.funds.get(form.fund), form.fund) if form.fund else NO_WORDS
        return PayerCard(
            form.payer, title(form.name, form.payer), fund, applies, because, tuple(how(form)), benefits,
            self.f.book.own(("payers", plan.index)), self._people(), form.decided,
        )  # fmt: skip

    def _benefits(self) -> Iterator[BenefitCard]:
        earlier: list[Words] = []
        for plan in self.plan.benefits:
            form = self.form.benefits[plan.index]
            named = title(form.name, form.benefit)
            register = plan.chosen if self.form.choose == "first" else plan.applies
            alone = self.f.applies(plan.applies, (self.plan.applies,))
            applies = self.f.applies(register, (self.plan.applies,))
            because = _not_in_force(self.f, plan.in_force) or self.f.why(plan.test, alone)
            if applies != alone and earlier:
                because = (*because, _after(earlier, applies))
            path = ("payers", self.plan.index, "benefits", plan.index)
            within: Within = (self.plan.applies, register)
            lines = (
                tuple(BenefitLines(self.f, self.form, plan, path, within).lines()) if applies != "no" else ()
            )
            if applies != "no":
                self._count(plan, within, named)
            if alone != "no":
                earlier.append(named)
            yield BenefitCard(plan.name, named, applies, because, lines, self.f.book.own(path))

    def _people(self) -> tuple[str, ...]:
        """The groups of people that this payer's conditions and tables ask for, of those the person belongs to."""
        partial, known = self.f.partial, self.f.partial.known
        groups: set[str] = set()
        for register in partial.outline.facts_of(self.plan.amount) | partial.outline.facts_of(
            self.plan.applies
        ):
            fact = partial.outline.facts[register]
            if fact.kind == "people" and known.get(register) == 1:
                groups.add(fact.argument)
            if fact.kind == "programme" and register not in known:
                groups |= set(self.law.document.programmes[fact.argument].people or [])
        return tuple(name for name in self.law.document.people if name in groups)

    # counters

    def _count(self, plan: BenefitPlan, within: Within, named: Words) -> None:
        deductible, schedule = plan.deductible, plan.schedule
        if deductible is not None and deductible.in_schedule and schedule is not None and schedule.position:
            self._add("threshold", schedule.position, Words("起付线累计", "towards the deductible"), named,
                      self.f.figure(deductible.amount, within))  # fmt: skip
        elif schedule is not None and schedule.position is not None:
            self._add("position", schedule.position, Words("累计费用", "cost counted"), named, None)
        if deductible is not None and deductible.accumulator is not None:
            figure = self.f.figure(deductible.amount, within)
            self._add(
                "deductible", deductible.accumulator, Words("起付线已扣", "deductible taken"), named, figure
            )
        forms: list[str | Cap] = [*self.form.benefits[plan.index].cap, *self.form.cap]
        caps = [limit for limit in plan.limits if limit.kind == "cap"]
        for form, limit in zip(forms, caps, strict=True):
            self._cap(form, limit, within, named)

    def _cap(self, form: str | Cap, limit: LimitPlan, within: Within, named: Words) -> None:
        per = period(limit.period)
        name = SHARED if isinstance(form, str) else CAP
        words = Words(f"{name.zh}（{per.zh}）", f"{name.en} ({per.en})")
        if limit.period != "bill":
            self._add("cap", cap_name(self.form, form), words, named, self.f.limit(limit, within))

    def _add(self, kind: MeterKind, name: str, words: Words, benefit: Words, figure: Figure | None) -> None:
        accumulator = self.accumulators.get(name)
        if accumulator is None or accumulator.period in ("bill", "stay", "stay_year"):
            return
        payer = title(self.form.name, self.form.payer)
        same = [one for one in self.counters if one.accumulator.name == name and one.kind == kind]
        if any(one.figure == figure for one in same):
            return
        zh, en = f"{payer.zh} · {words.zh}", f"{payer.en} · {words.en}"
        if any(one.title.zh == zh for one in self.counters):
            zh, en = f"{payer.zh} · {benefit.zh} · {words.zh}", f"{payer.en} · {benefit.en} · {words.en}"
        self.counters.append(Counter(kind, self.form.payer, accumulator, Words(zh, en), figure))


def owed_counters(law: Law, card: PayerCard) -> Iterator[Counter]:
    """What a year-end payer will look at: the parts that the person or household still owes for the year."""
    accumulators = {one.name: one for _, one, _ in law.compiled.program.accumulators}
    for part in PARTS if card.applies != "no" else ():
        inside = name_of(part)
        zh = f"{card.title.zh} · {OWED.zh}（{inside.zh}）"
        named = Words(zh, f"{card.title.en} · {OWED.en} ({inside.en})")
        yield Counter("owed", card.name, accumulators[f"{card.name}_owed_{part}"], named, None)


def _after(earlier: list[Words], applies: Applies) -> Reason:
    zh, en = "、".join(one.zh for one in earlier), ", ".join(one.en for one in earlier)
    if applies == "no":
        return Reason("earlier", "", Words(f"先适用“{zh}”", f"{en} comes first"))
    return Reason("earlier", "", Words(f"不适用“{zh}”时", f"where {en} does not apply"))


def _not_in_force(figures: Figures, in_force: NumberPlan | None) -> tuple[Reason, ...]:
    if in_force is None or figures.partial.number(in_force.register):
        return ()
    day = figures.partial.day
    return (Reason("in_force", "", Words(f"{day} 不在施行期内", f"not in force on {day}")),)


def how(payer: Payer) -> Iterator[Words]:
    """How a payer decides and settles, where that is not the usual way."""
    if payer.decided == "elsewhere":
        yield Words("由经办系统决定，金额随单据带来", "decided elsewhere; the bill brings the amount")
    if payer.decided == "case_by_case":
        yield Words(f"个案审批，批准人：{payer.approver}", f"decided case by case by {payer.approver}")
    if payer.settled == "year_end":
        zh, en = ("家庭", "the household") if payer.for_ == "household" else ("个人", "the person")
        yield Words(f"年末按{zh}结算", f"settled at year end for {en}")
    if payer.choose == "best" and len(payer.benefits) > 1:
        yield Words("各项待遇取最高一项", "the best of its benefits pays")
    if payer.choose == "all" and len(payer.benefits) > 1:
        yield Words("各项待遇都付", "all its benefits pay")


__all__ = ["Counter", "PayerTold", "how", "owed_counters"]
