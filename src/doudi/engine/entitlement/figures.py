"""Numbers and conditions of the law for one person: cases with their words and their sources."""

from __future__ import annotations

from collections.abc import Iterator

from doudi.engine.compile.bill import Compiled
from doudi.engine.compile.conditions import FLAGS
from doudi.engine.entitlement.cases import Asking, Branch, Target, TooManyCases
from doudi.engine.entitlement.data import Applies, Case, Figure, Note, Reason
from doudi.engine.entitlement.law import Law, denied
from doudi.engine.entitlement.partial import Known, Partial
from doudi.engine.plan import NO_WORDS, AdjustedPlan, Leaf, LimitPlan, NumberPlan, TestPlan
from doudi.engine.vocabulary import name_of
from doudi.money import format_percent, format_yuan
from doudi.policy.citations import source_at
from doudi.words import Words

NOT_GIVEN = Words("未规定", "not given")
Within = tuple[int, ...]


class Notebook:
    """The footnotes of one card, numbered in the order in which they are met."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self.notes: dict[Note, int] = {}

    def at(self, path: tuple[str | int, ...]) -> tuple[int, ...]:
        """The marks of the number that stands at a path."""
        cited = source_at(self.law.policy.tree, path)
        found = []
        for name, passage in cited.cites:
            source = self.law.document.sources.get(name)
            told = (
                (source.title, source.section or "", passage or "", source.document or "")
                if source
                else (name,)
            )
            found.append(Note(*told))
        if cited.assumed is not None:
            found.append(Note(cited.assumed, assumed=True))
        return tuple(dict.fromkeys(self.notes.setdefault(note, len(self.notes)) for note in found))

    def own(self, path: tuple[str | int, ...]) -> tuple[int, ...]:
        """The marks of a form that carries its citation itself."""
        node = self.law.policy.tree.at(*path)
        return self.at(path) if node is not None and {"cite", "assumed"} & node.mapping().keys() else ()


class Figures:
    """Asks one program about one person."""

    def __init__(self, law: Law, compiled: Compiled, partial: Partial, book: Notebook) -> None:
        self.law, self.compiled, self.partial, self.book = law, compiled, partial, book
        self.asking = Asking(partial)
        self.cells = compiled.cells

    # numbers

    def figure(self, plan: AdjustedPlan | NumberPlan, within: Within) -> Figure:
        """A number with its cases."""
        adjusted = plan if isinstance(plan, AdjustedPlan) else AdjustedPlan(plan, (), plan.register)
        number = adjusted.number
        given: list[tuple[int | None, int]] = [(None, number.known)] if number.known is not None else []
        given += [(one.holds, one.by.known) for one in adjusted.adjusts if one.by.known is not None]
        target = Target(adjusted.register, tuple(given), within)
        try:
            branches = self.asking.branches(target)
        except TooManyCases:
            return Figure(number.unit if number.unit == "bp" else "fen", (), complete=False)
        cases = tuple(self._case(branch, adjusted) for branch in branches)
        return Figure("bp" if number.unit == "bp" else "fen", cases)

    def limit(self, plan: LimitPlan, within: Within) -> Figure:
        """The number of a cap; a share of the bill keeps what it is a share of."""
        assert plan.amount is not None  # noqa: S101 - caps have an amount; for the type checker
        figure = self.figure(plan.amount, within)
        if plan.percent_of is None:
            return figure
        return Figure("bp", figure.cases, name_of(plan.of or "total"), figure.complete)

    def _case(self, branch: Branch, plan: AdjustedPlan) -> Case:
        words = [self._answer_words(one.kind, names) for one, names in branch.answers]
        said = Words("，".join(word.zh for word in words), ", ".join(word.en for word in words))
        tests = tuple((one.kind, "|".join(names)) for one, names in branch.answers)
        notes = list(self._sources(plan.number, branch.known))
        for adjust in plan.adjusts:
            values = [self._value(r, branch.known) for r in (adjust.holds, adjust.before, adjust.after)]
            if values[0] == 1 and values[1] != values[2]:
                notes += self._sources(adjust.by, branch.known)
        return Case(branch.value, said, tests, tuple(dict.fromkeys(notes)))

    def _answer_words(self, kind: str, names: tuple[str, ...]) -> Words:
        key, _, argument = kind.partition(":")
        if key == "test":
            words = self.law.test_words(self.compiled, int(argument))
            return words if names == ("yes",) else denied(words)
        return self.law.answers(kind, names)

    def _value(self, register: int, known: Known | None = None) -> int | None:
        return self.partial.value(register, known)

    def _sources(self, plan: NumberPlan, known: Known) -> tuple[int, ...]:
        value = self._value(plan.register, known)
        leaf = self._leaf(plan, value, known)
        version = self.cells[leaf.cell].on(self.partial.day) if leaf is not None else None
        return self.book.at(version.source) if version is not None else ()

    def _leaf(self, plan: NumberPlan, value: int | None, known: Known) -> Leaf | None:
        """The cell that gives the number: nothing contradicts its conditions, and its value is the one that counts."""
        fallback = None
        for leaf in plan.leaves:
            held = ((self._value(register, known), code) for register, code in leaf.conditions)
            if any(found is not None and found != code for found, code in held):
                continue
            if self.partial.number(leaf.cell) == value or value is None:
                if not leaf.fallback:
                    return leaf
                fallback = fallback or leaf
        return fallback

    # conditions

    def applies(self, register: int, within: Within = ()) -> Applies:
        """Whether a test holds on every bill, on none, or on some."""
        found = self.asking.outcomes(Target(register, (), within))
        if found == {1}:
            return "yes"
        return "depends" if 1 in found else "no"

    def why(self, test: TestPlan | None, applies: Applies) -> tuple[Reason, ...]:
        """Why it does not apply, or what it still depends on."""
        if test is None or applies == "yes":
            return ()
        found = list(dict.fromkeys(self._failing(test, True) if applies == "no" else self._open(test)))
        if applies == "no" and not found:
            words = Words("所列条件不能同时符合", "its conditions cannot hold together")
            found = [Reason("never", "", words)]
        return tuple(found)

    def _failing(self, test: TestPlan, wanted: bool) -> Iterator[Reason]:
        """The innermost tests that are known to come out the wrong way."""
        if self._value(test.register) != int(not wanted):
            return
        if test.kind == "not":
            yield from self._failing(test.parts[0], not wanted)
        elif test.parts:
            for part in test.parts:
                yield from self._failing(part, wanted)
        else:
            yield self._reason(test, wanted)

    def _reason(self, test: TestPlan, wanted: bool) -> Reason:
        words = self._named(test)
        if test.kind in FLAGS:
            holds = (test.argument == "true") == wanted
            return Reason(
                test.kind, test.argument, FLAGS[test.kind][int(holds)], FLAGS[test.kind][int(not holds)]
            )
        if test.kind == "people":
            return self._people(test.argument, words, wanted)
        if wanted:
            return Reason(test.kind, test.argument, denied(words), words)
        return Reason(test.kind, test.argument, words, denied(words))

    def _named(self, test: TestPlan) -> Words:
        return self.law.group("filing", test.argument) if test.kind == "filing" else test.words

    def _people(self, name: str, words: Words, wanted: bool) -> Reason:
        group = self.law.document.people[name]
        if not wanted:
            return Reason("people", name, Words(f"属于{words.zh}", f"in {words.en}"), denied(words))
        named = [self.law.category(code) for code in (group.any_ or group.all_ or [])]
        zh, en = "、".join(one.zh for one in named), ", ".join(one.en for one in named)
        wants = Words(f"认定为：{zh}", f"recognised as: {en}") if named else words
        return Reason("people", name, Words(f"不属于{words.zh}", f"not in {words.en}"), wants)

    def _open(self, test: TestPlan) -> Iterator[Reason]:
        """What a test still depends on: one reason for each part that must hold."""
        if not self._undecided(test):
            return
        if test.kind == "all":
            for part in test.parts:
                yield from self._open(part)
            return
        words = self.open_words(test)
        if words.zh:
            yield Reason(test.kind, test.argument, words)

    def open_words(self, test: TestPlan, inside: bool = False) -> Words:
        """A condition without what is already known of it."""
        if not self._undecided(test):
            return NO_WORDS
        if test.kind == "not":
            inner = self.open_words(test.parts[0], True)
            return denied(inner) if inner.zh else NO_WORDS
        if not test.parts:
            return self._named(test)
        parts = [words for part in test.parts if (words := self.open_words(part, True)).zh]
        zh, en = (" 或 ", " or ") if test.kind == "any" else ("，", "; ")
        said = Words(zh.join(part.zh for part in parts), en.join(part.en for part in parts))
        return Words(f"（{said.zh}）", f"({said.en})") if inside and len(parts) > 1 else said

    def _undecided(self, test: TestPlan) -> bool:
        return self._value(test.register) is None


def shown(value: int | None, unit: str) -> Words:
    """A value as people read it."""
    if value is None:
        return NOT_GIVEN
    text = format_percent(value) if unit == "bp" else format_yuan(value, grouping=True)
    return Words(text, text)


def figure_words(figure: Figure) -> Words:
    """A number in one sentence: its cases one after the other."""
    if not figure.complete and not figure.cases:
        return Words("依单据情形而定，见政策全文", "depends on the bill; see the whole policy")
    zh, en = [], []
    for case in sorted(figure.cases, key=lambda case: case.value is None):
        value = shown(case.value, figure.unit)
        if figure.of.zh and case.value is not None:
            value = Words(f"{figure.of.zh}的 {value.zh}", f"{value.en} of {figure.of.en}")
        zh.append(f"{case.when.zh} {value.zh}".strip())
        en.append(f"{case.when.en} {value.en}".strip())
    return Words("；".join(zh), "; ".join(en))


def marks_of(figure: Figure) -> tuple[int, ...]:
    """The footnotes of all its cases."""
    return tuple(dict.fromkeys(note for case in figure.cases for note in case.notes))
