"""Who reads the books and who writes in them by hand. Postings of bills come with their operations, not by these doors.

A facility reads what concerns it. Administrators read no books (三权分立).
"""

from __future__ import annotations

from doudi.server.access.api import Role, Rule

OFFICERS = frozenset({Role.COUNTY, Role.COUNTY_APPROVER, Role.OVERSIGHT, Role.AUDIT, Role.SYSTEM})
WINDOW = frozenset({Role.WINDOW})
APPROVERS = frozenset({Role.COUNTY_APPROVER, Role.SYSTEM})
WRITERS = frozenset({Role.COUNTY, Role.SYSTEM})
SERVER = frozenset({Role.SYSTEM})

RULES = (
    Rule("ledger.deposit_float", WRITERS),
    Rule("ledger.return_float", WRITERS),
    Rule("ledger.set_float_level", APPROVERS),
    Rule("ledger.open_period", APPROVERS),
    Rule("ledger.close_period", APPROVERS),
    Rule("ledger.sum_days", SERVER),
    Rule("ledger.prove", SERVER),
    Rule("ledger.floats", OFFICERS),
    Rule("ledger.float_movements", OFFICERS),
    Rule("ledger.periods", OFFICERS),
    Rule("ledger.counties", OFFICERS),
    Rule("ledger.trial_balance", OFFICERS),
    Rule("ledger.account_lines", OFFICERS | WINDOW, needs="place"),
    Rule("ledger.entry", OFFICERS | WINDOW, needs="place"),
    Rule("ledger.entries_of", OFFICERS | WINDOW, needs="place"),
    Rule("ledger.owed_here", WINDOW, needs="facility"),
    Rule("ledger.owed_to", OFFICERS | WINDOW, needs="place"),
)
