"""Two records that are one person, and back: `merged_into` says so, no other row is touched.

Lock: both rows, by rising id. Invariant: only a record that is not merged itself takes another in, so there are no rings.
Records of one person are read together by `same_person_ids`.
"""

from __future__ import annotations

from datetime import datetime

from doudi.server.access.api import operation
from doudi.server.audit import api as audit
from doudi.server.kernel.actor import Actor
from doudi.server.people import errors, vault
from doudi.server.people.data import Changed, NumberKind
from doudi.server.people.models import Person
from doudi.server.people.operations import locked


@operation("people.merge")
def merge(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    keep: int,
    absorb: int,
    reason: str,
    numbers_differ: bool = False,
) -> Changed:
    """`absorb` becomes a record of `keep`. Two different valid IDs need `numbers_differ`: said to be one person."""
    del key  # the guard has used it
    if keep == absorb:
        raise errors.merge_with_oneself()
    why = locked.reason(reason)
    kept, absorbed = locked.persons(keep, absorb)
    if kept.merged_into_id is not None or absorbed.merged_into_id is not None:
        raise errors.already_merged()
    if kept.region // 1000 != absorbed.region // 1000:
        raise errors.merge_across_counties()
    if _both_ids(kept, absorbed) and not numbers_differ:
        raise errors.merge_of_two_numbers()
    absorbed.merged_into_id = keep
    _save(absorbed, actor, now)
    locked.record(absorbed, "merged", actor=actor, now=now, other=keep, reason=why)
    locked.record(kept, "absorbed", actor=actor, now=now, other=absorb, reason=why)
    _audit("people.merged", absorbed, keep, actor, now)
    return Changed(absorb, ("merged_into",))


@operation("people.split")
def split(*, actor: Actor, now: datetime, key: str | None, person: int, reason: str) -> Changed:
    """A merged record is a person of its own again, as it was."""
    del key  # the guard has used it
    why = locked.reason(reason)
    known = Person.objects.filter(pk=person).values_list("merged_into_id", flat=True).first()
    row, *kept = locked.persons(person, *([known] if known else []))
    if row.merged_into_id is None or not kept:
        raise errors.not_merged()
    row.merged_into_id = None
    _save(row, actor, now)
    locked.record(row, "split", actor=actor, now=now, other=kept[0].pk, reason=why)
    locked.record(kept[0], "released", actor=actor, now=now, other=row.pk, reason=why)
    _audit("people.split", row, kept[0].pk, actor, now)
    return Changed(person, ("merged_into",))


def _both_ids(kept: Person, absorbed: Person) -> bool:
    told = {kept.number_kind, absorbed.number_kind} == {NumberKind.ID.value}
    return told and vault.opened(kept.number_sealed, vault.NUMBER) != vault.opened(
        absorbed.number_sealed, vault.NUMBER
    )


def _save(row: Person, actor: Actor, now: datetime) -> None:
    row.changed_by, row.changed_at = actor.user, now
    row.save(update_fields=["merged_into", "changed_by", "changed_at"])


def _audit(event: str, row: Person, other: int, actor: Actor, now: datetime) -> None:
    audit.append(
        event,
        actor=actor,
        at=now,
        region=row.region,
        person=row.pk,
        object_kind="person",
        object_id=other,
    )
