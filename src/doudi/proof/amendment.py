"""What an amendment changes, in words: two policies after inheritance, form by form, in the order of the policy.

The typed documents are compared, never the text of the files: a comment, another order of keys or a number that has
moved into a parent changes nothing. Every difference is one `Change`: where it is, what was and what is, from which
day. Sources and reasons of assumptions are changes of their own kind, so that they can be told apart and quieter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from doudi.policy.benefits import Cumulative, Title, Within
from doudi.policy.beyond import Goal
from doudi.policy.conditions import AgeSpan, When
from doudi.policy.library import Policy
from doudi.policy.values import Model, Value
from doudi.proof.amendment_match import NAMED, ORDERED, Pair, key_of, name_of_form, pairs
from doudi.proof.amendment_numbers import Difference, differences
from doudi.proof.amendment_vocabulary import NO_WORD, label
from doudi.proof.amendment_words import NONE, Speech, arrow, both, joined, number_words
from doudi.words import Words

Kind = Literal["added", "removed", "changed", "moved", "stated", "source"]
Where = tuple[Words, ...]
Path = tuple[str, ...]

SOURCES = ("cite", "assumed", "note", "range")
SILENT = {
    "PolicyDocument": ("policy", "extends", "note", "cases", "order"),
    "Payer": ("payer",),
    "Band": ("up_to",),
    "RateAdjust": ("number",),
    "AmountAdjust": ("number",),
}
"""Keys that say nothing to a reader of the amendment, or are told in another place."""
TITLES = frozenset({"zh", "en"})
SETS = ("any_", "all_", "none", "icd10", "icd9cm3", "names", "people", "papers", "stops_clock", "schemes")
"""Lists of which only what came and went is told."""
SHOWN = (Title, Cumulative, Within, AgeSpan, Goal)
"""Forms that are told in one breath."""
NUMBER_KEYS = frozenset({"value", "by", "rows", "default", "dated", "from_", "until", "bound"})
"""Keys of a number that are told row by row and day by day."""


@dataclass(frozen=True)
class Change:
    """One difference: the names that lead to it, what was, what is; `details` tell what a new form holds."""

    kind: Kind
    path: Path
    where: Where
    said: Words
    before: Words | None = None
    after: Words | None = None
    since: Words = NO_WORD
    details: tuple[Change, ...] = ()

    @property
    def quiet(self) -> bool:
        """Whether only a source, a reason or a gap of the documents has changed."""
        return self.kind == "source" or self.path[:1] == ("gaps",)

    @property
    def sentence(self) -> Words:
        """The change as an officer would say it."""
        zh, en = "·".join(step.zh for step in self.where), ", ".join(step.en for step in self.where)
        if not zh:
            return self.said
        if self.kind in ("added", "removed"):
            return Words(f"{zh}·{self.said.zh}", f"{en}, {self.said.en}")
        return Words(f"{zh}：{self.said.zh}", f"{en}: {self.said.en}")


def amendment(before: Policy, after: Policy) -> list[Change]:
    """Everything in which `after` differs from `before`, in the order of the policy; sources last."""
    walk = _Walk(Speech(before), Speech(after))
    found = list(walk.form(_At((), ()), before.document, after.document))
    return [one for one in found if not one.quiet] + [one for one in found if one.quiet]


@dataclass(frozen=True, slots=True)
class _At:
    """A place in both policies."""

    path: Path
    where: Where
    section: str = ""

    def at(self, key: str, name: Words | None = None, section: str = "") -> _At:
        """The place one step below; a step without a name is not told."""
        return _At(
            (*self.path, key.rstrip("_")), (*self.where, name) if name and name.zh else self.where, section
        )


class _Walk:
    """Compares form with form."""

    def __init__(self, old: Speech, new: Speech) -> None:
        self.old, self.new = old, new
        force = new.document.in_force
        self.begins, self.ends = force.from_, force.until
        self.same_start = old.document.in_force.from_ == force.from_

    # forms

    def form(
        self, at: _At, before: Model | None, after: Model | None, skip: frozenset[str] = frozenset()
    ) -> Iterator[Change]:
        """All keys of a form in their order."""
        model: type[Model] = type(after or before)  # type: ignore[assignment]
        name, one_sided = model.__name__, before is None or after is None
        titles = TITLES & model.model_fields.keys() if name != "Title" else frozenset()
        if titles == TITLES and not one_sided:
            yield from self.renamed(at, before, after)
        for key in model.model_fields:
            if key in skip | titles or key in SILENT.get(name, ()) or key == NAMED.get(at.section):
                continue
            if one_sided and (at.section, key) in (("cap", "per"), ("adjust", "when")):  # its name says it
                continue
            old, new = getattr(before, key, None), getattr(after, key, None)
            if old == new and key not in ("payers", "people"):
                continue
            if not one_sided or not _empty(model, key, old if after is None else new):
                yield from self.key(at, name, key, old, new)

    def renamed(self, at: _At, before: Any, after: Any) -> Iterator[Change]:
        """A form that is called something else."""
        old, new = self.old.title(before, ""), self.new.title(after, "")
        if old != new:
            name = label("", "name" if old.zh != new.zh else "en")
            shown = (old, new) if old.zh != new.zh else (both(old.en), both(new.en))
            yield self.pair(at.at("name", name), *shown)

    def key(self, at: _At, form: str, key: str, old: Any, new: Any) -> Iterator[Change]:
        """One key of a form."""
        some = new if new is not None else old
        here = at.at(key, label(form, key))
        if key in SOURCES:
            yield from self.source(here, form, key, old, new)
        elif key == "sources":
            yield from self.documents(here, old, new)
        elif isinstance(some, Value):
            yield from self.value(here, key, old, new)
        elif isinstance(some, When):
            yield self.pair(here, self.old.condition(old), self.new.condition(new))
        elif isinstance(some, Mapping):
            yield from self.named(at, form, key, _titled(old), _titled(new))
        elif isinstance(some, Title) and old is not None and new is not None:
            yield from self.renamed(at, old, new)
        elif isinstance(some, SHOWN) or not (isinstance(some, Model) or _forms(old, new)):
            yield from self.scalar(here, form, key, old, new)
        elif isinstance(some, list):
            yield from self.listed(at, form, key, old or [], new or [])
        elif old is None or new is None:
            yield self.came_or_went(at, label(form, key), Pair(key, old, new), NO_WORD, here)
        else:
            yield from self.form(here, old, new)

    def scalar(self, at: _At, form: str, key: str, old: Any, new: Any) -> Iterator[Change]:
        """A plain value, or a list of which what came and went is told."""
        if key in SETS and old and new:
            came = joined(self.new.item(key, item) for item in new if item not in old)
            went = joined(self.old.item(key, item) for item in old if item not in new)
            zh = [text for text in (came.zh and f"增加 {came.zh}", went.zh and f"减少 {went.zh}") if text]
            en = [text for text in (came.en and f"adds {came.en}", went.en and f"drops {went.en}") if text]
            if zh:
                yield Change("changed", at.path, at.where, Words("；".join(zh), "; ".join(en)), went, came)
            return
        yield self.pair(at, self.old.scalar(form, key, old), self.new.scalar(form, key, new))

    @staticmethod
    def pair(at: _At, before: Words, after: Words, since: Words = NO_WORD) -> Change:
        """Old → new."""
        said = arrow(before, after)
        return Change("changed", at.path, at.where, _with(said, since), before, after, since)

    def source(self, at: _At, form: str, key: str, old: Any, new: Any) -> Iterator[Change]:
        """A source, a reason, a note: told quietly."""
        before, after = self.old.scalar(form, key, old or None), self.new.scalar(form, key, new or None)
        if before != after:
            yield replace(self.pair(at, before, after), kind="source")

    @staticmethod
    def documents(at: _At, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
        """Source documents that came or went; the same document under another name is the same."""
        for name in dict.fromkeys([*old, *new]):
            was, now = old.get(name), new.get(name)
            if was == now or (was or now) in (new if now is None else old if was is None else {}).values():
                continue
            before, after = (both(f"《{one.title}》") if one else NONE for one in (was, now))
            said = (
                arrow(before, after) if before != after else Words(f"{after.zh}有改动", f"{after.en} differs")
            )
            yield Change("source", (*at.path, name), at.where, said, before, after)

    # lists of forms

    def named(
        self, at: _At, form: str, key: str, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> Iterator[Change]:
        """A section of named forms."""
        word = label(form, key)
        for name in dict.fromkeys([*new, *old]):
            before, after = old.get(name), new.get(name)
            if before == after:
                continue
            title = self._title(name, before, after)
            if before is None or after is None:
                yield self.came_or_went(
                    at, word, Pair(name, before, after), title, at.at(key).at(name, None, key)
                )
                continue
            below = _At(
                (*at.path, key, name), (*at.where, Words(f"{word.zh}“{title.zh}”", f"{word.en} {title.en}"))
            )
            if isinstance(after, Value):
                yield from self.value(below, key, before, after)
            else:
                yield from self.form(below, before, after)
        if key == "people" and self._order_breaks_ties():
            names = {name: self.new.title(form, name) for name, form in new.items()}
            yield from self.moved(at.at(key), word, list(old), names)

    def _title(self, name: str, before: Any, after: Any) -> Words:
        speech, form = (self.new, after) if after is not None else (self.old, before)
        return Words(name, name.replace("_", " ")) if isinstance(form, Value) else speech.title(form, name)

    def _order_breaks_ties(self) -> bool:
        return self.new.document.identity.several == "best_single"

    def listed(self, at: _At, form: str, key: str, old: list[Any], new: list[Any]) -> Iterator[Change]:
        """A list of forms."""
        word = label(form, key)
        if key == "payers":
            old, new = _in_order(self.old), _in_order(self.new)
        matched = pairs(key, old, new)
        if key in ORDERED:
            names = {key_of(key, form): name_of_form(self.new, key, form) for form in new}
            yield from self.moved(at.at(key), word, [key_of(key, form) for form in old], names)
        for pair in matched:
            speech, some = (self.new, pair.after) if pair.after is not None else (self.old, pair.before)
            name = name_of_form(speech, key, some)
            if pair.before is None or pair.after is None:
                yield self.came_or_went(at, word, pair, name, at.at(key).at(pair.key, None, key))
            elif pair.before != pair.after and isinstance(some, Model):
                alone = key == "benefits" and len(matched) == 1
                where = _place(key, word, name) if not alone else Words("", "")
                yield from self.one_of(_At((*at.path, key), at.where).at(pair.key, where, key), key, pair)

    def one_of(self, at: _At, key: str, pair: Pair) -> Iterator[Change]:
        """One form of a list on both sides; caps and adjustments are numbers with something around them."""
        if isinstance(pair.after, Value):
            yield from self.value(at, key, pair.before, pair.after)
        else:
            yield from self.form(at, pair.before, pair.after)

    @staticmethod
    def moved(at: _At, word: Words, old: list[str], names: Mapping[str, Words]) -> Iterator[Change]:
        """The forms that both sides have stand in another order; `names`: the new ones in order."""
        was, now = [one for one in old if one in names], [one for one in names if one in old]
        if was != now:
            before, after = (joined((names[one] for one in order), "、", ", ") for order in (was, now))
            where = (*at.where, Words(f"{word.zh}顺序", f"order of {word.en}s"))
            yield Change("moved", at.path, where, arrow(before, after), before, after)

    def came_or_went(self, at: _At, word: Words, pair: Pair, name: Words, inside: _At) -> Change:
        """A form that only one side has; a new one tells what it holds."""
        came = pair.before is None
        colon = Words("：" if name.zh else "", ": " if name.en else "")
        zh = f"{'增加' if came else '取消'}{word.zh}{colon.zh}{name.zh}"
        en = f"{'added' if came else 'dropped'} {word.en}{colon.en}{name.en}"
        form = pair.after if came else pair.before
        details = (
            tuple(self.stated(_At(inside.path, (), inside.section), form))
            if came and isinstance(form, Model)
            else ()
        )
        short = _place(inside.section, word, name) if name.zh else word
        before, after = (None, short) if came else (short, None)
        kind: Kind = "added" if came else "removed"
        return Change(kind, inside.path, at.where, Words(zh, en), before, after, details=details)

    def stated(self, at: _At, form: Model) -> Iterator[Change]:
        """What a new form holds, sources left out; nothing stands before the arrow."""
        found = self.value(at, "amount", None, form) if isinstance(form, Value) else self.form(at, None, form)
        for change in found:
            if change.kind == "added" and change.after is not None:
                yield from (replace(inner, where=(change.after, *inner.where)) for inner in change.details)
            elif not change.quiet and change.path[-1:] != ("name",):
                yield replace(change, kind="stated", said=_with(change.after or change.said, change.since))

    # numbers

    def value(self, at: _At, key: str, old: Value[Any] | None, new: Value[Any] | None) -> Iterator[Change]:
        """A number: every row and every stretch of days in which it differs, then what is written around it."""
        some = new if new is not None else old
        for one in differences(old, new, self.begins, self.ends):
            row = joined(self.new.row(*step) for step in zip(one.by, one.row, strict=False))
            before, after = self._numbers(key, some, one.before, one.after)
            yield self.pair(at.at("/".join(one.row) or "value", row), before, after, self._since(one))
        for side in ("at_least", "at_most"):
            was, now = (getattr(one.bound, side, None) if one else None for one in (old, new))
            if was != now:
                where = at.at("bound", label("", "bound")).at(side, label("Bound", side))
                yield self.pair(where, *self._numbers("bound", some, was, now))
        if old and new and old.bound and new.bound:
            sides = frozenset({"at_least", "at_most"})
            yield from self.form(at.at("bound", label("", "bound")), old.bound, new.bound, sides)
        yield from self.form(at, old, new, NUMBER_KEYS)
        if old and new:
            yield from self._reading_sources(at, old, new)

    def _numbers(self, key: str, value: Any, before: Any, after: Any) -> tuple[Words, Words]:
        return number_words(self.old, key, value, before), number_words(self.new, key, value, after)

    def _reading_sources(self, at: _At, old: Value[Any], new: Value[Any]) -> Iterator[Change]:
        """Sources written with one reading of a dated number."""
        was = {reading.from_: reading for reading in old.dated or []}
        for reading in new.dated or []:
            before = was.get(reading.from_)
            for key in SOURCES if before is not None else ():
                if getattr(before, key) != getattr(reading, key):
                    yield from self.source(
                        at.at(key, label("", key)), "", key, getattr(before, key), getattr(reading, key)
                    )

    def _since(self, one: Difference) -> Words:
        """From when, where that is not said by the policy itself."""
        at_once = one.begins == self.begins and (self.same_start or one.before is None)
        begins = None if at_once else one.begins
        ends = None if one.ends == self.ends else one.ends
        if begins is None and ends is None:
            return Words("", "")
        zh = "，".join(text for text in (begins and f"自 {begins}", ends and f"{ends} 前") if text)
        en = ", ".join(text for text in (begins and f"from {begins}", ends and f"before {ends}") if text)
        return Words(f"（{zh}）", f" ({en})")


def _with(said: Words, since: Words) -> Words:
    return Words(said.zh + since.zh, said.en + since.en)


def _titled(section: Any) -> Mapping[str, Any]:
    return section if isinstance(section, Mapping) else {}


def _forms(*lists: Any) -> bool:
    """Whether these are lists of forms."""
    return any(isinstance(item, Model) for one in lists if isinstance(one, list) for item in one)


def _empty(model: type[Model], key: str, value: Any) -> bool:
    """Whether a key of a new form says no more than its default."""
    field = model.model_fields[key]
    return bool(value is None or value == field.get_default(call_default_factory=True))


def _in_order(speech: Speech) -> list[Any]:
    """Payers in the order in which they pay."""
    by_name = {payer.payer: payer for payer in speech.document.payers}
    return [by_name[name] for name in speech.document.order or by_name]


def _place(key: str, word: Words, name: Words) -> Words:
    """How a form of a list is named on the way to what changed in it."""
    if key in ("payers", "benefits", "bands", "adjust"):
        return name
    if key == "cap":
        return Words(f"{word.zh}（{name.zh}）", f"{word.en} ({name.en})")
    return Words(f"{word.zh}“{name.zh}”", f"{word.en} {name.en}")
