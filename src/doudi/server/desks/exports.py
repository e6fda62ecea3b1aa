"""Every list leaves the house by this one door: an Excel file of what is filtered, masked as the list shows it.

A list is read in batches by its app's own export; before a batch is written, `desks.export` counts its rows against the
day's budget and leaves an event with the purpose and the filter. Where that is refused nothing has been given. While
sealing of the trail is late nothing is exported: what leaves must be provable.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeVar
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse

from doudi.server.access.api import operation, spend
from doudi.server.audit import api as audit
from doudi.server.desks import fields
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.clock import SHANGHAI
from doudi.server.kernel.errors import Conflict
from doudi.server.kernel.sheets.api import ListCell, ListColumn, write_workbook
from doudi.words import Words

T = TypeVar("T")
Exported = Literal[
    "people", "recognitions", "enrolments", "filings", "trial", "account", "settlements", "debts", "cases"
]
NAMES: dict[Exported, Words] = {
    "people": Words("人员", "People"), "recognitions": Words("身份认定", "Recognitions"),
    "enrolments": Words("参保", "Enrolments"), "filings": Words("备案", "Filings"),
    "trial": Words("试算平衡表", "Trial balance"), "account": Words("账户明细", "Lines of an account"),
    "settlements": Words("结算", "Settlements"),
    "debts": Words("患者欠费", "Debts"), "cases": Words("个案处理", "Cases"),
}  # fmt: skip
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PURPOSE = Words("导出用途", "What the export is for")
EVENTS = {
    "desks.exported": Words("导出了 {rows} 行名单（{what}：{filters}）", "exported {rows} rows ({what}: {filters})"),
    "desks.export": Words("导出名单", "export a list"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counted:
    """Rows that are now in the trail."""

    rows: int


def sealing_late() -> Conflict:
    """The trail is not sealed: nothing leaves."""
    return Conflict(
        "sealing_late",
        Words(
            "审计轨迹超过规定时间没有封存，暂停导出。",
            "The trail has not been sealed in time; exports are stopped.",
        ),
        remedy=Words(
            "请通知系统管理员检查后台任务；其他业务不受影响。",
            "Tell the system administrator; all other work goes on.",
        ),
    )


@operation("desks.export", remembered=False)
def count_export(
    *,
    actor: Actor,
    now: datetime,
    what: Exported,
    rows: int,
    filters: str,
    purpose: str,
    key: str | None = None,
) -> Counted:
    """Count `rows` that are about to leave. Refused while sealing is late, or where the budget of the day is used up."""
    del key
    why = fields.text({"purpose": purpose}, "purpose", PURPOSE, longest=100)
    if audit.sealing_is_late(now):
        raise sealing_late()
    spend(actor, "export.rows", now=now, amount=max(0, rows))
    audit.append(
        "desks.exported", actor=actor, at=now, outcome="seen",
        region=actor.ranges.pairs[0][0] if actor.ranges.pairs else 0, object_kind="export", purpose=why,
        detail={"what": str(what), "rows": rows, "filters": filters[:200]},
    )  # fmt: skip
    return Counted(rows)


@dataclass(frozen=True, slots=True)
class Listing:
    """What an export is: which list, its columns, and what it is narrowed by, in words."""

    what: Exported
    columns: Sequence[ListColumn]
    filters: Words
    footer: tuple[Words, ...] = ()


def counted(
    batches: Iterable[Sequence[T]], listing: Listing, actor: Actor, purpose: str
) -> Iterator[Sequence[T]]:
    """Each batch once its rows are in the trail; an export of nothing is counted too."""
    empty = True
    for batch in batches:
        empty = False
        count_export(
            actor=actor, now=clock.now(), what=listing.what, rows=len(batch), filters=listing.filters.zh, purpose=purpose
        )  # fmt: skip
        yield batch
    if empty:
        count_export(
            actor=actor, now=clock.now(), what=listing.what, rows=0, filters=listing.filters.zh, purpose=purpose
        )  # fmt: skip


def workbook(
    request: HttpRequest, actor: Actor, listing: Listing, rows: Iterable[Sequence[ListCell]]
) -> HttpResponse:
    """The file: rows, their count, the filters, who made it and when."""
    made = clock.now().astimezone(SHANGHAI)
    name = NAMES[listing.what]
    by = Words(
        f"导出：{actor.login}，{made:%Y-%m-%d %H:%M}。含个人信息，请妥善保管。",
        f"Exported by {actor.login}, {made:%Y-%m-%d %H:%M}. Personal data: keep it safe.",
    )
    filtered = Words(f"条件：{listing.filters.zh}", f"Filter: {listing.filters.en}")
    english = request.COOKIES.get("language", actor.language) == "en"
    content = write_workbook(
        listing.columns, rows, name=name, language="en" if english else "zh",
        footer=(filtered, *listing.footer, by),
    )  # fmt: skip
    answer = HttpResponse(content, content_type=EXCEL)
    file_name = f"{name.en if english else name.zh}-{made:%Y%m%d-%H%M}.xlsx"
    answer["Content-Disposition"] = (
        f"attachment; filename=\"{listing.what}.xlsx\"; filename*=UTF-8''{quote(file_name)}"
    )
    return answer


def purpose_of(request: HttpRequest) -> str:
    """What the export is for, as its form asked."""
    return fields.text(request.POST, "purpose", PURPOSE, longest=100)


def in_words(*parts: Words | None) -> Words:
    """Filters joined to one text; 全部 where there is none."""
    told = [part for part in parts if part is not None]
    if not told:
        return Words("全部", "all")
    return Words("，".join(one.zh for one in told), ", ".join(one.en for one in told))


def after_each(read: object, wanted: object, actor: Actor) -> Iterator[Sequence[object]]:
    """The batches of an app's export query, each after the last number of the one before."""
    after = 0
    while batch := read(viewer=actor, wanted=wanted, after=after):  # type: ignore[operator]
        yield batch
        after = batch[-1].id
