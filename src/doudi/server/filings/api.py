"""The door of filings for other apps."""

from __future__ import annotations

from doudi.server.filings.data import (
    SHOWN_WORDS,
    BillFacts,
    Count,
    Filing,
    Filter,
    Terms,
    bill_facts,
)
from doudi.server.filings.kinds import KINDS, FilingKind, KindOfFiling, kind_words
from doudi.server.filings.operations.file import file, file_late
from doudi.server.filings.operations.withdraw import withdraw, withdraw_late
from doudi.server.filings.queries.lists import counts, export, filed
from doudi.server.filings.queries.of_persons import (
    filing_history,
    filings_of_many,
    filings_on,
    referral_for,
)

__all__ = [
    "KINDS",
    "SHOWN_WORDS",
    "BillFacts",
    "Count",
    "Filing",
    "FilingKind",
    "Filter",
    "KindOfFiling",
    "Terms",
    "bill_facts",
    "counts",
    "export",
    "file",
    "file_late",
    "filed",
    "filing_history",
    "filings_of_many",
    "filings_on",
    "kind_words",
    "referral_for",
    "withdraw",
    "withdraw_late",
]
