"""Reads whose SQL is made once: the same condition with other values is not built by Django a second time.

Building a query takes Django half a millisecond, as long as PostgreSQL takes to answer it; a bill asks a dozen. What
is kept is the text of a *shape*: which rows to start from, lookups, and how many values a list has. The text is
Django's own, with the places of the values found by compiling it for values that stand out. A shape that does not
compile so is read the ordinary way, and so is anything unusual.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection
from django.db.models import Model, Q, QuerySet
from psycopg.types import numeric

M = TypeVar("M", bound=Model)

PLAIN = frozenset({"exact", "gte", "gt", "lte", "lt", "in"})
"""Lookups whose value stands in the parameters as it was given."""
WRAPPED = frozenset({numeric.Int2, numeric.Int4, numeric.Int8})
LONGEST, MOST = 20, 500
"""Of a list of values; of shapes in a process."""

_kept: dict[Any, _Text | None] = {}


@dataclass(frozen=True, slots=True)
class _Text:
    """SQL; each parameter: the number of its value or None, its type, what it is otherwise; columns; how to read them."""

    sql: str
    parameters: tuple[tuple[int | None, type, Any], ...]
    fields: tuple[str, ...]
    extras: tuple[str, ...]
    converters: Any
    compiler: Any
    model: Any


def rows_where(
    name: str, base: Callable[[], QuerySet[M]], condition: Q, *order: str, most: int | None = None
) -> list[M]:
    """`list(base().filter(condition).order_by(*order)[:most])`. `name` says which `base` it is, for ever."""
    values: list[Any] = []
    shape = (name, _shape(condition, values), order, most)
    text = _kept.get(shape, ...)
    if text is ... or text is None or any(len(v) > LONGEST for v in values if isinstance(v, tuple)):
        if text is ... and len(_kept) < MOST:
            _kept[shape] = _compiled(base, condition, order, most, values)
        return list(_query(base, condition, order, most))
    return _read(text, _flat(values))


def _query(
    base: Callable[[], QuerySet[M]], condition: Q, order: Sequence[str], most: int | None
) -> QuerySet[M]:
    return base().filter(condition).order_by(*order)[:most]


def _shape(condition: Any, values: list[Any]) -> Any:
    """What a condition is without its values, which are added to `values` in their order."""
    if isinstance(condition, Q):
        children = tuple(_shape(child, values) for child in condition.children)
        return condition.connector, condition.negated, children
    if not isinstance(condition, tuple):
        return condition
    lookup, value = condition
    if not _plain(lookup, value):
        return lookup, value if not isinstance(value, list | set) else tuple(value)
    held = tuple(value) if isinstance(value, list | tuple | set | frozenset) else value
    values.append(held)
    return lookup, len(held) if isinstance(held, tuple) else type(held)


def _plain(lookup: str, value: Any) -> bool:
    last = lookup.rpartition("__")[2]
    listed = isinstance(value, list | tuple | set | frozenset)
    if listed != (last == "in") or ("__" in lookup and last not in PLAIN):
        return False
    return all(type(one) in (int, str, date) for one in (value if listed else (value,)))


def _flat(values: Sequence[Any]) -> list[Any]:
    return [one for value in values for one in (value if isinstance(value, tuple) else (value,))]


def _compiled(
    base: Callable[[], QuerySet[M]], condition: Q, order: Sequence[str], most: int | None, values: list[Any]
) -> _Text | None:
    standing_out = [_mark(place, type(value)) for place, value in enumerate(_flat(values))]
    rows = _query(base, _with(condition, iter(standing_out)), order, most)
    compiler = rows.query.get_compiler("default")
    try:
        sql, parameters = compiler.as_sql()
    except (EmptyResultSet, FullResultSet):
        return None
    info, annotated = compiler.klass_info, compiler.annotation_col_map or {}
    if (
        info is None
        or info.get("related_klass_infos")
        or len(info["select_fields"]) + len(annotated) != len(compiler.select)
    ):
        return None
    places = {value: place for place, value in enumerate(standing_out)}
    told = tuple((_place_of(one, places), type(one), one) for one in parameters)
    if sorted(place for place, *_ in told if place is not None) != list(range(len(standing_out))):
        return None
    fields = tuple(compiler.select[place][0].target.attname for place in info["select_fields"])
    extras = tuple(sorted(annotated, key=lambda one: annotated[one]))
    converters = compiler.get_converters([one[0] for one in compiler.select])
    return _Text(sql, told, fields, extras, converters, compiler, rows.model)


def _place_of(parameter: Any, places: dict[Any, int]) -> int | None:
    """Whose mark it is; Django may have wrapped it in a type of psycopg's that says how wide the column is."""
    return places.get(parameter) if isinstance(parameter, int | str | date) else None


def _mark(place: int, kind: type) -> Any:
    """A value that no condition of ours has otherwise, for this place."""
    if kind is int:
        return 2_000_000_000 + place
    return (
        date(1, 1, 1).replace(month=place // 28 + 1, day=place % 28 + 1) if kind is date else f"\ue000{place}"
    )


def _with(condition: Any, marks: Any) -> Any:
    """The condition with marks in place of its values."""
    if isinstance(condition, Q):
        made = Q(*(_with(child, marks) for child in condition.children), _connector=condition.connector)
        return ~made if condition.negated else made
    if not isinstance(condition, tuple) or not _plain(*condition):
        return condition
    lookup, value = condition
    if isinstance(value, list | tuple | set | frozenset):
        return lookup, [next(marks) for _ in value]
    return lookup, next(marks)


def _read(text: _Text, values: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            text.sql,
            [
                fixed if place is None else kind(values[place]) if kind in WRAPPED else values[place]
                for place, kind, fixed in text.parameters
            ],
        )
        rows = cursor.fetchall()
    if text.converters:
        rows = list(text.compiler.apply_converters(rows, text.converters))
    width, found = len(text.fields), []
    for row in rows:
        made = text.model.from_db("default", text.fields, row[:width])
        for name, value in zip(text.extras, row[width:], strict=True):
            setattr(made, name, value)
        found.append(made)
    return found
