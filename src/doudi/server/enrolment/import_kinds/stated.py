"""What one row of a list says of a person's enrolment, beside the rows that are valid. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, cast

from doudi.money import format_yuan
from doudi.server.enrolment.import_kinds.columns import STATUS_NAMES
from doudi.server.enrolment.models import Enrolment as Row
from doudi.server.enrolment.schemes import COUNTED, SCHEMES, STATUS_WORDS, scheme_named, scheme_words
from doudi.server.imports.api import Difference, Problem, Value
from doudi.words import Words

FIELDS = (
    "status",
    "tier",
    "premium_fen",
    "subsidy_fen",
    "subsidy_source",
    "paid_on",
    "from_date",
    "until_date",
)
"""What a list may change of an enrolment; a field the list does not have stays as it is."""


@dataclass(slots=True)
class Stated:
    """An enrolment as a row states it: which, and the fields it gives."""

    scheme: str = ""
    year: int = 0
    fields: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def stated_of(values: Mapping[str, Value], options: Mapping[str, Value], today: date) -> Stated:
    """Read a row; what it leaves out comes from the options of the list."""
    stated = Stated()
    name = str(values.get("scheme") or options.get("scheme") or "")
    scheme = scheme_named(name)
    if scheme is None:
        stated.problems.append(
            Problem(
                "scheme", Words(f"不认识险种“{name[:20]}”。", f"“{name[:20]}” is no scheme that is known.")
            )
        )
    year = values.get("year") or options.get("year")
    if year is None:
        stated.problems.append(Problem("year", Words("没有参保年度。", "The year is missing.")))
    stated.scheme = scheme.code if scheme else ""
    stated.year = cast("int", year) if year is not None else 0
    text = values.get("status") or options.get("status")
    status = STATUS_NAMES.get(str(text))
    if status is None:
        stated.problems.append(
            Problem(
                "status",
                Words(f"不认识参保状态“{str(text)[:20]}”。", f"“{str(text)[:20]}” is no status."),
            )
        )
    last = cast("date | None", values.get("last_day"))
    if status == "lapsed" and last is None:
        stated.problems.append(
            Problem("last_day", Words("已停保，但没有待遇截止日期。", "Lapsed, but not since when."))
        )
    given = {**values, "status": status, "until_date": None if last is None else last + timedelta(days=1)}
    stated.fields = {name: value for name in FIELDS if (value := given.get(name)) is not None}
    if (paid := stated.fields.get("paid_on")) is not None and paid > today:
        stated.problems.append(
            Problem("paid_on", Words("缴费日期在今天之后。", "Paid on a day yet to come."))
        )
    return stated


def whole(stated: Stated, before: Row | None) -> dict[str, Any]:
    """All fields after the row: those of `before`, else those of a whole year, with what the row gives."""
    if before is not None:
        start = {name: getattr(before, name) for name in FIELDS}
    else:
        begins, ends = date(stated.year, 1, 1), date(stated.year + 1, 1, 1)
        start = {
            "tier": "", "premium_fen": 0, "subsidy_fen": 0, "subsidy_source": "", "paid_on": None,
            "from_date": begins, "until_date": ends,
        }  # fmt: skip
    return {**start, **stated.fields}


def impossible(stated: Stated, after: Mapping[str, Any]) -> list[Problem]:
    """What cannot be of the fields together."""
    problems = []
    begins, ends = after["from_date"], after["until_date"]
    inside = begins < date(stated.year + 1, 1, 1) and ends > date(stated.year, 1, 1)
    if begins >= ends or not inside or ends - begins > timedelta(days=366):
        problems.append(
            Problem(
                "from_date",
                Words(
                    "参保期间与年度不符，或截止早于开始。",
                    "The period does not fit the year.",
                ),
            )
        )
    if not 0 <= after["subsidy_fen"] <= after["premium_fen"]:
        problems.append(
            Problem("subsidy_fen", Words("资助金额超过应缴金额。", "The subsidy is above the premium."))
        )
    if after["subsidy_fen"] and not after["subsidy_source"]:
        problems.append(
            Problem("subsidy_source", Words("有资助金额，没有资助部门。", "A subsidy, but not who pays it."))
        )
    return problems


def in_the_way(stated: Stated, after: Mapping[str, Any], others: Sequence[Row]) -> list[Problem]:
    """Another basic insurance that shares a day with the one the row states."""
    if not SCHEMES[stated.scheme].basic or after["status"] not in COUNTED:
        return []
    return [
        Problem(
            "scheme",
            Words(
                f"{row.from_date} 起至 {row.until_date} 前已在 {row.insured_region // 1000} 参加"
                f"{scheme_words(row.scheme).zh}，不能重复参保。",
                f"From {row.from_date} until {row.until_date} the person is in: {scheme_words(row.scheme).en}"
                f" (county {row.insured_region // 1000}); nobody is in two.",
            ),
        )
        for row in others
        if row.basic
        and row.status in COUNTED
        and row.from_date < after["until_date"]
        and after["from_date"] < row.until_date
    ]


def differences(before: Row, after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """The fields that change, as an officer reads them."""
    return tuple(
        Difference(
            "last_day" if name == "until_date" else name,
            shown(name, getattr(before, name)),
            shown(name, after[name]),
        )
        for name in FIELDS
        if getattr(before, name) != after[name]
    )


def shown(name: str, value: Any) -> str:
    """A field as text: yuan, the words of a status, the last day that is insured."""
    if value is None:
        return ""
    if name.endswith("_fen"):
        return format_yuan(value)
    if name == "status":
        return {str(status): words.zh for status, words in STATUS_WORDS.items()}[value]
    if name == "until_date":
        return str(value - timedelta(days=1))
    return str(value)
