"""结算: a bill is judged and posted, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError

from doudi.money import Fen
from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.canonical import fingerprint
from doudi.server.kernel.errors import Refused, invariant
from doudi.server.kernel.reading import reading
from doudi.server.ledger.api import Amount, post
from doudi.server.settlement import errors, state, subjects
from doudi.server.settlement.data import BillInput, Notice, Settled, number_of
from doudi.server.settlement.heads import head_of, sealed
from doudi.server.settlement.judging import Judged
from doudi.server.settlement.models import Settlement
from doudi.server.settlement.operations.apply_parked import apply_parked
from doudi.server.settlement.packing import pack
from doudi.server.settlement.rows import bill_row, money_of, standing_of
from doudi.server.settlement.standing import Standing, check, stand
from doudi.server.settlement.state import State, home_of
from doudi.server.settlement.trying import Tried, try_bill
from doudi.server.settlement.writing import Written, write

TEMPLATE = "settle"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked beside the bill. `final`: the stay ends with it."""

    serial: str
    request: str
    final: bool
    expected: Fen | None
    seen: frozenset[str]


@operation("settlement.settle", remembered=False)
def settle(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    serial: str,
    bill: BillInput,
    interim: bool = False,
    expected_patient_fen: Fen | None = None,
    seen: tuple[str, ...] = (),
) -> Settled:
    """Post a bill of the actor's facility. `serial`, its own number, is the key for ever: same content, same answer.

    Lock: the rows of the household and of the person's records. `interim`: mid-stay; the registration stays open.
    `expected_patient_fen`: what a trial told the patient; another amount is refused. `seen`: codes of notices that the
    clerk has seen. Refused also: what `trial` refuses, notices that stop or are unseen, other content under the serial.
    """
    del key
    request = fingerprint({"bill": bill, "interim": interim, "serial": serial, "facility": actor.facility})
    day = clock.business_date(now)
    with reading(actor.scope):  # what was read of person, hospital and law stands for the whole operation
        try:
            check(bill, day)
            standing = stand(actor, bill, actor.facility, day)
        except Refused:
            earlier = _earlier(actor, serial)
            if earlier is None or earlier.request_sm3 != request:
                raise
            return _again(earlier, actor, now)
        return _locked(
            actor,
            now,
            standing,
            bill,
            Asked(serial, request, not interim, expected_patient_fen, frozenset(seen)),
        )


def _locked(actor: Actor, now: datetime, standing: Standing, bill: BillInput, asked: Asked) -> Settled:
    one = standing.gathered
    subjects.lock(one.records, standing.households, one.region, facility=actor.facility, serial=asked.serial)
    before = state.read(bill.person, one.records, one.household, facility=actor.facility, serial=asked.serial)
    if before.earlier is not None:
        return _answered(actor, now, asked)
    tried = try_bill(actor, bill, standing, before, serial=asked.serial, settled_on=clock.business_date(now))
    _agree(tried, asked)
    try:
        return _posted(actor, now, standing, before, tried, bill, asked)
    except IntegrityError as fault:  # P2: another person's bill took the serial while this one was judged
        if "settlement_once" in str(fault):
            raise errors.serial_taken(asked.serial) from None
        raise


def _agree(tried: Tried, asked: Asked) -> None:
    """What stops, what was not seen, and what the patient was told."""
    stops = [one for one in tried.notices if one.weight == "stop"]
    if stops:
        raise errors.stopped(stops[0].words, stops[0].remedy)
    unseen: list[Notice] = [one for one in tried.notices if one.code not in asked.seen]
    if unseen:
        raise errors.notices_unseen(one.words for one in unseen)
    now = tried.judged.decision.patient
    if asked.expected is not None and asked.expected != now:
        raise errors.trial_differs(asked.expected, now)


