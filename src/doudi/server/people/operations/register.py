"""Register a person.

Lock: the unique index of the number, for all regions at once. Invariant: one number, one person.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from doudi.server.access.api import operation
from doudi.server.audit import api as audit
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.clock import business_date
from doudi.server.people import codes, errors, names, vault
from doudi.server.people.data import NumberKind, Registered, Sex
from doudi.server.people.identity import Identity, read_identity
from doudi.server.people.models import Person
from doudi.server.people.numbers import Number


@operation("people.register")
def register(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    region: int,
    name: str,
    number: str = "",
    number_kind: NumberKind | None = None,
    sex: Sex | None = None,
    birth_date: date | None = None,
    village_code: int | None = None,
    phone: str = "",
    ethnicity: str = "",
    guardian: int | None = None,
    birth_order: int | None = None,
) -> Registered:
    """A new person in a region of the actor's scope. Without a number: a guardian in scope and a birth order.

    Refused: a number registered already (without saying where, if elsewhere), facts that disagree.
    """
    del key  # the guard has used it
    if region not in actor.ranges:
        raise errors.region_out_of_scope()
    found = read_identity(
        name=name,
        number=number,
        number_kind=number_kind,
        sex=sex,
        birth_date=birth_date,
        today=business_date(now),
    )
    row = _row(found, region=region, phone=phone, ethnicity=ethnicity)
    row.village_code = village_code
    row.created_by = row.changed_by = actor.user
    row.created_at = row.changed_at = now
    if found.number is None:
        row.guardian_id, row.birth_order = _guardian(guardian, birth_order)
    elif guardian is not None:
        row.guardian_id = _guardian(guardian, birth_order or 1)[0]
        row.birth_order = birth_order
    save_unique(row, found.number)
    audit.append(
        "people.registered",
        actor=actor,
        at=now,
        region=region,
        person=row.pk,
        object_kind="person",
        object_id=row.pk,
    )
    return Registered(row.pk, region)


def _row(found: Identity, *, region: int, phone: str, ethnicity: str) -> Person:
    code = codes.ethnicity_code(ethnicity) if ethnicity else ""
    if code is None:
        raise errors.ethnicity_unknown()
    columns = vault.number_columns(found.number, name=found.name, region=region)._asdict()
    sealed, index = vault.phone_columns(names.read_phone(phone), region=region)
    category, level = found.number.disability if found.number and found.number.disability else (None, None)
    return Person(
        region=region,
        name=found.name,
        initials=names.initials(found.name),
        sex=found.sex,
        birth_date=found.birth_date,
        phone_sealed=sealed,
        phone_index=index,
        ethnicity=code,
        disability_category=category,
        disability_level=level,
        **columns,
    )


def _guardian(guardian: int | None, birth_order: int | None) -> tuple[int, int]:
    if guardian is None or birth_order is None or not 1 <= birth_order <= 20:
        raise errors.guardian_needed()
    if not Person.objects.filter(pk=guardian).exists():
        raise errors.person_unknown()
    return guardian, birth_order


def save_unique(row: Person, number: Number | None) -> None:
    """Save, turning what the database refuses into what the asker may know."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as fault:
        raise taken(fault, number, row.pk or 0) from None


def taken(fault: IntegrityError, number: Number | None, own: int) -> Exception:
    """The refusal of a unique constraint that was broken; any other fault as it is."""
    text = str(fault)
    if "people_person_child_once" in text:
        return errors.child_taken()
    if number is not None and "number_index" in text:
        here = (
            Person.objects.filter(number_index__in=vault.both_indexes(number))
            .exclude(pk=own)
            .values_list("pk", flat=True)
            .first()
        )
        return errors.number_taken_elsewhere() if here is None else errors.number_taken_here(here)
    return fault
