"""Lists, counts and exports of recognitions in the viewer's regions."""

from __future__ import annotations

from datetime import date

from django.db.models import Count as CountOf
from django.db.models import QuerySet

from doudi.server.access.api import query
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.paging import SIZE, Page, page_of
from doudi.server.kernel.regions import Ranges, in_ranges
from doudi.server.recognition.data import Count, Filter, Recognition
from doudi.server.recognition.dated import valid_on
from doudi.server.recognition.models import Recognition as Row
from doudi.server.recognition.queries.records import record

CHUNK = 2000


def _rows(viewer: Actor, wanted: Filter) -> QuerySet[Row]:
    rows = Row.objects.filter(in_ranges(viewer.ranges), state="valid")
    if wanted.region is not None:
        rows = rows.filter(in_ranges(Ranges.of([wanted.region])))
    if wanted.category is not None:
        rows = rows.filter(category=wanted.category)
    if wanted.valid_on is not None:
        rows = rows.filter(valid_on(wanted.valid_on))
    if wanted.ending_before is not None:
        rows = rows.filter(until_date__lt=wanted.ending_before)
        if (
            wanted.valid_on is not None
        ):  # once more without "or has no end", which keeps the index from being used
            rows = rows.filter(until_date__gt=wanted.valid_on)
    if wanted.import_number is not None:
        rows = rows.filter(import_number=wanted.import_number)
    return rows


@query("recognition.recognised")
def recognised(*, viewer: Actor, wanted: Filter, number: int = 0, size: int = SIZE) -> Page[Recognition]:
    """A page of valid recognitions, those that end soonest first where the filter asks for an end, else by entry."""
    order = ("until_date", "id") if wanted.ending_before is not None else ("id",)
    return page_of(_rows(viewer, wanted).order_by(*order), record, number=number, size=size)


@query("recognition.counts")
def counts(*, viewer: Actor, day: date, region: int | None = None) -> tuple[Count, ...]:
    """How many persons have each category on `day` in each township of scope, in one query.

    A person counts once in a category. Rows under a merged person's former number count apart until the next correction.
    """
    rows = _rows(viewer, Filter(region=region, valid_on=day)).values("category", "region")
    found = rows.annotate(persons=CountOf("person_id", distinct=True)).order_by("category", "region")
    return tuple(Count(row["category"], row["region"], row["persons"]) for row in found)


@query("recognition.export")
def export(*, viewer: Actor, wanted: Filter, after: int = 0) -> tuple[Recognition, ...]:
    """The next recognitions for an export, by number after `after`; fewer than `CHUNK` are the last."""
    rows = _rows(viewer, wanted).filter(pk__gt=after).order_by("id")[:CHUNK]
    return tuple(record(row) for row in rows)
