"""Locks of the vault and its history. Persons are locked by rising id, so that two merges cannot wait for each other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import invariant
from doudi.server.kernel.regions import NOWHERE, in_ranges
from doudi.server.kernel.scope import active_scope
from doudi.server.people import errors, vault
from doudi.server.people.models import Household, Person, PersonChange

SHORTEST_REASON = 2


def person(number: int) -> Person:
    """The row, locked; `person_unknown` where it is not in scope."""
    return persons(number)[0]


def persons(*numbers: int) -> list[Person]:
    """The rows in the order asked, locked by rising id. Of the scope's regions only: broken glass lets read, not lock."""
    scope = active_scope()
    invariant(scope is not None, "people.outside_scope")
    mine = Person.objects.filter(in_ranges(scope.ranges if scope else NOWHERE), pk__in=set(numbers))
    rows = {row.pk: row for row in mine.select_for_update(no_key=True).order_by("pk")}
    if set(rows) != set(numbers):
        raise errors.person_unknown()
    return [rows[number] for number in numbers]


def household(number: int) -> Household:
    """The row, locked; `household_unknown`."""
    row = Household.objects.select_for_update(no_key=True).filter(pk=number).first()
    if row is None:
        raise errors.household_unknown()
    return row


def reason(text: str) -> str:
    """A reason worth keeping, or `reason_needed`."""
    plain = " ".join(text.split())
    if len(plain) < SHORTEST_REASON:
        raise errors.reason_needed()
    return plain[:200]


def record(
    row: Person,
    did: str,
    *,
    actor: Actor,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    other: int | None = None,
    reason: str = "",
) -> None:
    """Add to the history of a person; the values are sealed."""
    PersonChange.objects.bulk_create([entry(row, did, actor, now, before, after, other, reason)])


def entry(
    row: Person,
    did: str,
    actor: Actor,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    other: int | None = None,
    reason: str = "",
) -> PersonChange:
    """A row of the history, to be added."""
    values = (dict(before or {}), dict(after or {}))
    return PersonChange(
        person_id=row.pk,
        region=row.region,
        did=did,
        fields=sorted({*values[0], *values[1]}),
        values_sealed=vault.sealed_values(*values, region=row.region) if any(values) else None,
        other_id=other,
        reason=reason,
        at=now,
        user_id=actor.user,
    )
