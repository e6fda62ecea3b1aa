"""The door of entitlement for other apps."""

from __future__ import annotations

from doudi.server.entitlement.accumulators import Counted, counted_by
from doudi.server.entitlement.data import (
    Assumption,
    AssumptionChecked,
    InForce,
    OpeningLine,
    OpeningSet,
    PersonCard,
    PolicyEnded,
    PutInForce,
)
from doudi.server.entitlement.operations.confirm_assumption import confirm_assumption
from doudi.server.entitlement.operations.end_policy import end_policy
from doudi.server.entitlement.operations.put_in_force import put_in_force
from doudi.server.entitlement.operations.set_opening_balance import set_opening_balance
from doudi.server.entitlement.queries.card import card, cards
from doudi.server.entitlement.queries.gather import Gathered, gather
from doudi.server.entitlement.queries.law import InForceLaw, law_at, settler_of
from doudi.server.entitlement.queries.openings import opening_balances, opening_of
from doudi.server.entitlement.queries.places import policies_at
from doudi.server.entitlement.queries.policies import PolicyPage, assumptions, policies_in_force, policy_page
from doudi.server.entitlement.used import join_used

__all__ = [
    "Assumption",
    "AssumptionChecked",
    "Counted",
    "Gathered",
    "InForce",
    "InForceLaw",
    "OpeningLine",
    "OpeningSet",
    "PersonCard",
    "PolicyEnded",
    "PolicyPage",
    "PutInForce",
    "assumptions",
    "card",
    "cards",
    "confirm_assumption",
    "counted_by",
    "end_policy",
    "gather",
    "join_used",
    "law_at",
    "opening_balances",
    "opening_of",
    "policies_at",
    "policies_in_force",
    "policy_page",
    "put_in_force",
    "set_opening_balance",
    "settler_of",
]
