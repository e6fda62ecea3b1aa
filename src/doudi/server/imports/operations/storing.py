"""Writing many rows at once: one statement of arrays, because COPY is closed on tables with row-level security."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from doudi.server.imports.data import Change, Judgement
from doudi.server.imports.models import StagedImport, StagedPart
from doudi.server.imports.records import Holds, Record, change_to_json, sealed, to_json
from doudi.server.kernel.arrays import array

PART = 500
"""Rows sealed together: a page of a preview opens a few of them."""
CHOSEN_AT_FIRST = (Judgement.NEW, Judgement.CHANGED)

_ROWS = (
    "INSERT INTO imports_stagedrow (staged_id, region, number, judgement, chosen, decided)"
    " SELECT %s, %s, n, j, j IN ('new', 'changed'), NULL FROM unnest(%s::int[], %s::text[]) AS rows (n, j)"
)
_CHANGES = (
    "INSERT INTO imports_importchange (staged_id, region, number, row, did, object_kind, object_id)"
    " SELECT %s, %s, n, r, d, k, o"
    " FROM unnest(%s::int[], %s::int[], %s::text[], %s::text[], %s::bigint[]) AS changes (n, r, d, k, o)"
)


def store_rows(row: StagedImport, records: Sequence[Record]) -> None:
    """Keep judged rows: their verdicts in the open, what they say sealed."""
    _execute(
        _ROWS,
        [
            row.pk,
            row.region,
            array(record.number for record in records),
            array(str(record.verdict.judgement) for record in records),
        ],
    )
    StagedPart.objects.bulk_create(
        part(row, "rows", some[0].number, some[-1].number, [to_json(record) for record in some])
        for some in _pieces(records)
    )


def store_changes(row: StagedImport, changes: Sequence[Change], *, after: int) -> None:
    """Keep what was changed; `after` is how many changes are kept already."""
    numbers = list(range(after + 1, after + 1 + len(changes)))
    _execute(
        _CHANGES,
        [
            row.pk,
            row.region,
            array(numbers),
            array(change.row for change in changes),
            array(change.did for change in changes),
            array(change.object_kind for change in changes),
            array(change.object_id for change in changes),
        ],
    )
    pieces = zip(_pieces(numbers), _pieces(changes), strict=True)
    StagedPart.objects.bulk_create(
        part(row, "changes", some[0], some[-1], [change_to_json(change) for change in those])
        for some, those in pieces
    )


def part(row: StagedImport, holds: Holds, first: int, last: int, items: list[Any]) -> StagedPart:
    """A sealed part, not saved yet."""
    return StagedPart(
        staged=row,
        region=row.region,
        holds=holds,
        first=first,
        last=last,
        sealed=sealed(items, region=row.region, holds=holds),
    )


def _pieces(items: Sequence[Any]) -> list[Sequence[Any]]:
    return [items[start : start + PART] for start in range(0, len(items), PART)]


def _execute(statement: str, values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
