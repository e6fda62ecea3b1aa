"""What a list changes for one person: its categories beside the valid rows. Pure.

- the same category with the same dates: nothing;
- the same category with other dates: the list is right, the row is replaced;
- a category that excludes it and began earlier: ends on the day the new one begins (a family left the register);
- one that excludes it and began no earlier: the list contradicts what is known, and the row is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from doudi.server.imports.api import Difference, Problem
from doudi.server.recognition.categories import category_title, excluded_by
from doudi.server.recognition.import_kinds.wanted import Wanted
from doudi.server.recognition.models import Recognition as Row
from doudi.words import Words


@dataclass(slots=True)
class Steps:
    """What is to be done for one row of the list: new rows, rows with other dates, rows that end."""

    make: list[Wanted] = field(default_factory=list)
    replace: list[tuple[int, Wanted]] = field(default_factory=list)
    end: list[tuple[int, date]] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def steps_for(wanted: Sequence[Wanted], valid: Sequence[Row]) -> Steps:
    """The steps that make the person's valid rows say what the list says."""
    steps = Steps()
    for one in wanted:
        _place(one, [row for row in valid if row.category == one.category], steps)
    if not steps.problems:
        kept = {row.pk for row in valid} - {number for number, _ in steps.replace}
        for one in [*steps.make, *(new for _, new in steps.replace)]:
            _succeed(one, [row for row in valid if row.pk in kept], steps)
    return steps


def _place(one: Wanted, same: Sequence[Row], steps: Steps) -> None:
    touching = [row for row in same if _shares_a_day(row, one.from_date, one.until_date)]
    if not touching:
        steps.make.append(one)
    elif len(touching) > 1:
        words = category_title(one.category).words
        steps.problems.append(
            Problem(
                "from_date",
                Words(
                    f"已有多段“{words.zh}”与这段时间重叠，请逐条更正。",
                    f"Several periods overlap this one: {words.en}. Correct them one by one.",
                ),
            )
        )
    elif not _agrees(touching[0], one):
        row = touching[0]
        begins = one.from_date if one.dated else row.from_date
        steps.replace.append((row.pk, Wanted(one.category, begins, one.until_date, one.dated)))
        title = category_title(one.category).words.zh
        steps.differences.append(
            Difference(
                "from_date",
                _period(title, row.from_date, row.until_date),
                _period(title, begins, one.until_date),
            )
        )


def _agrees(row: Row, one: Wanted) -> bool:
    """Whether the row says what the list says; a list without dates of its own agrees with any row that holds."""
    if one.dated:
        return (row.from_date, row.until_date) == (one.from_date, one.until_date)
    return row.from_date <= one.from_date and row.until_date == one.until_date


def _succeed(one: Wanted, valid: Sequence[Row], steps: Steps) -> None:
    """End what excludes it, or refuse the row."""
    exclusions = excluded_by(one.category)
    for row in valid:
        if row.category not in exclusions or not _shares_a_day(row, one.from_date, one.until_date):
            continue
        old, new = category_title(row.category).words, category_title(one.category).words
        if row.from_date >= one.from_date:
            steps.problems.append(
                Problem(
                    "",
                    Words(
                        f"此人自 {row.from_date} 起已认定为{old.zh}，与{new.zh}不能同时认定。",
                        f"Since {row.from_date} the person is: {old.en}; that excludes: {new.en}.",
                    ),
                )
            )
        elif row.pk not in {number for number, _ in steps.end}:
            steps.end.append((row.pk, one.from_date))
            before = _period(old.zh, row.from_date, row.until_date)
            steps.differences.append(Difference("", before, _period(old.zh, row.from_date, one.from_date)))


def _shares_a_day(row: Row, begins: date, ends: date | None) -> bool:
    return (row.until_date is None or row.until_date > begins) and (ends is None or row.from_date < ends)


def _period(title: str, begins: date, ends: date | None) -> str:
    return f"{title} {begins} 起" + (f"至 {ends} 前" if ends else "")
