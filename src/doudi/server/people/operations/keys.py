"""Change of keys, in batches, by the server itself.

*Master*: after `kernel.sealing.rotate_master` every sealed value is sealed again (`reseal`) until none needs the old
one; both open all the while. *Indexes*: after `begin_index_rotation` the second column of numbers is filled
(`fill_next_index`); then `switch_index`, in one transaction under a lock on the tables, makes it the first, computes the
indexes of phones, cards and tails anew, and promotes the key. Run `switch_index` with the server stopped: a window that
computed an index a moment before would ask with the old key.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from doudi.server.access.api import operation
from doudi.server.audit import api as audit
from doudi.server.kernel import sealing
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import invariant
from doudi.server.people import vault
from doudi.server.people.data import NumberKind
from doudi.server.people.models import BankCard, Contact, Household, Person
from doudi.server.people.numbers import Number

BATCH = 5000
SEALED: tuple[tuple[type[Any], str, str], ...] = (
    (Person, "number_sealed", vault.NUMBER),
    (Person, "phone_sealed", vault.PHONE),
    (Household, "address_sealed", vault.ADDRESS),
    (BankCard, "number_sealed", vault.CARD),
    (Contact, "phone_sealed", vault.CONTACT),
)
"""Every sealed column but the history, whose rows are never changed: its master is kept (`history_needs`)."""


@dataclass(frozen=True, slots=True)
class Resealed:
    """One batch of one column: how many were sealed again, and where the next batch starts; None at its end."""

    changed: int
    after: int | None


@operation("people.reseal")
def reseal(*, actor: Actor, now: datetime, column: int, after: int = 0, key: None = None) -> Resealed:
    """Seal the next 5,000 values of `SEALED[column]` again with the current master. May be repeated."""
    del key
    model, word, purpose = SEALED[column]
    rows = list(
        model.objects.select_for_update(no_key=True)
        .filter(pk__gt=after)
        .exclude(**{word: None})
        .order_by("pk")[:BATCH]
    )
    fresh = sealing.reseal_all([getattr(row, word) for row in rows], purpose=purpose)
    changed = [(row, value) for row, value in zip(rows, fresh, strict=True) if value is not None]
    for row, value in changed:
        setattr(row, word, value)
    model.objects.bulk_update([row for row, _ in changed], [word], batch_size=1000)
    _audit("people.resealed", actor, now, {"column": f"{model.__name__}.{word}", "rows": len(changed)})
    return Resealed(len(changed), rows[-1].pk if len(rows) == BATCH else None)


def history_needs() -> frozenset[int]:
    """Versions of the master that the history was sealed with: these are never retired. In an open scope."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT get_byte(values_sealed, 2) * 256 + get_byte(values_sealed, 3) FROM people_personchange"
            " WHERE values_sealed IS NOT NULL"
        )
        return frozenset(version for (version,) in cursor.fetchall())


@operation("people.fill_next_index")
def fill_next_index(*, actor: Actor, now: datetime, after: int = 0, key: None = None) -> Resealed:
    """Fill the second column of the next 5,000 persons; those written since the rotation began have it already."""
    del key
    invariant(sealing.rotating_index(), "people.no_index_rotation")
    rows = list(
        Person.objects.select_for_update(no_key=True)
        .filter(pk__gt=after, number_sealed__isnull=False, number_index_next__isnull=True)
        .order_by("pk")[:BATCH]
    )
    fresh = sealing.next_blind_indexes([number.key for number in _numbers(rows)], purpose=vault.NUMBER)
    for row, value in zip(rows, fresh, strict=True):
        row.number_index_next = value
    Person.objects.bulk_update(rows, ["number_index_next"], batch_size=1000)
    _audit("people.next_index_filled", actor, now, {"rows": len(rows)})
    return Resealed(len(rows), rows[-1].pk if len(rows) == BATCH else None)


@operation("people.switch_index")
def switch_index(*, actor: Actor, now: datetime, key: None = None) -> Resealed:
    """Make the next key the current one, for all indexes at once. Refuses while a number has no next index."""
    del key
    invariant(sealing.rotating_index(), "people.no_index_rotation")
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE people_person, people_bankcard IN SHARE ROW EXCLUSIVE MODE")
    open_rows = Person.objects.filter(number_sealed__isnull=False, number_index_next__isnull=True)
    invariant(not open_rows.exists(), "people.next_index_missing")
    rows = 0
    for batch in _batches(Person):
        _switch_persons(batch)
        rows += len(batch)
    for batch in _batches(BankCard):
        cards = [vault.opened(row.number_sealed, vault.CARD) for row in batch]
        fresh = sealing.next_blind_indexes(cards, purpose=vault.CARD)
        for row, value in zip(batch, fresh, strict=True):
            row.number_index = value
        BankCard.objects.bulk_update(batch, ["number_index"], batch_size=1000)
    _audit("people.index_switched", actor, now, {"rows": rows})
    sealing.finish_index_rotation()
    return Resealed(rows, None)


def _switch_persons(rows: Sequence[Person]) -> None:
    numbered = [row for row in rows if row.number_sealed is not None]
    tails = [
        vault.tail_text(number.tail, row.name)
        for number, row in zip(_numbers(numbered), numbered, strict=True)
    ]
    for row, tail in zip(numbered, sealing.next_blind_indexes(tails, purpose=vault.TAIL), strict=True):
        row.number_index, row.number_index_next, row.tail_index = row.number_index_next, None, tail
    reached = [row for row in rows if row.phone_sealed is not None]
    phones = [vault.opened(row.phone_sealed, vault.PHONE) for row in reached]
    for row, value in zip(reached, sealing.next_blind_indexes(phones, purpose=vault.PHONE), strict=True):
        row.phone_index = value
    words = ["number_index", "number_index_next", "tail_index", "phone_index"]
    Person.objects.bulk_update(rows, words, batch_size=1000)


def _numbers(rows: Sequence[Person]) -> list[Number]:
    texts = sealing.unseal_all([row.number_sealed or b"" for row in rows], purpose=vault.NUMBER)
    return [Number(NumberKind(row.number_kind), text.decode()) for row, text in zip(rows, texts, strict=True)]


def _batches(model: type[Any]) -> Iterable[list[Any]]:
    after = 0
    while rows := list(model.objects.filter(pk__gt=after).order_by("pk")[:BATCH]):
        yield rows
        after = rows[-1].pk


def _audit(event: str, actor: Actor, now: datetime, detail: dict[str, Any]) -> None:
    audit.append(event, actor=actor, at=now, object_kind="keys", detail=detail)
