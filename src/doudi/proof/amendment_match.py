"""Which form of the new policy is which of the old: by the name it carries, else by what makes it the same to a reader.

A band is known by its edge, an adjustment by the number, the condition and the kind of change; bands and single caps
that are left over on both sides are taken for one another, so that a moved edge reads as a moved edge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from doudi.engine.render.amounts import period
from doudi.money import format_yuan
from doudi.policy.benefits import Cap
from doudi.proof.amendment_vocabulary import ADJUSTED
from doudi.proof.amendment_words import Speech, joined
from doudi.words import Words

NAMED = {
    "payers": "payer",
    "benefits": "benefit",
    "bill": "rule",
    "grants": "grant",
    "entitlements": "entitlement",
    "targets": "target",
    "subsidies": "subsidy",
    "gaps": "gap",
}
ORDERED = ("payers", "benefits", "bill")
"""Lists whose order is the law."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A form on both sides, or on one; `key` is its step in the path."""

    key: str
    before: Any
    after: Any


def pairs(section: str, before: Sequence[Any], after: Sequence[Any]) -> list[Pair]:
    """Forms side by side in the new order, what was dropped in its old place."""
    old, new = (_keyed(section, forms) for forms in (before, after))
    if section in ("bands", "cap"):
        old = _renamed(section, old, new)
    return [Pair(key, old.get(key), new.get(key)) for key in _merged(list(old), list(new))]


def _keyed(section: str, forms: Sequence[Any]) -> dict[str, Any]:
    """Forms by key; of several with one key the later ones are numbered."""
    found: dict[str, Any] = {}
    for form in forms:
        key, number = key_of(section, form), 1
        while (name := key if number == 1 else f"{key} {number}") in found:
            number += 1
        found[name] = form
    return found


def _renamed(section: str, old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """What is left over on both sides takes the new side's key, in order."""
    lone_old = [key for key in old if key not in new and not isinstance(old[key], str)]
    lone_new = [key for key in new if key not in old and not isinstance(new[key], str)]
    if len(lone_old) != len(lone_new) or (section == "cap" and len(lone_old) != 1):
        return old
    taken = dict(zip(lone_old, lone_new, strict=True))
    return {taken.get(key, key): form for key, form in old.items()}


def _merged(old: list[str], new: list[str]) -> Iterator[str]:
    """The new keys in order, each dropped key after the one that stood before it."""
    placed: dict[str | None, list[str]] = {}
    last: str | None = None
    for key in old:
        if key in new:
            last = key
        else:
            placed.setdefault(last, []).append(key)
    yield from placed.get(None, [])
    for key in new:
        yield key
        yield from placed.get(key, [])


def key_of(section: str, form: Any) -> str:
    """What a form is known by."""
    if isinstance(form, str):
        return form
    if section in NAMED:
        return str(getattr(form, NAMED[section]))
    return _KEYS[section](form)


_KEYS: dict[str, Callable[[Any], str]] = {
    "bands": lambda band: f"{format_yuan(band.edge)}{'' if band.above is None and band.edge else '+'}",
    "adjust": lambda adjust: (
        f"{adjust.number} {adjust.change()} {adjust.when!r} {adjust.stack} {adjust.penalty}"
    ),
    "cap": lambda cap: f"{cap.per} {cap.each or ''} {cap.as_ or ''}".strip(),
    "diseases": lambda listed: str(listed.from_ or ""),
    "routing": lambda routing: (
        " ".join(routing.diseases or ["other"]) + (f" {routing.age}" if routing.age else "")
    ),
}


def name_of_form(speech: Speech, section: str, form: Any) -> Words:
    """What people call one form of a list."""
    if isinstance(form, str):
        return Words(form, form.replace("_", " "))
    if section in NAMED:
        title = getattr(form, "name", None) or (form if hasattr(form, "zh") else None)
        if section == "subsidies":
            return speech.fund(form.fund or form.subsidy)
        if isinstance(title, str):
            return Words(title, title)
        return speech.title(title, str(getattr(form, NAMED[section])))
    return _NAMES[section](speech, form)


def _band(_: Speech, band: Any) -> Words:
    edge = format_yuan(band.edge, grouping=True)
    if band.above is None and band.edge:
        return Words(f"达到 {edge} 元", f"from {edge} yuan")
    return Words(f"{edge} 元以上", f"above {edge} yuan")


def _adjust(speech: Speech, adjust: Any) -> Words:
    number = ADJUSTED[adjust.number]
    why = speech.condition(adjust.when) if adjust.when is not None else None
    lowers = Words("（降低）", " (lowers)") if adjust.penalty else Words("", "")
    if why is None:
        return Words(f"{number.zh}调整{lowers.zh}", f"{number.en} adjustment{lowers.en}")
    return Words(f"{why.zh}的{number.zh}调整{lowers.zh}", f"{number.en} adjustment for {why.en}{lowers.en}")


def _cap(_: Speech, cap: Cap) -> Words:
    per = period(cap.per)
    each = Words("，每个病种", ", each disease") if cap.each else Words("", "")
    return Words(f"{per.zh}{each.zh}", f"{per.en}{each.en}")


def _listed(_: Speech, listed: Any) -> Words:
    return Words(f"{listed.from_} 起", f"from {listed.from_}") if listed.from_ else Words("病种", "diseases")


def _routing(speech: Speech, routing: Any) -> Words:
    if not routing.diseases:
        return Words("其他病种", "other diseases")
    return joined(speech.item("diseases", name) for name in routing.diseases)


_NAMES: dict[str, Callable[[Speech, Any], Words]] = {
    "bands": _band,
    "adjust": _adjust,
    "cap": _cap,
    "diseases": _listed,
    "routing": _routing,
}
