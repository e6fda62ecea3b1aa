"""An explanation as chapters of short sentences: the bill, its rules, each payer with its benefits, the patient.

The same chapters become text and a page. Sentences are made from the answer's data alone; they compute no money.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from doudi.engine.render.amounts import accumulator, fen, grouped
from doudi.engine.render.benefit import BenefitSentences
from doudi.engine.render.notes import Notes
from doudi.engine.vocabulary import name_of
from doudi.words import Language

Told = dict[str, Any]
Tone = Literal["plain", "quiet", "look", "refused", "head"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One line: how deep it stands, what it says, which footnotes it carries, how it is to be read."""

    text: str
    marks: tuple[str, ...] = ()
    depth: int = 0
    tone: Tone = "plain"


@dataclass(slots=True)
class Chapter:
    """One step of a bill: what it is about, its amount, its sentences."""

    kind: str
    key: str
    title: str
    amount: str | None = None
    applied: bool = True
    sentences: list[Sentence] = field(default_factory=list)

    def say(self, text: str, marks: tuple[str, ...] = (), depth: int = 0, tone: Tone = "plain") -> None:
        """Add a sentence."""
        if text:
            self.sentences.append(Sentence(text, marks, depth, tone))


def payer_names(explanation: list[Told]) -> dict[str, Told]:
    """The names of the payers of an explanation in both languages."""
    return {step["payer"]: step["name"] for step in explanation if step["step"] == "payer"}


def narrate(explanation: list[Told], language: Language, notes: Notes) -> list[Chapter]:
    """The chapters of one bill's explanation."""
    teller = _Narrator(explanation, language, notes)
    tell = {"bill": teller.bill, "rule": teller.rule, "payer": teller.payer, "patient": teller.patient}
    return [tell[step["step"]](step) for step in explanation]


