"""Uploading: the file is looked at, its header found, and the file kept sealed. Nothing hostile is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.imports.data import Kind
from doudi.server.imports.data_imports import Earlier, Uploaded
from doudi.server.imports.errors import kind_not_yours, region_not_yours
from doudi.server.imports.models import StagedImport
from doudi.server.imports.operations.heading import read_top
from doudi.server.imports.operations.storing import part
from doudi.server.imports.options import kept, read_options
from doudi.server.imports.registry import kind_of
from doudi.server.imports.retention import KEPT, KEPT_IF_ABANDONED
from doudi.server.imports.states import State
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.canonical import sm3
from doudi.server.kernel.papers.api import keep
from doudi.server.kernel.regions import in_ranges
from doudi.server.kernel.sheets.api import cleaned, format_of

MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xls": "application/vnd.ms-excel",
    "text": "text/csv",
}


@operation("imports.upload")
def upload(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    kind: str,
    region: int,
    file_name: str,
    content: bytes,
    options: Mapping[str, str],
    sheet: str = "",
) -> Uploaded:
    """Rule: may import this kind, for a region key in scope. Keeps the file and what its headings were taken for."""
    known = _allowed(actor, kind, region)
    values = read_options(known, options)
    top = read_top(content, known, sheet=sheet)
    name = _bare_name(file_name)
    hash_ = sm3(content).hex()
    earlier = seen_before(actor, kind, hash_)
    missing = missing_columns(known, top.found.mapping)
    paper = keep(
        actor=actor,
        region=region,
        name=name,
        media_type=MEDIA_TYPES[format_of(content)],
        content=content,
        now=now,
        purpose="import",
        until=now + KEPT,
    )
    row = StagedImport(
        kind=kind,
        region=region,
        state=str(State.UPLOADED if missing else State.MAPPED),
        options=kept(values),
        file_name=name,
        paper=paper,
        content_sm3=hash_,
        sheet=top.sheet,
        layout=top.layout(),
        mapping=dict(top.found.mapping),
        notices=[[words.zh, words.en] for words in top.notices],
        uploaded_by=actor.user,
        uploaded_at=now,
        until_at=now + KEPT_IF_ABANDONED,
    )
    row.save(force_insert=True)
    part(row, "sample", 0, 0, [list(cells) for cells in top.sample]).save(force_insert=True)
    append(
        "imports.uploaded",
        actor=actor,
        at=now,
        region=region,
        object_kind="import",
        object_id=row.pk,
        detail={"kind": kind, "bytes": len(content), "sm3": hash_, "seen_before": len(earlier)},
    )
    return Uploaded(row.pk, State(row.state), top.sheet, missing, earlier)


def _allowed(actor: Actor, name: str, region: int) -> Kind:
    kind = kind_of(name)
    if not kind.roles & actor.roles:
        raise kind_not_yours(kind.words)
    if region not in actor.ranges:
        raise region_not_yours()
    return kind


def _bare_name(file_name: str) -> str:
    """The name without folders, for people to recognise; nothing is ever opened by it."""
    return cleaned(file_name.replace("\\", "/").rsplit("/", 1)[-1])[-200:] or "file"


def missing_columns(kind: Kind, mapping: Mapping[str, int]) -> tuple[str, ...]:
    """Names of the needed columns that have no place."""
    return tuple(column.name for column in kind.columns if column.needed and column.name not in mapping)


def seen_before(actor: Actor, kind: str, content_sm3: str, *, but: int = 0) -> tuple[Earlier, ...]:
    """Imports of the same bytes and kind in the scope, newest first, at most ten."""
    rows = StagedImport.objects.filter(in_ranges(actor.ranges), kind=kind, content_sm3=content_sm3)
    return tuple(
        Earlier(row.pk, State(row.state), row.uploaded_at)
        for row in rows.exclude(pk=but).only("state", "uploaded_at").order_by("-pk")[:10]
    )
