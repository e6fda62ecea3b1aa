"""Variants of conditions, numbers, spans and order: each test on both its sides, each number that must decide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from doudi.money import BP_ONE
from doudi.policy.benefits import Band, Within
from doudi.policy.checks.numbers import placed, values_of
from doudi.policy.conditions import PARTS, When
from doudi.policy.document import PolicyDocument
from doudi.policy.meaning import conditions_of, forms_of
from doudi.policy.payers import Payer
from doudi.policy.scalars import ShareOf
from doudi.proof.coverage_groups import alternatives
from doudi.proof.coverage_variants import NOBODY, Changes, Path, counts, days, same, taken_out
from doudi.words import Words

LISTS = ("care", "level", "grade", "scheme", "tier", "channel", "place", "people", "disease", "procedure", "filing",
         "programme", "routed", "designated_for")  # fmt: skip
FLAGS = ("designated", "referred", "emergency", "contract", "accident", "uninsured", "assessed", "in_pooling_area",
         "in_province")  # fmt: skip
_MEASURED = (
    "targets",
    "figures",
)  # what is measured pays nobody; figures are known by the shares taken of them
_SPANS = ("payers", "bill", "programmes", "grants", "enrolment")
_NEVER = When.model_construct(any_=[])
_MOVED = Words("（数值）", "(the number)")
_FEN, _BP = 100, 100


def test_variants(document: PolicyDocument) -> Iterator[tuple[Path, Changes]]:
    """Each test of each condition: its alternatives one by one, never holding, and left out."""
    for path, when in conditions_of(document):
        if path[0] not in _MEASURED:
            yield path, _tests(when)
            for key in ("age", "admission"):
                for edge in ("at_least", "below", "at_most"):
                    yield (*path, key, edge), counts(getattr(getattr(when, key), edge, None))
    for index, subsidy in enumerate(document.enrolment.subsidies if document.enrolment else []):
        yield ("enrolment", "subsidies", index, "people"), alternatives(subsidy.people)


def _tests(when: When) -> Changes:
    never = when.model_copy(update={"all_": [*(when.all_ or []), _NEVER]})
    for key in LISTS:
        names = getattr(when, key) or []
        for (word, fewer), name in zip(taken_out(names), names, strict=True):
            left = when.model_copy(update={key: fewer}) if len(names) > 1 else never
            yield Words(f"{key} {word.zh}", f"{key} {name}"), left
    for key in FLAGS:
        if (flag := getattr(when, key)) is not None:
            yield same(f"{key} {str(flag).lower()}"), never
    for key in (*LISTS, *FLAGS):
        if getattr(when, key) is not None:
            yield Words(f"不合 {key}", f"not {key}"), when.model_copy(update={key: None})


def number_variants(document: PolicyDocument) -> Iterator[tuple[Path, Changes]]:
    """Each number of the law a little larger, or smaller where it is the whole; each edge of a band."""
    for path, value in values_of(document):
        if path[0] in _MEASURED:
            continue
        for index, reading in enumerate(value.readings()):
            here = (*path, "dated", index) if value.dated is not None else path
            for steps, scalar in placed(reading):
                if scalar is not None:
                    yield (*here, *steps), iter([(_MOVED, _moved(scalar))])
    for path, form in forms_of(document):
        if isinstance(form, Band):
            for key in ("above", "reaching", "lump", "plus"):
                if getattr(form, key):
                    yield (*path, key), iter([(_MOVED, _moved(getattr(form, key)))])
        if isinstance(form, Within) and form.up_to is not None:
            yield (*path, "up_to"), iter([(_MOVED, _moved(form.up_to))])


def _moved(scalar: Any) -> Any:
    """A yuan or a point more; where that would be more than the whole (100 %), less."""
    if isinstance(scalar, ShareOf):
        return replace(scalar, rate_bp=scalar.rate_bp + _BP)
    return scalar - _BP if BP_ONE - _BP < scalar <= BP_ONE else scalar + _FEN


def span_variants(document: PolicyDocument) -> Iterator[tuple[Path, Changes]]:
    """First and last days of payers, benefits, rules, lists and grants, within the policy's own time."""
    first, last = document.in_force.from_, document.in_force.until
    for path, form in forms_of(document):
        if (
            not path or path[0] not in _SPANS or "dated" in path
        ):  # readings of a number: their neighbours tell
            continue
        for key, day in (("from", getattr(form, "from_", None)), ("until", getattr(form, "until", None))):
            if day is not None and first < day and (last is None or day < last):
                yield (*path, key), days(day)


def order_variants(document: PolicyDocument) -> Iterator[tuple[Path, Changes]]:
    """Parts that are covered, payers that act one after the other, schemes that are served, funds that pay."""
    for path, form in forms_of(document):
        covers = getattr(form, "covers", None)
        if path[:1] == ("payers",) and covers is not None:
            narrower = iter([(same("total"), ["in_scope"])]) if covers == ["total"] else iter(())
            yield (*path, "covers"), taken_out(covers) if len(covers) > 1 else narrower
        fund = getattr(form, "fund", None)
        if path and fund is not None:
            yield (*path, "fund"), iter([(same(fund), NOBODY)])
    for index, scheme in enumerate(document.schemes or []):
        others = [*(document.schemes or [])[:index], *(document.schemes or [])[index + 1 :]]
        yield ("schemes",), iter([(same(scheme), others or [NOBODY])])
    if document.order is None:
        yield ("payers",), _swapped(document.payers)


def _swapped(payers: list[Payer]) -> Changes:
    """Neighbouring payers that draw on the same parts, in each other's place."""
    for index in range(len(payers) - 1):
        one, other = payers[index], payers[index + 1]
        if one.settled == other.settled == "bill" and _parts(one) & _parts(other):
            name = Words(f"{one.payer} 先于 {other.payer}", f"{one.payer} before {other.payer}")
            yield name, [*payers[:index], other, one, *payers[index + 2 :]]


def _parts(payer: Payer) -> set[str]:
    """The parts of a bill that a payer may look at or draw on."""
    named: list[str] = [
        *(payer.covers or []),
        *(part for benefit in payer.benefits for part in benefit.covers or []),
    ]
    for benefit in payer.benefits:
        for form in (benefit.raises_to, benefit.own_at_least, benefit.patient_at_most):
            named += form.of if form is not None else []
        named += PARTS if benefit.less or benefit.offset or benefit.portion or benefit.formula else ()
    return set(PARTS) if "total" in named else {*named} or {"in_scope"}
