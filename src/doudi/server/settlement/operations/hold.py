"""额度占用: an amount of a limit is reserved for a stay, so that no other hospital's bill can use it up meanwhile."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError

from doudi.money import Fen
from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.reading import reading
from doudi.server.recognition.api import fitting, needed
from doudi.server.settlement import errors, hold_errors, state, subjects
from doudi.server.settlement.data_holds import Held
from doudi.server.settlement.limits import Probe, each_disease, probe, rooms
from doudi.server.settlement.models import Hold, Registration
from doudi.words import Words

SERIAL = Words("占用单号", "The serial of the hold")
LONGEST = timedelta(days=366)
"""Assumed: no stay is expected to last longer; what is forgotten comes free in the end."""


@operation("settlement.hold", remembered=False)
def hold(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    registration: int,
    name: str,
    fen: Fen,
    expires_on: date,
    serial: str,
    expected_on: date | None = None,
) -> Held:
    """Reserve `fen` of the limit `name` for an open registration of the facility, until `expires_on` inclusive.

    `serial`, the facility's own number, is the key for ever: same content, same answer. `expected_on`: when the stay will
    end, where the period of the limit depends on it (default today). Lock: the rows that settling locks. Invariant:
    used + held ≤ the limit. Refused: a name that is no limit, more than is free, what a trial of the stay refuses.
    """
    del key
    today = clock.business_date(now)
    serial = needed(fitting(serial, SERIAL, "serial", 60), SERIAL, "serial")
    if fen <= 0:
        raise hold_errors.not_positive()
    row = _own(registration, actor)
    expected = expected_on or max(today, row.admitted_on)
    wanted = Held(0, registration, serial, name, "", fen, expires_on)
    with reading(actor.scope):
        earlier = _earlier(actor, serial)
        if earlier is not None:
            return _again(earlier, wanted, actor, now)
        _check_days(row, today, expires_on, expected)
        if row.state != "open":
            raise errors.registration_closed(row.state)
        return _locked(actor, now, row, probe(actor, row, expected, fen, today), wanted)


def _own(registration: int, actor: Actor) -> Registration:
    row = Registration.objects.filter(pk=registration).first()
    if row is None:
        raise errors.unknown_registration()
    if row.facility_id != actor.facility:
        raise errors.not_your_registration()
    return row


def _check_days(row: Registration, today: date, expires_on: date, expected: date) -> None:
    if not today <= expires_on <= today + LONGEST:
        raise hold_errors.expires_wrong("expires_on", today, today + LONGEST)
    if not row.admitted_on <= expected <= today + LONGEST:
        raise hold_errors.expires_wrong("expected_on", row.admitted_on, today + LONGEST)


def _locked(actor: Actor, now: datetime, row: Registration, asked: Probe, wanted: Held) -> Held:
    standing = asked.standing
    one = standing.gathered
    subjects.lock(one.records, standing.households, one.region)
    earlier = _earlier(actor, wanted.serial)
    if earlier is not None:
        return _again(earlier, wanted, actor, now)
    known = standing.law.settler.limits
    if wanted.name not in known:
        raise hold_errors.limit_unknown(wanted.name, known)
    if not row.diagnoses and each_disease(standing.law.policy.document, wanted.name):
        raise hold_errors.diagnosis_missing(wanted.name)
    before = state.read(row.person_id, one.records, one.household)
    room = rooms(actor, asked, before).get(wanted.name)
    if room is None:
        raise hold_errors.limit_of_nothing(wanted.name)
    if wanted.held_fen > room.free_fen:
        raise hold_errors.not_enough(room.words, wanted.held_fen, room.free_fen)
    shared = room.scope == "household"
    made = Hold(
        facility_id=actor.facility, serial=wanted.serial, person_id=row.person_id, region=one.region,
        registration=row, scope=room.scope,
        subject_id=state.home_of(one.household, row.person_id) if shared else row.person_id,
        name=room.name, period=room.period, held_fen=wanted.held_fen, expires_on=wanted.expires_on,
        held_by=actor.user, held_at=now,
    )  # fmt: skip
    try:
        made.save(force_insert=True)
    except IntegrityError as fault:  # a hold for another person took the serial at this moment
        if "settlement_hold_once" in str(fault):
            raise hold_errors.serial_taken(wanted.serial) from None
        raise
    append(
        "settlement.held", actor=actor, at=now, region=one.region, person=row.person_id,
        object_kind="hold", object_id=made.pk,
        detail={"name": room.name, "period": room.period, "fen": wanted.held_fen, "until": str(wanted.expires_on)},
    )  # fmt: skip
    return told(made)


def _earlier(actor: Actor, serial: str) -> Hold | None:
    return Hold.objects.filter(facility_id=actor.facility, serial=serial).first()


def _again(earlier: Hold, wanted: Held, actor: Actor, now: datetime) -> Held:
    answer = told(earlier)
    same = ("registration", "serial", "name", "held_fen", "expires_on")
    if any(getattr(answer, field) != getattr(wanted, field) for field in same):
        raise hold_errors.serial_taken(wanted.serial)
    append(
        "settlement.hold_answered_again", actor=actor, at=now, region=earlier.region, person=earlier.person_id,
        object_kind="hold", object_id=earlier.pk,
    )  # fmt: skip
    return answer


def told(row: Hold) -> Held:
    """The hold as it was made."""
    return Held(row.pk, row.registration_id, row.serial, row.name, row.period, row.held_fen, row.expires_on)
