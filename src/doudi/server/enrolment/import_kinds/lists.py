"""The list of enrolments: who is insured, who has not paid, for a scheme and year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from doudi.server.access.api import Role
from doudi.server.enrolment.import_kinds.columns import COLUMNS
from doudi.server.enrolment.import_kinds.stated import (
    Stated,
    differences,
    impossible,
    in_the_way,
    stated_of,
    whole,
)
from doudi.server.enrolment.models import Enrolment
from doudi.server.enrolment.operations.write_list import take_back, write
from doudi.server.enrolment.queries.for_lists import valid_rows
from doudi.server.enrolment.schemes import SCHEMES, STATUS_WORDS
from doudi.server.imports.api import Change, Judgement, Obstacle, Option, Problem, Row, Task, Verdict
from doudi.server.imports.data import Json
from doudi.server.recognition.api import Found, lock_county, matched, persons_in
from doudi.words import Words


class EnrolmentList:
    """Persons that are on the roster already, and their enrolment in a scheme and year."""

    name = "enrolment.list"
    words = Words("参保名单", "List of enrolments")
    guide = Words(
        "参保、缴费、未缴费名单：按证件号码找到人员，登记其某险种某年度的参保。名单上没有的人不变。",
        "Who is insured, who has not paid: finds persons by number and enters the year. Who is not on it stays.",
    )
    columns = COLUMNS
    roles = frozenset({Role.COUNTY})
    options = (
        Option("evidence", Words("名单名称或文号", "Name or number of the list")),
        Option(
            "scheme",
            Words("险种", "Scheme"),
            "choice",
            choices=tuple((scheme.code, scheme.words) for scheme in SCHEMES.values()),
            default="resident",
            guide=Words("行内没有险种时用它。", "For rows without a scheme."),
        ),
        Option("year", Words("参保年度", "Year"), "year", needed=False),
        Option(
            "status",
            Words("参保状态", "Status"),
            "choice",
            choices=tuple((str(status), words) for status, words in STATUS_WORDS.items()),
            default="insured",
            guide=Words("行内没有参保状态时用它。", "For rows without a status."),
        ),
    )

    def same(self, row: Row, task: Task) -> str | None:
        """Two rows of one number, scheme and year are the same."""
        stated = stated_of(row.values, task.options, task.today)
        number = row.values.get("number")
        return None if number is None else f"{number} {stated.scheme} {stated.year}"

    def examine(self, rows: Sequence[Row], task: Task) -> list[Verdict]:
        """Three queries for the batch."""
        if task.locking and "locked" not in task.memory:
            lock_county(task.region)
            task.memory["locked"] = True
        answers = matched(rows, task)
        known = valid_rows(persons_in(answers))
        return [
            _verdict(row, answer, known[answer.person] if isinstance(answer, Found) else [], task)
            for row, answer in zip(rows, answers, strict=True)
        ]

    def apply(self, rows: Sequence[tuple[Row, Verdict]], task: Task) -> list[Change]:
        """In bulk; what is written tells the import it came from."""
        return write(rows, task)

    def undo(self, changes: Sequence[Change], task: Task) -> list[Obstacle]:
        """Void what was made, put back what was replaced."""
        lock_county(task.region)
        return take_back(changes, task)


def _verdict(row: Row, answer: Found | Problem, known: list[Enrolment], task: Task) -> Verdict:
    stated = stated_of(row.values, task.options, task.today)
    if isinstance(answer, Problem):
        return Verdict(Judgement.REFUSED, (answer, *stated.problems))
    if stated.problems:
        return Verdict(Judgement.REFUSED, tuple(stated.problems), answer.person)
    before = _before(stated, known)
    after = whole(stated, before)
    others = [one for one in known if before is None or one.pk != before.pk]
    problems = (
        impossible(stated, after)
        or in_the_way(stated, after, others)
        or _claimed(row, answer, stated, after, task)
    )
    if problems:
        return Verdict(Judgement.REFUSED, tuple(problems), answer.person)
    plan = _plan(stated, after, answer, before)
    if before is None:
        return Verdict(Judgement.NEW, match=answer.person, plan=plan)
    changed = differences(before, after)
    if not changed:
        return Verdict(Judgement.UNCHANGED, match=answer.person)
    return Verdict(Judgement.CHANGED, match=answer.person, differences=changed, plan=plan)


def _before(stated: Stated, known: list[Enrolment]) -> Enrolment | None:
    """The row of the scheme and year; a refunded one only where the list says that it is."""
    same = [one for one in known if (one.scheme, one.year) == (stated.scheme, stated.year)]
    if stated.fields["status"] != "refunded":
        same = [one for one in same if one.status != "refunded"]
    return min(same, key=lambda one: one.status == "refunded", default=None)


def _claimed(row: Row, found: Found, stated: Stated, after: dict[str, Any], task: Task) -> list[Problem]:
    """Another row of the list that insures the person on the same days, or names the same scheme and year."""
    claims: dict[int, Enrolment] = task.memory.setdefault("claims", {}).setdefault(found.person, {})
    others = {number: one for number, one in claims.items() if number != row.number}
    problems = in_the_way(stated, after, list(others.values()))
    for number, one in others.items():
        if (one.scheme, one.year) == (stated.scheme, stated.year):
            problems.append(Problem("", Words(f"与第 {number} 行重复。", f"Row {number} is about the same.")))
    if not problems:
        claims[row.number] = Enrolment(
            scheme=stated.scheme,
            year=stated.year,
            basic=SCHEMES[stated.scheme].basic,
            status=after["status"],
            from_date=after["from_date"],
            until_date=after["until_date"],
            insured_region=found.region // 1000 * 1000,
        )
    return problems


def _plan(stated: Stated, after: dict[str, Any], found: Found, before: Enrolment | None) -> dict[str, Json]:
    return {
        "person": found.person,
        "region": found.region,
        "scheme": stated.scheme,
        "year": stated.year,
        "replaces": before.pk if before is not None else None,
        "fields": {
            name: value.isoformat() if isinstance(value, date) else value for name, value in after.items()
        },
    }
