"""先诊疗后付费、分期: what is owed is agreed to be paid later, at once or in parts.

Lock: the settlement's first row. Invariant: the parts sum to what is owed when they are agreed; one agreement stands.
Who has the right by the policy (`treat_first`; `instalments: true` for several parts) may have it for the asking. For all
others the hospital decides for itself and says why: it is the hospital that waits for its money, so no law stands
against its patience (document 002: 万州区“采取先行垫付、分期付款”).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.canonical import canonical
from doudi.server.kernel.clock import business_date
from doudi.server.kernel.sealing import seal
from doudi.server.recognition.api import fitting, needed
from doudi.server.settlement import debts_errors as errors
from doudi.server.settlement.debts_data import Agreed, DuePart, Guarantor
from doudi.server.settlement.debts_limits import AGREED_FOR_DAYS, INSTALMENTS_AT_MOST
from doudi.server.settlement.models_debts import Agreement, Debt, Instalment
from doudi.server.settlement.operations.debts_standing import current, locked
from doudi.server.settlement.queries.debts_rights import rights_of
from doudi.words import Words

PURPOSE = "settlement.guarantor"
PAPER = Words("协议编号", "The number of the paper")
WHY = Words("医院同意的理由", "Why the hospital agrees")
NAME = Words("担保人姓名", "The guarantor's name")
RELATION = Words("与患者关系", "The relation")
PHONE = Words("担保人电话", "The guarantor's phone")


@operation("settlement.defer")
def defer(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    settlement: int,
    due_on: date | None = None,
    instalments: tuple[DuePart, ...] = (),
    guarantor: Guarantor | None = None,
    paper_number: str = "",
    hospital_agrees: bool = False,
    reason: str = "",
) -> Agreed:
    """All of it until `due_on`, or in `instalments`. A standing agreement is replaced by this one.

    Refused: no right by the policy unless `hospital_agrees` for a `reason`; parts that are not the debt; days over.
    """
    del key
    debt = locked(actor, settlement)
    if debt.open_fen <= 0:
        raise errors.nothing_open()
    parts = _parts(debt, due_on, instalments, business_date(now))
    entitled = _right(debt, several=len(parts) > 1)
    if not entitled:
        if not hospital_agrees:
            raise errors.not_entitled(len(parts) > 1)
        reason = needed(reason, WHY, "reason")
    row = Agreement(
        root_id=debt.root_id, region=debt.region, facility_id=debt.facility_id, person_id=debt.person_id,
        fen=debt.open_fen, entitled=entitled, reason=fitting(reason, WHY, "reason"),
        guarantor_sealed=_sealed(guarantor, debt.region), paper_number=fitting(paper_number, PAPER, "paper_number", 60),
        made_on=business_date(now), made_by=actor.user, made_login=actor.login, made_at=now,
    )  # fmt: skip
    before = Agreement.objects.filter(root_id=debt.root_id, ended_at__isnull=True).first()
    if before is not None:
        before.ended_at = now
        before.save(update_fields=["ended_at"])
    row.save(force_insert=True)
    Instalment.objects.bulk_create(
        Instalment(
            agreement=row, root_id=debt.root_id, region=debt.region, facility_id=debt.facility_id,
            person_id=debt.person_id, position=position, due_on=part.due_on, fen=part.fen,
        )
        for position, part in enumerate(parts, 1)
    )  # fmt: skip
    append(
        "settlement.deferred", actor=actor, at=now, region=debt.region, person=debt.person_id,
        object_kind="settlement", object_id=debt.root_id,
        detail={"sum_fen": debt.open_fen, "instalments": len(parts), "entitled": entitled or "hospital"},
    )  # fmt: skip
    return Agreed(row.pk, debt.root_id, debt.open_fen, len(parts), before.pk if before is not None else None)


def _parts(debt: Debt, due_on: date | None, instalments: tuple[DuePart, ...], today: date) -> list[DuePart]:
    parts = list(instalments) or ([DuePart(due_on, debt.open_fen)] if due_on is not None else [])
    days = [one.due_on for one in parts]
    if (
        not 0 < len(parts) <= INSTALMENTS_AT_MOST
        or days != sorted(days)
        or any(one.fen <= 0 for one in parts)
    ):
        raise errors.parts_wrong(INSTALMENTS_AT_MOST)
    last = today + timedelta(days=AGREED_FOR_DAYS)
    if days[0] < today or days[-1] > last:
        raise errors.due_wrong(today, last)
    total = sum(one.fen for one in parts)
    if total != debt.open_fen:
        raise errors.parts_differ(total, debt.open_fen)
    return parts


def _right(debt: Debt, *, several: bool) -> str:
    """The name of the policy's right to this, "" where there is none or where it cannot be asked."""
    found = rights_of(current(debt)) or ()
    return next((one.name for one in found if one.instalments or not several), "")


def _sealed(guarantor: Guarantor | None, region: int) -> bytes | None:
    if guarantor is None:
        return None
    kept = {
        "name": needed(fitting(guarantor.name, NAME, "guarantor_name", 50), NAME, "guarantor_name"),
        "relation": needed(
            fitting(guarantor.relation, RELATION, "guarantor_relation", 20), RELATION, "guarantor_relation"
        ),
        "phone": needed(fitting(guarantor.phone, PHONE, "guarantor_phone", 20), PHONE, "guarantor_phone"),
    }
    return seal(canonical(kept), region=region, purpose=PURPOSE)
