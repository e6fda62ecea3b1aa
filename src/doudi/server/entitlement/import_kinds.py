"""The file of opening balances: what people had used of the year when the county moves to Doudi."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from doudi.money import MAX_ACCUMULATOR, format_yuan
from doudi.server.access.api import Role
from doudi.server.entitlement.accumulators import Counted, counted_by, named
from doudi.server.entitlement.operations.import_openings import Key, Wanted, held, take_back, write
from doudi.server.entitlement.queries.openings import households_of
from doudi.server.entitlement.queries.places import policies_at
from doudi.server.imports.api import (
    Change,
    Column,
    Difference,
    Judgement,
    Obstacle,
    Option,
    Problem,
    Row,
    Task,
    Verdict,
    register_kind,
)
from doudi.server.kernel.errors import Refused
from doudi.server.people.api import PersonMatch, match_numbers
from doudi.words import Words

NUMBER = Column("number", Words("证件号码", "ID number"), ("身份证号", "身份证号码", "公民身份号码"), form="id_number",
                needed=True, personal=True, longest=24)  # fmt: skip
WHAT = Column(
    "accumulator", Words("累计项目", "What is counted"), ("项目", "累计名称"), needed=True, longest=80
)
PERIOD = Column(
    "period",
    Words("期间", "Period"),
    ("年度", "医保年度", "待遇年度"),
    needed=True,
    longest=24,
)
USED = Column(
    "used", Words("已用金额", "Used"), ("累计金额", "已用金额（元）", "累计已用"), form="money", needed=True
)
SOURCE = Option(
    "source",
    Words("数据来源", "Source"),
    guide=Words("如：原医保系统导出", "e.g. export of the former system"),
)


@dataclass(frozen=True, slots=True)
class _Read:
    """A row that can be used, or what is wrong with it."""

    wanted: Wanted | None
    problem: Problem | None = None


def _period(row: Row) -> str:
    """The key of the period; lists write 2026年 and 2026年度 too."""
    return str(row.values.get("period") or "").strip().removesuffix("度").removesuffix("年")


class OpeningBalances:
    """One row a person, sum and period."""

    name = "entitlement.opening_balances"
    words = Words("年度已用金额（期初）", "Opening balances")
    guide = Words(
        "启用本系统前，各人本年度已经用去的起付线、封顶线等累计金额。",
        "What each person had used of deductibles and caps of the year before this system was in use.",
    )
    columns = (NUMBER, WHAT, PERIOD, USED)
    options = (SOURCE,)
    roles = frozenset({Role.COUNTY, Role.SYSTEM})

    def same(self, row: Row, task: Task) -> str | None:
        """The person, the sum and the period."""
        one = self._sum(row, task)
        what = one.name if isinstance(one, Counted) else str(row.values.get("accumulator"))
        return f"{row.values.get('number')}|{what}|{_period(row)}"

    def examine(self, rows: Sequence[Row], task: Task) -> list[Verdict]:
        """Three reads for the batch: the persons, their households, what stands there."""
        read = self._read(rows, task)
        known = held([one.wanted for one in read if one.wanted is not None], locking=task.locking)
        return [self._judge(one, known) for one in read]

    def apply(self, rows: Sequence[tuple[Row, Verdict]], task: Task) -> list[Change]:
        """One write for the new ones, one for the changed ones."""
        wanted = [one.wanted for one in self._read([row for row, _ in rows], task)]
        pairs = [(row.number, one) for (row, _), one in zip(rows, wanted, strict=True) if one is not None]
        return write(pairs, task)

    def undo(self, changes: Sequence[Change], task: Task) -> list[Obstacle]:  # noqa: ARG002 - the contract of a kind
        """Give back what stood there, unless somebody has set a balance since."""
        return take_back(changes)

    def _judge(self, one: _Read, known: dict[Key, tuple[int, int]]) -> Verdict:
        if one.wanted is None:
            return Verdict(Judgement.REFUSED, problems=(one.problem,) if one.problem is not None else ())
        found = known.get(one.wanted.key)
        if found is None:
            return Verdict(Judgement.NEW)
        number, used = found
        if used == one.wanted.used_fen:
            return Verdict(Judgement.UNCHANGED, match=number)
        before, after = (format_yuan(amount, grouping=True) for amount in (used, one.wanted.used_fen))
        return Verdict(Judgement.CHANGED, match=number, differences=(Difference("used", before, after),))

    def _sum(self, row: Row, task: Task) -> Counted | Problem:
        known: dict[str, Counted] | None = task.memory.get("counted")
        if known is None:
            known = task.memory["counted"] = counted_by(policies_at(task.region, task.today))
        try:
            one = named(str(row.values.get("accumulator") or ""), known)
            one.check_period(_period(row))
        except Refused as refused:
            column = "period" if refused.code == "period_wrong" else "accumulator"
            return Problem(column, refused.said())
        return one

    def _read(self, rows: Sequence[Row], task: Task) -> list[_Read]:
        numbers = {str(row.values["number"]) for row in rows if row.values.get("number")}
        persons = match_numbers(viewer=task.actor, numbers=numbers)
        homes = households_of(match.id for match in persons.values())
        return [self._row(row, task, persons, homes) for row in rows]

    def _row(self, row: Row, task: Task, persons: dict[str, PersonMatch], homes: dict[int, int]) -> _Read:
        match, used = persons.get(str(row.values.get("number"))), row.values.get("used")
        if match is None:
            said = Words(
                "本辖区没有此人，请先登记或导入人员。",
                "There is no such person here; register or import them first.",
            )
            return _Read(None, Problem("number", said))
        one = self._sum(row, task)
        if isinstance(one, Problem):
            return _Read(None, one)
        if not isinstance(used, int) or not 0 <= used <= MAX_ACCUMULATOR:
            return _Read(
                None,
                Problem("used", Words("金额不能为负数，也不能超过上限。", "Negative, or beyond the limit.")),
            )
        home = homes.get(match.id) if one.household else None
        if one.household and home is None:
            said = Words(
                "该项按家庭累计，此人未登记家庭。", "Counted for a household; the person is in none."
            )
            return _Read(None, Problem("number", said))
        return _Read(Wanted(match.id, match.region, home, one.name, _period(row), used))


def register() -> None:
    """Make the file known to imports."""
    register_kind(OpeningBalances())
