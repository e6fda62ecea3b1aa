"""One kind of import for every table of dated rows: a row of the file says what holds of one thing from a day on.

- the same thing with the same first day: UNCHANGED, or CHANGED where something differs;
- a later first day: NEW, and what held until then ends there;
- anything that would overlap a later row, or lies outside the importer's region: REFUSED.

Undo takes the rows away and gives back what they superseded, unless a later import has built on them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from doudi.server.access.api import Role
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
)
from doudi.server.reference.operations.dated_rows import (
    Dated,
    Key,
    Table,
    by_number,
    held,
    superseded_by_later,
    take_back,
    write,
)
from doudi.words import Words

Json = Any


class Unreadable(Exception):
    """A row cannot be used; says in which column and why."""

    def __init__(self, column: str, words: Words) -> None:
        super().__init__(column)
        self.problem = Problem(column, words)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a row of the file says, in the terms of the table."""

    key: Key
    fields: Mapping[str, Any]
    from_date: date
    until_date: date | None


@dataclass(frozen=True)
class DatedKind:
    """A kind of file whose rows become dated rows of `table`; `read` turns a row into facts or raises `Unreadable`."""

    name: str
    words: Words
    guide: Words
    columns: tuple[Column, ...]
    options: tuple[Option, ...]
    table: Table
    read: Callable[[Row, Task], Facts]
    roles: frozenset[Role] = frozenset({Role.COUNTY, Role.SYSTEM_ADMIN, Role.SYSTEM})

    def same(self, row: Row, task: Task) -> str | None:
        """Two rows about one thing."""
        try:
            return "|".join(str(part) for part in self.read(row, task).key)
        except Unreadable:
            return None

    def examine(self, rows: Sequence[Row], task: Task) -> list[Verdict]:
        """One query for the batch."""
        read: list[Facts | Problem] = []
        for row in rows:
            try:
                read.append(self.read(row, task))
            except Unreadable as wrong:
                read.append(wrong.problem)
        place = self.table.identity.index("code")
        codes = [facts.key[place] for facts in read if isinstance(facts, Facts)]
        known = held(self.table, codes, locking=task.locking)
        return [
            self._judge(facts, known.get(facts.key, [])) if isinstance(facts, Facts) else _refused(facts)
            for facts in read
        ]

    def _judge(self, facts: Facts, known: Sequence[Dated]) -> Verdict:
        later = [row for row in known if row.from_date > facts.from_date]
        same = next((row for row in known if row.from_date == facts.from_date), None)
        if later and (facts.until_date is None or facts.until_date > later[0].from_date):
            day = later[0].from_date
            return _refused(
                Problem(
                    "from_date",
                    Words(
                        f"自{day}起已有较新的记录，本行会与其重叠。",
                        f"A newer entry holds from {day} on; this row would overlap it.",
                    ),
                )
            )
        if same is not None:
            return self._compare(facts, same)
        running = next((row for row in reversed(known) if _holds(row, facts.from_date)), None)
        plan: dict[str, Json] = {"ends": running.pk} if running is not None else {}
        return Verdict(Judgement.NEW, plan=plan)

    def _compare(self, facts: Facts, same: Dated) -> Verdict:
        said = {**facts.fields, "until_date": facts.until_date}
        differences = tuple(
            Difference(name, _text(getattr(same, name)), _text(value))
            for name, value in said.items()
            if getattr(same, name) != value
        )
        if not differences:
            return Verdict(Judgement.UNCHANGED, match=same.pk)
        return Verdict(Judgement.CHANGED, match=same.pk, differences=differences)

    def apply(self, rows: Sequence[tuple[Row, Verdict]], task: Task) -> list[Change]:
        """At most four writes for the batch."""
        new: list[tuple[Row, dict[str, Any]]] = []
        changed: dict[int, dict[str, Any]] = {}
        row_of: dict[int, Row] = {}
        ended: dict[int, tuple[Row, date]] = {}
        for row, verdict in rows:
            facts = self.read(row, task)
            said = {**facts.fields, "until_date": facts.until_date}
            if verdict.judgement is Judgement.NEW:
                identity = dict(zip(self.table.identity, facts.key, strict=True))
                new.append((row, {**identity, **said, "from_date": facts.from_date}))
                if "ends" in verdict.plan:
                    ended[int(str(verdict.plan["ends"]))] = (row, facts.from_date)
            elif verdict.match is not None:
                changed[verdict.match], row_of[verdict.match] = said, row
        before = by_number(self.table, [*changed, *ended])
        old = {number: self.table.values(row) for number, row in before.items()}
        made = write(
            self.table,
            [facts for _, facts in new],
            changed,
            {number: day for number, (_, day) in ended.items()},
        )
        kind = self.name
        return [
            *(
                Change(
                    row.number,
                    "changed",
                    kind,
                    number,
                    _json(old[number]),
                    _json({**old[number], "until_date": day}),
                )
                for number, (row, day) in ended.items()
            ),
            *(
                Change(row_of[number].number, "changed", kind, number, _json(old[number]), _json(said))
                for number, said in changed.items()
            ),
            *(
                Change(row.number, "made", kind, number, {}, _json(said))
                for number, (row, said) in zip(made, new, strict=True)
            ),
        ]

    def undo(self, changes: Sequence[Change], task: Task) -> list[Obstacle]:  # noqa: ARG002 - the contract of a kind
        """Give back what was; an obstacle where something was changed since or a later entry builds on it."""
        rows = by_number(self.table, {change.object_id for change in changes})
        made = [change for change in changes if change.did == "made"]
        later = superseded_by_later(
            self.table, [rows[one.object_id] for one in made if one.object_id in rows]
        )
        obstacles = [
            Obstacle(change.row, _CHANGED)
            for change in changes
            if change.object_id not in rows
            or (change.did == "made" and change.object_id in later)
            or not self._as_left(rows[change.object_id], change)
        ]
        if not obstacles:
            before = {
                change.object_id: self._back(change.before) for change in changes if change.did == "changed"
            }
            take_back(self.table, [change.object_id for change in made], before)
        return obstacles

    def _as_left(self, row: Dated, change: Change) -> bool:
        now = _json(self.table.values(row))
        return all(now[name] == value for name, value in change.after.items() if name in now)

    def _back(self, before: Mapping[str, Json]) -> dict[str, Any]:
        end = before.get("until_date")
        return {**before, "until_date": date.fromisoformat(str(end)) if end else None}


_CHANGED = Words(
    "导入之后又有变动，或已有更新的记录。", "It was changed since, or a newer entry builds on it."
)


def _refused(problem: Problem) -> Verdict:
    return Verdict(Judgement.REFUSED, problems=(problem,))


def _holds(row: Dated, day: date) -> bool:
    return row.from_date <= day and (row.until_date is None or day < row.until_date)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _json(values: Mapping[str, Any]) -> dict[str, Json]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
