"""Dated rows in bulk, for imports: read what is there for a batch of keys, write what is new or changed, take it back.

Two queries a batch to read and at most four to write, however many rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Manager, Q

from doudi.server.reference.models import (
    CatalogueItem,
    ClinicalCode,
    FirstPay,
    ItemClass,
    PriceCeiling,
    Region,
)
from doudi.server.reference.queries.version import changing

Dated = CatalogueItem | ClinicalCode | FirstPay | ItemClass | PriceCeiling | Region
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of dated rows: what identifies one thing in it (`code` first), and what is said of it while a row holds."""

    model: type[Dated]
    identity: tuple[str, ...]
    fields: tuple[str, ...]

    def key(self, row: Dated) -> Key:
        """What the row is about."""
        return tuple(getattr(row, name) for name in self.identity)

    def values(self, row: Dated) -> dict[str, Any]:
        """What the row says, with its end."""
        return {name: getattr(row, name) for name in (*self.fields, "until_date")}


def held(table: Table, codes: Iterable[Any], *, locking: bool = False) -> dict[Key, list[Dated]]:
    """All rows of the codes, by what they are about, oldest first."""
    rows = table.model.objects.filter(code__in=set(codes)).order_by("from_date")
    found: dict[Key, list[Dated]] = {}
    for row in rows.select_for_update() if locking else rows:
        found.setdefault(table.key(row), []).append(row)
    return found


def write(
    table: Table,
    new: Sequence[Mapping[str, Any]],
    changed: Mapping[int, Mapping[str, Any]],
    ended: Mapping[int, date],
) -> list[int]:
    """End what is superseded, change what differs, add what is new: the numbers of the new rows, in order."""
    with changing():
        _update(table, {number: {"until_date": day} for number, day in ended.items()})
        _update(table, changed)
        made = _rows(table).bulk_create([table.model(**facts) for facts in new])
    return [row.pk for row in made]


def take_back(table: Table, made: Sequence[int], before: Mapping[int, Mapping[str, Any]]) -> None:
    """Remove rows that an import made and give others back what they said before."""
    with changing():
        table.model.objects.filter(pk__in=made).delete()
        _update(table, before)


def by_number(table: Table, numbers: Iterable[int]) -> dict[int, Dated]:
    """Rows by number, locked."""
    rows = table.model.objects.select_for_update().filter(pk__in=list(numbers))
    return {row.pk: row for row in rows}


def superseded_by_later(table: Table, rows: Iterable[Dated]) -> set[int]:
    """The numbers of those rows after which a later one of the same thing begins."""
    wanted = list(rows)
    latest: dict[Key, date] = {}
    for row in table.model.objects.filter(Q(code__in={row.code for row in wanted})):
        key = table.key(row)
        latest[key] = max(latest.get(key, row.from_date), row.from_date)
    return {row.pk for row in wanted if latest[table.key(row)] > row.from_date}


def _update(table: Table, changes: Mapping[int, Mapping[str, Any]]) -> None:
    if not changes:
        return
    rows: list[Dated] = []
    names: set[str] = set()
    for row in table.model.objects.filter(pk__in=list(changes)):
        for name, value in changes[row.pk].items():
            setattr(row, name, value)
            names.add(name)
        rows.append(row)
    _rows(table).bulk_update(rows, sorted(names), batch_size=2000)


def _rows(table: Table) -> Manager[Any]:
    return table.model.objects
