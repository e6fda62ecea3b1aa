"""What auditors do: take events out, look somebody up by number, have the trail verified. All of it is in the trail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from doudi.server.access.api import operation, spend
from doudi.server.audit import api as audit
from doudi.server.audit.api import Event, TrailFilter
from doudi.server.desks.trail.data import FoundPerson, TrailExport, Verifying
from doudi.server.desks.trail.jobs import KIND
from doudi.server.desks.trail.sheet import sheet_of
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import Conflict, Refused
from doudi.server.kernel.jobs import enqueue
from doudi.server.kernel.paging import LARGEST
from doudi.server.people.api import person_of_number
from doudi.words import Words

MOST = 20_000
"""Rows of one file. Assumed: more is not read by anybody; narrow it, or take it out in parts."""
WITNESSES = 2_000


@operation("trail.export", remembered=False)
def export(
    *, actor: Actor, now: datetime, key: str | None = None, wanted: TrailFilter, purpose: str
) -> TrailExport:
    """The events of a filter as an Excel file in the actor's language, at most 20,000, counted against the budget."""
    del key
    why = " ".join(purpose.split())
    if len(why) < 2:
        raise Refused(
            "purpose_missing", Words("请写明导出用途。", "Say what the export is for."), where="purpose"
        )
    if audit.sealing_is_late(now):
        raise Conflict(
            "sealing_late",
            Words(
                "审计轨迹超过规定时间没有封存，暂停导出。",
                "The trail has not been sealed in time; exports are stopped.",
            ),
            remedy=Words(
                "请通知系统管理员检查后台任务。",
                "Tell the system administrator to look at the background work.",
            ),
        )
    rows = list(_pages(actor, wanted))
    if len(rows) > MOST:
        raise Refused(
            "export_too_long",
            Words(
                f"符合条件的记录超过 {MOST:,} 条，没有导出。",
                f"More than {MOST:,} events fit; nothing was exported.",
            ),
            remedy=Words("请缩短日期范围或增加筛选条件。", "Choose fewer days, or narrow it further."),
            where="wanted",
        )
    spend(actor, "export.rows", now=now, amount=len(rows))
    content = sheet_of(rows, wanted, actor, now)
    audit.append(
        "trail.exported", actor=actor, at=now, outcome="seen", purpose=why[:200], detail={"rows": len(rows)}
    )
    return TrailExport(len(rows), f"audit-trail-{now:%Y%m%d-%H%M%S}.xlsx", content)


def _pages(actor: Actor, wanted: TrailFilter) -> Iterator[Event]:
    before, taken = None, 0
    while taken <= MOST:
        page = audit.trail(actor, wanted, before=before, size=LARGEST)
        yield from page.items
        taken, before = taken + len(page.items), page.next_before
        if before is None:
            return


@operation("trail.find_person", remembered=False)
def find_person(*, actor: Actor, now: datetime, key: str | None = None, number: str) -> FoundPerson:
    """The number under which the trail knows whoever in the region has this identity number; nothing else of them."""
    del key
    found = person_of_number(actor, number)
    audit.append(
        "trail.person_looked_up",
        actor=actor,
        at=now,
        outcome="seen",
        person=found,
        detail={"found": found is not None},
    )
    return FoundPerson(found or 0)


@operation("trail.verify")
def verify(
    *, actor: Actor, now: datetime, key: str | None = None, witnesses: Sequence[str] = ()
) -> Verifying:
    """Have the whole trail verified as a job; `witnesses` are lines that `trail.head` or `doudi audit head` once gave."""
    lines = [line.strip() for line in witnesses if line.strip()]
    if len(lines) > WITNESSES:
        raise Refused(
            "witnesses_too_many",
            Words(
                f"一次最多核对 {WITNESSES:,} 个凭据。", f"At most {WITNESSES:,} heads are compared at once."
            ),
            where="witnesses",
        )
    audit.read(lines)  # a line that is no head is refused now
    region = actor.ranges.pairs[0][0]
    number = enqueue(KIND, actor=actor, payload={"witnesses": lines}, now=now, key=key, region=region)
    audit.append(
        "trail.verification_asked", actor=actor, at=now, object_kind="job", object_id=number,
        detail={"witnesses": len(lines)},
    )  # fmt: skip
    return Verifying(number)
