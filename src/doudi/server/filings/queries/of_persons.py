"""What is filed for some persons: on a day, over time. Two queries, however many persons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain

from django.db.models import Q

from doudi.server.access.api import query
from doudi.server.filings.data import Filing
from doudi.server.filings.kinds import FilingKind
from doudi.server.filings.models import Filing as Row
from doudi.server.filings.queries.records import record
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.compiled import rows_where
from doudi.server.people.api import many_same_person_ids
from doudi.server.recognition.api import believed_on, by_person, valid_on

Found = dict[int, tuple[Filing, ...]]


def _of(persons: Iterable[int], condition: Q, *order: str) -> Found:
    groups = many_same_person_ids(persons)
    records = set(chain.from_iterable(groups.values()))
    rows = rows_where("filings.rows", Row.objects.all, condition & Q(person_id__in=records), *order)
    return {person: tuple(map(record, found)) for person, found in by_person(rows, groups).items()}


@query("filings.filings_on")
def filings_on(
    *, viewer: Actor, person: int, day: date, kind: FilingKind | None = None, known_by: date | None = None
) -> tuple[Filing, ...]:
    """The filings of a person that hold on `day`; with `known_by` as they were known at the end of that day (P10)."""
    del viewer
    condition = valid_on(day) & believed_on(known_by)
    if kind is not None:
        condition &= Q(kind=kind)
    return _of([person], condition, "kind", "-from_date", "id")[person]


@query("filings.filings_of_many")
def filings_of_many(
    *, viewer: Actor, persons: Sequence[int], day: date, known_by: date | None = None
) -> Found:
    """The same for many persons at once; everybody asked for has an entry."""
    del viewer
    return _of(persons, valid_on(day) & believed_on(known_by), "kind", "-from_date", "id")


@query("filings.filing_history")
def filing_history(*, viewer: Actor, person: int) -> tuple[Filing, ...]:
    """Everything ever filed, the latest beginning first; with what was replaced or withdrawn, for the timeline."""
    del viewer
    return _of([person], Q(), "-from_date", "kind", "-id")[person]


@query("filings.referral_for")
def referral_for(
    *,
    viewer: Actor,
    person: int,
    facility: int,
    level: str | None,
    admitted_on: date,
    known_by: date | None = None,
) -> Filing | None:
    """The referral that leads this person to this facility (of this level) on the day of admission, or None.

    One that names the facility goes before one that names its level.
    """
    del viewer
    condition = valid_on(admitted_on) & believed_on(known_by) & Q(kind="referral")
    found = [
        one for one in _of([person], condition, "-from_date", "-id")[person] if one.leads_to(facility, level)
    ]
    return min(found, key=lambda one: one.target_facility is None, default=None)
