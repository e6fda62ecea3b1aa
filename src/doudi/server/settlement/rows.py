"""A decision as the columns of its version."""

from __future__ import annotations

from datetime import date
from typing import Any

from doudi.server.entitlement.api import Gathered
from doudi.server.settlement.data import BillInput
from doudi.server.settlement.judging import Judged
from doudi.server.settlement.standing import Standing


def money_of(judged: Judged) -> dict[str, Any]:
    """The columns that are the decision's: sums, shares, movements, by which law."""
    decision, policy = judged.decision, judged.record["policy"]
    parts = decision.bill.parts
    return {
        "total_fen": decision.bill.total,
        "in_scope_fen": parts["in_scope"],
        "first_pay_fen": parts["first_pay"],
        "over_limit_fen": parts["over_limit"],
        "own_pay_fen": parts["own_pay"],
        "shares": {payer: fen for payer, fen in decision.shares.items() if fen},
        "funds": [[payer, fund, fen] for (payer, fund), fen in sorted(judged.funds.items())],
        "paid_fen": sum(decision.shares.values()),
        "hospital_fen": decision.hospital,
        "patient_fen": decision.patient,
        "patient_in_scope_fen": decision.patient_in_scope,
        "moved": [[*place, fen] for place, fen in sorted(judged.moved.items())],
        "policy": policy["id"],
        "policy_hash": policy["hash"],
        "decision_sha256": judged.sha256,
        "admission": judged.admission,
    }


def standing_of(standing: Standing, judged: Judged) -> dict[str, Any]:
    """The columns that say who and where, as it was known: household, scheme, level, categories of the identity date."""
    return {
        "household_id": standing.gathered.household,
        "region": standing.gathered.region,
        **known_columns(standing.gathered, standing.facility.level, judged),
    }


def known_columns(one: Gathered, level: str, judged: Judged) -> dict[str, Any]:
    """Of these, what may become known otherwise: scheme, level, categories."""
    day = judged.decision.situation.identity_day
    held = [found for found in one.recognised if found.state == "valid" and found.holds(day)]
    return {"scheme": one.scheme, "level": level, "categories": sorted({found.category for found in held})}


NOTHING: dict[str, Any] = {
    "total_fen": 0, "in_scope_fen": 0, "first_pay_fen": 0, "over_limit_fen": 0, "own_pay_fen": 0, "shares": {},
    "funds": [], "paid_fen": 0, "hospital_fen": 0, "patient_fen": 0, "patient_in_scope_fen": 0, "moved": [],
    "admission": None,
}  # fmt: skip
"""The columns of a reversed version: it is worth nothing."""


def bill_row(
    bill: BillInput, *, facility: int, serial: str, request: str, settled_on: date
) -> dict[str, Any]:
    """The columns that are the bill's own."""
    return {
        "facility_id": facility,
        "serial": serial,
        "request_sm3": request,
        "registration_id": bill.registration,
        "person_id": bill.person,
        "care": bill.care,
        "admitted_on": bill.admitted_on,
        "discharged_on": bill.discharged_on,
        "settled_on": settled_on,
        "main_diagnosis": bill.diagnoses[0] if bill.diagnoses else "",
    }
