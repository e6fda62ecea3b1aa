"""Rows of a list to persons: by the whole number, with the name as a check; for the lists of all standing apps.

A number that belongs to somebody of another name is a slip of the list: the row is refused, never guessed. The refusal
does not tell the name that is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from doudi.server.imports.api import Column, Problem, Row, Task
from doudi.server.kernel.regions import Ranges
from doudi.server.people.api import match_numbers
from doudi.words import Words

NUMBER = Column(
    "number",
    Words("证件号码", "Number"),
    (
        "身份证号码",
        "身份证号",
        "公民身份号码",
        "公民身份证号码",
        "身份证",
        "证件号",
        "人员证件号码",
        "人证件号码",
        "残疾证号",
    ),
    form="id_number",
    needed=True,
    personal=True,
)
NAME = Column(
    "name", Words("姓名", "Name"), ("人员姓名", "对象姓名", "参保人姓名", "成员姓名"), personal=True
)

_UNKNOWN = Problem(
    "number",
    Words(
        "您的范围内没有这个证件号码的人，请先导入或登记人员。",
        "Nobody of this number is in your scope: import or register the person first.",
    ),
)
_ANOTHER = Problem(
    "name",
    Words(
        "姓名与该证件号码登记的姓名不一致，请核对。",
        "The name is not the one known for this number; check it.",
    ),
)
_ELSEWHERE = Problem(
    "number",
    Words(
        "此人不属于本次导入的地区，请由所在地导入。", "The person belongs to another place than this import."
    ),
)


@dataclass(frozen=True, slots=True)
class Found:
    """The person a row is about."""

    person: int
    region: int


def matched(rows: Sequence[Row], task: Task) -> list[Found | Problem]:
    """For each row the person, or why there is none. One query for the batch."""
    numbers = {str(row.values["number"]) for row in rows if row.values.get("number")}
    found = match_numbers(viewer=task.actor, numbers=numbers)
    inside = Ranges.of([task.region * 1000])
    answers: list[Found | Problem] = []
    for row in rows:
        match = found.get(str(row.values.get("number")))
        if match is None:
            answers.append(_UNKNOWN)
        elif _plain(row.values.get("name")) not in ("", _plain(match.name)):
            answers.append(_ANOTHER)
        elif match.region not in inside:
            answers.append(_ELSEWHERE)
        else:
            answers.append(Found(match.id, match.region))
    return answers


def persons_in(answers: Iterable[Found | Problem]) -> list[int]:
    """The persons that were found, each once."""
    return sorted({answer.person for answer in answers if isinstance(answer, Found)})


def _plain(name: object) -> str:
    """A name without spaces and with one kind of middle dot."""
    text = "".join(str(name or "").split())
    return text.translate(str.maketrans("•・‧∙．.", "······"))
