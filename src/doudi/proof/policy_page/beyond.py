"""Who is meant, which diseases, what lies beyond the bill, and where the documents leave a gap."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from doudi.engine.vocabulary import name_of
from doudi.money import format_percent
from doudi.proof.amendment_vocabulary import CHOICES
from doudi.proof.policy_page.blocks import Block, Head, Line
from doudi.proof.policy_page.numbers import Numbers, Path

GAPS, MEASURES, PERS = CHOICES["Gap.kind"], CHOICES["numerator"], CHOICES["Grant.per"]
GOALS = {"at_most": "≤", "at_least": "≥", "about": "≈"}


class OtherPages:
    """The blocks around the payers."""

    def __init__(self, numbers: Numbers, vouched: dict[str, Any]) -> None:
        self.n, self.w, self.document, self.categories = numbers, numbers.w, numbers.document, vouched

    def head(self) -> Iterator[Block]:
        """Title, place, time."""
        document, force = self.document, self.document.in_force
        until = f" – {force.until}" if force.until else self.w(" 起", " on")
        yield Line(f"{force.from_}{until}", self.w("施行", "in force"), self.n.marks(("in_force",)))
        yield Line(document.region, self.w("地区", "region"))
        if document.extends:
            yield Line(document.extends, self.w("上级政策", "extends"))
        if document.schemes:
            yield Line(self.w("、", ", ").join(document.schemes), self.w("险种", "schemes"))
        if document.abstract:
            yield Line(self.w("模板，不能直接结算", "a template: it settles no bill"), tone="look")
        if document.variant:
            yield Line(
                self.w("另一种读法：按地区选政策时不会选到它", "a variant: never picked by region"),
                tone="look",
            )
        if document.note:
            yield Line(document.note, self.w("说明", "note"), tone="quiet")
        on = self.n.on
        if on is not None and (on < force.from_ or (force.until is not None and on >= force.until)):
            yield Line(self.w(f"{on} 不在施行期内", f"not in force on {on}"), tone="refused")

    def people(self) -> Iterator[Block]:
        """Groups of people with their categories and who vouches for them."""
        if self.document.people:
            yield Head(1, self.w("谁享受", "Who is meant"))
        for name, group in self.document.people.items():
            yield Head(2, self.n.title(group, name), self.n.own_marks(("people", name)))
            for codes, label in (
                (group.any_, self.w("任一", "any of")),
                (group.all_, self.w("同时", "all of")),
                (group.none, self.w("不含", "none of")),
            ):
                if codes:
                    yield Line(self.w("、", ", ").join(self._category(code) for code in codes), label)
            if group.keeps is not None:
                until = group.keeps.after_exit_until
                text = self.w(f"退出后 {until} 前继续享受", f"kept after exit before {until}")
                yield Line(text, marks=self.n.marks(("people", name, "keeps")))

    def _category(self, code: str) -> str:
        category = self.categories.get(code)
        if category is None:
            return code
        by = f"（{category.department}）" if category.department and self.n.language == "zh" else ""
        return self.n.title(category, code) + by

    def diseases(self) -> Iterator[Block]:
        """Disease groups, procedures, programmes."""
        document = self.document
        if document.diseases or document.procedures:
            yield Head(1, self.w("病种和手术", "Diseases and procedures"))
        for name, disease in document.diseases.items():
            codes = " ".join(disease.icd10)
            yield Line(f"ICD-10 {codes}", self.n.title(disease, name), self.n.marks(("diseases", name)))
        for name, procedure in document.procedures.items():
            codes = " ".join(procedure.icd9cm3)
            yield Line(
                f"ICD-9-CM-3 {codes}", self.n.title(procedure, name), self.n.marks(("procedures", name))
            )
        if document.programmes:
            yield Head(1, self.w("专项救治", "Programmes"))
        for name, programme in document.programmes.items():
            yield from self._programme(name, programme)

    def _programme(self, name: str, programme: Any) -> Iterator[Block]:
        path: Path = ("programmes", name)
        yield Head(2, self.n.title(programme, name), self.n.own_marks(path))
        if programme.people:
            groups = (self.n.title(self.document.people.get(group), group) for group in programme.people)
            yield Line(self.w("、", ", ").join(groups), self.w("对象", "people"))
        if programme.roster:
            yield Line(self.w("须列入救治台账", "needs an entry in the roster"))
        for index, listed in enumerate(programme.diseases):
            on = self.n.on
            if on is not None and (
                (listed.from_ and on < listed.from_) or (listed.until and on >= listed.until)
            ):
                continue
            label = self.w(f"病种 {len(listed.names)} 个", f"{len(listed.names)} diseases") + self.n.dates(
                listed
            )
            yield Line(self._diseases(listed.names), label, self.n.marks((*path, "diseases", index)))
        for index, routing in enumerate(programme.routing):
            who = self._diseases(routing.diseases) if routing.diseases else self.w("其他", "all others")
            levels = self.w("、", ", ").join(name_of(level).say(self.n.language) for level in routing.levels)
            yield Line(
                f"{who} → {levels}", self.w("就诊", "routing"), self.n.marks((*path, "routing", index))
            )

    def _diseases(self, names: list[str]) -> str:
        return self.w("、", ", ").join(self.n.title(self.document.diseases.get(name), name) for name in names)

    def beyond(self) -> Iterator[Block]:
        """Premiums, grants, entitlements, claims, targets."""
        yield from self._enrolment()
        yield from self._grants()
        if self.document.entitlements:
            yield Head(1, self.w("服务", "Entitlements"))
        for index, right in enumerate(self.document.entitlements):
            when = self.n.condition(right.when)
            inside = self.w(f"（{when}）", f" ({when})") if when else ""
            yield Line(
                self.n.title(right, right.entitlement) + inside, marks=self.n.marks(("entitlements", index))
            )
        yield from self._claims()
        yield from self._targets()

    def _enrolment(self) -> Iterator[Block]:
        enrolment = self.document.enrolment
        if enrolment is None:
            return
        yield Head(1, self.w("参保缴费", "Premium"))
        for text, marks in self.n.plain(enrolment.premium, "fen", ("enrolment", "premium")):
            yield Line(self.w(f"每人每年 {text}", f"{text} a person a year"), marks=marks)
        for index, subsidy in enumerate(enrolment.subsidies):
            path: Path = ("enrolment", "subsidies", index)
            value, unit, key = (
                (subsidy.share, "bp", "share") if subsidy.share else (subsidy.amount, "fen", "amount")
            )
            groups = self.w("、", ", ").join(
                self.n.title(self.document.people.get(group), group) for group in subsidy.people or []
            )
            pay = (
                self.w("，先缴后返", ", paid first and refunded")
                if subsidy.pay == "first_refund_later"
                else ""
            )
            fund = self.n.fund(subsidy.fund or subsidy.subsidy)
            for text, marks in self.n.plain(value, unit, (*path, key)) if value else []:
                said = self.w(f"资助 {text}（{fund}）{pay}", f"subsidy of {text} ({fund}){pay}")
                yield Line(said + self.n.dates(subsidy), groups, marks)

    def _grants(self) -> Iterator[Block]:
        if self.document.grants:
            yield Head(1, self.w("定额补助", "Grants"))
        for index, grant in enumerate(self.document.grants):
            when = self.n.condition(grant.when)
            inside = self.w(f"（{when}）", f" ({when})") if when else ""
            for text, marks in self.n.plain(grant.amount, "fen", ("grants", index, "amount")):
                per = PERS[grant.per].say(self.n.language)
                yield Line(
                    f"{per} {text}{inside}{self.n.dates(grant)}", self.n.title(grant.name, grant.grant), marks
                )

    def _claims(self) -> Iterator[Block]:
        claims = self.document.claims
        if claims is None:
            return
        yield Head(1, self.w("手工报销", "Claims by hand"), self.n.own_marks(("claims",)))
        comma = self.w("、", ", ")
        yield Line(comma.join(claims.where), self.w("地点", "where"))
        if claims.within_working_days is not None:
            days = claims.within_working_days
            stops = comma.join(claims.stops_clock)
            text = self.w(f"{days} 个工作日", f"{days} working days")
            yield Line(
                text + (self.w(f"（{stops}除外）", f" (clock stops: {stops})") if stops else ""),
                self.w("时限", "within"),
            )
        if claims.papers:
            yield Line(comma.join(claims.papers), self.w("材料", "papers"))

    def _targets(self) -> Iterator[Block]:
        if self.document.targets:
            yield Head(1, self.w("目标（只衡量，不支付）", "Targets (measured, never paid)"))
        for index, target in enumerate(self.document.targets):
            above, below = (
                MEASURES[key].say(self.n.language) for key in (target.numerator, target.denominator)
            )
            goal = " ".join(
                f"{GOALS[kind]} {format_percent(rate)}"
                for kind, rate in target.goal.model_dump(exclude_none=True).items()
            )
            when = self.n.condition(target.when)
            inside = self.w(f"（{when}）", f" ({when})") if when else ""
            name = self.n.title(target.name, target.target)
            yield Line(f"{above} ÷ {below} {goal}{inside}", name, self.n.marks(("targets", index)))

    def gaps(self) -> Iterator[Block]:
        """Where the documents are silent, open or contradict each other."""
        if self.document.gaps:
            yield Head(1, self.w("材料的缺口", "Gaps in the documents"))
        for index, gap in enumerate(self.document.gaps):
            kind = GAPS[gap.kind].say(self.n.language)
            yield Line(self.n.title(gap, gap.gap), kind, self.n.marks(("gaps", index)), "look")
