"""Words and numbers for explanations: a number with its source, a test with its outcome, why something did not hold."""

from __future__ import annotations

from typing import Any

from doudi.engine.decision import Decision
from doudi.engine.plan import AdjustedPlan, Leaf, NumberPlan, TestPlan
from doudi.engine.program import Cell, Version
from doudi.engine.vocabulary import name_of
from doudi.money import format_percent, format_yuan
from doudi.policy.benefits import Title
from doudi.policy.citations import source_at
from doudi.policy.library import Policy
from doudi.words import Words

Told = dict[str, Any]


class Teller:
    """The decision being told: registers by number, cells of the law, sources of the policy."""

    def __init__(self, decision: Decision, policy: Policy) -> None:
        self.decision, self.policy, self.document = decision, policy, policy.document
        self.r = decision.registers
        self.day = decision.situation.law_day
        self.cells: dict[int, Cell] = decision.compiled.cells

    # numbers

    def number(self, plan: NumberPlan) -> Told:
        """A number of the law as it was read for this bill."""
        told: Told = {"value": show(self.r[plan.register], plan.unit)}
        leaf = self.leaf(plan)
        if leaf is not None:
            told["label"] = leaf.label
            version = self.cells[leaf.cell].on(self.day)
            if version is not None:
                told |= self.source(version)
        return told

    def leaf(self, plan: NumberPlan) -> Leaf | None:
        """The cell that gave the number: its conditions hold, and of several the value that counted."""
        value = self.r[plan.register]
        fallback = None
        for leaf in plan.leaves:
            if any(self.r[register] != code for register, code in leaf.conditions):
                continue
            if self.r[leaf.cell] == value:
                if not leaf.fallback:
                    return leaf
                fallback = fallback or leaf
        return fallback

    def source(self, version: Version) -> Told:
        """Where a version of a number stands in the documents."""
        cache = self.policy.memory
        if version.source not in cache:
            cache[version.source] = self._source(version.source)
        told: Told = dict(cache[version.source])
        if version.begins is not None:
            told["from"] = version.begins.isoformat()
        return told

    def _source(self, path: tuple[str | int, ...]) -> Told:
        cited = source_at(self.policy.tree, path)
        told: Told = {}
        sources = []
        for name, passage in cited.cites:
            source = self.document.sources.get(name)
            entry = {"source": name, "title": source.title if source else name}
            if source is not None and source.document:
                entry["document"] = source.document
            if source is not None and source.section:
                entry["section"] = source.section
            if passage:
                entry["passage"] = passage
            sources.append(entry)
        if sources:
            told["sources"] = sources
        if cited.assumed is not None:
            told["assumed"] = cited.assumed
        return told

    def adjusted(self, plan: AdjustedPlan) -> Told:
        """A number with the adjustments that were considered."""
        told = self.number(plan.number)
        if plan.adjusts:
            told["adjusted"] = [
                {
                    "change": adjust.change,
                    "kind": adjust.group,
                    "holds": bool(self.r[adjust.holds]),
                    "by": self.number(adjust.by) if self.r[adjust.holds] else None,
                    "test": self.test(adjust.test),
                    "before": show(self.r[adjust.before], plan.number.unit),
                    "after": show(self.r[adjust.after], plan.number.unit),
                }
                for adjust in plan.adjusts
            ]
            told["result"] = show(self.r[plan.register], plan.number.unit)
        return told

    # tests

    def test(self, plan: TestPlan | None) -> Told | None:
        """A condition with its outcome."""
        if plan is None:
            return None
        told: Told = {"kind": plan.kind, "holds": bool(self.r[plan.register])}
        if plan.argument:
            told["argument"] = plan.argument
        if plan.words.zh:
            told["words"] = self.both(plan.words)
        if plan.parts:
            told["parts"] = [self.test(part) for part in plan.parts]
        return told

    def why_not(self, in_force: NumberPlan | None, test: TestPlan | None) -> list[Told]:
        """Sentences that say why something does not apply."""
        reasons: list[Words] = []
        if in_force is not None and not self.r[in_force.register]:
            reasons.append(Words(f"{self.day} 不在施行期内", f"not in force on {self.day}"))
        if test is not None:
            self._reasons(test, True, reasons)
        return [self.both(words) for words in dict.fromkeys(reasons)]

    def _reasons(self, test: TestPlan, wanted: bool, reasons: list[Words]) -> None:
        """The innermost tests whose outcome is not the wanted one."""
        if bool(self.r[test.register]) == wanted:
            return
        if test.kind == "not":
            self._reasons(test.parts[0], not wanted, reasons)
        elif test.parts:
            for part in test.parts:
                self._reasons(part, wanted, reasons)
        else:
            reasons.append(self._reason(test, wanted))

    def _reason(self, test: TestPlan, wanted: bool) -> Words:
        words, day = test.words, self.decision.situation.identity_day
        if test.kind == "people":
            if wanted:
                return Words(f"{day} 不属于{words.zh}", f"not in {words.en} on {day}")
            return Words(f"{day} 属于{words.zh}", f"in {words.en} on {day}")
        if test.kind == "disease":
            codes = "、".join(self.decision.bill.diagnoses[:1]) or "—"
            if wanted:
                return Words(f"诊断 {codes} 不属于{words.zh}", f"diagnosis {codes} is not {words.en}")
            return Words(f"诊断 {codes} 属于{words.zh}", f"diagnosis {codes} is {words.en}")
        if not wanted:
            return Words(f"符合“{words.zh}”", f"it is so: {words.en}")
        actual = self._actual(test.kind)
        if actual is not None:
            return Words(f"要求{words.zh}，本单是{actual.zh}", f"needs {words.en}, the bill is {actual.en}")
        return Words(f"不符合“{words.zh}”", f"not so: {words.en}")

    def _actual(self, kind: str) -> Words | None:
        bill = self.decision.bill
        actual = {"care": bill.care, "level": bill.facility.level, "channel": bill.channel}.get(kind)
        return name_of(actual) if actual else None

    # words

    @staticmethod
    def both(words: Words) -> Told:
        """Both languages."""
        return {"zh": words.zh, "en": words.en}

    @staticmethod
    def words(text: str | None, otherwise: str) -> Told:
        """A Chinese text with a plain name as its English."""
        return {"zh": text or otherwise, "en": otherwise.replace("_", " ")}

    @staticmethod
    def title(title: Title | None, name: str) -> Told:
        """The name of a form in both languages."""
        plain = name.replace("_", " ")
        return {"zh": title.zh if title else name, "en": (title.en if title else None) or plain}


def show(value: int, unit: str) -> str:
    """A register as text: yuan or percent."""
    return format_percent(value) if unit == "bp" else format_yuan(value)
