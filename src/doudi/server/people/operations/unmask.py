"""Give one personal value of one person whole, for a purpose: the row of the trail is written with it or it is not given.

No request key: an answer given again from a store of answers would be a store of personal values.
"""

from __future__ import annotations

from datetime import datetime

from doudi.server.access.api import operation
from doudi.server.audit import api as audit
from doudi.server.kernel.actor import Actor
from doudi.server.people import errors, vault
from doudi.server.people.data import PersonalField, Unmasked
from doudi.server.people.models import BankCard, Household, Person

SHORTEST_PURPOSE = 2


@operation("people.unmask")
def unmask(
    *, actor: Actor, now: datetime, person: int, field: PersonalField, purpose: str, key: None = None
) -> Unmasked:
    """The whole value of `field`, once. `purpose` is what the officer says it is for; the trail keeps it."""
    del key  # the guard has used it
    why = " ".join(purpose.split())
    if len(why) < SHORTEST_PURPOSE:
        raise errors.purpose_needed()
    if audit.sealing_is_late(now):
        raise errors.trail_late()
    row = Person.objects.filter(pk=person).first()
    if row is None:
        raise errors.person_unknown()
    value = _value(row, field)
    if not value:
        raise errors.nothing_to_unmask(field)
    audit.append(
        "people.unmasked",
        actor=actor,
        at=now,
        outcome="seen",
        region=row.region,
        person=row.pk,
        object_kind="person",
        object_id=row.pk,
        purpose=why[:200],
        detail={"field": field},
    )
    return Unmasked(row.pk, field, value)


def _value(row: Person, field: PersonalField) -> str:
    if field == "number":
        return vault.opened(row.number_sealed, vault.NUMBER)
    if field == "phone":
        return vault.opened(row.phone_sealed, vault.PHONE)
    if field == "name":
        return row.name
    if field == "birth_date":
        return row.birth_date.isoformat()
    if field == "address":
        home = Household.objects.filter(
            memberships__person_id=row.pk, memberships__until_date__isnull=True
        ).first()
        return vault.opened(home.address_sealed, vault.ADDRESS) if home else ""
    card = BankCard.objects.filter(person_id=row.pk, until_date__isnull=True).first()
    return vault.opened(card.number_sealed, vault.CARD) if card else ""
