"""Writing what a list changes, and taking it back: in bulk, with the county locked. Nothing is deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from doudi.server.audit.api import append
from doudi.server.imports.api import Change, Obstacle, Task, Verdict
from doudi.server.imports.api import Row as Line
from doudi.server.recognition.bulk import add_all
from doudi.server.recognition.categories import category_title
from doudi.server.recognition.dated import renewed
from doudi.server.recognition.models import Recognition as Row
from doudi.words import Words

REASON = "名单导入"
UNDONE = "撤销导入"


@dataclass(frozen=True, slots=True)
class _Write:
    """A row to be added for a line of the list, in place of an older one or not."""

    line: int
    fresh: Row
    old: Row | None


def write(rows: Sequence[tuple[Line, Verdict]], task: Task, evidence: str) -> list[Change]:
    """Do the steps of the verdicts: three queries for the batch."""
    plans = [(line, verdict.plan) for line, verdict in rows]
    numbers = [int(item["id"]) for _, plan in plans for item in _items(plan, "change")]
    old = Row.objects.in_bulk(numbers)
    writes = [write for line, plan in plans for write in _writes(line, plan, old, task, evidence)]
    _retire(old, task, "replaced", REASON)
    made = add_all([write.fresh for write in writes])
    append(
        "recognition.list_applied",
        actor=task.actor,
        at=task.now,
        region=task.region,
        object_kind="import",
        object_id=task.number,
        detail={"made": len(writes) - len(old), "changed": len(old)},
    )
    return [_change(write, fresh) for write, fresh in zip(writes, made, strict=True)]


def _items(plan: Mapping[str, object], name: str) -> list[dict[str, str]]:
    return cast("list[dict[str, str]]", plan.get(name) or [])


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _writes(
    line: Line, plan: Mapping[str, object], old: Mapping[int, Row], task: Task, evidence: str
) -> Iterable[_Write]:
    for item in _items(plan, "change"):
        before = old[int(item["id"])]
        fresh = renewed(
            before,
            actor=task.actor,
            now=task.now,
            from_date=_day(item["from_date"]),
            until_date=_day(item["until_date"]),
            import_number=task.number,
            ended_reason=item["reason"],
        )
        yield _Write(line.number, fresh, before)
    for item in _items(plan, "make"):
        department = line.values.get("department") or category_title(item["category"]).department
        fresh = Row(
            person_id=int(str(plan["person"])),
            region=int(str(plan["region"])),
            category=item["category"],
            from_date=date.fromisoformat(item["from_date"]),
            until_date=_day(item["until_date"]),
            known_since=task.today,
            source_department=str(department)[:80],
            evidence=str(line.values.get("evidence") or evidence)[:200],
            entered_by=task.actor.user,
            entered_at=task.now,
            import_number=task.number,
        )
        yield _Write(line.number, fresh, None)


def _retire(rows: Mapping[int, Row], task: Task, state: str, reason: str) -> None:
    Row.objects.filter(pk__in=list(rows)).update(
        state=state, known_until=task.today, retired_by=task.actor.user, retired_reason=reason
    )


def _change(write: _Write, fresh: Row) -> Change:
    after = {"category": fresh.category, "from_date": fresh.from_date.isoformat()}
    if write.old is None:
        return Change(write.line, "made", "recognition", fresh.pk, {}, after)
    return Change(write.line, "changed", "recognition", fresh.pk, {"id": write.old.pk}, after)


def take_back(changes: Sequence[Change], task: Task) -> list[Obstacle]:
    """Void what the list made and put back what it replaced; an obstacle for whatever was changed since."""
    rows = Row.objects.select_for_update().in_bulk([change.object_id for change in changes])
    obstacles = [
        Obstacle(change.row, Words("此后又有人改过这条认定。", "This recognition was changed since."))
        for change in changes
        if change.object_id not in rows or rows[change.object_id].state != "valid"
    ]
    old = Row.objects.in_bulk([cast("int", change.before["id"]) for change in changes if change.before])
    back = {
        change.object_id: renewed(
            old[cast("int", change.before["id"])],
            actor=task.actor,
            now=task.now,
            state="valid",
            region=rows[change.object_id].region,
            replaces=change.object_id,
            import_number=None,
        )
        for change in changes
        if change.before and change.object_id in rows
    }
    obstacles += _in_the_way(changes, rows, back)
    if obstacles:
        return obstacles
    _retire(rows, task, "void", UNDONE)
    add_all(list(back.values()))
    append(
        "recognition.list_undone",
        actor=task.actor,
        at=task.now,
        region=task.region,
        object_kind="import",
        object_id=task.number,
        detail={"voided": len(rows), "restored": len(back)},
    )
    return []


def _in_the_way(
    changes: Sequence[Change], rows: Mapping[int, Row], back: Mapping[int, Row]
) -> list[Obstacle]:
    """What was entered since for days that would be given back to an earlier row."""
    persons = {row.person_id for row in back.values()}
    others = Row.objects.filter(person_id__in=persons, state="valid").exclude(pk__in=list(rows))
    taken: dict[tuple[int, str], list[Row]] = {}
    for other in others:
        taken.setdefault((other.person_id, other.category), []).append(other)
    return [
        Obstacle(
            change.row,
            Words("此后为同一时段另有认定。", "Something else was entered for the same days since."),
        )
        for change in changes
        if (row := back.get(change.object_id)) is not None
        and any(_overlap(row, other) for other in taken.get((row.person_id, row.category), ()))
    ]


def _overlap(first: Row, second: Row) -> bool:
    return (first.until_date is None or second.from_date < first.until_date) and (
        second.until_date is None or first.from_date < second.until_date
    )
