"""The door of settlement for other apps."""

from __future__ import annotations

from doudi.server.settlement.data import (
    BillInput,
    LineInput,
    Notice,
    RegistrationMade,
    RegistrationView,
    Settled,
    SettlementRow,
    Share,
    Trial,
    number_of,
)
from doudi.server.settlement.data_lists import SettlementFilter, SettlementSums
from doudi.server.settlement.operations.amend_registration import amend_registration
from doudi.server.settlement.operations.cancel_registration import cancel_registration
from doudi.server.settlement.operations.discharge import discharge
from doudi.server.settlement.operations.register import register
from doudi.server.settlement.operations.settle import settle
from doudi.server.settlement.queries.lists import export, settlements, sums
from doudi.server.settlement.queries.registrations import registrations, registrations_of
from doudi.server.settlement.queries.trial import trial
from doudi.server.settlement.queries.used import used_of

__all__ = [
    "BillInput",
    "LineInput",
    "Notice",
    "RegistrationMade",
    "RegistrationView",
    "Settled",
    "SettlementFilter",
    "SettlementRow",
    "SettlementSums",
    "Share",
    "Trial",
    "amend_registration",
    "cancel_registration",
    "discharge",
    "export",
    "number_of",
    "register",
    "registrations",
    "registrations_of",
    "settle",
    "settlements",
    "sums",
    "trial",
    "used_of",
]
