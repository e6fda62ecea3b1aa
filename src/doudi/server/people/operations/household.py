"""Households: formed, joined, left. Lock: the household, then the person. Invariants: a person is in at most one
household at a time, a household has at most one head at a time; both are constraints of the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from doudi.server.access.api import operation
from doudi.server.audit import api as audit
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.clock import business_date
from doudi.server.kernel.sealing import seal
from doudi.server.people import codes, errors, vault
from doudi.server.people.models import Household, Membership
from doudi.server.people.operations import locked


@dataclass(frozen=True, slots=True)
class Formed:
    """A new household's number in the database."""

    household: int


@dataclass(frozen=True, slots=True)
class Joined:
    """A membership that began or ended."""

    household: int
    person: int


@operation("people.form_household")
def form_household(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    region: int,
    head: int,
    number: str = "",
    village_code: int | None = None,
    address: str = "",
    from_date: date | None = None,
) -> Formed:
    """A new household with its head, who is in no other. `number` is the roster's (户编号), once in a township."""
    del key  # the guard has used it
    if region not in actor.ranges:
        raise errors.region_out_of_scope()
    try:
        with transaction.atomic():
            row = Household.objects.create(
                region=region,
                number=number.strip(),
                village_code=village_code,
                address_sealed=seal(address, region=region, purpose=vault.ADDRESS) if address else None,
                created_by=actor.user,
                created_at=now,
            )
    except IntegrityError:
        raise errors.household_taken() from None
    _join(row, head, codes.HEAD, from_date or business_date(now), actor, now)
    _audit("people.household_formed", row, head, actor, now)
    return Formed(row.pk)


@operation("people.join_household")
def join_household(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    household: int,
    person: int,
    relation: str,
    from_date: date | None = None,
) -> Joined:
    """The person becomes a member. `relation` is a code of GB/T 4761 or what rosters write (长子, 配偶)."""
    del key  # the guard has used it
    row = locked.household(household)
    _join(row, person, relation, from_date or business_date(now), actor, now)
    _audit("people.household_joined", row, person, actor, now)
    return Joined(household, person)


@operation("people.leave_household")
def leave_household(
    *, actor: Actor, now: datetime, key: str | None, person: int, until_date: date | None = None, reason: str
) -> Joined:
    """The current membership ends on `until_date` (exclusive; today where not given)."""
    del key  # the guard has used it
    why = locked.reason(reason)
    member = locked.person(person)
    row = (
        Membership.objects.select_for_update(no_key=True, of=("self",))
        .select_related("household")
        .filter(person_id=person, until_date__isnull=True)
        .first()
    )
    if row is None:
        raise errors.not_a_member()
    until = until_date or business_date(now)
    if not row.from_date <= until <= business_date(now):
        raise errors.dates_out_of_order("until_date")
    row.until_date = until
    row.save(update_fields=["until_date"])
    locked.record(
        member,
        "left",
        actor=actor,
        now=now,
        before={"household": row.household.number},
        other=row.household_id,
        reason=why,
    )
    _audit("people.household_left", row.household, person, actor, now)
    return Joined(row.household_id, person)


def _join(home: Household, person: int, relation: str, since: date, actor: Actor, now: datetime) -> None:
    code = codes.relation_code(relation)
    if code is None:
        raise errors.relation_unknown()
    member = locked.person(person)
    if since > business_date(now):
        raise errors.dates_out_of_order("from_date")
    try:
        with transaction.atomic():
            Membership.objects.create(
                person_id=member.pk,
                household_id=home.pk,
                region=member.region,
                relation=codes.HEAD if code in codes.HEADS else code,
                from_date=since,
            )
    except IntegrityError as fault:
        raise (errors.head_taken() if "one_head" in str(fault) else errors.member_elsewhere()) from None
    locked.record(member, "joined", actor=actor, now=now, after={"household": home.number}, other=home.pk)


def _audit(event: str, row: Household, person: int, actor: Actor, now: datetime) -> None:
    audit.append(
        event,
        actor=actor,
        at=now,
        region=row.region,
        person=person,
        object_kind="household",
        object_id=row.pk,
    )
