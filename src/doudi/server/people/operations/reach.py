"""Where benefits of a person are paid to, and whom to reach: bank card (一卡通) and contacts.

Lock: the person's row. Invariant: one current card; a new one ends the old.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from doudi.server.access.api import operation
from doudi.server.audit import api as audit
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.clock import business_date
from doudi.server.kernel.sealing import seal
from doudi.server.people import errors, names, vault
from doudi.server.people.masking import mask_card
from doudi.server.people.models import BankCard, Contact, Person
from doudi.server.people.operations import locked


@dataclass(frozen=True, slots=True)
class Added:
    """The number of what was added."""

    id: int
    person: int


@operation("people.add_card")
def add_card(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    person: int,
    number: str,
    holder_name: str = "",
    bank: str = "",
    from_date: date | None = None,
) -> Added:
    """The account benefits are paid to from `from_date` on; the holder may be a guardian. Ends the account before."""
    del key  # the guard has used it
    plain = names.read_card(number)
    row = locked.person(person)
    since = from_date or business_date(now)
    current = BankCard.objects.filter(person_id=person, until_date__isnull=True).first()
    if since > business_date(now) or (current is not None and since < current.from_date):
        raise errors.dates_out_of_order("from_date")
    before = ""
    if current is not None:
        before = mask_card(vault.opened(current.number_sealed, vault.CARD))
        current.until_date = since
        current.save(update_fields=["until_date"])
    added = BankCard.objects.create(
        person_id=person,
        region=row.region,
        number_sealed=seal(plain, region=row.region, purpose=vault.CARD),
        number_index=vault.card_index(plain),
        bank=bank.strip()[:60],
        holder_name=names.read_name(holder_name) if holder_name else row.name,
        from_date=since,
    )
    locked.record(
        row,
        "card",
        actor=actor,
        now=now,
        before={"card": before},
        after={"card": mask_card(plain)},
        other=added.pk,
    )
    _audit("people.card_added", row, "bank_card", added.pk, actor, now)
    return Added(added.pk, person)


@operation("people.add_contact")
def add_contact(
    *, actor: Actor, now: datetime, key: str | None, person: int, name: str, phone: str, relation: str = ""
) -> Added:
    """Somebody to reach for the person."""
    del key  # the guard has used it
    plain, plain_name = names.read_phone(phone), names.read_name(name)
    if not plain:
        raise errors.phone_wrong()
    row = locked.person(person)
    added = Contact.objects.create(
        person_id=person,
        region=row.region,
        name=plain_name,
        relation=relation.strip()[:20],
        phone_sealed=seal(plain, region=row.region, purpose=vault.CONTACT),
    )
    locked.record(row, "contact", actor=actor, now=now, after={"name": plain_name}, other=added.pk)
    _audit("people.contact_added", row, "contact", added.pk, actor, now)
    return Added(added.pk, person)


@operation("people.end_contact")
def end_contact(*, actor: Actor, now: datetime, key: str | None, contact: int) -> Added:
    """The contact is no longer to be called."""
    del key  # the guard has used it
    row = Contact.objects.filter(pk=contact, ended_at__isnull=True).first()
    if row is None:
        raise errors.person_unknown()
    person = locked.person(row.person_id)
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    locked.record(person, "contact", actor=actor, now=now, before={"name": row.name}, other=row.pk)
    _audit("people.contact_ended", person, "contact", row.pk, actor, now)
    return Added(row.pk, row.person_id)


def _audit(event: str, row: Person, kind: str, number: int, actor: Actor, now: datetime) -> None:
    audit.append(
        event, actor=actor, at=now, region=row.region, person=row.pk, object_kind=kind, object_id=number
    )
