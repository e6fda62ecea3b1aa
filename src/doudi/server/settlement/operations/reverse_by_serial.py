"""A reversal by the original's own number, for systems that know no other; it may come before its original.

Then it is parked, and applied in the transaction that settles the original: nothing is lost, and nobody has to remember.
Lock: the facility's serial, which settling locks too, so that the two cannot miss each other; then as `reverse`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from doudi.server.access.api import home_of, operation
from doudi.server.audit.api import append
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.reading import reading
from doudi.server.settlement import reversal_errors as errors
from doudi.server.settlement import subjects
from doudi.server.settlement.differences import ReversedOrParked
from doudi.server.settlement.models import ParkedReversal, Settlement
from doudi.server.settlement.operations.reverse import asked_for, reverse_bill

ALARM_AFTER = timedelta(days=1)
"""Assumed: a hospital's queue is drained within a day; what waits longer has lost its original."""


@operation("settlement.reverse_by_serial", remembered=False)
def reverse_by_serial(
    *, actor: Actor, now: datetime, key: str | None, original_serial: str, serial: str, reason: str
) -> ReversedOrParked:
    """Reverse what the facility settled under `original_serial`; parked where nothing is known of it yet.

    The same again: the same answer. Refused: what `reverse` refuses, another reversal parked for the original.
    """
    del key
    subjects.lock_serial(actor.facility, original_serial)
    known = Settlement.objects.filter(facility_id=actor.facility, serial=original_serial, version=1)
    number = known.values_list("pk", flat=True).first()
    if number is not None:
        with reading(actor.scope):
            done = reverse_bill(actor, now, number, asked_for(number, serial, reason))
        return ReversedOrParked(original_serial, None, done)
    asked = asked_for(0, serial, reason)
    parked = ParkedReversal.objects.filter(
        facility_id=actor.facility, serial=original_serial, state="parked"
    ).first()
    if parked is not None:
        if (parked.reversal_serial, parked.reason) != (asked.serial, asked.reason):
            raise errors.reversal_serial_taken(parked.reversal_serial)
        event = "settlement.answered_again"
    else:
        parked = ParkedReversal.objects.create(
            facility_id=actor.facility, region=home_of(actor), serial=original_serial,
            reversal_serial=asked.serial, reason=asked.reason, parked_by=actor.user, parked_at=now,
        )  # fmt: skip
        event = "settlement.reversal_parked"
    append(
        event, actor=actor, at=now, region=parked.region, object_kind="parked_reversal", object_id=parked.pk
    )
    return ReversedOrParked(original_serial, parked.pk, None)


@operation("settlement.withdraw_parked")
def withdraw_parked(*, actor: Actor, now: datetime, key: str | None, parked: int, reason: str) -> int:
    """Take a waiting reversal back: its original will never come, or must stand. Answers its number."""
    del key
    asked = asked_for(0, "-", reason)
    row = ParkedReversal.objects.filter(pk=parked).first()
    if row is None:
        raise errors.unknown_parked()
    subjects.lock_serial(row.facility_id, row.serial)
    changed = ParkedReversal.objects.filter(pk=parked, state="parked").update(state="withdrawn", ended_at=now)
    if not changed:
        raise errors.original_known()
    append(
        "settlement.parked_withdrawn", actor=actor, at=now, region=row.region, object_kind="parked_reversal",
        object_id=parked, detail={"reason": asked.reason},
    )  # fmt: skip
    return parked


@operation("settlement.tell_parked")
def tell_parked(*, actor: Actor, now: datetime, key: str | None = None) -> int:
    """Leave an event for every reversal that has waited longer than `ALARM_AFTER`: the alarm of each day. How many."""
    del key
    rows = ParkedReversal.objects.filter(state="parked", parked_at__lt=now - ALARM_AFTER).order_by("pk")
    waiting = list(rows)
    for row in waiting:
        append(
            "settlement.reversal_waits", actor=actor, at=now, region=row.region, object_kind="parked_reversal",
            object_id=row.pk, detail={"days": (now - row.parked_at).days},
        )  # fmt: skip
    append("settlement.parked_told", actor=actor, at=now, detail={"waiting": len(waiting)})
    return len(waiting)
