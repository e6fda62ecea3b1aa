"""What one row of a list says of a person: which categories, from when, until when. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from doudi.server.imports.api import Problem, Value
from doudi.server.recognition.categories import category_title, excluded_by
from doudi.server.recognition.import_kinds.list_words import VALUES, categories_named, categories_of_value
from doudi.words import Words


@dataclass(frozen=True, slots=True)
class Wanted:
    """One category that a row states. `dated`: the row itself says since when; else the list's own date stands in."""

    category: str
    from_date: date
    until_date: date | None
    dated: bool


def wanted_of(
    values: Mapping[str, Value], options: Mapping[str, Value]
) -> tuple[tuple[Wanted, ...], tuple[Problem, ...]]:
    """The categories of a row, or what is wrong with it."""
    found: dict[str, bool] = {}  # category → whether it is a matter of monitoring
    problems: list[Problem] = []
    if (text := _text(values, "category")) is not None:
        codes, unknown = categories_named(text)
        found.update(dict.fromkeys(codes, False))
        if unknown is not None:
            problems.append(_unknown("category", unknown))
    for column in VALUES:
        if (text := _text(values, column)) is None:
            continue
        of_value = categories_of_value(column, text)
        if of_value is None:
            problems.append(_unknown(column, text))
        found.update(dict.fromkeys(of_value or (), column == "monitored"))
    if (of_all := options.get("category")) is not None:
        found.setdefault(str(of_all), False)
    wanted = [_dated(code, monitored, values, options) for code, monitored in found.items()]
    problems += [problem for one in wanted if isinstance(one, Problem) for problem in [one]]
    certain = tuple(one for one in wanted if isinstance(one, Wanted))
    problems += _contradictions(certain)
    return certain, tuple(dict.fromkeys(problems))


def _text(values: Mapping[str, Value], column: str) -> str | None:
    value = values.get(column)
    return None if value is None else str(value)


def _dated(
    category: str, monitored: bool, values: Mapping[str, Value], options: Mapping[str, Value]
) -> Wanted | Problem:
    begins, last = _day(values, "from_date"), _day(values, "last_day")
    if monitored:
        begins = _day(values, "risk_from") or begins
        ended = values.get("risk_gone")
        last = _day(values, "risk_until") if ended is not False else None
        if ended and last is None:
            return Problem(
                "risk_until", Words("风险已消除，但没有消除时间。", "The risk is gone, but since when?")
            )
    since = begins or _day(options, "from_date")
    if since is None:
        return Problem("from_date", Words("没有起始日期。", "The beginning is missing."))
    until = None if last is None else last + timedelta(days=1)
    if until is not None and until <= since:
        return Problem("last_day", Words("结束日期早于起始日期。", "It ends before it begins."))
    return Wanted(category, since, until, begins is not None)


def _day(values: Mapping[str, Value], name: str) -> date | None:
    return cast("date | None", values.get(name))


def _contradictions(wanted: tuple[Wanted, ...]) -> list[Problem]:
    return [
        Problem(
            "",
            Words(
                f"{category_title(first.category).words.zh}与{category_title(second.category).words.zh}不能同时认定。",
                f"Nobody is both: {category_title(first.category).words.en};"
                f" {category_title(second.category).words.en}.",
            ),
        )
        for number, first in enumerate(wanted)
        for second in wanted[number + 1 :]
        if second.category in excluded_by(first.category) and _share_a_day(first, second)
    ]


def _share_a_day(first: Wanted, second: Wanted) -> bool:
    return (first.until_date is None or second.from_date < first.until_date) and (
        second.until_date is None or first.from_date < second.until_date
    )


def _unknown(column: str, text: str) -> Problem:
    return Problem(
        column,
        Words(f"不认识“{text[:20]}”，请按类别名称填写。", f"“{text[:20]}” names no category that is known."),
    )
