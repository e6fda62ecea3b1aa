"""What a benefit pays as sums a patient can add up: (base − deductible) × rate = amount, then what changed it.

Made from the explanation stored with the decision; nothing is computed here that the explanation does not hold. The
words are short because a paper has one page; the whole story with every passage is the desk's explanation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from doudi.engine.render.amounts import fen, grouped, period
from doudi.engine.vocabulary import name_of
from doudi.money import format_yuan
from doudi.server.settlement.slip.articles import Articles
from doudi.words import Language, Words

Told = dict[str, Any]
OPENING, CLOSING = {"zh": "（", "en": " ("}, {"zh": "）", "en": ")"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a payer's row; `kind` is `sum` (figures), `note` (words) or `look` (worth a second look)."""

    text: str
    marks: tuple[str, ...] = ()
    kind: str = "sum"


@dataclass(slots=True)
class Setting:
    """What all benefits of a bill share: the language, the names of payers, the parts as billed, the articles."""

    language: Language
    payers: dict[str, Told]
    billed: dict[str, str]
    articles: Articles

    def w(self, zh: str, en: str) -> str:
        """The text in the reader's language."""
        return zh if self.language == "zh" else en

    def name(self, told: Told) -> str:
        """A name of the explanation."""
        return str(told[self.language] or told["zh"])

    def payer(self, name: str) -> str:
        """The name of a payer."""
        return self.name(self.payers[name]) if name in self.payers else name.replace("_", " ")

    def inside(self, text: str) -> str:
        """Text in the brackets of the language."""
        return f"{OPENING[self.language]}{text}{CLOSING[self.language]}"


def benefit_lines(told: Told, setting: Setting) -> Iterator[Line]:
    """The lines of a chosen benefit."""
    yield from _Benefit(told, setting).lines()


