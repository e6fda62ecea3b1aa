"""The steps of an import as an officer takes them, with the worker running between."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from doudi.server.imports import api as imports
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.jobs import work_off
from doudi.server.kernel.regions import Ranges

LIUZHI, RONGJIANG = 520203000, 522632000
NOW = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)
OFFICER = Actor(7, "officer", frozenset({"county"}), Ranges.of([520203000000]))
NEIGHBOUR = Actor(8, "neighbour", frozenset({"county"}), Ranges.of([522632000000]))


def upload(
    content: bytes, *, actor: Actor = OFFICER, kind: str = "test.roster", **more: Any
) -> imports.Uploaded:
    options: Mapping[str, str] = more.pop("options", {})
    region = more.pop("region", LIUZHI)
    name = more.pop("file_name", "名单.xlsx")
    return imports.upload(
        actor=actor,
        now=NOW,
        key=more.pop("key", None),
        kind=kind,
        region=region,
        file_name=name,
        content=content,
        options=options,
        **more,
    )


def examined(content: bytes, *, actor: Actor = OFFICER, **more: Any) -> imports.ImportDetail:
    """Upload and have every row judged."""
    uploaded = upload(content, actor=actor, **more)
    imports.examine(actor=actor, now=NOW, key=None, number=uploaded.number)
    work_off()
    return detail(uploaded.number, actor)


def applied(number: int, *, actor: Actor = OFFICER, expected: int | None = None) -> imports.ImportDetail:
    """Import what is chosen."""
    chosen = detail(number, actor).summary.counts.chosen if expected is None else expected
    imports.apply(actor=actor, now=NOW, key=None, number=number, expected=chosen)
    work_off()
    return detail(number, actor)


def undone(number: int, *, actor: Actor = OFFICER) -> imports.ImportDetail:
    imports.undo(actor=actor, now=NOW, key=None, number=number, reason="传错了文件")
    work_off()
    return detail(number, actor)


def detail(number: int, actor: Actor = OFFICER) -> imports.ImportDetail:
    return imports.detail(viewer=actor, import_number=number)


def rows(number: int, judgement: str | None = None, actor: Actor = OFFICER) -> tuple[imports.RowView, ...]:
    return imports.rows(viewer=actor, import_number=number, judgement=judgement, size=500).items
