"""冲正: a settlement is taken back, at most once; later bills settle again in their places, on the facts they had.

A reversal makes room and tells nothing new: so later bills are judged on what was known when they were decided, and what
became known since waits for a re-adjudication and its second person (decision 16). Where the law says `reversal: stand`,
later bills stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError

from doudi.server.access.api import logins_of, operation
from doudi.server.audit.api import append
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.canonical import fingerprint
from doudi.server.kernel.reading import reading
from doudi.server.recognition.api import fitting, needed
from doudi.server.settlement import reversal_errors as errors
from doudi.server.settlement.cascade import Cascade, cascade_of
from doudi.server.settlement.data import number_of
from doudi.server.settlement.differences import Cause, Reversed
from doudi.server.settlement.errors import unknown_settlement
from doudi.server.settlement.models import Hold, Registration, Settlement
from doudi.server.settlement.packing import pack
from doudi.server.settlement.ports import BEFORE_REVERSAL
from doudi.server.settlement.posting import Next, change_of, post_versions, used_after
from doudi.server.settlement.queries.bills import Posted, current_bill, locked, not_open_here
from doudi.server.settlement.replay import Again
from doudi.server.settlement.rows import NOTHING, money_of
from doudi.server.settlement.writing import GIVEN
from doudi.words import Words

REASON = Words("冲正原因", "The reason of the reversal")
SERIAL = Words("冲正单号", "The serial of the reversal")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked. `request`: SM3 of it; `cause`: asked for now, or parked before the original came."""

    serial: str
    reason: str
    request: str
    cause: Cause = "reversal"


@operation("settlement.reverse", remembered=False)
def reverse(
    *, actor: Actor, now: datetime, key: str | None, settlement: int, serial: str, reason: str
) -> Reversed:
    """Take back a settlement of the actor's facility, or paid by the actor's county. `serial`: the reversal's own number.

    The same serial and content again: the same answer. Lock: the rows of all whose bills are counted with this one.
    Refused: reversed before, money that moved on the patient's share (`refund_first`), bills out of sight.
    """
    del key
    asked = asked_for(settlement, serial, reason)
    with reading(actor.scope):
        return reverse_bill(actor, now, settlement, asked)


def asked_for(settlement: int, serial: str, reason: str) -> Asked:
    """The request, its texts checked."""
    serial = needed(fitting(serial, SERIAL, "serial", 60), SERIAL, "serial")
    reason = needed(fitting(reason, REASON, "reason", 200), REASON, "reason")
    content = {"settlement": settlement, "serial": serial, "reason": reason}
    return Asked(serial, reason, fingerprint(content))


def reverse_bill(actor: Actor, now: datetime, number: int, asked: Asked) -> Reversed:
    """Inside the transaction of an operation: lock, look, take back."""
    posted = mine(actor, current_bill(number))
    if actor.facility and not_open_here([posted.person]) and not posted.reversed:
        raise errors.person_not_open()
    group, bills = locked(actor, posted.person)
    found = [one for one in bills if one.root == number]
    if not found:
        raise unknown_settlement()
    posted = found[0]
    if posted.reversed:
        return again(actor, now, posted, asked)
    if actor.facility and not_open_here(one.person for one in bills):
        raise errors.person_not_open()
    for listener in BEFORE_REVERSAL:
        listener(actor, now, Settlement.objects.get(pk=posted.row["id"]))
    cascade = cascade_of(group, bills, posted)
    return take_back(actor, now, bills, posted, cascade, asked)


def mine(actor: Actor, posted: Posted) -> Posted:
    """The bill, if the actor may reverse it."""
    if actor.facility and posted.row["facility_id"] != actor.facility:
        raise errors.of_another_facility()
    if not actor.facility and posted.row["region"] not in actor.ranges:
        raise unknown_settlement()
    return posted


def take_back(
    actor: Actor,
    now: datetime,
    bills: Sequence[Posted],
    posted: Posted,
    cascade: Cascade,
    asked: Asked,
) -> Reversed:
    """Write the reversed version and those of the cascade; open the stay again, give its holds back."""
    columns = {**NOTHING, "request_sm3": asked.request, "reversal_serial": asked.serial}
    standing = {"standing": [one.posted.root for one in cascade.standing]}
    undone = Next(posted, "reversed", asked.cause, columns, event="settlement.reversed", detail=standing)
    following = [undone, *(again_next(one, "cascade") for one in cascade.changed)]
    used = used_after(bills, following)
    try:
        written = post_versions(actor, now, following, used, reason=asked.reason)
    except IntegrityError as fault:
        if "settlement_reversal_serial_once" in str(fault):
            raise errors.reversal_serial_taken(asked.serial) from None
        raise
    open_again(posted)
    return Reversed(posted.root, number_of(posted.root, posted.row["settled_on"]), written[0], written[1:])


def again_next(again: Again, cause: Cause) -> Next:
    """The version of a bill that comes out otherwise."""
    judged, known = again.decided()
    columns = {**money_of(judged), **known.columns(judged)}
    head = known.head(judged) if known.head is not None else None
    return Next(again.posted, "replaced", cause, columns, pack(judged.record), head)


def open_again(posted: Posted) -> None:
    """A stay whose bill was taken back can be settled again; of its holds what its other bills use stays posted."""
    registration = posted.row["registration_id"]
    if registration is None:
        return
    Registration.objects.filter(pk=registration, state="discharged").update(
        state="open", discharged_on=None, closed_by=None, closed_at=None
    )
    left: dict[tuple[str, str, str], int] = {}
    standing = Settlement.objects.filter(registration_id=registration, superseded_at__isnull=True)
    for moved in standing.values_list("moved", flat=True):
        for scope, name, period, fen in moved:
            left[scope, name, period] = left.get((scope, name, period), 0) + fen
    for hold in Hold.objects.filter(registration=registration, posted_fen__gt=0).order_by("pk"):
        place = hold.scope, hold.name, hold.period
        posted_fen = max(0, min(hold.posted_fen, left.get(place, 0)))
        left[place] = left.get(place, 0) - posted_fen
        Hold.objects.filter(pk=hold.pk).update(posted_fen=posted_fen)


def again(actor: Actor, now: datetime, posted: Posted, asked: Asked) -> Reversed:
    """It was reversed: the same request gets its answer again, any other is told when and by whom."""
    row = posted.row
    if row["reversal_serial"] != asked.serial or row["request_sm3"] != asked.request:
        version = Settlement.objects.get(pk=row["id"])
        login = logins_of([version.settled_by]).get(version.settled_by, "")
        raise errors.already_reversed(version.settled_at, login)
    append(
        "settlement.answered_again", actor=actor, at=now, region=row["region"], person=row["person_id"],
        object_kind="settlement", object_id=posted.root,
    )  # fmt: skip
    return answered(posted)


def answered(posted: Posted) -> Reversed:
    """The answer of a reversal, from the versions that were written with it."""
    written = list(Settlement.objects.filter(cause_id=posted.row["cause_id"]).order_by("pk").values(*GIVEN))
    earlier = Settlement.objects.filter(pk__in=[one["replaces_id"] for one in written])
    before = {one["id"]: one for one in earlier.values(*GIVEN)}
    changes = tuple(change_of(before[one["replaces_id"]], one) for one in written)
    return Reversed(posted.root, number_of(posted.root, posted.row["settled_on"]), changes[0], changes[1:])
