"""One payer: which of its benefits counts, what was decided elsewhere, what it draws, what it remembers."""

from __future__ import annotations

from dataclasses import replace

from doudi.engine.compile.base import compile_base
from doudi.engine.compile.benefit import Applying, compile_applies, draw
from doudi.engine.compile.conditions import compile_test
from doudi.engine.compile.context import Context, TreePath
from doudi.engine.compile.limits import cap_name, compile_payer_caps, owed_of, whole_of
from doudi.engine.compile.schedule import position_of
from doudi.engine.plan import BasePlan, BenefitPlan, PayerPlan
from doudi.engine.program import Accumulator
from doudi.policy.benefits import Guarantee
from doudi.policy.conditions import PARTS
from doudi.policy.payers import Payer


def compile_payer(c: Context, payer: Payer, index: int) -> PayerPlan:
    """All of one payer; leaves `c.left`, `c.paid`, `c.drawn` and the accumulators as the next payer finds them."""
    return _PayerCompiler(c, payer, index).compile()


class _PayerCompiler:
    def __init__(self, c: Context, payer: Payer, index: int) -> None:
        self.c, self.payer, self.index, self.b = c, payer, index, c.b
        self.path: TreePath = ("payers", index)
        self.left_before = dict(c.left)
        self.bases: dict[str, tuple[Accumulator, BasePlan]] = {}
        self.applying: list[Applying] = []
        self.given = self.known = None
        if payer.decided != "here" or payer.payer in c.given:
            self.given = c.b.fact("given", payer.payer)
            self.known = c.b.fact("given_known", payer.payer)

    def compile(self) -> PayerPlan:
        c, b, payer = self.c, self.b, self.payer
        in_force, test, applies = compile_applies(c, payer, self.path, payer.payer)
        self.applies = applies
        b.excused = self.known if self.known is not None else -1
        with b.guarded(applies):
            self._bases()
            choose = payer.choose if payer.benefits else "first"
            plans = {"first": self._first, "best": self._best, "all": self._all}[choose]()
        b.excused = -1
        if payer.decided == "elsewhere" and not plans and self.known is not None:
            with b.guarded(applies):
                b.refuse_unless(b.op("add", self.known), "recorded_missing", payer.payer)
        rule_amount = b.total(*(self._if_chosen(plan, plan.amount) for plan in plans))
        drawn = self._drawn(plans)
        amount = rule_amount
        if self.given is not None and self.known is not None:
            given = self.given, self.known
            amount, drawn = self._decided_elsewhere(given, plans, rule_amount, drawn)
        positions = self._move_positions(plans)
        self._move_caps(plans, amount)
        self._pass_on(plans, amount, drawn)
        return PayerPlan(
            payer.payer, self.index, in_force, test, applies, tuple(plans), rule_amount, amount,
            tuple(drawn.items()), payer.decided, self.given, self.known, positions,
        )  # fmt: skip

    def _if_chosen(self, plan: BenefitPlan, register: int) -> int:
        """Of candidates (`best`) only the chosen one counts; elsewhere the guard has done it already."""
        if self.payer.choose != "best":
            return register
        return self.b.op("where", plan.chosen, register, self.b.constant(0))

    def _bases(self) -> None:
        """The base of each position, counted whether a benefit applies or not."""
        for index, benefit in enumerate(self.payer.benefits):
            accumulator = position_of(self.c, self.payer, benefit)
            if accumulator is not None and accumulator.name not in self.bases:
                path, label = (*self.path, "benefits", index), f"{self.payer.payer}.{benefit.benefit}"
                base = compile_base(self.c, self.payer, benefit, path, label)
                self.bases[accumulator.name] = (accumulator, base)

    def _base_of(self, index: int) -> BasePlan | None:
        accumulator = position_of(self.c, self.payer, self.payer.benefits[index])
        if accumulator is None or self.payer.choose == "all":
            return None
        return self.bases[accumulator.name][1]

    def _candidates(self) -> list[Applying]:
        self.applying = [Applying(self.c, self.payer, i, self.path) for i in range(len(self.payer.benefits))]
        return self.applying

    def _first(self) -> list[BenefitPlan]:
        c, b = self.c, self.b
        plans: list[BenefitPlan] = []
        earlier: int | None = None
        for candidate in self._candidates():
            applies = candidate.applies
            chosen = applies if earlier is None else b.both(applies, b.op("not", earlier))
            with b.guarded(chosen):
                plans.append(candidate.compile(chosen, self._base_of(candidate.index)))
            c.move_pending(self._take_pending())
            earlier = applies if earlier is None else b.either(earlier, applies)
        return plans

    def _all(self) -> list[BenefitPlan]:
        c, b = self.c, self.b
        plans: list[BenefitPlan] = []
        for candidate in self._candidates():
            with b.guarded(candidate.applies):
                plan = candidate.compile(candidate.applies, None)
            c.move_pending(self._take_pending())
            plans.append(plan)
            with b.unguarded():
                for part, taken in plan.drawn:
                    c.left[part] = b.op("sub", c.left[part], taken)
                for name, period, each in candidate.caps():
                    b.move(c.accumulator(self.payer, name, period, each), plan.amount)
        return plans

    def _best(self) -> list[BenefitPlan]:
        c, b = self.c, self.b
        plans, pendings = [], []
        for candidate in self._candidates():
            with b.guarded(candidate.applies):
                plans.append(candidate.compile(candidate.applies, self._base_of(candidate.index)))
            pendings.append(self._take_pending())
        best = b.op("max", *(plan.amount for plan in plans)) if len(plans) > 1 else plans[0].amount
        earlier: int | None = None
        for i, plan in enumerate(plans):
            reaches = b.both(plan.applies, b.op("equal", plan.amount, best))
            chosen = reaches if earlier is None else b.both(reaches, b.op("not", earlier))
            earlier = reaches if earlier is None else b.either(earlier, reaches)
            plans[i] = replace(plan, chosen=chosen)
            c.move_pending(pendings[i], chosen)
        return plans

    def _take_pending(self) -> list[tuple[Accumulator, int]]:
        pending, self.c.pending = self.c.pending, []
        return pending

    def _drawn(self, plans: list[BenefitPlan]) -> dict[str, int]:
        """What each part gives, over all benefits."""
        by_part: dict[str, list[int]] = {}
        for plan in plans:
            for part, taken in plan.drawn:
                by_part.setdefault(part, []).append(self._if_chosen(plan, taken))
        return {part: self.b.total(*by_part[part]) for part in PARTS if part in by_part}

    def _decided_elsewhere(
        self, arrived: tuple[int, int], plans: list[BenefitPlan], rule_amount: int, rule_drawn: dict[str, int]
    ) -> tuple[int, dict[str, int]]:
        """The amount that arrived with the bill takes the place of the rule's."""
        c, b, payer = self.c, self.b, self.payer
        given, known = arrived
        covers = payer.covers or (payer.benefits[0].covers if payer.benefits else None)
        if covers is None and payer.decided == "case_by_case":
            covers = ["total"]
        parts = c.parts(list(covers) if covers else None)
        self.c.left = dict(self.left_before)
        with b.guarded(known):
            left = c.sum_of(parts, c.left)
            b.refuse_unless(b.op("at_most", given, left), "recorded_exceeds", payer.payer)
            if payer.decided == "case_by_case":
                available = rule_amount if plans else compile_payer_caps(c, payer, self.index, given)
                b.refuse_unless(b.op("at_most", given, available), "decision_exceeds", payer.payer)
            taken = dict(draw(c, parts, given))
        zero = b.constant(0)
        by_rule = payer.decided != "case_by_case"
        drawn = {
            part: b.op("where", known, taken.get(part, zero), rule_drawn.get(part, zero) if by_rule else zero)
            for part in PARTS
            if part in taken or part in rule_drawn
        }
        return b.op("where", known, given, rule_amount if by_rule else zero), drawn

    def _move_positions(self, plans: list[BenefitPlan]) -> tuple[tuple[str, int, int], ...]:
        """Every position moves by its base, less a deductible of another scope that was taken before it."""
        b, told = self.b, []
        for name, (accumulator, base) in self.bases.items():
            taken = []
            for plan in plans:
                own = position_of(self.c, self.payer, self.payer.benefits[plan.index])
                if (
                    own is not None
                    and own.name == name
                    and plan.deductible
                    and not plan.deductible.in_schedule
                ):
                    taken.append(self._if_chosen(plan, plan.deductible.taken))
            counted = b.op("sub", base.amount, b.total(*taken)) if taken else base.amount
            moved = b.op("where", self.applies, counted, b.constant(0))
            form = next(
                x.cumulative for x in self.payer.benefits if position_of(self.c, self.payer, x) == accumulator
            )
            if form is not None and form.when is not None:
                with b.guarded(self.applies):
                    counts = compile_test(self.c, form.when).register
                moved = b.op("where", counts, moved, b.constant(0))
            before = b.accumulator(accumulator)
            b.move(accumulator, moved)
            told.append((name, before, b.accumulator(accumulator)))
        return tuple(told)

    def _move_caps(self, plans: list[BenefitPlan], amount: int) -> None:
        """Caps move by what the benefits naming them paid; `catch_up` by what the payer paid."""
        b, c = self.b, self.c
        moves: dict[tuple[str, str, str | None], list[int]] = {}
        if self.payer.choose != "all":
            for candidate, plan in zip(self.applying, plans, strict=True):
                for key in candidate.caps():
                    moves.setdefault(key, []).append(b.op("where", plan.chosen, amount, b.constant(0)))
        elif self.known is not None:
            for key in dict.fromkeys(key for candidate in self.applying for key in candidate.caps()):
                rule = b.total(
                    *(p.amount for a, p in zip(self.applying, plans, strict=True) if key in a.caps())
                )
                moves[key] = [b.op("where", self.known, b.op("sub", amount, rule), b.constant(0))]
        if not plans and self.payer.decided == "case_by_case":
            for cap in self.payer.cap:
                form = self.payer.caps[cap] if isinstance(cap, str) else cap
                if form.per != "bill":
                    moves[(cap_name(self.payer, cap), form.per, form.each)] = [amount]
        for (name, period, each), amounts in moves.items():
            b.move(c.accumulator(self.payer, name, period, each), b.total(*amounts))
        for per in {x.cumulative.per for x in self.payer.benefits if x.pays == "catch_up" and x.cumulative}:
            b.move(c.accumulator(self.payer, f"{self.payer.payer}_total", per), amount)

    def _pass_on(self, plans: list[BenefitPlan], amount: int, drawn: dict[str, int]) -> None:
        c, b = self.c, self.b
        zero = b.constant(0)
        c.left = dict(self.left_before)
        for part, taken in drawn.items():
            c.left[part] = b.op("sub", c.left[part], taken)
        c.drawn[self.payer.payer] = {part: drawn.get(part, zero) for part in PARTS}
        c.paid[self.payer.payer] = amount
        off = [self._if_chosen(plan, plan.deductible.taken) for plan in plans if plan.deductible]
        c.deductible_taken[self.payer.payer] = b.total(*off)


def compile_owed(c: Context, payer: Payer, plan: PayerPlan) -> None:
    """After the last payer: what the patient owes in the end, for guarantees over a year."""
    forms: list[Guarantee] = [
        benefit.patient_at_most
        for benefit in payer.benefits
        if benefit.patient_at_most is not None and benefit.patient_at_most.per == "year"
    ]
    if not forms:
        return
    parts = c.parts(list(forms[0].of))
    with c.b.guarded(plan.applies):
        owed = c.b.op("add", c.sum_of(parts, c.left), c.b.constant(0))
        whole = c.b.op("add", c.sum_of(parts, c.whole), c.b.constant(0))
    c.b.move(owed_of(c, payer), owed)
    c.b.move(whole_of(c, payer), whole)
