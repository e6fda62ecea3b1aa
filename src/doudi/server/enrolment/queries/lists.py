"""Lists, counts and exports of enrolments in the viewer's regions."""

from __future__ import annotations

from operator import itemgetter
from typing import cast

from django.db.models import Count as CountOf
from django.db.models import QuerySet, Sum

from doudi.server.access.api import query
from doudi.server.enrolment.data import Count, Enrolment, Filter
from doudi.server.enrolment.models import Enrolment as Row
from doudi.server.enrolment.queries.records import record
from doudi.server.enrolment.schemes import Status
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.paging import SIZE, Page, page_of
from doudi.server.kernel.regions import Ranges, in_ranges

CHUNK = 2000


def _rows(viewer: Actor, wanted: Filter) -> QuerySet[Row]:
    rows = Row.objects.filter(in_ranges(viewer.ranges), state="valid", year=wanted.year)
    if wanted.region is not None:
        rows = rows.filter(in_ranges(Ranges.of([wanted.region])))
    if wanted.scheme is not None:
        rows = rows.filter(scheme=wanted.scheme)
    if wanted.status is not None:
        rows = rows.filter(status=wanted.status)
    if wanted.import_number is not None:
        rows = rows.filter(import_number=wanted.import_number)
    return rows


@query("enrolment.enrolled")
def enrolled(*, viewer: Actor, wanted: Filter, number: int = 0, size: int = SIZE) -> Page[Enrolment]:
    """A page of the enrolments of a year; with `status="unpaid"` the list of those who have not paid."""
    return page_of(_rows(viewer, wanted).order_by("id"), record, number=number, size=size)


@query("enrolment.counts")
def counts(*, viewer: Actor, year: int, region: int | None = None) -> tuple[Count, ...]:
    """Persons and sums of a year by scheme, township and status, in two queries.

    A person has one row a scheme and year (`enrolment_once_a_year`), which are counted without telling persons apart, by
    several processes of PostgreSQL at once; only among refunded ones somebody may be twice.
    """
    rows = _rows(viewer, Filter(year, region)).values("scheme", "region", "status")
    rows = rows.annotate(premium=Sum("premium_fen"), subsidy=Sum("subsidy_fen"))
    single = rows.exclude(status="refunded").annotate(persons=CountOf("person_id"))
    refunded = rows.filter(status="refunded").annotate(persons=CountOf("person_id", distinct=True))
    found = sorted((*single, *refunded), key=itemgetter("scheme", "region", "status"))
    return tuple(
        Count(
            row["scheme"],
            row["region"],
            cast("Status", row["status"]),
            row["persons"],
            int(row["premium"]),
            int(row["subsidy"]),
        )
        for row in found
    )


@query("enrolment.export")
def export(*, viewer: Actor, wanted: Filter, after: int = 0) -> tuple[Enrolment, ...]:
    """The next enrolments for an export, by number after `after`; fewer than `CHUNK` are the last."""
    rows = _rows(viewer, wanted).filter(pk__gt=after).order_by("id")[:CHUNK]
    return tuple(record(row) for row in rows)
