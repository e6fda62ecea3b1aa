"""Writing what a list changes, and taking it back: in bulk, with the county locked. Nothing is deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from django.db.models import Q

from doudi.server.audit.api import append
from doudi.server.enrolment.models import Enrolment as Row
from doudi.server.enrolment.operations.writing import county_of
from doudi.server.enrolment.schemes import COUNTED, SCHEMES
from doudi.server.imports.api import Change, Obstacle, Task, Verdict
from doudi.server.imports.api import Row as Line
from doudi.server.imports.data import Json
from doudi.server.recognition.api import add_all, renewed
from doudi.words import Words

REASON = "名单导入"
UNDONE = "撤销导入"
DATES = frozenset({"paid_on", "from_date", "until_date"})


def write(rows: Sequence[tuple[Line, Verdict]], task: Task) -> list[Change]:
    """Write what the verdicts plan: three queries for the batch."""
    plans = [(line.number, cast("Mapping[str, Any]", verdict.plan)) for line, verdict in rows]
    old = Row.objects.in_bulk([plan["replaces"] for _, plan in plans if plan["replaces"] is not None])
    fresh = [_row(plan, old, task) for _, plan in plans]
    _retire(list(old), task, "replaced", REASON)
    made = add_all(fresh)
    _tell("enrolment.list_applied", task, made=len(made) - len(old), changed=len(old))
    return [_change(line, row) for (line, _), row in zip(plans, made, strict=True)]


def _row(plan: Mapping[str, Any], old: Mapping[int, Row], task: Task) -> Row:
    fields = {
        name: date.fromisoformat(value) if name in DATES and value else value
        for name, value in plan["fields"].items()
    }
    if plan["replaces"] is not None:
        before = old[plan["replaces"]]
        return renewed(
            before, actor=task.actor, now=task.now, import_number=task.number, changed_reason=REASON, **fields
        )
    return Row(
        person_id=plan["person"],
        region=plan["region"],
        insured_region=county_of(plan["region"]),
        scheme=plan["scheme"],
        basic=SCHEMES[plan["scheme"]].basic,
        year=plan["year"],
        evidence=str(task.options.get("evidence") or "")[:200],
        known_since=task.today,
        entered_by=task.actor.user,
        entered_at=task.now,
        import_number=task.number,
        **fields,
    )


def _change(line: int, row: Row) -> Change:
    after: dict[str, Json] = {"scheme": row.scheme, "year": row.year, "status": row.status}
    if row.replaces is None:
        return Change(line, "made", "enrolment", row.pk, {}, after)
    return Change(line, "changed", "enrolment", row.pk, {"id": row.replaces}, after)


def take_back(changes: Sequence[Change], task: Task) -> list[Obstacle]:
    """Void what the list made and put back what it replaced; an obstacle for whatever was changed since."""
    rows = Row.objects.select_for_update().in_bulk([change.object_id for change in changes])
    obstacles = [
        Obstacle(change.row, Words("此后又有人改过这条参保记录。", "This enrolment was changed since."))
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
            changed_reason=UNDONE,
        )
        for change in changes
        if change.before and change.object_id in rows
    }
    obstacles += _in_the_way(changes, rows, back)
    if obstacles:
        return obstacles
    _retire(list(rows), task, "void", UNDONE)
    add_all(list(back.values()))
    _tell("enrolment.list_undone", task, voided=len(rows), restored=len(back))
    return []


def _in_the_way(
    changes: Sequence[Change], rows: Mapping[int, Row], back: Mapping[int, Row]
) -> list[Obstacle]:
    """What insures the person since on days that would be given back to an earlier row."""
    others: dict[int, list[Row]] = {}
    counted = Q(state="valid", basic=True, status__in=COUNTED)
    for other in Row.objects.filter(counted, person_id__in={row.person_id for row in back.values()}).exclude(
        pk__in=list(rows)
    ):
        others.setdefault(other.person_id, []).append(other)
    return [
        Obstacle(
            change.row,
            Words("此后此人同一时段另有参保。", "The person is insured otherwise on those days since."),
        )
        for change in changes
        if (row := back.get(change.object_id)) is not None
        and row.basic
        and row.status in COUNTED
        and any(
            other.from_date < row.until_date and row.from_date < other.until_date
            for other in others.get(row.person_id, ())
        )
    ]


def _retire(numbers: Sequence[int], task: Task, state: str, reason: str) -> None:
    Row.objects.filter(pk__in=numbers).update(
        state=state, known_until=task.today, retired_by=task.actor.user, retired_reason=reason
    )


def _tell(event: str, task: Task, **detail: int) -> None:
    append(
        event,
        actor=task.actor,
        at=task.now,
        region=task.region,
        object_kind="import",
        object_id=task.number,
        detail=detail,
    )
