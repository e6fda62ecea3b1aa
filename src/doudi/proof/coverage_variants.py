"""The same policy with one word less: what some worked case must turn on, list by list and test by test.

A list of the law – categories, codes, kinds of care, diseases of a programme – holds only if each of its members
counts; a test only if bills on both sides of it come out differently; an edge only if its last unit on either side
does; a number only if it decides. Each such thing is told by a variant: the policy without it, or with the edge one
step off. A case turns on it if something the case states comes out otherwise (`coverage_rerun.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from doudi.policy.values import Model
from doudi.words import Words

Path = tuple[str | int, ...]
Changes = Iterator[tuple[Words, Any]]
NOBODY = "~"  # a category nobody holds, a code no diagnosis begins with, a fund that pays nothing
NAMES = ("payer", "benefit", "rule", "grant", "subsidy", "entitlement")
UNNAMED = ("payers", "benefits", "subsidies")


@dataclass(frozen=True, slots=True)
class Variant:
    """A policy with one thing changed: the list it stands in, what people call it, and the value at its path."""

    path: str
    name: Words
    at: Path
    value: Any


def replaced(form: Any, path: Path, value: Any) -> Any:
    """A form with another value at a path; the rest is shared."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(form, list):
        index = int(step)
        return [*form[:index], replaced(form[index], rest, value), *form[index + 1 :]]
    if isinstance(form, dict):
        return {**form, step: replaced(form[step], rest, value)}
    name = field_of(form, str(step))
    return form.model_copy(update={name: replaced(getattr(form, name), rest, value)})


def field_of(form: Model, key: str) -> str:
    """The field of a form that the policy writes as `key`."""
    fields = type(form).model_fields
    return key if key in fields else next(name for name, field in fields.items() if field.alias == key)


def shown(form: Any, path: Path) -> str:
    """A path with the names of payers, benefits and rules in place of their numbers; elsewhere counted from 1."""
    told: list[str] = []
    for step in path:
        if isinstance(form, list):
            form = form[int(step)]
            if told[-1] == "dated":
                told[-2:] = [f"{told[-2]}@{form.from_}"]
                continue
            name = next((text for key in NAMES if (text := getattr(form, key, None)) is not None), None)
            if name is not None and told[-1] in UNNAMED:
                told.pop()
            told.append(name or str(int(step) + 1))
            continue
        form = form[step] if isinstance(form, dict) else getattr(form, field_of(form, str(step)))
        told.append(str(step))
    return ".".join(told)


def same(name: object) -> Words:
    """A name that both languages share."""
    return Words(str(name), str(name))


def taken_out(names: list[Any]) -> Changes:
    """A list without each of its members."""
    for index, name in enumerate(names):
        yield same(name), [*names[:index], *names[index + 1 :]]


def days(day: date | None) -> Changes:
    """A day earlier and a day later: the last day on either side must be met."""
    if day is not None:
        yield same(day - timedelta(days=1)), day - timedelta(days=1)
        yield same(day), day + timedelta(days=1)


def counts(edge: int | None) -> Changes:
    """An edge of whole years or of a count, one step up and down."""
    if edge is not None:
        yield same(edge), edge + 1
        if edge > 0:
            yield same(edge - 1), edge - 1


Finder = Callable[[Any], Iterator[tuple[Path, Changes]]]
