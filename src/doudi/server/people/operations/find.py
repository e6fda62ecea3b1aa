"""Find one person by the whole number or card, across all regions: at a facility, or in an emergency.

What the database tells is `(person, region)` for an index that matches exactly, by a function that runs as the owner of
the tables. A find opens the person (and records merged with it) for the facility until the end of the next day; the rule
names the budget, so that every try counts. Unknown, mistyped or not findable: one answer.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from django.db import connection

from doudi.server.access.api import break_glass as open_by_glass
from doudi.server.access.api import open_person, operation
from doudi.server.audit import api as audit
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.clock import SHANGHAI, business_date
from doudi.server.kernel.errors import Refused
from doudi.server.people import names, presenting, vault
from doudi.server.people.data import FoundAtFacility
from doudi.server.people.models import Person
from doudi.server.people.numbers import read_number
from doudi.server.people.queries.visible import with_household

OPEN_DAYS = 2
"""A person found today is open today and tomorrow; a stay that lasts longer finds them again. Assumed."""


class Record(NamedTuple):
    """One record of a found person, and the record that stands for them."""

    person: int
    region: int
    survivor: int


@operation("people.find_at_facility")
def find_at_facility(*, actor: Actor, now: datetime, number: str, key: None = None) -> FoundAtFacility:
    """`number`: the whole number of a document, or of a bank card. No request key: see `unmask`.

    A card that several persons share finds nobody: their documents tell them apart.
    """
    del key  # the guard has used it
    records = lookup(number, now)
    survivors = {record.survivor for record in records}
    if len(survivors) != 1:
        audit.append(
            "people.find_missed", actor=actor, at=now, outcome="refused", detail={"found": len(survivors)}
        )
        return FoundAtFacility(None)
    until = end_of(now, OPEN_DAYS)
    for record in records:
        open_person(
            actor=actor, person=record.person, region=record.region, kind="find", now=now, until=until
        )
        audit.append(
            "people.found_at_facility",
            actor=actor,
            at=now,
            outcome="seen",
            region=record.region,
            person=record.person,
            object_kind="person",
            object_id=record.person,
        )
    row = with_household(Person.objects.filter(pk=survivors.pop())).get()
    return FoundAtFacility(presenting.summary(row, actor), until)


@operation("people.break_glass")
def find_in_emergency(
    *, actor: Actor, now: datetime, number: str, reason: str, ticket: str, key: None = None
) -> FoundAtFacility:
    """A region's officer reads a person of another region for an hour; reason and ticket are reviewed afterwards."""
    del key  # the guard has used it
    records = lookup(number, now)
    survivors = {record.survivor for record in records}
    if len(survivors) != 1:
        audit.append(
            "people.find_missed", actor=actor, at=now, outcome="refused", detail={"found": len(survivors)}
        )
        return FoundAtFacility(None)
    until = now
    for record in records:
        if record.region not in actor.ranges or len(records) == 1:
            until = open_by_glass(
                actor=actor,
                person=record.person,
                region=record.region,
                reason=reason,
                ticket=ticket,
                now=now,
            ).until
    row = with_household(Person.objects.filter(pk=survivors.pop())).get()
    audit.append(
        "people.found_in_emergency",
        actor=actor,
        at=now,
        outcome="seen",
        region=row.region,
        person=row.pk,
        object_kind="person",
        object_id=row.pk,
        purpose=reason[:200],
    )
    return FoundAtFacility(presenting.summary(row, actor), until)


def lookup(text: str, now: datetime) -> list[Record]:
    """The records of whoever has exactly this number, or exactly this bank card; empty for anything else."""
    today = business_date(now)
    try:
        number = read_number(text, today=today)
    except Refused:
        try:
            card = names.read_card(text)
        except Refused:
            return []
        return _call("SELECT * FROM people_find_card(%s, %s)", [vault.card_index(card), today])
    return _call("SELECT * FROM people_find(%s)", [vault.both_indexes(number)])


def _call(statement: str, values: list[Any]) -> list[Record]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return sorted(Record(*row) for row in cursor.fetchall())


def end_of(now: datetime, days: int) -> datetime:
    """Midnight in China at the end of the last of `days` days, today the first."""
    return datetime.combine(business_date(now) + timedelta(days=days), time.min, SHANGHAI)