class _Narrator:
    def __init__(self, explanation: list[Told], language: Language, notes: Notes) -> None:
        self.language, self.notes = language, notes
        self.payers = payer_names(explanation)
        self.parts_total = next((step["total"] for step in explanation if step["step"] == "bill"), "0.00")

    def w(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def name(self, told: Told) -> str:
        return str(told[self.language] or told["zh"])

    def parts(self, parts: dict[str, str]) -> str:
        """The parts that are not 0, with their amounts."""
        shown = [
            f"{name_of(part).say(self.language)} {grouped(amount)}"
            for part, amount in parts.items()
            if fen(amount)
        ]
        return self.w("，", ", ").join(shown)

    def reasons(self, told: Told) -> str:
        return self.w("；", "; ").join(self.name(reason) for reason in told.get("why_not", []))

    def bill(self, step: Told) -> Chapter:
        title = self.w(f"单据 {step['bill']} · 总费用", f"Bill {step['bill']} · total cost")
        chapter = Chapter("bill", "bill", title, step["total"])
        chapter.say(self.parts(step["parts"]))
        nth = step["admission"]
        chapter.say(
            self.w(
                f"按 {step['law_date']} 的政策，按 {step['identity_date']} 的身份；本年第 {nth} 次住院",
                f"law of {step['law_date']}, identity on {step['identity_date']}; admission {nth} of the year",
            ),
            tone="quiet",
        )
        if "as_category" in step:
            category = step["as_category"]
            chapter.say(
                self.w(
                    f"多重身份取最优一种：{category}", f"of several identities the best counts: {category}"
                )
            )
        return chapter

    def rule(self, step: Told) -> Chapter:
        chapter = Chapter(
            "rule", step["rule"], self.w("费用调整 · ", "bill rule · ") + self.name(step["name"])
        )
        if not step["applied"]:
            chapter.applied = False
            chapter.say(self.w("未适用：", "does not apply: ") + self.reasons(step), tone="quiet")
            return chapter
        marks = self.notes.of(step["number"])
        if step["kind"] == "move":
            of, to = name_of(step["of"]).say(self.language), name_of(step["to"]).say(self.language)
            rate, moved = step["number"]["value"], grouped(step["moved"])
            chapter.say(
                self.w(f"{of}的 {rate}，{moved}，转入{to}", f"{rate} of {of}, {moved}, moves to {to}"), marks
            )
        else:
            price = grouped(step["price"])
            chapter.say(self.w(f"按定额 {price} 结算", f"settled at the fixed price {price}"), marks)
        before, after = self.parts(step["before"]), self.parts(step["after"])
        chapter.say(self.w(f"调整前：{before}", f"before: {before}"), tone="quiet")
        chapter.say(self.w(f"调整后：{after}", f"after: {after}"), tone="quiet")
        return chapter

    def payer(self, step: Told) -> Chapter:
        chapter = Chapter("payer", step["payer"], self.name(step["name"]), step["amount"], step["applied"])
        if not step["applied"] and "recorded" not in step:
            chapter.say(self.w("未适用：", "does not apply: ") + self.reasons(step), tone="quiet")
            return chapter
        self._decided(step, chapter)
        for benefit in step["benefits"]:
            self._benefit(benefit, chapter)
        for position in step["positions"]:
            if position["before"] != position["after"] and not _already_told(step, position):
                name = accumulator(position["accumulator"], self.payers, self.language)
                chapter.say(
                    f"{name} {grouped(position['before'])} → {grouped(position['after'])}", tone="quiet"
                )
        drawn = {part: amount for part, amount in step["drawn"].items() if fen(amount)}
        if len(drawn) > 1 or (drawn and "in_scope" not in drawn):
            chapter.say(self.w("支付自：", "drawn from: ") + self.parts(drawn), tone="quiet")
        return chapter

    def _decided(self, step: Told, chapter: Chapter) -> None:
        """Where the amount comes from when this policy does not decide it."""
        if "recorded" in step:
            recorded, rule = grouped(step["recorded"]), grouped(step["rule_amount"])
            by_case = step["decided"] == "case_by_case"
            chapter.say(
                self.w(f"个案审批 {recorded}", f"decided for this case: {recorded}")
                if by_case
                else self.w(f"他处已定 {recorded}，照录", f"decided elsewhere: {recorded}, taken as recorded")
            )
            if step["recorded_differs"] and not by_case:
                chapter.say(
                    self.w(
                        f"按本政策试算为 {rule}，与记录不同",
                        f"this policy's rule would give {rule}, not the same",
                    ),
                    tone="look",
                )
        elif "awaits_decision" in step:
            awaited = step["awaits_decision"]
            most = self.w(f"，最多 {grouped(awaited['at_most'])}", f", at most {grouped(awaited['at_most'])}")
            text = self.w(
                f"待个案审批，批准人：{awaited['approver']}", f"awaits a decision by {awaited['approver']}"
            )
            chapter.say(text + (most if fen(awaited["at_most"]) else ""), tone="look")

    def _benefit(self, benefit: Told, chapter: Chapter) -> None:
        name = self.name(benefit["name"])
        if not benefit["chosen"]:
            if benefit["applied"] and "would_pay" in benefit:
                would = grouped(benefit["would_pay"])
                why = self.w(f"未选用（可付 {would}）：", f"not chosen (would pay {would}): ")
            else:
                why = self.w("未适用：", "does not apply: ")
            reasons = self.reasons(benefit)
            if reasons:
                chapter.say(f"{name}{self.w('：', ': ')}{why}{reasons}", tone="quiet")
            return
        chapter.say(f"{name} → {grouped(benefit['amount'])}", tone="head")
        for text, marks, looks in BenefitSentences(
            benefit, self.payers, self.language, self.notes
        ).sentences():
            chapter.say(text, marks, 1, "look" if looks else "plain")

    def patient(self, step: Told) -> Chapter:
        chapter = Chapter("patient", "patient", self.w("个人负担", "patient's share"), step["patient"])
        if fen(step["hospital"]):
            hospital = grouped(step["hospital"])
            chapter.say(self.w(f"医院承担 {hospital}", f"the hospital bears {hospital}"), tone="look")
        if parts := self.parts(step["parts"]):
            chapter.say(parts)
        return chapter


def _already_told(step: Told, position: Told) -> bool:
    """Whether a benefit's schedule tells the position itself."""
    return any(
        benefit.get("schedule", {}).get("position", {}).get("accumulator") == position["accumulator"]
        for benefit in step["benefits"]
    )
