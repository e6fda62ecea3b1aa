"""Workbooks as offices make them, and a small kind of import with a table of its own, for tests of importing.

The table is temporary: it belongs to the connection, is rolled back with the transaction, and needs no migration.
"""

import datetime as dt
import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import xlsxwriter
from django.db import connection, connections

from doudi.server.access.api import Role
from doudi.server.imports.api import (
    AS_NEW,
    Candidate,
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
from doudi.words import Words

HEADINGS = ("证件号码", "姓名", "补助金额", "出生日期")


def xlsx(*rows: Sequence[Any], sheet: str = "名单", shape: Callable[[Any, Any], None] | None = None) -> bytes:
    """A workbook: texts as texts, numbers as numbers, dates as date cells. `shape` gets the workbook and the sheet."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False}
    )
    book.set_properties({"created": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)})  # equal rows are equal bytes
    page = book.add_worksheet(sheet)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, dt.date):
                page.write_datetime(number, place, dt.datetime.combine(value, dt.time()), day)
            elif isinstance(value, bool):
                page.write_boolean(number, place, value)
            elif isinstance(value, int | float):
                page.write_number(number, place, value)
            elif value is not None:
                page.write_string(number, place, value)
    if shape is not None:
        shape(book, page)
    book.close()
    return out.getvalue()


def roster(count: int, *, first: int = 0, name: str = "张三", cents: int = 50) -> list[list[Any]]:
    """Rows below `HEADINGS`: distinct identifiers, the same name, amounts of 1,000 yuan and more."""
    return [
        [f"R{number:08d}", name, f"{1000 + number}.{cents:02d}", "1980-01-02"]
        for number in range(first, first + count)
    ]


def with_headings(rows: Iterable[Sequence[Any]]) -> bytes:
    return xlsx(HEADINGS, *rows)


class RosterKind:
    """Entries of (identifier, name, amount, day) in a temporary table; an entry without identifier may be a duplicate."""

    name = "test.roster"
    words = Words("测试名单", "Test roster")
    guide = Words("只用于测试。", "For tests only.")
    roles = frozenset({Role.COUNTY, Role.SYSTEM})
    columns = (
        Column(
            "code",
            Words("证件号码", "ID number"),
            ("身份证号", "身份证号码"),
            form="id_number",
            personal=True,
        ),
        Column("name", Words("姓名", "Name"), ("参保人姓名",), needed=True, personal=True, longest=20),
        Column("amount", Words("补助金额", "Amount"), ("金额",), form="money"),
        Column("day", Words("出生日期", "Birth date"), form="date"),
    )
    options = (
        Option("year", Words("年度", "Year"), form="year", needed=False, default=2026),
        Option(
            "source",
            Words("来源", "Source"),
            form="choice",
            needed=False,
            default="civil",
            choices=(("civil", Words("民政", "Civil affairs")), ("rural", Words("乡村振兴", "Rural work"))),
        ),
    )

    def same(self, row: Row, task: Task) -> str | None:
        return None if row.values["code"] is None else str(row.values["code"])

    def examine(self, rows: Sequence[Row], task: Task) -> list[Verdict]:
        codes = [row.values["code"] for row in rows if row.values["code"]]
        names = [row.values["name"] for row in rows if not row.values["code"]]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, code, name, amount, day, held FROM roster"
                " WHERE region = %s AND (code = ANY(%s) OR name = ANY(%s))"
                + (" FOR UPDATE" if task.locking else ""),
                [task.region, codes, names],
            )
            found = cursor.fetchall()
        by_code = {entry[1]: entry for entry in found if entry[1]}
        by_name: dict[str, list[Any]] = {}
        for entry in found:
            by_name.setdefault(entry[2], []).append(entry)
        return [self._verdict(row, by_code, by_name) for row in rows]

    def _verdict(self, row: Row, by_code: dict[str, Any], by_name: dict[str, Any]) -> Verdict:
        code, name = row.values["code"], str(row.values["name"])
        if name == "拒绝":
            return Verdict(
                Judgement.REFUSED, (Problem("name", Words("姓名不被接受。", "The name is not accepted.")),)
            )
        entry = by_code.get(str(code)) if code else None
        if not code:
            namesakes = by_name.get(name, [])
            exact = [
                e
                for e in namesakes
                if e[1] is None and (e[3], e[4]) == (row.values["amount"], row.values["day"])
            ]
            if exact:
                return Verdict(Judgement.UNCHANGED, match=exact[0][0])
            if row.decided is None and namesakes:
                reason = Words("姓名相同", "Same name")
                return Verdict(
                    Judgement.DUPLICATE,
                    candidates=tuple(Candidate(e[0], e[2], reason, 9000) for e in namesakes),
                )
            if row.decided not in (None, AS_NEW):
                entry = next(e for e in namesakes if e[0] == row.decided)
        if entry is None:
            return Verdict(Judgement.NEW)
        before = {"name": entry[2], "amount": entry[3], "day": entry[4]}
        differences = tuple(
            Difference(column, str(before[column]), str(row.values[column]))
            for column in before
            if before[column] != row.values[column]
        )
        judgement = Judgement.CHANGED if differences else Judgement.UNCHANGED
        return Verdict(judgement, match=entry[0], differences=differences)

    def apply(self, rows: Sequence[tuple[Row, Verdict]], task: Task) -> list[Change]:
        new = [row for row, verdict in rows if verdict.judgement == Judgement.NEW]
        changed = [(row, verdict) for row, verdict in rows if verdict.judgement == Judgement.CHANGED]
        changes: list[Change] = []
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO roster (region, code, name, amount, day) SELECT %s, c, n, a, d FROM"
                " unnest(%s::text[], %s::text[], %s::bigint[], %s::date[]) AS t (c, n, a, d) RETURNING id",
                [
                    task.region,
                    *([row.values[column] for row in new] for column in ("code", "name", "amount", "day")),
                ],
            )
            made = [pk for (pk,) in cursor.fetchall()]
            changes += [
                Change(row.number, "made", "entry", pk, after={"name": str(row.values["name"])})
                for row, pk in zip(new, made, strict=True)
            ]
            for row, verdict in changed:
                cursor.execute("SELECT name, amount FROM roster WHERE id = %s", [verdict.match])
                name, amount = cursor.fetchone()
                cursor.execute(
                    "UPDATE roster SET name = %s, amount = %s, day = %s WHERE id = %s",
                    [row.values["name"], row.values["amount"], row.values["day"], verdict.match],
                )
                changes.append(
                    Change(
                        row.number,
                        "changed",
                        "entry",
                        verdict.match or 0,
                        {"name": name, "amount": amount},
                        {"name": str(row.values["name"])},
                    )
                )
        return changes

    def undo(self, changes: Sequence[Change], task: Task) -> list[Obstacle]:
        obstacles = []
        with connection.cursor() as cursor:
            for change in changes:
                cursor.execute("SELECT name, held FROM roster WHERE id = %s FOR UPDATE", [change.object_id])
                name, held = cursor.fetchone()
                if held:
                    obstacles.append(Obstacle(change.row, Words("已有救助记录。", "Aid was paid on it.")))
                elif name != change.after["name"]:
                    obstacles.append(Obstacle(change.row, Words("之后被改动过。", "It was changed since.")))
                elif change.did == "made":
                    cursor.execute("DELETE FROM roster WHERE id = %s", [change.object_id])
                else:
                    cursor.execute(
                        "UPDATE roster SET name = %s, amount = %s WHERE id = %s",
                        [change.before["name"], change.before["amount"], change.object_id],
                    )
        return obstacles


def roster_kind(*, lasting: bool = False) -> RosterKind:
    """The kind, registered, with its empty table: of this connection, or `lasting`, in a database of one's own."""
    kind = RosterKind()
    register_kind(kind)
    with connections["owner" if lasting else "default"].cursor() as cursor:
        cursor.execute(
            f"CREATE {'' if lasting else 'TEMP'} TABLE IF NOT EXISTS roster (id bigserial PRIMARY KEY,"
            " region int NOT NULL, code text UNIQUE, name text NOT NULL, amount bigint, day date,"
            " held boolean NOT NULL DEFAULT false)"
        )
        if lasting:
            cursor.execute("GRANT ALL ON roster, roster_id_seq TO doudi_runtime")
    return kind


def entries(statement: str = "SELECT code, name, amount FROM roster ORDER BY id") -> list[tuple[Any, ...]]:
    """What stands in the table."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()