def _posted(
    actor: Actor,
    now: datetime,
    standing: Standing,
    before: State,
    tried: Tried,
    bill: BillInput,
    asked: Asked,
) -> Settled:
    judged, region, day = tried.judged, standing.gathered.region, clock.business_date(now)
    number = before.number or 0
    invariant(number, "settlement.number")
    entry = post(
        actor=actor, now=now, posted_on=day, region=region, template=TEMPLATE, amounts=amounts_of(judged),
        facility=actor.facility, person=bill.person, source_kind="settlement", source_id=number,
    )  # fmt: skip
    row: dict[str, Any] = {
        **bill_row(bill, facility=actor.facility, serial=asked.serial, request=asked.request, settled_on=day),
        **money_of(judged),
        **standing_of(standing, judged),
        "id": number,
        "kind": "settled",
        "root_id": number,
        "version": 1,
        "replaces_id": None,
        "stay": tried.stay,
        "benefit_year": judged.year,
        "posted_no": before.next_no(judged.year),
        "posted_on": day,
        "cause": "bill",
        "cause_id": None,
        "reason": "",
        "reversal_serial": "",
        "reserved": before.reserved(standing.law.settler.limits, bill.registration),
        "case_id": None,
        "entry_id": entry,
        "settled_by": actor.user,
    }
    head = head_of(standing, bill, judged, serial=asked.serial, actor=actor, now=now)
    write(
        Written(
            row=row,
            packed=pack(judged.record),
            head=sealed(head, region),
            used=used_after(before, judged, bill.person, standing.gathered.household),
            subjects=_subjects(standing, bill.person),
            holds=before.posts(judged.moved, bill.registration),
            final=asked.final,
            discharged=bill.discharged_on,
        )
    )
    append(
        "settlement.settled", actor=actor, at=now, region=region, person=bill.person,
        object_kind="settlement", object_id=number,
        detail={"total_fen": row["total_fen"], "patient_fen": row["patient_fen"], "decision": judged.sha256},
    )  # fmt: skip
    if before.parked is not None:
        apply_parked(actor, now, number, before, before.parked)
    return settled(row)


def _subjects(standing: Standing, person: int) -> tuple[tuple[str, int], ...]:
    return (*(("household", home) for home in standing.households), ("person", person))


def amounts_of(judged: Judged) -> list[Amount]:
    """The money of a decision as amounts of the template `settle`."""
    found = [Amount("share", fund, fen) for (_, fund), fen in sorted(judged.funds.items())]
    found.append(Amount("hospital", "", judged.decision.hospital))
    found.append(Amount("patient", "", judged.decision.patient))
    return [one for one in found if one.fen]


def used_after(
    before: State, judged: Judged, person: int, household: int | None
) -> dict[tuple[str, int, str, str], int]:
    """The rows of accumulators as they are after the bill."""
    found = {}
    for (scope, name, period), fen in judged.moved.items():
        subject = home_of(household, person) if scope == "household" else person
        found[scope, subject, name, period] = before.own.get((scope, name, period), 0) + fen
    return found


def settled(row: dict[str, Any]) -> Settled:
    """The answer, from the columns of the first version."""
    return Settled(
        settlement=row["id"],
        number=number_of(row["id"], row["settled_on"]),
        posted_no=row["posted_no"],
        benefit_year=row["benefit_year"],
        total_fen=row["total_fen"],
        paid_fen=row["paid_fen"],
        hospital_fen=row["hospital_fen"],
        patient_fen=row["patient_fen"],
        shares=row["shares"],
        decision_sha256=row["decision_sha256"],
        entry=row["entry_id"],
    )


def _earlier(actor: Actor, serial: str) -> Settlement | None:
    return Settlement.objects.filter(facility_id=actor.facility, serial=serial, version=1).first()


def _answered(actor: Actor, now: datetime, asked: Asked) -> Settled:
    earlier = _earlier(actor, asked.serial)
    if earlier is None or earlier.request_sm3 != asked.request:
        raise errors.serial_taken(asked.serial)
    return _again(earlier, actor, now)


def _again(earlier: Settlement, actor: Actor, now: datetime) -> Settled:
    append(
        "settlement.answered_again", actor=actor, at=now, region=earlier.region, person=earlier.person_id,
        object_kind="settlement", object_id=earlier.pk,
    )  # fmt: skip
    return settled({field: getattr(earlier, field) for field in ANSWER})


ANSWER = (
    "id", "settled_on", "posted_no", "benefit_year", "total_fen", "paid_fen", "hospital_fen", "patient_fen", "shares",
    "decision_sha256", "entry_id",
)  # fmt: skip
