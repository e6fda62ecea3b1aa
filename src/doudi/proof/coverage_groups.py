"""Variants of named groups: categories of people, codes of diseases and procedures, lists and routing of programmes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from doudi.policy.document import PolicyDocument
from doudi.policy.groups import People, Programme
from doudi.proof.coverage_variants import NOBODY, Changes, Path, counts, days, same, taken_out
from doudi.words import Words

_ANY = Words("（不限）", "(no test)")
_TURNED = Words("（次要诊断）", "(secondary diagnosis)")


def group_variants(document: PolicyDocument) -> Iterator[tuple[Path, Changes]]:
    """Every group of a policy, member by member."""
    for name, people in document.people.items():
        for key in ("any", "all", "none"):
            yield ("people", name, key), _categories(people, key)
        if people.keeps is not None:
            yield ("people", name, "keeps", "after_exit_until"), days(people.keeps.after_exit_until)
    for name, disease in document.diseases.items():
        yield ("diseases", name, "icd10"), codes(disease.icd10)
        yield ("diseases", name, "anywhere"), iter([(_TURNED, not disease.anywhere)])
        if disease.age is not None:
            yield ("diseases", name, "age", "at_least"), counts(disease.age.at_least)
            yield ("diseases", name, "age", "below"), counts(disease.age.below)
    for name, procedure in document.procedures.items():
        yield ("procedures", name, "icd9cm3"), codes(procedure.icd9cm3)
    for name, programme in document.programmes.items():
        yield from _programme(programme, ("programmes", name))


def _categories(people: People, key: str) -> Changes:
    """Each category replaced by one nobody holds; of those that must all be held, each no longer asked for."""
    held = {"any": people.any_, "all": people.all_, "none": people.none}[key] or []
    for index, code in enumerate(held):
        yield same(code), [*held[:index], NOBODY, *held[index + 1 :]]
        if key == "all" and len(held) > 1:
            yield Words(f"{code}（不要求）", f"{code} (not asked)"), [*held[:index], *held[index + 1 :]]


def codes(patterns: list[str]) -> Changes:
    """Each code taken out; each range one step narrower and one step wider at either end."""
    for index, pattern in enumerate(patterns):
        before, after = patterns[:index], patterns[index + 1 :]
        low, dash, high = pattern.partition("-")
        if not dash:
            yield same(pattern), [*before, NOBODY, *after]
            continue
        for end, step in (("low", 1), ("high", -1), ("low", -1), ("high", 1)):
            edge = low if end == "low" else high
            if (moved := stepped(edge, step)) is None:
                continue
            changed = f"{moved}-{high}" if end == "low" else f"{low}-{moved}"
            inside = (step == 1) == (end == "low")
            yield same(edge if inside else moved), [*before, changed, *after]


def stepped(code: str, step: int) -> str | None:
    """A code one step up or down in its last digits; None where they end."""
    found = re.fullmatch(r"(.*?)([0-9]+)", code)
    if found is None:
        return None
    number, width = int(found[2]) + step, len(found[2])
    return f"{found[1]}{number:0{width}d}" if 0 <= number < 10**width else None


def _programme(programme: Programme, path: Path) -> Iterator[tuple[Path, Changes]]:
    yield (*path, "people"), alternatives(programme.people)
    for index, listed in enumerate(programme.diseases):
        yield (*path, "diseases", index, "names"), taken_out(listed.names)
    for key in ("roster", "designated"):
        if getattr(programme, key):
            yield (*path, key), iter([(_ANY, False)])
    for index, routing in enumerate(programme.routing):
        yield (*path, "routing", index, "diseases"), alternatives(routing.diseases)
        yield (*path, "routing", index, "levels"), taken_out(routing.levels)


def alternatives(names: list[Any] | None) -> Changes:
    """Each of several alternatives taken out, and the whole test left out."""
    if names is not None:
        if len(names) > 1:
            yield from taken_out(names)
        yield _ANY, None