class _Benefit:
    def __init__(self, told: Told, setting: Setting) -> None:
        self.told, self.s, self.w = told, setting, setting.w

    def lines(self) -> Iterator[Line]:
        told = self.told
        if not fen(told["base"]["amount"]) and not fen(told["amount"]):
            yield Line(self.w("没有可支付的部分", "nothing left to pay for"), kind="note")
            return
        schedule = told.get("schedule")
        if schedule is not None and self._is_one_product(schedule):
            yield self._one_product(schedule)
        else:
            yield from self._base()
            if schedule is not None:
                yield from self._bands(schedule)
        if "formula" in told:
            yield self._formula(told["formula"])
        yield from self._adjustments()
        if "offset" in told:
            yield self._offset(told["offset"])
        yield from (self._guarantee(one) for one in told.get("guarantees", []) if one["raised"])
        for limit in told["limits"]:
            yield from self._limit(limit)

    # base and deductible

    def _base_words(self) -> str:
        base = self.told["base"]
        mode, names = base["mode"], [self.s.payer(name) for name in base.get("names", [])]
        listed = self.w("、", ", ").join(names)
        if mode == "deductible_of":
            return self.w(f"{listed}的起付线 ", f"the deductible of {listed} ")
        if mode == "portion":
            portion = base["names"][0].replace("_", " ")
            return self.w(f"专项费用 {portion} ", f"portion {portion} ")
        shown = self._shown_parts()
        told = " + ".join(self._part(part, len(shown) > 1) for part in shown)
        if mode == "less":
            told += self.s.inside(self.w(f"减{listed}已付", f"less what {listed} paid"))
        return f"{told} = " if len(shown) > 1 and "counts_at_most" not in base else f"{told} "

    def _shown_parts(self) -> list[str]:
        """The parts of the base that hold something; all where none does."""
        parts: dict[str, str] = self.told["base"]["parts"]
        return [part for part, amount in parts.items() if fen(amount)] or list(parts)

    def _part(self, part: str, several: bool) -> str:
        base = self.told["base"]
        name = name_of(part).say(self.s.language)
        if base["mode"] == "left" and base["parts"][part] != self.s.billed.get(part):
            name = self.w(f"{name}余额", f"{name} left")
        return f"{name} {grouped(base['parts'][part])}" if several else name

    def _base_figures(self) -> str:
        """`26,000.00`, or with what was taken out of it before the deductible."""
        base = self.told["base"]
        text = grouped(base["amount"])
        notes = []
        if "without" in base:
            notes.append(
                self.w("已除起付线 ", "without the deductible ") + grouped(base["without"]["amount"])
            )
        if "counts_at_most" in base:
            limit = grouped(base["counts_at_most"]["limit"])
            notes.append(self.w(f"最多计 {limit}", f"counts at most {limit}"))
        return text + (self.s.inside(self.w("，", ", ").join(notes)) if notes else "")

    def _taken(self) -> str:
        """The deductible that this bill took, "" where there is none before the schedule."""
        deductible = self.told.get("deductible")
        if deductible is None or deductible["in_schedule"] or not fen(deductible["taken"]):
            return ""
        return str(deductible["taken"])

    def _base(self) -> Iterator[Line]:
        """The base, and what of it is left after the deductible."""
        figures, taken = self._base_figures(), self._taken()
        if not taken:
            yield Line(self._base_words() + figures, self._base_marks())
            return
        left = format_yuan(fen(self.told["base"]["amount"]) - fen(taken), grouping=True)
        after = f" − {self._deductible_name()} {grouped(taken)} = {left}"
        if len(self._shown_parts()) > 1:
            yield Line(self._base_words() + figures)
            yield Line(grouped(self.told["base"]["amount"]) + after, self._base_marks())
        else:
            yield Line(self._base_words() + figures + after, self._base_marks())

    def _deductible_name(self) -> str:
        return self.w("起付线", "deductible")

    def _base_marks(self) -> tuple[str, ...]:
        base, deductible = self.told["base"], self.told.get("deductible")
        marks = self.s.articles.of(base.get("counts_at_most", {}).get("number"))
        if deductible is not None and self._taken():
            marks += self.s.articles.of(deductible["number"])
        return marks

    # schedule

    def _is_one_product(self, schedule: Told) -> bool:
        """Whether the whole schedule is one multiplication of what is left after the deductible."""
        reached = [band for band in schedule["bands"] if band["reached"]]
        if schedule["kind"] != "marginal" or len(reached) != 1 or "paid_before" in schedule:
            return False
        if len(self._shown_parts()) > 1:
            return False
        left = fen(self.told["base"]["amount"]) - fen(self._taken() or "0.00")
        return "position" not in schedule and fen(reached[0]["part"]) == left

    def _one_product(self, schedule: Told) -> Line:
        band = next(band for band in schedule["bands"] if band["reached"])
        figures, taken = self._base_figures(), self._taken()
        if taken:
            figures = f"({figures} − {self._deductible_name()} {grouped(taken)})"
        result = self._rounded(band["amount"], schedule["amount"])
        text = f"{self._base_words()}{figures} × {band['rate']} = {result}"
        return Line(text, self._base_marks() + self.s.articles.of(band["number"]))

    @staticmethod
    def _rounded(exact: str, amount: str) -> str:
        """The exact product, and where it has parts of a fen or the year's sum was rounded, the amount that counts."""
        return grouped(exact) if exact == amount else f"{grouped(exact)} → {grouped(amount)}"

    def _bands(self, schedule: Told) -> Iterator[Line]:
        yield from self._position(schedule)
        reached = [band for band in schedule["bands"] if band["reached"]]
        if not reached:
            yield self._nothing_reached(schedule)
        for index, band in enumerate(schedule["bands"]):
            if band["reached"]:
                alone = len(reached) == 1 and "paid_before" not in schedule
                yield Line(self._band(schedule, band, index, alone), self.s.articles.of(band["number"]))
        yield from self._sum_of_bands(schedule, reached)

    def _position(self, schedule: Told) -> Iterator[Line]:
        """Where the bill begins and ends on the scale of the period, and the threshold on it."""
        deductible, said = self.told.get("deductible"), []
        marks: tuple[str, ...] = ()
        if "position" in schedule:
            start, end = grouped(schedule["start"]), grouped(schedule["end"])
            said.append(self.w(f"累计 {start} → {end}", f"counted so far {start} → {end}"))
        if deductible is not None and deductible["in_schedule"] and fen(schedule["threshold"]):
            amount, per = grouped(deductible["amount"]), period(deductible["per"]).say(self.s.language)
            said.append(self.w(f"起付线 {amount}", f"deductible {amount}") + self.s.inside(per))
            counted = sum(
                fen(band["part"]) for band in schedule["bands"] if band["reached"] and "part" in band
            )
            if counted:
                above = format_yuan(counted, grouping=True)
                said.append(self.w(f"本次超过 {above}", f"above it now {above}"))
            marks = self.s.articles.of(deductible["number"])
        if said:
            yield Line(self.w("，", ", ").join(said), marks, "note")

    def _nothing_reached(self, schedule: Told) -> Line:
        if fen(schedule["threshold"]) and fen(schedule["end"]) <= fen(schedule["threshold"]):
            end, threshold = grouped(schedule["end"]), grouped(schedule["threshold"])
            text = self.w(f"{end} 未超过起付线 {threshold}", f"{end} does not exceed {threshold}")
            return Line(text, kind="note")
        return Line(self.w("没有达到任何一段", "no band is reached"), kind="note")

    def _band(self, schedule: Told, band: Told, index: int, alone: bool) -> str:
        kind = schedule["kind"]
        if kind == "lump":
            return self.w(f"第 {index + 1} 档定额 ", f"band {index + 1}: ") + grouped(band["lump"])
        if kind == "quick":
            plus = band.get("plus", "0.00")
            sign = "−" if plus.startswith("-") else "+"
            product = f"{grouped(schedule['end'])} × {band['rate']} {sign} {grouped(plus.lstrip('-'))}"
            return f"{product} = {grouped(schedule['at_end'])}"
        if kind == "slab":
            counted = format_yuan(max(0, fen(schedule["end"]) - fen(schedule["threshold"])), grouping=True)
            return f"{counted} × {band['rate']} = {grouped(schedule['at_end'])}"
        result = self._rounded(band["amount"], schedule["amount"]) if alone else grouped(band["amount"])
        part = grouped(band["part"])
        if len(schedule["bands"]) > 1:
            part = f"{self._edges(band)}{self.w('：', ': ')}{part}"
        return f"{part} × {band['rate']} = {result}"

    def _edges(self, band: Told) -> str:
        low, high = _plain(band["from"]), band["to"]
        if high is None:
            return self.w(f"{low} 以上", f"above {low}")
        return f"{low}–{_plain(high)}"

    def _sum_of_bands(self, schedule: Told, reached: list[Told]) -> Iterator[Line]:
        amount = grouped(schedule["amount"])
        if "paid_before" in schedule:
            end, before = grouped(schedule["at_end"]), grouped(schedule["paid_before"])
            yield Line(
                self.w(f"全期应付 {end} − 已付 {before} = {amount}", f"due {end} − paid {before} = {amount}")
            )
        elif schedule["kind"] == "marginal" and len(reached) > 1:
            yield Line(self.w(f"合计 {amount}", f"together {amount}"))
        elif schedule["kind"] != "marginal" and fen(schedule["at_start"]):
            end, start = grouped(schedule["at_end"]), grouped(schedule["at_start"])
            yield Line(self.w(f"{end} − 此前 {start} = {amount}", f"{end} − before {start} = {amount}"))

    # what changed it

    def _formula(self, told: Told) -> Line:
        operands = self.w("，", ", ").join(
            f"{name} = {grouped(value)}" for name, value in told["operands"].items()
        )
        return Line(
            f"{told['text']} = {grouped(told['amount'])}" + (self.s.inside(operands) if operands else "")
        )

    def _adjustments(self) -> Iterator[Line]:
        """The rate and the deductible as they were raised or lowered for this person."""
        deductible, schedule = self.told.get("deductible"), self.told.get("schedule")
        if deductible is not None:
            yield from self._adjusted(self._deductible_name(), [deductible["number"]])
        if schedule is not None:
            reached = [band["number"] for band in schedule["bands"] if band["reached"]]
            yield from self._adjusted(self.w("比例", "rate"), reached)

    def _adjusted(self, what: str, numbers: list[Told]) -> Iterator[Line]:
        """One line for each reason, with every number that it changed."""
        changes: dict[tuple[str, str], list[str]] = {}
        marks: dict[tuple[str, str], tuple[str, ...]] = {}
        for adjust in (one for number in numbers for one in number.get("adjusted", [])):
            if adjust["holds"] and adjust["before"] != adjust["after"]:
                why = self.w("、", ", ").join(dict.fromkeys(self._holding(adjust["test"])))
                reason = (why, "look" if adjust["kind"] == "penalty" else "note")
                change = f"{_shown(adjust['before'])} → {_shown(adjust['after'])}"
                changes.setdefault(reason, []).append(change)
                marks[reason] = marks.get(reason, ()) + self.s.articles.of(adjust["by"])
        for (why, kind), told in changes.items():
            listed = self.w("、", ", ").join(dict.fromkeys(told))
            yield Line(f"{what} {listed}" + (self.s.inside(why) if why else ""), marks[why, kind], kind)

    def _holding(self, test: Told | None) -> Iterator[str]:
        """The words of the conditions that hold."""
        if test is None or (test["kind"] != "not" and not test["holds"]):
            return
        if "words" in test:
            yield self.s.name(test["words"])
        elif test["kind"] == "not":
            inner = self.w("、", ", ").join(_all_words(test["parts"][0], self.s))
            yield self.w(f"非{inner}", f"not {inner}")
        else:
            for part in test.get("parts", []):
                yield from self._holding(part)

    def _offset(self, told: Told) -> Line:
        payers = "".join(
            f" − {self.s.payer(name)} {grouped(amount)}" for name, amount in told["payers"].items()
        )
        return Line(self.w("抵扣", "less") + f"{payers} → {grouped(told['after'])}")

    def _guarantee(self, told: Told) -> Line:
        of = self.w("+", " + ").join(name_of(part).say(self.s.language) for part in told["of"])
        share, whole = told["share"]["value"], grouped(told["whole"])
        after = grouped(told["after"])
        said = {
            "raises_to": Words(
                f"补足到{of} {whole} 的 {share}，补 {after}", f"raised to {share} of {of} {whole}: {after}"
            ),
            "own_at_least": Words(
                f"保底{of} {whole} 的 {share}，为 {after}", f"at least {share} of {of} {whole}: {after}"
            ),
            "patient_at_most": Words(
                f"个人负担不超过{of} {whole} 的 {share}，补 {after}",
                f"the patient bears at most {share} of {of} {whole}: {after}",
            ),
        }[told["kind"]]
        return Line(said.say(self.s.language), self.s.articles.of(told["share"]), "look")

    def _limit(self, told: Told) -> Iterator[Line]:
        before, after = grouped(told["before"]), grouped(told["after"])
        if told["kind"] == "left":
            if told["binding"]:
                text = self.w("不超过剩余费用：", "no more than what is left: ")
                yield Line(f"{text}{before} → {after}", kind="look")
            return
        per = period(told["per"]).say(self.s.language)
        text = self.w("封顶 ", "cap ") + grouped(told["limit"]) + self.s.inside(per)
        if told.get("of"):
            text += self.w("，按", ", of ") + name_of(told["of"]).say(self.s.language)
            text += f" {grouped(told['of_amount'])}"
        if fen(told.get("used", "0.00")):
            text += self.w(f"，此前已用 {grouped(told['used'])}", f", {grouped(told['used'])} used before")
        marks = self.s.articles.of(told.get("number"))
        if told["binding"]:
            yield Line(f"{text}{self.w('：', ': ')}{before} → {after}", marks, "look")
        else:
            yield Line(text + self.w("，未到", ", not reached"), marks, "note")
        yield from self._adjusted(self.w("封顶", "cap"), [told.get("number", {})])


def _all_words(test: Told, setting: Setting) -> Iterator[str]:
    if "words" in test:
        yield setting.name(test["words"])
    for part in test.get("parts", []):
        yield from _all_words(part, setting)


def _shown(value: str) -> str:
    """A percentage as it is, an amount with separators."""
    return value if value.endswith("%") else grouped(value)


def _plain(text: str) -> str:
    """The edge of a band; whole yuan without decimals."""
    return grouped(text).removesuffix(".00")
