"""The headings of the file beside our columns, with samples in which what is personal is covered."""

from __future__ import annotations

from dataclasses import dataclass

from doudi.server.imports.api import Column, ImportDetail, Kind
from doudi.server.people.api import mask_name

SHOWN = 3
"""Samples shown of a column."""


@dataclass(frozen=True, slots=True)
class Line:
    """One of our columns: the place in the file it is read from (None: not read), and what stands there."""

    column: Column
    place: int | None
    samples: tuple[str, ...]
    missing: bool


def mapping_lines(kind: Kind, view: ImportDetail) -> list[Line]:
    """Our columns, those that must be there first, each with its heading."""
    lines = []
    for column in sorted(kind.columns, key=lambda one: not one.needed):
        place = view.mapping.get(column.name)
        lines.append(Line(column, place, _samples(column, view, place), column.name in view.missing))
    return lines


def unused_headings(view: ImportDetail) -> list[str]:
    """Headings of the file that nothing is read from."""
    used = set(view.mapping.values())
    return [text for place, text in enumerate(view.headings) if place not in used and text]


def _samples(column: Column, view: ImportDetail, place: int | None) -> tuple[str, ...]:
    if place is None:
        return ()
    texts = [row[place] for row in view.sample if place < len(row) and row[place]]
    return tuple(covered(text, column) for text in texts[:SHOWN])


def covered(text: str, column: Column) -> str:
    """A sample as it may be shown: numbers of persons 前6后4, names by their first sign, the rest gone."""
    if not column.personal:
        return text[:40]
    if column.form in ("id_number", "identifier"):
        return text[:6] + "*" * (len(text) - 10) + text[-4:] if len(text) > 12 else "*" * len(text)
    return str(mask_name(text)) if column.name == "name" else text[:1] + "*" * min(6, len(text) - 1)
