"""Lists, counts and exports of filings in the viewer's regions."""

from __future__ import annotations

from datetime import date
from typing import cast

from django.db.models import Count as CountOf
from django.db.models import QuerySet

from doudi.server.access.api import query
from doudi.server.filings.data import Count, Filing, Filter
from doudi.server.filings.kinds import FilingKind
from doudi.server.filings.models import Filing as Row
from doudi.server.filings.queries.records import record
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.paging import SIZE, Page, page_of
from doudi.server.kernel.regions import Ranges, in_ranges
from doudi.server.recognition.api import valid_on

CHUNK = 2000


def _rows(viewer: Actor, wanted: Filter) -> QuerySet[Row]:
    rows = Row.objects.filter(in_ranges(viewer.ranges), state="valid")
    if wanted.region is not None:
        rows = rows.filter(in_ranges(Ranges.of([wanted.region])))
    if wanted.kind is not None:
        rows = rows.filter(kind=wanted.kind)
    if wanted.valid_on is not None:
        rows = rows.filter(valid_on(wanted.valid_on))
    if wanted.facility is not None:
        rows = rows.filter(facility_id=wanted.facility)
    return rows


@query("filings.filed")
def filed(*, viewer: Actor, wanted: Filter, number: int = 0, size: int = SIZE) -> Page[Filing]:
    """A page of valid filings, the latest entered first."""
    return page_of(_rows(viewer, wanted).order_by("-id"), record, number=number, size=size)


@query("filings.counts")
def counts(*, viewer: Actor, day: date, region: int | None = None) -> tuple[Count, ...]:
    """How many persons have each kind of filing on `day` in each township of scope, in one query."""
    rows = _rows(viewer, Filter(region=region, valid_on=day)).values("kind", "region")
    found = rows.annotate(persons=CountOf("person_id", distinct=True)).order_by("kind", "region")
    return tuple(Count(cast("FilingKind", row["kind"]), row["region"], row["persons"]) for row in found)


@query("filings.export")
def export(*, viewer: Actor, wanted: Filter, after: int = 0) -> tuple[Filing, ...]:
    """The next filings for an export, by number after `after`; fewer than `CHUNK` are the last."""
    rows = _rows(viewer, wanted).filter(pk__gt=after).order_by("id")[:CHUNK]
    return tuple(record(row) for row in rows)
