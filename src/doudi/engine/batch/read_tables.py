"""Reads tables of bills and people (docs/batch.md) into columns; the columns are the fields of a settle file.

One row a bill, one row a person. Amounts are whole fen (`in_scope_fen`) or decimal yuan (`in_scope`), never floats.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from doudi.engine.batch.columns import (
    ALWAYS_ENDS,
    NEVER,
    BillColumns,
    Coded,
    Codes,
    Flags,
    Numbers,
    PeopleColumns,
    Spans,
)
from doudi.engine.batch.fields_array import Faults, coded, days, fen, flag, flat, need, texts, word
from doudi.engine.refusals import Refused
from doudi.engine.vocabulary import CARES, CHANNELS, GRADES, LEVELS
from doudi.money import MAX_ACCUMULATOR, MAX_BILL
from doudi.policy.conditions import PARTS

WORDS = {"care": CARES, "level": LEVELS, "grade": GRADES, "channel": CHANNELS}
FLAGS = ("designated", "referred", "emergency", "accident", "assessed")
LISTS = ("designated_for", "roster", "diagnoses", "procedures")
_PLAIN = (
    "row",
    "group",
    "id",
    "person",
    "stay",
    "facility_region",
    "admission",
    "filings",
    "admitted",
    "discharged",
    "settled",
)

_PEOPLE = (
    "id",
    "name",
    "sex",
    "born",
    "household",
    "region",
    "contract",
    "insured",
    "categories",
    "note",
    "group",
)


@dataclass(frozen=True)
class ReadBills:
    """The bills that can be read, and the faults of the others."""

    bills: BillColumns
    faults: Faults


def known_column(name: str) -> bool:
    """Whether a table of bills may have this column."""
    plain = name.removesuffix("_fen")
    if plain in (*PARTS, "total"):
        return True
    head, _, tail = plain.partition(".")
    if head in ("portion", "recorded", "decided") and tail:
        return True
    return name in (*_PLAIN, *WORDS, *FLAGS, *LISTS)


def read_people(table: pa.Table) -> PeopleColumns:
    """People by index; ids must be distinct. Raises Refused."""
    unknown = [name for name in table.column_names if name not in _PEOPLE]
    if unknown:
        raise Refused("column_unknown", unknown[0], key=unknown[0])
    ids = need(table, "id")
    if len(pc.unique(ids)) != len(ids):
        counts = pc.value_counts(ids)
        twice = counts.field("values").filter(pc.greater(counts.field("counts"), 1))[0]
        raise Refused("person_twice", "people.id", key=str(twice))
    born = days(table, "born")
    return PeopleColumns(
        tuple(ids.to_pylist()),
        _born(born, len(ids)),
        coded(flat(table, "household"), len(ids), lambda v: None if v is None else str(v)),
        coded(flat(table, "region"), len(ids), lambda v: None if v is None else str(v)),
        _true(flag(table, "contract")),
        _checked(flat(table, "insured"), len(ids)),
        _possible(ids, _spans(flat(table, "insured"), ("scheme", "tier"), "insured"), "insured", apart=True),
        _possible(ids, _spans(flat(table, "categories"), ("code",), "categories"), "categories", apart=False),
    )


def _possible(ids: pa.Array, spans: Spans, where: str, *, apart: bool) -> Spans:
    """The spans, if they end after they begin and, where they must stand `apart`, do not overlap.

    Raises Refused, naming whose they are.
    """
    reversed_ones = np.flatnonzero(spans.ends < spans.begins)
    if len(reversed_ones):
        whose = ids[int(spans.owner[reversed_ones[0]])]
        raise Refused("dates_reversed", f"people {whose}.{where}", first="from", second="until")
    same = spans.owner[1:] == spans.owner[:-1]
    overlapping = np.flatnonzero(same & (spans.begins[1:] < spans.ends[:-1]))
    if apart and len(overlapping):
        raise Refused("insured_twice", f"people {ids[int(spans.owner[overlapping[0]])]}.{where}")
    return spans


def no_people(ids: pa.Array) -> PeopleColumns:
    """People of whom nothing is known but that they have bills."""
    return read_people(pa.table({"id": pc.unique(ids)}))


def _born(found: tuple[Numbers, Flags] | None, size: int) -> Coded:
    from doudi.engine.batch.columns import as_date

    if found is None:
        return Coded((None,), np.zeros(size, np.int64))
    numbers, known = found
    values, codes = np.unique(np.where(known, numbers, NEVER), return_inverse=True)
    return Coded(tuple(None if v == NEVER else as_date(v) for v in values), codes.astype(np.int64))


def _true(column: Coded) -> Flags:
    return np.array([value is True for value in column.values], np.bool_)[column.codes]


def _checked(column: pa.Array | None, size: int) -> Flags:
    return np.zeros(size, np.bool_) if column is None else np.asarray(pc.is_valid(column))


def _spans(column: pa.Array | None, names: tuple[str, ...], where: str) -> Spans:
    """A list column of {name …, from, until} as spans by owner, those of one owner by their begin."""
    empty = np.zeros(0, np.int64)
    if column is None or len(column) == 0:
        return Spans(empty, Coded((), empty), empty, empty)
    if not (pa.types.is_list(column.type) or pa.types.is_large_list(column.type)):
        raise Refused("column_type", where, key=where, kind="列表", kind_en="a list")
    owner = np.asarray(pc.list_parent_indices(column)).astype(np.int64)
    inner = pc.list_flatten(column)
    if pa.types.is_string(inner.type) and len(names) == 1:
        value = coded(inner, len(inner))
        return Spans(owner, value, np.full(len(owner), NEVER), np.full(len(owner), ALWAYS_ENDS))
    if not pa.types.is_struct(inner.type):
        raise Refused("column_type", where, key=where, kind="结构列表", kind_en="a list of records")
    fields = {f.name: inner.field(k) for k, f in enumerate(inner.type)}
    table = pa.table({name: fields[name] for name in fields})
    begins, ends = days(table, "from"), days(table, "until")
    first = np.full(len(owner), NEVER) if begins is None else np.where(begins[1], begins[0], NEVER)
    last = np.full(len(owner), ALWAYS_ENDS) if ends is None else np.where(ends[1], ends[0], ALWAYS_ENDS)
    order = np.lexsort((first, owner))
    return Spans(owner[order], _named(fields, names, len(owner)).take(order), first[order], last[order])


def _named(fields: dict[str, Any], names: tuple[str, ...], size: int) -> Coded:
    columns = [coded(fields.get(name), size) for name in names]
    if len(columns) == 1:
        return columns[0]
    first, second = columns
    both, codes = np.unique(first.codes * len(second.values) + second.codes, return_inverse=True)
    values = [(first.values[k // len(second.values)], second.values[k % len(second.values)]) for k in both]
    return Coded(tuple(values), codes.astype(np.int64))


def read_bills(table: pa.Table, people: PeopleColumns, rows: Numbers | None = None) -> ReadBills:
    """Bills with their people by index. Raises Refused for a column that cannot be read."""
    unknown = [name for name in table.column_names if not known_column(name)]
    if unknown:
        raise Refused("column_unknown", unknown[0], key=unknown[0])
    size, faults = len(table), Faults(len(table))
    ids = need(table, "id")
    faults.add(np.asarray(pc.is_null(ids)), lambda row: Refused("field_missing", f"row {row}.id", key="id"))
    person = _person(need(table, "person"), people, faults)
    day = _days(table, faults)
    parts = {part: _amount(table, part, faults, MAX_BILL)[0] for part in PARTS}
    total = sum(parts.values(), np.zeros(size, np.int64))
    stated, given = _amount(table, "total", faults, 4 * MAX_BILL)
    faults.add(total == 0, lambda row: Refused("bill_empty", f"row {row}"))
    faults.add(given & (stated != total), lambda row: _differs(row, int(total[row]), int(stated[row])))
    portions = {
        name: _amount(table, f"portion.{name}", faults, MAX_ACCUMULATOR)[0]
        for name in _tails(table, "portion")
    }
    for name, marked in portions.items():
        faults.add(
            marked > total,
            _reason("portion_too_large", name, key=name),
        )
    amounts, known, by_case = _given(table, faults)
    attributes = {name: word(table, name, allowed, faults) for name, allowed in WORDS.items()}
    attributes |= {name: flag(table, name) for name in FLAGS}
    attributes |= {name: texts(table, name) for name in LISTS}
    attributes["facility_region"] = coded(
        flat(table, "facility_region"), size, lambda v: None if v is None else str(v)
    )
    stay, stays = _stays(table, ids)
    bills = BillColumns(
        np.arange(size, dtype=np.int64) if rows is None else rows, ids, need(table, "person"), person,
        stay, stays, day, attributes, _spans(flat(table, "filings"), ("kind",), "filings"),
        _admission(table, size), parts, portions, amounts, known, by_case,
    )  # fmt: skip
    return ReadBills(bills, faults)


def _reason(code: str, place: str, **values: object) -> Callable[[int], Refused]:
    """A reason that is the same for every row."""
    return lambda row: Refused(code, f"row {row}.{place}", **values)


def _person(column: pa.Array, people: PeopleColumns, faults: Faults) -> Codes:
    ids = pa.array(people.ids)
    same = column.type == ids.type
    found = pc.index_in(column, ids) if same else pc.index_in(column.cast(pa.string()), ids.cast(pa.string()))
    none = np.asarray(pc.is_null(column))
    faults.add(none, lambda row: Refused("field_missing", f"row {row}.person", key="person"))
    missing = np.asarray(pc.is_null(found))
    faults.add(missing, lambda row: Refused("person_not_listed", f"row {row}.person", key=str(column[row])))
    return np.asarray(pc.fill_null(found, 0)).astype(np.int64)


def _days(table: pa.Table, faults: Faults) -> dict[str, Numbers]:
    """Admission, discharge and settlement; one that is not given is read from its neighbours, as in a settle file."""
    size = len(table)
    none = np.zeros(size, np.int64), np.zeros(size, np.bool_)
    (admitted, a), (discharged, d), (settled, s) = (
        days(table, name) or none for name in ("admitted", "discharged", "settled")
    )
    faults.add(~(a | d | s), lambda row: Refused("field_missing", f"row {row}.discharged", key="discharged"))
    discharged = np.where(d, discharged, np.where(s, settled, admitted))
    admitted, settled = np.where(a, admitted, discharged), np.where(s, settled, discharged)
    for name, column in (("discharged", discharged), ("settled", settled)):
        faults.add(
            column < admitted,
            _reason("dates_reversed", name, first="admitted", second=name),
        )
    return {"admitted": admitted, "discharged": discharged, "settled": settled}


def _amount(table: pa.Table, name: str, faults: Faults, limit: int) -> tuple[Numbers, Flags]:
    found = fen(table, name, faults, limit)
    return found if found is not None else (np.zeros(len(table), np.int64), np.zeros(len(table), np.bool_))


def _differs(row: int, total: int, stated: int) -> Refused:
    from doudi.money import format_yuan

    shown = {"sum": format_yuan(total), "total": format_yuan(stated)}
    return Refused("parts_differ_from_total", f"row {row}.total", **shown)


def _tails(table: pa.Table, head: str) -> list[str]:
    """What stands behind `head.` in the names of columns."""
    found = [n.removesuffix("_fen").partition(".") for n in table.column_names]
    return list(dict.fromkeys(tail for first, dot, tail in found if first == head and dot))


def _given(table: pa.Table, faults: Faults) -> tuple[dict[str, Numbers], dict[str, Flags], frozenset[str]]:
    amounts: dict[str, Numbers] = {}
    known: dict[str, Flags] = {}
    by_case = _tails(table, "decided")
    for head, names in (("recorded", _tails(table, "recorded")), ("decided", by_case)):
        for name in names:
            amounts[name], known[name] = _amount(table, f"{head}.{name}", faults, MAX_BILL)
    return amounts, known, frozenset(by_case)


def _admission(table: pa.Table, size: int) -> Numbers:
    column = flat(table, "admission")
    if column is None:
        return np.zeros(size, np.int64)
    if not pa.types.is_integer(column.type):
        raise Refused(
            "column_type", "admission", key="admission", kind="正整数", kind_en="a positive whole number"
        )
    return np.asarray(pc.fill_null(column.cast(pa.int64()), 0)).astype(np.int64)


def _stays(table: pa.Table, ids: pa.Array) -> tuple[Codes, pa.Array]:
    """The stay of each bill; where none is named the bill is a stay of its own, named by its id."""
    column = flat(table, "stay")
    if column is None:
        return np.arange(len(ids), dtype=np.int64), ids
    names = pc.coalesce(column.cast(pa.string()), ids.cast(pa.string()))
    return np.asarray(names.dictionary_encode().indices).astype(np.int64), names
