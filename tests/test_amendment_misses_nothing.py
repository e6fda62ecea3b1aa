"""Whatever number, date, switch or text of a policy is changed alone, the amendment is told; the rest stays silent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from doudi.engine.compile import compile_policy
from doudi.policy.document import PolicyDocument
from doudi.policy.library import Policy
from doudi.policy.scalars import ShareOf
from doudi.policy.values import Model
from doudi.proof.amendment import SILENT, amendment
from support.policies import policy
from support.random_policies import random_policy

TEXTS = ("zh", "en", "note", "assumed", "reason", "approver", "department")
Path = tuple[str | int, ...]


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every scalar of a document with its place."""
    if isinstance(value, Model):
        for key in type(value).model_fields:
            if key not in SILENT.get(type(value).__name__, ()):
                yield from leaves(getattr(value, key), (*path, key))
    elif isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            yield from leaves(item, (*path, key))
    elif value is not None:
        yield path, value


def other(key: str | int, value: Any) -> Any:
    """Another value of the same kind; None for names of things."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, date):
        return value + timedelta(days=1)
    if isinstance(value, ShareOf):
        return replace(value, rate_bp=value.rate_bp + 1)
    return f"{value}改" if key in TEXTS else None


def at(value: Any, path: Path) -> Any:
    """What stands at a place."""
    for step in path:
        value = value[step] if isinstance(value, dict | list) else getattr(value, str(step))
    return value


def changed(value: Any, path: Path, new: Any) -> Any:
    """A copy with another scalar at a place."""
    if not path:
        return new
    key, rest = path[0], path[1:]
    if isinstance(value, Model):
        return value.model_copy(update={str(key): changed(getattr(value, str(key)), rest, new)})
    copied = dict(value) if isinstance(value, dict) else list(value)
    copied[key] = changed(value[key], rest, new)
    return copied


def same_law(one: Policy, other_one: Policy) -> bool:
    """Whether both compile to the same program with the same numbers on every day on which the second holds."""
    programs = [compile_policy(known.document).program for known in (one, other_one)]
    force = other_one.document.in_force
    days = {force.from_}
    for program in programs:
        for _, cell in program.cells:
            days |= {day for version in cell.versions for day in (version.begins, version.ends) if day}
    days = {day for day in days if force.from_ <= day and (force.until is None or day < force.until)}
    first, second = (
        [[cell.value(day) for _, cell in program.cells] for day in sorted(days)] for program in programs
    )
    return programs[0].listing() == programs[1].listing() and first == second


def without_effect(known: Policy, path: Path, amended: Policy) -> bool:
    """Whether a change may stay unsaid: a date or a number that is no law on any day of the policy.

    A number that changes before the policy begins, an end after the next number's beginning, a beginning that moves
    between equal numbers, the default of a table that has a row for all others.
    """
    if path[-1] in TEXTS:
        return False
    if path[-1] == "default" and "other" in at(known.document, path[:-1]).rows:
        return True
    if path[0] in ("payers", "bill", "figures"):
        return same_law(known, amended)
    return path[-1] in ("from_", "until", "default") or "dated" in path


def overlaps(document: PolicyDocument, path: Path, new: Any) -> bool:
    """Whether a reading of a dated number would end after the next one begins; no policy may say so."""
    if "dated" not in path or path[-1] != "until":
        return False
    place = path.index("dated")
    following = at(document, path[: place + 1])[int(path[place + 1]) + 1 :]
    return any(new > reading.from_ for reading in following)


def trials(known: Policy) -> Iterator[tuple[Path, Policy]]:
    """Every policy that differs from this one in one scalar."""
    for path, value in leaves(known.document):
        new = other(path[-1], value)
        if new is not None and not overlaps(known.document, path, new):
            yield path, replace(known, document=changed(known.document, path, new))


@pytest.mark.parametrize(
    "known",
    [
        *map(
            policy,
            ("chongqing/five-layers-2017", "shandong/poverty-2017", "national/medical-assistance-2021"),
        ),
        *map(
            policy,
            ("bands-above-deductible", "best-single", "programme", "bill-rules", "quick", "inherit-child"),
        ),
        *map(random_policy, range(25)),
    ],
    ids=lambda known: known.id if known.id != "random/drawn" else None,
)
def test_no_scalar_changes_unsaid(known: Policy) -> None:
    tried = list(trials(known))
    assert tried
    unsaid = [(path, amended) for path, amended in tried if not amendment(known, amended)]
    assert [path for path, amended in unsaid if not without_effect(known, path, amended)] == []
    assert len(unsaid) * 3 < len(tried)


@pytest.mark.parametrize("seed", range(12))
def test_random_policies_are_told_apart_from_others_only(seed: int) -> None:
    one, next_one = random_policy(seed), random_policy(seed + 1)
    assert amendment(one, one) == []
    sentences = [inner.sentence for change in amendment(one, next_one) for inner in (change, *change.details)]
    assert sentences
    assert all(said.zh and said.en for said in sentences)
