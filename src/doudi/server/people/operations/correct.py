"""Correct what is recorded of a person: the old values stay in the history, sealed.

Lock: the person's row. Invariant: name, number, sex and birth agree after it as before it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from doudi.server.access.api import operation
from doudi.server.audit import api as audit
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.clock import business_date
from doudi.server.people import codes, errors, identity, names, vault
from doudi.server.people.data import Changed, NumberKind, Sex
from doudi.server.people.models import Person
from doudi.server.people.numbers import Number, read_number
from doudi.server.people.operations import locked
from doudi.server.people.operations.register import taken


@operation("people.correct")
def correct(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    person: int,
    reason: str,
    name: str | None = None,
    number: str | None = None,
    number_kind: NumberKind | None = None,
    sex: Sex | None = None,
    birth_date: date | None = None,
    phone: str | None = None,
    ethnicity: str | None = None,
    village_code: int | None = None,
    guardian: int | None = None,
) -> Changed:
    """None leaves a field as it is; an empty phone removes it. A new number is unique for all regions."""
    del key  # the guard has used it
    row = locked.person(person)
    why = locked.reason(reason)
    held = held_number(row)
    today = business_date(now)
    read = held if number is None else read_number(number, today=today, kind=number_kind)
    found = _agreed(row, read, name, sex, birth_date, today, anew=number is not None)
    after: dict[str, Any] = {
        "name": found.name,
        "number": read.text if read else "",
        "number_kind": read.kind.value if read else NumberKind.NONE.value,
        "sex": found.sex,
        "birth_date": found.birth_date.isoformat(),
        "phone": names.read_phone(phone)
        if phone is not None
        else vault.opened(row.phone_sealed, vault.PHONE),
        "ethnicity": _ethnicity(row, ethnicity),
        "village_code": village_code if village_code is not None else row.village_code,
        "guardian": _guardian(row, guardian),
    }
    fields = _changed(row, read, after, values_of(row, held), why, actor, now)
    audit.append(
        "people.corrected",
        actor=actor,
        at=now,
        region=row.region,
        person=row.pk,
        object_kind="person",
        object_id=row.pk,
        detail={"fields": list(fields)},
    )
    return Changed(row.pk, fields)


def _agreed(
    row: Person,
    number: Number | None,
    name: str | None,
    sex: str | None,
    birth_date: date | None,
    today: date,
    *,
    anew: bool,
) -> identity.Identity:
    """What is given, else what a new number tells, else what is recorded; in agreement."""
    told_anew = anew and number is not None and number.birth_date is not None
    return identity.agreed(
        names.read_name(name) if name is not None else row.name,
        number,
        sex or (None if told_anew else row.sex),
        birth_date or (None if told_anew else row.birth_date),
        today,
    )


def _changed(
    row: Person,
    number: Number | None,
    after: dict[str, Any],
    before: dict[str, Any],
    reason: str,
    actor: Actor,
    now: datetime,
) -> tuple[str, ...]:
    """Write what differs and add it to the history: the fields."""
    fields = tuple(word for word in after if after[word] != before[word])
    if fields:
        write(row, number, after, actor=actor, now=now)
        old, new = ({word: values[word] for word in fields} for values in (before, after))
        locked.record(row, "corrected", actor=actor, now=now, before=old, after=new, reason=reason)
    return fields


def held_number(row: Person) -> Number | None:
    """The number that is kept, as it was read."""
    if row.number_sealed is None:
        return None
    kind = NumberKind(row.number_kind)
    told = kind is NumberKind.ID
    return Number(
        kind,
        vault.opened(row.number_sealed, vault.NUMBER),
        row.birth_date if told else None,
        row.sex if told else None,
    )


def values_of(row: Person, held: Number | None) -> dict[str, Any]:
    """What can be corrected, as it is now."""
    return {
        "name": row.name,
        "number": held.text if held else "",
        "number_kind": row.number_kind,
        "sex": row.sex,
        "birth_date": row.birth_date.isoformat(),
        "phone": vault.opened(row.phone_sealed, vault.PHONE),
        "ethnicity": row.ethnicity,
        "village_code": row.village_code,
        "guardian": row.guardian_id,
    }


def write(row: Person, number: Number | None, values: dict[str, Any], *, actor: Actor, now: datetime) -> None:
    """Put the values of `values_of` into the row; a number that belongs to somebody else is refused."""
    changed_number = (number.key if number else None) != (key_of(row))
    row.birth_date = date.fromisoformat(values["birth_date"])
    for word in ("sex", "ethnicity", "village_code"):
        setattr(row, word, values[word])
    row.guardian_id = values["guardian"]
    if changed_number or values["name"] != row.name:
        columns = vault.number_columns(number, name=values["name"], region=row.region)
        for word, value in columns._asdict().items():
            setattr(row, word, value)
    if number and number.disability:
        row.disability_category, row.disability_level = number.disability
    row.name, row.initials = values["name"], names.initials(values["name"])
    row.phone_sealed, row.phone_index = vault.phone_columns(values["phone"], region=row.region)
    row.changed_by, row.changed_at = actor.user, now
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as fault:
        raise taken(fault, number, row.pk) from None


def key_of(row: Person) -> str | None:
    """What the blind index of the kept number is made of."""
    held = held_number(row)
    return held.key if held else None


def _ethnicity(row: Person, given: str | None) -> str:
    if given is None:
        return row.ethnicity
    code = codes.ethnicity_code(given) if given else ""
    if code is None:
        raise errors.ethnicity_unknown()
    return code


def _guardian(row: Person, given: int | None) -> int | None:
    if given is None:
        return row.guardian_id
    if given == row.pk or not Person.objects.filter(pk=given).exists():
        raise errors.person_unknown()
    return given
