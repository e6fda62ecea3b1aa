"""Beginning and ending what holds for a time. All writers hold the row of the version, so what is looked at stays so."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from django.db.models import Q

from doudi.server.kernel.actor import Actor
from doudi.server.reference.errors import (
    dates_reversed,
    later_entries,
    not_in_force,
    overlapping,
    region_out_of_scope,
)
from doudi.server.reference.models import Designation, DiseaseList, FacilityStanding, Fund, Payer, Region
from doudi.server.reference.periods import valid_on
from doudi.words import Words

M = TypeVar("M", FacilityStanding, Designation, Fund, Payer, Region, DiseaseList)


def in_scope(actor: Actor, region: int) -> None:
    """Refuse a place outside the actor's region. The database would too; this says it in words."""
    if region not in actor.ranges:
        raise region_out_of_scope()


def begin(
    kind: type[M],
    what: Words,
    same: dict[str, Any],
    *,
    from_date: date,
    until_date: date | None = None,
    **fields: Any,
) -> M:
    """A new row that holds from `from_date`; refused where one with the same `same` holds at any of its days."""
    if until_date is not None and until_date <= from_date:
        raise dates_reversed()
    rows = kind.objects.filter(**same).filter(Q(until_date__isnull=True) | Q(until_date__gt=from_date))
    if until_date is not None:
        rows = rows.filter(from_date__lt=until_date)
    if rows.exists():
        raise overlapping(what)
    return kind.objects.create(**same, **fields, from_date=from_date, until_date=until_date)


def end(kind: type[M], what: Words, same: dict[str, Any], on: date, **fields: Any) -> M:
    """The row in force on `on` holds until `on` (exclusive). Refused where none is, or where later ones follow."""
    row = kind.objects.filter(valid_on(on), **same).first()
    if row is None:
        raise not_in_force(what)
    if row.from_date == on:
        raise dates_reversed()
    if kind.objects.filter(**same, from_date__gt=on).exists():
        raise later_entries(what)
    for name, value in {"until_date": on, **fields}.items():
        setattr(row, name, value)
    row.save(update_fields=["until_date", *fields])
    return row


def supersede(kind: type[M], what: Words, same: dict[str, Any], *, from_date: date, **fields: Any) -> M:
    """From `from_date` on it is as `fields` say: what held before ends there. Refused where later rows follow."""
    if kind.objects.filter(valid_on(from_date), **same).exists():
        end(kind, what, same, from_date)
    return begin(kind, what, same, from_date=from_date, **fields)
