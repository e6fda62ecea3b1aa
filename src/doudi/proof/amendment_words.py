"""One policy's names, amounts and conditions in both languages; what a sentence about it is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from doudi.engine.compile.conditions import compile_test
from doudi.engine.compile.context import Context
from doudi.engine.plan import TestPlan
from doudi.engine.render.amounts import period
from doudi.engine.render.benefit import change_words
from doudi.engine.vocabulary import name_of
from doudi.money import format_percent, format_yuan
from doudi.policy.benefits import Cumulative, Title, Within
from doudi.policy.beyond import Goal
from doudi.policy.conditions import PARTS, AgeSpan, When
from doudi.policy.library import Policy
from doudi.policy.scalars import ShareOf
from doudi.policy.values import Cite, FactorValue, RateValue, Reading
from doudi.proof.amendment_vocabulary import ATTRIBUTES, GRADES, choice
from doudi.words import Words

NONE = Words("没有", "none")
ALWAYS = Words("不设条件", "no condition")
_TRUTH = {True: Words("是", "yes"), False: Words("否", "no")}
_GOALS = {"at_most": "≤", "at_least": "≥", "about": "≈"}


def joined(words: Iterable[Words], zh: str = "、", en: str = ", ") -> Words:
    """Several words as one."""
    listed = [word for word in words if word.zh]
    return Words(zh.join(word.zh for word in listed), en.join(word.en for word in listed))


def both(text: str) -> Words:
    """A text that is the same in both languages."""
    return Words(text, text)


def arrow(before: Words, after: Words) -> Words:
    """Old → new."""
    return Words(f"{before.zh} → {after.zh}", f"{before.en} → {after.en}")


def yuan(amount_fen: int) -> Words:
    """An amount with its unit."""
    shown = format_yuan(amount_fen, grouping=True)
    return Words(f"{shown} 元", f"{shown} yuan")


class Speech:
    """Speaks of one policy."""

    def __init__(self, policy: Policy) -> None:
        self.policy, self.document = policy, policy.document
        self._names: dict[str, Callable[[str], Words]] = {
            "any_": self.category, "all_": self.category, "none": self.category,
            "people": self.group("people"), "names": self.group("diseases"), "diseases": self.group("diseases"),
            "less": self.payer, "offset": self.payer, "fund": self.fund,
            "covers": name_of, "levels": name_of, "of": name_of, "to": name_of,
        }  # fmt: skip

    # names

    @staticmethod
    def title(form: Any, otherwise: str) -> Words:
        """The name of a form that has `zh` and perhaps `en`."""
        if form is None:
            return Words(otherwise, otherwise.replace("_", " "))
        return Words(form.zh, form.en or form.zh)

    def payer(self, name: str) -> Words:
        """A payer."""
        return next((self.title(p.name, name) for p in self.document.payers if p.payer == name), both(name))

    def category(self, code: str) -> Words:
        """A category of persons."""
        return self.title(self.policy.categories.get(code), code)

    def fund(self, name: str) -> Words:
        """A fund."""
        return self.title(self.policy.funds.get(name), name)

    def group(self, section: str) -> Callable[[str], Words]:
        """The names of a section such as `people`."""
        return lambda name: self.title(getattr(self.document, section).get(name), name)

    def row(self, attribute: str, key: str) -> Words:
        """A row of a table."""
        if key == "other":
            return Words("其他", "other")
        if attribute in ("people", "disease"):
            return self.group("people" if attribute == "people" else "diseases")(key)
        return GRADES[key] if attribute == "grade" and key in GRADES else name_of(key)

    # scalars

    def amount(self, value: int | ShareOf) -> Words:
        """An amount, or a share of a figure or of parts of the bill."""
        if isinstance(value, ShareOf):
            figure = self.document.figures.get(value.of)
            of, rate = (
                self.title(figure, value.of) if figure else name_of(value.of),
                format_percent(value.rate_bp),
            )
            return Words(f"{of.zh}的 {rate}", f"{rate} of {of.en}")
        return yuan(value)

    @staticmethod
    def rate(value: int) -> Words:
        """A rate."""
        return both(format_percent(value))

    def scalar(self, form: str, key: str, value: Any) -> Words:
        """Any value that is not a form of its own."""
        if value is None:
            return NONE
        if isinstance(value, bool):
            return _TRUTH[value]
        if isinstance(value, list):
            return joined(self.item(key, item) for item in value) if value else NONE
        if key in ("above", "reaching", "up_to", "plus", "lump", "float_", "counts_at_most"):
            return self.amount(value)
        if isinstance(value, str):
            return self._text(form, key, value)
        if isinstance(value, int | date):
            return both(str(value))
        return self._small_form(value)

    def item(self, key: str, item: Any) -> Words:
        """One entry of a list."""
        if isinstance(item, Cite):
            return self._cite(item)
        return self._names.get(key, both)(item)

    def _text(self, form: str, key: str, value: str) -> Words:
        if (chosen := choice(form, key, value)) is not None:
            return chosen
        if key == "per":
            return period(value)
        return self._names.get(key, both)(value)

    def _cite(self, cite: Cite) -> Words:
        source = self.document.sources.get(cite.source)
        title = source.title if source else cite.source
        quoted = f"“{cite.passage}”" if cite.passage else ""
        return Words(f"《{title}》{quoted}", f"{title} {quoted}".strip())

    def _small_form(self, value: Any) -> Words:
        if isinstance(value, Title):
            return Words(value.zh, value.en or value.zh)
        if isinstance(value, Cumulative):
            per = period(value.per)
            return Words(f"{per.zh}累计计算", f"cumulative over {per.en}")
        if isinstance(value, Within):
            high = yuan(value.up_to) if value.up_to is not None else Words("以上", "and above")
            return Words(f"{yuan(value.above).zh} – {high.zh}", f"{yuan(value.above).en} – {high.en}")
        if isinstance(value, AgeSpan):
            return self.condition(When(age=value))
        if isinstance(value, Goal):
            said = value.model_dump(exclude_none=True).items()
            return both(" ".join(f"{_GOALS[kind]} {format_percent(rate)}" for kind, rate in said))
        return both(str(value))

    # conditions

    def condition(self, when: When | None) -> Words:
        """A condition."""
        if when is None:
            return ALWAYS
        context = Context(self.document)
        context.whole = {part: context.b.fact("part", part) for part in PARTS}
        context.total = context.sum_of(PARTS, context.whole)
        return _test(compile_test(context, when), inside=False)


def _test(test: TestPlan, *, inside: bool) -> Words:
    if test.words.zh:
        return test.words
    if test.kind == "not":
        inner = _test(test.parts[0], inside=True)
        return Words(f"不是{inner.zh}", f"not {inner.en}")
    parts = [_test(part, inside=test.kind == "any" or inside) for part in test.parts]
    said = joined(parts, " 或 ", " or ") if test.kind == "any" else joined(parts, "，", "; ")
    return Words(f"（{said.zh}）", f"({said.en})") if inside and len(parts) > 1 else said


_RATES: tuple[type[Any], ...] = (RateValue, FactorValue)
_CHANGES = ("points", "times", "plus", "at_least", "at_most", "set")


def number_words(speech: Speech, key: str, value: Any, number: Any) -> Words:
    """A number of the law with its unit; a whole table where two cannot be laid row by row."""
    if number is None:
        return NONE
    if isinstance(number, Reading):
        return _table(speech, key, value, number)
    shown = speech.rate(number) if isinstance(value, _RATES) else speech.amount(number)
    if key in _CHANGES:
        return Words(change_words(key, shown.zh).zh, change_words(key, shown.en).en)
    return shown


def _table(speech: Speech, key: str, value: Any, reading: Reading[Any]) -> Words:
    by, cells = list(reading.by or ()), []
    rows = {**(reading.rows or {}), **({"other": reading.default} if reading.default is not None else {})}
    for name, cell in rows.items():
        for column, number in cell.items() if isinstance(cell, dict) else ((None, cell),):
            steps = [speech.row(by[0], name), *([speech.row(by[1], column)] if column else [])]
            cells.append(joined([*steps, number_words(speech, key, value, number)], " ", " "))
    attributes, inside = joined(ATTRIBUTES[one] for one in by), joined(cells)
    return Words(f"按{attributes.zh}（{inside.zh}）", f"by {attributes.en} ({inside.en})")
