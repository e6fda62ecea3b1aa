"""Rows about debts as they cross the border. Pure but for unsealing a guarantor, who is masked at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import cast

from doudi.server.kernel.sealing import unseal
from doudi.server.people.api import mask_name, mask_phone
from doudi.server.settlement.data import number_of
from doudi.server.settlement.debts_data import (
    CHANNELS,
    MOVE_WORDS,
    AgreementView,
    AskKind,
    AskView,
    CaseView,
    Channel,
    InstalmentView,
    MoveKind,
    MoveView,
    To,
)
from doudi.server.settlement.models_debts import Agreement, DebtAsk, DebtCase, DebtMove, Instalment
from doudi.server.settlement.operations.debts_defer import PURPOSE


def instalments_view(parts: Sequence[Instalment], covered: int) -> tuple[InstalmentView, ...]:
    """The parts with what is met of each; `covered` fen meet the oldest first."""
    found = []
    for part in sorted(parts, key=lambda one: one.position):
        met = max(0, min(part.fen, covered))
        covered -= met
        found.append(InstalmentView(part.position, part.due_on, part.fen, met))
    return tuple(found)


def agreement_view(row: Agreement, parts: Sequence[Instalment], open_fen: int) -> AgreementView:
    """An agreement. Of one that stands, what is no longer open is met, by whatever; of an ended one nothing is."""
    covered = row.fen - open_fen if row.ended_at is None else 0
    who = {"name": "", "relation": "", "phone": ""}
    if row.guarantor_sealed is not None:
        who = json.loads(unseal(row.guarantor_sealed, purpose=PURPOSE))
    return AgreementView(
        id=row.pk,
        made_on=row.made_on,
        made_login=row.made_login,
        fen=row.fen,
        entitled=row.entitled,
        reason=row.reason,
        paper_number=row.paper_number,
        guarantor_name=mask_name(who["name"]),
        guarantor_relation=who["relation"],
        guarantor_phone=mask_phone(who["phone"]) if who["phone"] else "",
        ended_at=row.ended_at,
        instalments=instalments_view(parts, covered),
    )


def move_view(row: DebtMove) -> MoveView:
    """A movement in words."""
    kind = cast("MoveKind", row.kind)
    return MoveView(
        id=row.pk,
        kind=kind,
        words=MOVE_WORDS[kind][row.fen < 0],
        fen=row.fen,
        channel=CHANNELS[cast("Channel", row.channel)] if row.channel else None,
        serial=row.serial,
        fund=row.fund,
        case=row.case_id,
        reason=row.reason,
        moved_on=row.moved_on,
        at=row.at,
        by_login=row.by_login,
        entry=row.entry_id,
        open_after_fen=row.open_after_fen,
    )


def case_view(row: DebtCase, settled_on: date) -> CaseView:
    """A case."""
    return CaseView(
        id=row.pk,
        settlement=row.root_id,
        number=number_of(row.root_id, settled_on),
        region=row.region,
        facility=row.facility_id,
        person=row.person_id,
        payer=row.payer,
        fund=row.fund,
        to=cast("To", row.to),
        fen=row.fen,
        reason=row.reason,
        papers=tuple(row.papers),
        approved_on=row.approved_on,
        approved_login=row.approved_login,
    )


def ask_view(row: DebtAsk, settled_on: date) -> AskView:
    """A request."""
    return AskView(
        id=row.pk,
        settlement=row.root_id,
        number=number_of(row.root_id, settled_on),
        region=row.region,
        facility=row.facility_id,
        person=row.person_id,
        kind=cast("AskKind", row.kind),
        fen=row.fen,
        reason=row.reason,
        state=row.state,
        answer=row.answer,
        asked_login=row.asked_login,
        asked_at=row.asked_at,
    )
