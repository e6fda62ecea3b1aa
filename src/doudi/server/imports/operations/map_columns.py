"""Mapping by hand: which place in the sheet is which column, or another sheet altogether."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.imports.data import Kind
from doudi.server.imports.data_imports import Mapped
from doudi.server.imports.errors import mapping_wrong
from doudi.server.imports.models import StagedImport, StagedPart, StagedRow
from doudi.server.imports.operations.heading import read_top
from doudi.server.imports.operations.locking import locked, take
from doudi.server.imports.operations.storing import part
from doudi.server.imports.operations.upload import missing_columns
from doudi.server.imports.states import State
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.papers.api import fetch
from doudi.words import Words


@operation("imports.map")
def map_columns(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    number: int,
    mapping: Mapping[str, int] | None = None,
    sheet: str = "",
) -> Mapped:
    """`mapping` replaces the whole mapping (column name → place from 0); `sheet` reads another sheet's header first.

    What was examined by another mapping is thrown away.
    """
    row, kind = locked(actor, number, "map", needs_rows=True)
    if sheet and sheet != row.sheet:
        _read_sheet(row, kind, actor, sheet)
    if mapping is not None:
        row.mapping = checked(kind, mapping, len(row.layout["headings"]))
    forget_rows(row)
    missing = missing_columns(kind, row.mapping)
    take(row, "map")
    if missing:
        row.state = str(State.UPLOADED)
    row.save()
    append(
        "imports.mapped",
        actor=actor,
        at=now,
        region=row.region,
        object_kind="import",
        object_id=row.pk,
        detail={"columns": len(row.mapping), "missing": list(missing)},
    )
    return Mapped(row.pk, State(row.state), missing)


def checked(kind: Kind, mapping: Mapping[str, int], width: int) -> dict[str, int]:
    """The mapping, if its columns and places exist and no place is used twice."""
    names = {column.name: column.words for column in kind.columns}
    for name, place in mapping.items():
        if name not in names:
            raise mapping_wrong(
                f"mapping.{name}", Words(f"没有“{name}”这一列。", f"There is no column “{name}”.")
            )
        if not 0 <= place < width:
            raise mapping_wrong(
                f"mapping.{name}", Words("文件中没有这一列。", "The file has no such column.")
            )
        if list(mapping.values()).count(place) > 1:
            raise mapping_wrong(
                f"mapping.{name}",
                Words(
                    f"“{names[name].zh}”与另一项用了文件中的同一列。",
                    f"“{names[name].en}” and another use the same column of the file.",
                ),
            )
    return dict(mapping)


def forget_rows(row: StagedImport) -> None:
    """Throw away what an examination found."""
    StagedRow.objects.filter(staged=row).delete()
    StagedPart.objects.filter(staged=row, holds="rows").delete()
    row.rows = row.new = row.changed = row.unchanged = row.refused = row.duplicate = 0
    row.problem = None
    row.examined_at = None


def _read_sheet(row: StagedImport, kind: Kind, actor: Actor, sheet: str) -> None:
    top = read_top(fetch(viewer=actor, paper=row.paper).content, kind, sheet=sheet)
    row.sheet, row.layout, row.mapping = top.sheet, top.layout(), dict(top.found.mapping)
    row.notices = [[words.zh, words.en] for words in top.notices]
    StagedPart.objects.filter(staged=row, holds="sample").delete()
    part(row, "sample", 0, 0, [list(cells) for cells in top.sample]).save(force_insert=True)
