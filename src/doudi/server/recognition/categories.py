"""Which categories there are, what they are called, and which two nobody has at once.

The names stand in `policies/vocabulary/categories.yaml` and, for places with their own, in their policies: this file adds
no name. It adds what is a matter of recognition only: the pairs that exclude each other, each with its source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from doudi.policy.library import Library
from doudi.policy.problems import PolicyError
from doudi.words import Words


@dataclass(frozen=True, slots=True)
class CategoryTitle:
    """A category: its identifier, what people call it, who vouches for it, and the rule that defines it."""

    code: str
    words: Words
    department: str = ""
    basis: str = ""


@cache
def known_categories() -> Mapping[str, CategoryTitle]:
    """Every category of the shared vocabulary, in its order, then those that only some policy adds."""
    library = Library()
    found = dict(library.categories)
    for policy in library.ids():
        try:
            own = library.load(policy).document.categories
        except PolicyError:  # a draft that does not load names nobody
            continue
        for code, category in own.items():
            found.setdefault(code, category)
    return MappingProxyType(
        {
            code: CategoryTitle(code, Words(one.zh, one.en or one.zh), one.department or "", one.basis or "")
            for code, one in found.items()
        }
    )


def category_title(code: str) -> CategoryTitle:
    """The title of a category; a code that no longer stands in any policy is its own name."""
    return known_categories().get(code, CategoryTitle(code, Words(code, code)))


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Two categories that one person never has on the same day, and why."""

    first: str
    second: str
    basis: str


_MONITORED = "监测对象类型在名单中每户只有一个值（脱贫不稳定、边缘易致贫、突发严重困难）"
_REGISTER = "名单的“脱贫属性”只有一个值：未脱贫、已脱贫、返贫"

EXCLUSIONS: tuple[Exclusion, ...] = (
    Exclusion("destitute", "subsistence_allowance", "国发〔2016〕14号：纳入特困供养范围的，不再适用低保政策"),
    Exclusion("destitute", "orphan", "国发〔2016〕14号：纳入孤儿基本生活保障范围的，不再适用特困供养政策"),
    Exclusion(
        "orphan", "de_facto_orphan", "民发〔2019〕62号：事实无人抚养儿童以父母在世等情形界定，与孤儿不重叠"
    ),
    Exclusion(
        "low_income_margin", "subsistence_allowance", "国办发〔2021〕42号：低保边缘家庭是不符合低保条件的家庭"
    ),
    Exclusion("low_income_margin", "destitute", "国办发〔2021〕42号：低保边缘家庭是不符合特困条件的家庭"),
    Exclusion("registered_poor", "left_poverty", _REGISTER),
    Exclusion("registered_poor", "returned_to_poverty", _REGISTER),
    Exclusion("left_poverty", "returned_to_poverty", _REGISTER),
    Exclusion("unstable_after_poverty", "margin_prone_poverty", _MONITORED),
    Exclusion("unstable_after_poverty", "sudden_hardship", _MONITORED),
    Exclusion("margin_prone_poverty", "sudden_hardship", _MONITORED),
)
"""Assumed where no document says it in so many words; check the wording before it is quoted as law."""


@cache
def excluded_by(code: str) -> Mapping[str, Exclusion]:
    """What a person with `code` cannot have on the same day."""
    return MappingProxyType(
        {
            (one.second if one.first == code else one.first): one
            for one in EXCLUSIONS
            if code in (one.first, one.second)
        }
    )
