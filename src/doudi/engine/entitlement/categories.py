"""The categories of a person: which count on this day, for which payer, and why the others do not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from doudi.engine.data import Holding
from doudi.engine.entitlement.data import (
    BenefitCard,
    CategoryCard,
    CategoryStanding,
    Line,
    PayerCard,
    Subject,
)
from doudi.engine.entitlement.law import Law, title
from doudi.policy.groups import People
from doudi.words import Words

Tell = Callable[[Subject], tuple[PayerCard, ...]]


def category_cards(
    law: Law, subject: Subject, day: date, refused: bool, tell: Tell
) -> tuple[CategoryCard, ...]:
    """One card a category, in the order in which the person's facts name them; `refused`: no bill can be settled."""
    single = law.document.identity.several == "best_single"
    whole = () if single or refused else tell(subject)
    found = (_card(law, subject, index, day, whole, tell) for index in range(len(subject.person.categories)))
    if not refused:
        return tuple(found)
    closed = Words("当日不能结算，见参保情况", "no bill of this day can be settled; see participation")
    return tuple(replace(one, because=closed) if one.standing in ("counts", "kept") else one for one in found)


def _card(
    law: Law, subject: Subject, index: int, day: date, whole: tuple[PayerCard, ...], tell: Tell
) -> CategoryCard:
    holding = subject.person.categories[index]
    groups = [(name, group) for name, group in law.document.people.items() if _names(group, holding.code)]
    standing = _standing(holding, groups, day)
    rest = tuple(one for number, one in enumerate(subject.person.categories) if number != index)
    without = replace(subject, person=replace(subject.person, categories=rest))
    single = law.document.identity.several == "best_single"
    counts_for: tuple[str, ...] = ()
    if standing in ("counts", "kept") and whole:
        pairs = zip(whole, tell(without), strict=True)
        counts_for = tuple(one.name for one, other in pairs if substance(one) != substance(other))
    known = law.policy.categories.get(holding.code)
    return CategoryCard(
        holding.code,
        law.category(holding.code),
        (known.department or "") if known is not None else "",
        holding.span.begins,
        holding.span.ends,
        standing,
        tuple(title(group, name) for name, group in groups),
        counts_for,
        _because(law, holding, standing, groups, counts_for, single),
    )


def _names(group: People, code: str) -> bool:
    return code in (*(group.any_ or ()), *(group.all_ or ()), *(group.none or ()))


def _standing(holding: Holding, groups: list[tuple[str, People]], day: date) -> CategoryStanding:
    if not groups:
        return "not_in_policy"
    if holding.span.holds(day):
        return "counts"
    if holding.span.begins is not None and day < holding.span.begins:
        return "not_yet"
    kept = any(group.keeps is not None and day < group.keeps.after_exit_until for _, group in groups)
    return "kept" if kept else "ended"


def _because(
    law: Law,
    holding: Holding,
    standing: CategoryStanding,
    groups: list[tuple[str, People]],
    counts_for: tuple[str, ...],
    single: bool,
) -> Words:
    begins, ends = holding.span.begins, holding.span.ends
    if standing == "not_in_policy":
        return Words("本政策没有用到这一类别", "this policy does not speak of the category")
    if standing == "not_yet":
        return Words(f"{begins} 起才认定", f"recognised only from {begins}")
    if standing == "ended":
        return Words(f"{ends} 起已不再认定", f"no longer recognised from {ends}")
    if single:
        return Words(
            "多重身份只按一种身份结算，取个人负担最少的", "of several identities one counts, the best"
        )
    if counts_for:
        named = [law.payer(name) for name in counts_for]
        zh, en = "、".join(one.zh for one in named), ", ".join(one.en for one in named)
        told = Words(f"用于：{zh}", f"counts for: {en}")
        if standing == "kept":
            until = max(group.keeps.after_exit_until for _, group in groups if group.keeps is not None)
            told = Words(f"已退出，{until} 前继续享受；{told.zh}", f"left, kept before {until}; {told.en}")
        return told
    return Words(
        "其他类别或一般规定已给同等或更高的待遇（就高不就低）",
        "other categories or the general rule give as much or more",
    )


def substance(payer: PayerCard) -> tuple[object, ...]:
    """What a payer gives, without footnotes and reasons: two people with the same substance are paid alike."""
    return payer.applies, tuple(_benefit(one) for one in payer.benefits)


def _benefit(one: BenefitCard) -> tuple[object, ...]:
    told = (one.name, one.applies, tuple(_line(line) for line in one.lines))
    return (*told, tuple((why.kind, why.argument) for why in one.because) if one.applies == "depends" else ())


def _line(line: Line) -> tuple[object, ...]:
    cases = tuple((case.value, case.tests) for case in line.figure.cases) if line.figure is not None else ()
    return line.kind, line.label, line.low, line.high, cases
