"""One benefit in sentences, in the order of its meaning: base, deductible, bands, offset, guarantee, limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from doudi.engine.render.amounts import accumulator, fen, grouped, period
from doudi.engine.render.notes import Notes
from doudi.engine.vocabulary import name_of
from doudi.money import format_yuan
from doudi.words import Language, Words

Told = dict[str, Any]
Said = tuple[str, tuple[str, ...], bool]

CHANGES = {
    "set": Words("改为 {by}", "set to {by}"),
    "points": Words("加 {by} 个百分点", "plus {by} points"),
    "times": Words("× {by}", "× {by}"),
    "plus": Words("加 {by}", "plus {by}"),
    "at_least": Words("不低于 {by}", "at least {by}"),
    "at_most": Words("不高于 {by}", "at most {by}"),
}
UNITS = {"fen": Words("分", "fen"), "jiao": Words("角", "jiao"), "yuan": Words("元", "yuan")}
MODES = {
    "half_up": Words("四舍五入", "half up"),
    "half_even": Words("四舍六入五成双", "half to even"),
    "down": Words("舍去零头", "down"),
}
GUARANTEES = {
    "raises_to": Words("补足到{of}的 {share}", "raised to {share} of {of}"),
    "own_at_least": Words("本待遇保底{of}的 {share}", "at least {share} of {of} from this benefit"),
    "patient_at_most": Words("个人负担不超过{of}的 {share}", "patient bears at most {share} of {of}"),
}


def change_words(change: str, by: str) -> Words:
    """What an adjustment does; points are said without the percent sign."""
    return CHANGES[change].filled(by=by.replace("%", "", 1) if change == "points" else by)


class BenefitSentences:
    """The sentences of a chosen benefit."""

    def __init__(self, told: Told, payers: dict[str, Told], language: Language, notes: Notes) -> None:
        self.told, self.payers, self.language, self.notes = told, payers, language, notes

    def w(self, zh: str, en: str) -> str:
        """The text in the reader's language."""
        return zh if self.language == "zh" else en

    def sentences(self) -> Iterator[Said]:
        """Text, footnotes, and whether it deserves a second look."""
        told = self.told
        yield self._base(told["base"])
        if not fen(told["base"]["amount"]) and not fen(told["amount"]):
            yield self.w("没有可支付的部分", "nothing to pay for"), (), False
            return
        if "deductible" in told:
            yield from self._deductible(told["deductible"])
        if "schedule" in told:
            yield from self._schedule(told["schedule"])
        if "formula" in told:
            yield self._formula(told["formula"])
        if "offset" in told:
            yield self._offset(told["offset"])
        for guarantee in told.get("guarantees", []):
            yield self._guarantee(guarantee)
        for limit in told["limits"]:
            yield from self._limit(limit)

    # base

    def _base(self, base: Told) -> Said:
        text = self.w(f"计入 {grouped(base['amount'])}", f"counts {grouped(base['amount'])}")
        inside = self._base_words(base)
        if "without" in base:
            amount = grouped(base["without"]["amount"])
            inside += self.w(f"，扣除起付线 {amount}", f", without the deductible of {amount}")
        if "counts_at_most" in base:
            limit, before = base["counts_at_most"]["limit"], base["counts_at_most"]["before"]
            inside += self.w(
                f"；由 {grouped(before)} 限到 {grouped(limit)} 以内",
                f"; {grouped(before)} limited to {grouped(limit)}",
            )
        marks = self.notes.of(base.get("counts_at_most", {}).get("number"))
        return (f"{text}（{inside}）" if self.language == "zh" else f"{text} ({inside})"), marks, False

    def _base_words(self, base: Told) -> str:
        mode = base["mode"]
        if mode == "deductible_of":
            payer = self._payers(base["names"])
            return self.w(f"{payer}的起付线部分", f"what the deductible of {payer} took")
        if mode == "portion":
            name = base["names"][0]
            return self.w(f"专项费用 {name}", f"the marked portion {name.replace('_', ' ')}")
        shown = [part for part, amount in base["parts"].items() if fen(amount)] or list(base["parts"])
        one = len(shown) == 1
        parts = self.w(" + ", " + ").join(
            name_of(part).say(self.language) + ("" if one else f" {grouped(base['parts'][part])}")
            for part in shown
        )
        if mode == "whole":
            return self.w(f"{parts}，原额", f"{parts}, as billed")
        if mode == "less":
            payers = self._payers(base["names"])
            return self.w(f"{parts}，只减去{payers}已付", f"{parts}, less only what {payers} paid")
        return self.w(f"{parts}，前面各方付后剩余", f"{parts}, left by the payers before")

    def _payers(self, names: list[str]) -> str:
        return self.w("、", ", ").join(
            self.payers[name][self.language] if name in self.payers else name for name in names
        )

    # deductible and adjusted numbers

    def _deductible(self, told: Told) -> Iterator[Said]:
        per = period(told["per"]).say(self.language)
        number = told["number"]
        text = self.w(
            f"起付线 {grouped(told['amount'])}（{per}）", f"deductible {grouped(told['amount'])} ({per})"
        )
        if not told["in_schedule"]:
            if fen(told.get("taken_before", "0.00")):
                before = grouped(told["taken_before"])
                text += self.w(f"，此前已扣 {before}", f", {before} taken before")
            text += self.w(f"，本次扣 {grouped(told['taken'])}", f", {grouped(told['taken'])} taken now")
        yield text, self.notes.of(number), False
        yield from self._adjustments(self.w("起付线", "deductible"), number)
        if "at_most" in told:
            most, before = told["at_most"]["number"], grouped(told["at_most"]["taken_before"])
            limit = grouped(most["value"])
            yield (
                self.w(
                    f"起付线累计不超过 {limit}，此前已扣 {before}",
                    f"deductibles at most {limit}, {before} taken before",
                ),
                self.notes.of(most),
                False,
            )

    def _adjustments(self, what: str, number: Told) -> Iterator[Said]:
        """The adjustments that held, each with the number before and after."""
        for adjust in number.get("adjusted", []):
            if not adjust["holds"]:
                continue
            by = adjust["by"]
            how = change_words(adjust["change"], _shown(by["value"])).say(self.language)
            why = self._test_words(adjust["test"])
            change = f"{what} {_shown(adjust['before'])} → {_shown(adjust['after'])}"
            same = adjust["before"] == adjust["after"]
            noted = self.w("，未改变", ", no change") if same else ""
            yield (
                f"{change}{self.w('：', ': ')}{why}{how}{noted}",
                self.notes.of(by),
                adjust["kind"] == "penalty",
            )

    def _test_words(self, test: Told | None) -> str:
        """The conditions that hold, as words."""
        if test is None:
            return ""
        words = self.w("、", ", ").join(self._holding(test))
        return f"{words}{self.w('，', ', ')}" if words else ""

    def _holding(self, test: Told) -> Iterator[str]:
        if test["kind"] != "not" and not test["holds"]:
            return
        if "words" in test:
            yield test["words"][self.language]
        elif test["kind"] == "not":
            inner = self.w("、", ", ").join(self._all_words(test["parts"][0]))
            yield self.w(f"非{inner}", f"not {inner}")
        else:
            for part in test.get("parts", []):
                yield from self._holding(part)

    def _all_words(self, test: Told) -> Iterator[str]:
        if "words" in test:
            yield test["words"][self.language]
        for part in test.get("parts", []):
            yield from self._all_words(part)

    # schedule

    def _schedule(self, told: Told) -> Iterator[Said]:
        if "position" in told:
            position = told["position"]
            name = accumulator(position["accumulator"], self.payers, self.language)
            key = f" {position['period']}" if position["period"] else ""
            yield (
                f"{name}{key}: {grouped(told['start'])} → {grouped(told['end'])}".replace(
                    ": ", self.w("：", ": ")
                ),
                (),
                False,
            )
        reached = [band for band in told["bands"] if band["reached"]]
        if not reached:
            yield self._nothing_reached(told)
        for index, band in enumerate(told["bands"]):
            if band["reached"]:
                yield self._band(told, band, index), self.notes.of(band["number"]), False
                yield from self._adjustments(self.w("比例", "rate"), band["number"])
        yield from self._sum_of_bands(told, reached)

    def _nothing_reached(self, told: Told) -> Said:
        threshold = grouped(told["threshold"])
        if fen(told["threshold"]) and fen(told["end"]) <= fen(told["threshold"]):
            end = grouped(told["end"])
            return self.w(f"{end} 未超过起付线 {threshold}", f"{end} does not exceed {threshold}"), (), True
        return self.w("没有达到任何一段", "no band is reached"), (), False

    def _band(self, told: Told, band: Told, index: int) -> str:
        if told["kind"] == "lump":
            return self.w(
                f"第 {index + 1} 档定额 {grouped(band['lump'])}", f"band {index + 1}: {grouped(band['lump'])}"
            )
        rate = band["rate"]
        if told["kind"] == "quick":
            plus = band.get("plus", "0.00")
            sign = "−" if plus.startswith("-") else "+"
            return f"{grouped(told['end'])} × {rate} {sign} {grouped(plus.lstrip('-'))} = {grouped(told['at_end'])}"
        if told["kind"] == "slab":
            counted = format_yuan(max(0, fen(told["end"]) - fen(told["threshold"])), grouping=True)
            return self.w(
                f"第 {index + 1} 档：全额 {counted} × {rate} = {grouped(told['at_end'])}",
                f"band {index + 1}: all of {counted} × {rate} = {grouped(told['at_end'])}",
            )
        stretch = self._stretch(told, band)
        return f"{stretch} × {rate} = {grouped(band['amount'])}"

    def _stretch(self, told: Told, band: Told) -> str:
        """`6,000.00–8,010.00`; only the width where there is one open band from 0."""
        shift = fen(told["threshold"]) if told["edges"] == "above_deductible" else 0
        start = max(fen(told["start"]), fen(told["threshold"])) - shift
        low = max(fen(band["from"]), start)
        high = low + fen(band["part"])
        if low == 0 and len(told["bands"]) == 1:
            return grouped(band["part"])
        shown = f"({format_yuan(low, grouping=True)} → {format_yuan(high, grouping=True)})"
        return f"{grouped(band['part'])} {shown}"

    def _sum_of_bands(self, told: Told, reached: list[Told]) -> Iterator[Said]:
        exact = [band["amount"] for band in reached if "amount" in band]
        amount = grouped(told["amount"])
        if "paid_before" in told:
            end, before = grouped(told["at_end"]), grouped(told["paid_before"])
            yield (
                self.w(
                    f"全期应付 {end} − 已付 {before} = {amount}",
                    f"due for the period {end} − paid {before} = {amount}",
                ),
                (),
                False,
            )
        elif len(exact) > 1 or (exact and fen(told["amount"]) * 10_000 != _ten_thousandths(exact[0])):
            mode, unit = MODES[told["rounding"]["mode"]], UNITS[told["rounding"]["to"]]
            rounds = (
                len({len(text.partition(".")[2]) for text in exact} - {2}) > 0
                or told["rounding"]["to"] != "fen"
            )
            how = self.w(f"（{mode.zh}到{unit.zh}）", f" (rounded {mode.en} to {unit.en})") if rounds else ""
            yield self.w(f"合计 {amount}{how}", f"together {amount}{how}"), (), False
        elif told["kind"] in ("lump", "slab", "quick") and told["at_start"] != "0.00":
            start = grouped(told["at_start"])
            yield self.w(f"减去此前的 {start} = {amount}", f"less {start} of before = {amount}"), (), False

    # after the schedule

    def _formula(self, told: Told) -> Said:
        operands = self.w("，", ", ").join(
            f"{name} = {grouped(value)}" for name, value in told["operands"].items()
        )
        text = f"{told['text']} = {grouped(told['amount'])}"
        return self.w(f"公式 {text}（{operands}）", f"formula {text} ({operands})"), (), False

    def _offset(self, told: Told) -> Said:
        payers = self.w("，", ", ").join(
            f"{self._payers([name])} {grouped(amount)}" for name, amount in told["payers"].items()
        )
        return (
            self.w(f"抵扣{payers}，余 {grouped(told['after'])}", f"less {payers}: {grouped(told['after'])}"),
            (),
            False,
        )

    def _guarantee(self, told: Told) -> Said:
        of = self.w("、", ", ").join(name_of(part).say(self.language) for part in told["of"])
        what = GUARANTEES[told["kind"]].filled(of=of, share=told["share"]["value"]).say(self.language)
        basis = self.w(f"（以 {grouped(told['whole'])} 为基数）", f" (of {grouped(told['whole'])})")
        if told["raised"]:
            effect = self.w("，由 {} 提到 {}", ": from {} to {}").format(
                grouped(told["before"]), grouped(told["after"])
            )
        else:
            effect = self.w("，已达到，不再补", ": reached already")
        return what + basis + effect, self.notes.of(told["share"]), bool(told["raised"])

    def _limit(self, told: Told) -> Iterator[Said]:
        before, after = grouped(told["before"]), grouped(told["after"])
        cut = f"{before} → {after}"
        if told["kind"] == "left":
            if told["binding"]:
                yield self.w(f"不超过剩余费用：{cut}", f"no more than what is left: {cut}"), (), True
            return
        per = period(told["per"]).say(self.language)
        text = self.w(f"封顶 {grouped(told['limit'])}（{per}）", f"cap {grouped(told['limit'])} ({per})")
        if told.get("of"):
            of = name_of(told["of"]).say(self.language)
            text += self.w(
                f"，按{of} {grouped(told['of_amount'])} 计", f", of {of} {grouped(told['of_amount'])}"
            )
        if fen(told.get("used", "0.00")):
            used, left = grouped(told["used"]), grouped(told["available"])
            text += self.w(f"，已用 {used}，还可付 {left}", f", {used} used, {left} left")
        effect = (
            self.w(f"，压到：{cut}", f", cuts: {cut}")
            if told["binding"]
            else self.w("，未到", ", not reached")
        )
        yield text + effect, self.notes.of(told.get("number")), told["binding"]
        yield from self._adjustments(self.w("封顶", "cap"), told.get("number", {}))


def _shown(value: str) -> str:
    """A percentage as it is, an amount with separators."""
    return value if value.endswith("%") else grouped(value)


def _ten_thousandths(exact: str) -> int:
    """`17990.123456` in ten-thousandths of a fen."""
    whole, _, decimals = exact.partition(".")
    return int(whole) * 1_000_000 + int(decimals.ljust(6, "0"))
