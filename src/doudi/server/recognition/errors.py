"""Refusals of recognition."""

from __future__ import annotations

from datetime import date

from doudi.server.kernel.errors import Conflict, NotFound, Refused
from doudi.server.recognition.categories import Exclusion, category_title, known_categories
from doudi.words import Words, did_you_mean


def no_such_person() -> NotFound:
    """The person is not in the actor's scope, or nowhere."""
    return NotFound(
        "person_not_found",
        Words("在您的范围内没有这个人。", "There is no such person in your scope."),
        remedy=Words("请核对号码，或先打开此人。", "Check the number, or open the person first."),
        where="person",
    )


def no_such_recognition() -> NotFound:
    """The recognition is not in the actor's scope, or nowhere."""
    return NotFound(
        "recognition_not_found",
        Words("在您的范围内没有这条认定。", "There is no such recognition in your scope."),
        remedy=Words("请从人员页面打开。", "Open it from the page of the person."),
        where="recognition",
    )


def no_such_category(code: str) -> Refused:
    """The identifier stands neither in the vocabulary nor in any policy."""
    return Refused(
        "category_unknown",
        Words(f"没有“{code}”这个人员类别。", f"There is no category “{code}”."),
        remedy=did_you_mean(code, list(known_categories())),
        where="category",
    )


def already_recognised(category: str, since: date, until: date | None) -> Conflict:
    """Another valid recognition of the same category shares a day."""
    words = category_title(category).words
    end_zh, end_en = (f"至 {until} 前", f"until {until}") if until else ("至今", "and open")
    return Conflict(
        "already_recognised",
        Words(
            f"此人已认定为{words.zh}（{since} 起{end_zh}），期间重叠。",
            f"The person is already recognised as: {words.en} (from {since} {end_en}); the periods overlap.",
        ),
        remedy=Words("请更正原有认定，或另选日期。", "Correct the one that is there, or choose other dates."),
        where="from_date",
    )


def excluded(exclusion: Exclusion, category: str, other: str, since: date) -> Conflict:
    """The person has, on some day of the period, a category that excludes this one."""
    wanted, found = category_title(category).words, category_title(other).words
    return Conflict(
        "categories_exclude_each_other",
        Words(
            f"此人自 {since} 起已认定为{found.zh}，不能同时认定为{wanted.zh}（{exclusion.basis}）。",
            f"Since {since} the person is: {found.en}; that excludes: {wanted.en} ({exclusion.basis}).",
        ),
        remedy=Words(f"请先终止“{found.zh}”，再办理。", f"End “{found.en}” first."),
        where="category",
    )


def not_valid(state: Words) -> Conflict:
    """The version is no longer the valid one."""
    return Conflict(
        "recognition_not_valid",
        Words(
            f"这条认定{state.zh}，不能再改。", f"This recognition is no longer valid ({state.en.lower()})."
        ),
        remedy=Words("请刷新页面，在有效的一条上办理。", "Reload the page and use the valid one."),
        where="recognition",
    )


def not_earlier(until: date) -> Conflict:
    """The recognition already ends no later than the day asked for."""
    return Conflict(
        "already_ended",
        Words(f"这条认定已在 {until} 终止。", f"This recognition already ends on {until}."),
        remedy=Words("要延长，请用“更正”。", "To extend it, correct it."),
        where="until_date",
    )
