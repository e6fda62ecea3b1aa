"""Move a person to another region, with all records merged into it; rows of other apps follow by their composite key.

Lock: the rows of the person and of what is merged into it. Invariant: records of one person stay in one region.
"""

from __future__ import annotations

from datetime import date, datetime

from doudi.server.access.api import operation
from doudi.server.audit import api as audit
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.clock import business_date
from doudi.server.kernel.sealing import seal, unseal_text
from doudi.server.people import errors, vault
from doudi.server.people.data import STATUSES, Changed, Status
from doudi.server.people.models import Membership, Person
from doudi.server.people.operations import locked
from doudi.server.people.queries.groups import group


@operation("people.move")
def move(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    person: int,
    region: int,
    village_code: int | None = None,
    reason: str,
) -> Changed:
    """Both places are in the actor's scope. A household left behind in the old place is left on that day."""
    del key  # the guard has used it
    if region not in actor.ranges:
        raise errors.region_out_of_scope()
    why = locked.reason(reason)
    locked.person(person)
    rows = locked.persons(*group(person))
    for row in rows:
        before = {"region": row.region, "village_code": row.village_code}
        old = row.region
        if row.region // 1000 != region // 1000:
            _seal_again(row, region)
        row.region, row.village_code = region, village_code
        row.changed_by, row.changed_at = actor.user, now
        row.save()
        Membership.objects.filter(person_id=row.pk, until_date=None).exclude(household__region=region).update(
            until_date=business_date(now)
        )
        after = {"region": region, "village_code": village_code}
        locked.record(row, "moved", actor=actor, now=now, before=before, after=after, reason=why)
        for place in sorted({old, region}):
            audit.append(
                "people.moved",
                actor=actor,
                at=now,
                region=place,
                person=row.pk,
                object_kind="person",
                object_id=row.pk,
                detail={"from": old, "to": region},
            )
    return Changed(person, ("region", "village_code"))


def _seal_again(row: Person, region: int) -> None:
    """A county's values are sealed with that county's key."""
    if row.number_sealed is not None:
        text = unseal_text(row.number_sealed, purpose=vault.NUMBER)
        row.number_sealed = seal(text, region=region, purpose=vault.NUMBER)
    if row.phone_sealed is not None:
        row.phone_sealed, _ = vault.phone_columns(vault.opened(row.phone_sealed, vault.PHONE), region=region)


@operation("people.set_status")
def set_status(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    person: int,
    status: Status,
    on: date | None = None,
    reason: str,
) -> Changed:
    """`dead` or `moved` since a date not in the future and not before birth; `present` takes it back."""
    del key  # the guard has used it
    row = locked.person(person)
    why = locked.reason(reason)
    if status not in STATUSES or (status == "present") != (on is None):
        raise errors.dates_out_of_order("status_date")
    if on is not None and not row.birth_date <= on <= business_date(now):
        raise errors.dates_out_of_order("status_date")
    before = {"status": row.status, "status_date": row.status_date and row.status_date.isoformat()}
    row.status, row.status_date = status, on
    row.changed_by, row.changed_at = actor.user, now
    row.save()
    after = {"status": status, "status_date": on and on.isoformat()}
    locked.record(row, "status", actor=actor, now=now, before=before, after=after, reason=why)
    audit.append(
        "people.status_set",
        actor=actor,
        at=now,
        region=row.region,
        person=row.pk,
        object_kind="person",
        object_id=row.pk,
        detail={"status": status},
    )
    return Changed(person, ("status", "status_date"))
