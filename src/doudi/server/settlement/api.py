"""The door of settlement for other apps."""

from __future__ import annotations

from doudi.server.settlement.data import (
    BillInput,
    LineInput,
    Notice,
    Settled,
    SettlementRow,
    Share,
    Trial,
    number_of,
)
from doudi.server.settlement.operations.settle import settle
from doudi.server.settlement.queries.trial import trial

__all__ = [
    "BillInput",
    "LineInput",
    "Notice",
    "Settled",
    "SettlementRow",
    "Share",
    "Trial",
    "number_of",
    "settle",
    "trial",
]
