"""The files of people that can be imported: the roster (名册)."""

from __future__ import annotations

from collections.abc import Sequence

from doudi.server.access.api import Role
from doudi.server.imports.api import (
    AS_NEW,
    Change,
    Column,
    Judgement,
    Obstacle,
    Option,
    Problem,
    Row,
    Task,
    Verdict,
    register_kind,
)
from doudi.server.people.operations.import_roster import write_entries
from doudi.server.people.operations.undo_roster import take_back
from doudi.server.people.queries.known import Known, known, near_entries, place_names
from doudi.server.people.roster.columns import COLUMNS
from doudi.server.people.roster.entries import Entry, read_entry
from doudi.server.people.roster.judging import judge
from doudi.server.people.roster.places import Places
from doudi.words import Words


class PeopleRoster:
    """Persons and households as townships list them."""

    name = "people.roster"
    words = Words("人员名册", "Roster of people")
    guide = Words(
        "乡镇上报的人员花名册：姓名、证件号码、户编号、与户主关系等；人员类别请用“认定”导入。",
        "Persons as townships list them: name, document, household, relation. Categories are imported as recognitions.",
    )
    columns: tuple[Column, ...] = COLUMNS
    options: tuple[Option, ...] = (
        Option(
            "moves",
            Words("登记在其他乡镇的人员", "Persons registered in another township"),
            "choice",
            choices=(
                ("refuse", Words("不导入，列出核对", "Refuse and list them")),
                ("move", Words("按名单迁移", "Move them as listed")),
            ),
            default="refuse",
        ),
    )
    roles = frozenset({Role.COUNTY, Role.SYSTEM})

    def same(self, row: Row, task: Task) -> str | None:
        """The number, or household, name and birth of somebody without one."""
        entry = self._read([row], task)[0]
        return entry.same if isinstance(entry, Entry) else None

    def examine(self, rows: Sequence[Row], task: Task) -> list[Verdict]:
        """As the port says: about ten queries a batch."""
        read = self._read(rows, task)
        entries = [one for one in read if isinstance(one, Entry)]
        found = self._known(rows, entries, task)
        task.memory["known"] = found
        by_row = {row.number: row for row in rows}
        return [
            judge(one, by_row[one.row], found, task)
            if isinstance(one, Entry)
            else Verdict(Judgement.REFUSED, one)
            for one in read
        ]

    def apply(self, rows: Sequence[tuple[Row, Verdict]], task: Task) -> list[Change]:
        """As the port says."""
        read = self._read([row for row, _ in rows], task)
        pairs = [
            (entry, verdict)
            for entry, (_, verdict) in zip(read, rows, strict=True)
            if isinstance(entry, Entry)
        ]
        found = task.memory["known"]
        return write_entries(pairs, found, task)

    def undo(self, changes: Sequence[Change], task: Task) -> list[Obstacle]:
        """As the port says."""
        return take_back(changes, task)

    def _read(self, rows: Sequence[Row], task: Task) -> list[Entry | tuple[Problem, ...]]:
        """Each row is read once a pass: judged, compared and written from the same reading."""
        places = task.memory.get("places")
        if places is None:
            places = task.memory["places"] = Places(task)
        last: dict[int, tuple[object, Entry | tuple[Problem, ...]]] = task.memory.get("read", {})
        read = []
        fresh: dict[int, tuple[object, Entry | tuple[Problem, ...]]] = {}
        for row in rows:
            values, one = last.get(row.number, (None, ()))
            if values is not row.values:
                one = read_entry(row, places, task.today)
            fresh[row.number] = (row.values, one)
            read.append(one)
        if len(rows) > 1:
            task.memory["read"] = fresh
        return read

    def _known(self, rows: Sequence[Row], entries: Sequence[Entry], task: Task) -> Known:
        decided = {row.number: row.decided for row in rows if row.decided not in (None, AS_NEW)}
        found = known(entries, task, decided)
        free = {row.number for row in rows if row.decided is None}
        unknown = [
            entry
            for entry in entries
            if entry.row in free and entry.row not in found.person and entry.row not in found.elsewhere
        ]
        found.near = near_entries(unknown, found, task)
        found.places = place_names(entries, found)
        return found


ROSTER = PeopleRoster()


def register() -> None:
    """Make the kinds known to imports."""
    register_kind(ROSTER)
