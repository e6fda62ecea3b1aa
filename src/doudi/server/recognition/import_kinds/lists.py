"""The list of recognised persons: registers of the poor, lists of allowances, of the disabled, of any category."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from doudi.server.access.api import Role
from doudi.server.imports.api import (
    Change,
    Column,
    Judgement,
    Obstacle,
    Option,
    Problem,
    Row,
    Task,
    Verdict,
)
from doudi.server.imports.data import Json
from doudi.server.recognition.categories import category_title, excluded_by, known_categories
from doudi.server.recognition.dated import lock_county
from doudi.server.recognition.import_kinds.steps import Steps, steps_for
from doudi.server.recognition.import_kinds.wanted import Wanted, wanted_of
from doudi.server.recognition.matching import NAME, NUMBER, Found, matched, persons_in
from doudi.server.recognition.models import Recognition
from doudi.server.recognition.operations.write_list import take_back, write
from doudi.server.recognition.queries.for_lists import valid_rows
from doudi.words import Words

COLUMNS = (
    NUMBER,
    NAME,
    Column(
        "category",
        Words("人员类别", "Category"),
        ("救助类别", "对象类别", "救助对象类别", "身份类别", "认定类别", "人员身份类别", "人群类别"),
    ),
    Column("poverty", Words("脱贫属性", "Poverty status")),
    Column("poor_household", Words("贫困户属性", "Kind of poor household")),
    Column("household_type", Words("户类型", "Type of household")),
    Column(
        "monitored",
        Words("监测对象类型", "Kind of monitoring"),
        ("易返贫致贫户(监测对象)类型", "监测户类型", "监测对象类别"),
    ),
    Column("disability", Words("残疾等级", "Grade of disability"), ("残疾级别",)),
    Column(
        "from_date",
        Words("起始日期", "From"),
        (
            "认定日期",
            "认定时间",
            "人员识别时间",
            "首次识别时间",
            "识别时间",
            "享受开始时间",
            "开始日期",
            "批准日期",
        ),
        form="date",
    ),
    Column(
        "last_day",
        Words("截止日期", "Last day"),
        ("有效期至", "结束日期", "终止日期", "享受结束时间"),
        form="date",
        guide=Words("最后一个有效的日子。", "The last day on which it is valid."),
    ),
    Column("risk_from", Words("风险识别时间", "Risk since"), ("监测时间", "纳入监测时间"), form="date"),
    Column("risk_gone", Words("风险是否消除", "Risk gone"), form="yes_no"),
    Column("risk_until", Words("风险消除时间", "Risk until"), form="date"),
    Column("department", Words("认定部门", "Department"), ("来源部门", "主管部门"), longest=80),
    Column("evidence", Words("文号", "Paper"), ("批准文号", "证书编号", "依据")),
)


class RecognitionList:
    """Persons that are on the roster already, and the categories a department says they have."""

    name = "recognition.list"
    words = Words("人员类别名单", "List of recognised persons")
    guide = Words(
        "扶贫、民政、残联等部门的对象名单：按证件号码找到人员，登记其类别。名单上没有的人不变。",
        "The lists of the departments: finds persons by number and enters their categories. Who is not on it stays.",
    )
    columns = COLUMNS
    roles = frozenset({Role.COUNTY})

    @property
    def options(self) -> tuple[Option, ...]:
        """Asked at upload; the choices are the categories of the vocabulary."""
        return (
            Option("evidence", Words("名单名称或文号", "Name or number of the list")),
            Option(
                "from_date",
                Words("名单的起始日期", "The list is valid from"),
                "date",
                needed=False,
                guide=Words("行内没有日期时用它。", "For rows without a date of their own."),
            ),
            Option(
                "category",
                Words("整份名单的类别", "Category of the whole list"),
                "choice",
                needed=False,
                choices=tuple((code, one.words) for code, one in known_categories().items()),
            ),
        )

    def same(self, row: Row, task: Task) -> str | None:
        """Two rows of one number and the same words about it are the same; other words are another statement."""
        del task
        number = row.values.get("number")
        return None if number is None else f"{number} {row.values.get('category') or ''}"

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
        return write(rows, task, str(task.options.get("evidence") or ""))

    def undo(self, changes: Sequence[Change], task: Task) -> list[Obstacle]:
        """Void what was made, put back what was replaced."""
        lock_county(task.region)
        return take_back(changes, task)


def _verdict(row: Row, answer: Found | Problem, known: list[Recognition], task: Task) -> Verdict:
    wanted, problems = wanted_of(row.values, task.options)
    if isinstance(answer, Problem):
        problems = (answer, *problems)
    if problems or isinstance(answer, Problem):
        return Verdict(Judgement.REFUSED, problems)
    if not wanted:
        nothing = Problem(
            "", Words("这一行没有写任何类别，不作变动。", "The row names no category; nothing changes.")
        )
        return Verdict(Judgement.UNCHANGED, (nothing,), answer.person)
    if (earlier := _claimed(row, answer.person, wanted, task)) is not None:
        return Verdict(Judgement.REFUSED, (earlier,), answer.person)
    steps = steps_for(wanted, known)
    if steps.problems:
        return Verdict(Judgement.REFUSED, tuple(steps.problems), answer.person)
    judgement = Judgement.UNCHANGED
    if steps.differences:
        judgement = Judgement.CHANGED
    elif steps.make:
        judgement = Judgement.NEW
    return Verdict(
        judgement,
        match=answer.person,
        differences=tuple(steps.differences),
        plan=_plan(steps, answer, known),
    )


def _claimed(row: Row, person: int, wanted: Sequence[Wanted], task: Task) -> Problem | None:
    """What an earlier row of the list said of the same person and category, or of one that excludes it."""
    claims: dict[str, int] = task.memory.setdefault("claims", {}).setdefault(person, {})
    for one in wanted:
        for category in (one.category, *excluded_by(one.category)):
            number = claims.get(category, row.number)
            if number != row.number:
                title = category_title(one.category).words
                return Problem(
                    "category",
                    Words(
                        f"第 {number} 行已写了此人的“{title.zh}”或与之互斥的类别。",
                        f"Row {number} already says this of the person, or what excludes it: {title.en}.",
                    ),
                )
    claims.update((one.category, row.number) for one in wanted)
    return None


def _plan(steps: Steps, found: Found, known: list[Recognition]) -> dict[str, Json]:
    if not steps.make and not steps.differences:
        return {}
    begins = {row.pk: row.from_date for row in known}
    return {
        "person": found.person,
        "region": found.region,
        "make": [{"category": one.category, **_days(one.from_date, one.until_date)} for one in steps.make],
        "change": [
            *(
                {"id": str(number), "reason": "", **_days(one.from_date, one.until_date)}
                for number, one in steps.replace
            ),
            *(
                {"id": str(number), "reason": "名单中改为其他类别", **_days(begins[number], until)}
                for number, until in steps.end
            ),
        ],
    }


def _days(begins: date, ends: date | None) -> dict[str, Json]:
    return {"from_date": begins.isoformat(), "until_date": ends.isoformat() if ends else ""}
