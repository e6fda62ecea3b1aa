"""Events as an Excel file: the sentence in the reader's language, and every column as the trail has it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from doudi.server.audit import api as audit
from doudi.server.audit.api import OUTCOME_NAMES, Event, TrailFilter
from doudi.server.desks.places import place_names
from doudi.server.desks.templatetags.desk import moment
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.canonical import canonical
from doudi.server.kernel.clock import SHANGHAI
from doudi.server.kernel.sheets.api import ListCell, ListColumn, write_workbook
from doudi.server.reference.api import facility_names
from doudi.words import Words

COLUMNS = (
    ListColumn(Words("编号", "Number"), "whole", 11),
    ListColumn(Words("时间", "Time"), width=20),
    ListColumn(Words("经过", "What happened"), width=60),
    ListColumn(Words("结果", "Outcome")),
    ListColumn(Words("账号", "Account"), width=20),
    ListColumn(Words("会话", "Session"), width=18),
    ListColumn(Words("地区", "Region"), width=18),
    ListColumn(Words("机构", "Facility"), width=24),
    ListColumn(Words("人员编号", "Person (number)"), "whole", 11),
    ListColumn(Words("对象", "Object"), width=20),
    ListColumn(Words("用途", "Purpose"), width=30),
    ListColumn(Words("事件代码", "Event"), width=28),
    ListColumn(Words("明细", "Detail"), width=50),
)
_WHERE = {
    "login": Words("账号", "account"),
    "outcome": Words("结果", "outcome"),
    "region_code": Words("地区", "region"),
    "persons": Words("人员编号", "person"),
    "events": Words("事件", "events"),
    "facility": Words("机构编号", "facility"),
}


def sheet_of(events: Sequence[Event], wanted: TrailFilter, actor: Actor, now: datetime) -> bytes:
    """The file; its foot says which days and filters, when it was made and by whom."""
    places = place_names(one.region for one in events if one.region)
    facilities = facility_names(one.facility for one in events if one.facility)
    language = actor.language

    def row(one: Event) -> tuple[ListCell, ...]:
        return (
            one.id,
            f"{one.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}",
            audit.describe(one).say(language),
            OUTCOME_NAMES[one.outcome].say(language) if one.outcome in OUTCOME_NAMES else one.outcome,
            one.login,
            one.session,
            places.get(one.region, ""),
            facilities.get(one.facility, ""),
            one.person,
            f"{one.object_kind} {one.object_id}".strip(),
            one.purpose,
            one.event,
            canonical(dict(one.detail)).decode() if one.detail else "",
        )

    return write_workbook(
        COLUMNS,
        map(row, events),
        name=Words("审计轨迹", "Audit trail"),
        language=language,
        footer=_footer(wanted, actor, now),
    )


def _footer(wanted: TrailFilter, actor: Actor, now: datetime) -> list[Words]:
    days = f"{wanted.from_day or '…'} – {wanted.until_day or '…'}"
    lines = [Words(f"日期（止日不含）：{days}", f"Days (the last one not included): {days}")]
    for field, words in _WHERE.items():
        if value := getattr(wanted, field):
            said = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
            lines.append(Words(f"筛选——{words.zh}：{said}", f"Filter, {words.en}: {said}"))
    made = moment(now)
    lines.append(Words(f"导出：{actor.login}，{made}", f"Exported by {actor.login}, {made}"))
    return lines
