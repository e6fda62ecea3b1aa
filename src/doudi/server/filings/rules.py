"""Who may do what with filings; how far back one clerk alone may reach."""

from __future__ import annotations

from doudi.server.access.api import Role, Rule

LATE_DAYS = 7
"""Further back than this needs four eyes. Assumed: what could not be filed in advance is usually made up for within five
working days."""

CLERKS = frozenset({Role.COUNTY, Role.WINDOW})
PROPOSERS = frozenset({Role.COUNTY})
"""Late filings are proposed at the county office and approved there by another."""
READERS = frozenset({Role.COUNTY, Role.COUNTY_APPROVER, Role.HEALTH, Role.FAMILY_DOCTOR, Role.WINDOW})
LISTS = frozenset({Role.COUNTY, Role.COUNTY_APPROVER, Role.HEALTH})
COUNTS = LISTS | {Role.OVERSIGHT, Role.POLICY}

RULES = (
    Rule("filings.file", CLERKS, needs="place"),
    Rule("filings.withdraw", CLERKS, needs="place"),
    Rule("filings.file_late", PROPOSERS, four_eyes=True),
    Rule("filings.withdraw_late", PROPOSERS, four_eyes=True),
    Rule("filings.filings_on", READERS, needs="place"),
    Rule("filings.filings_of_many", READERS, needs="place"),
    Rule("filings.filing_history", READERS, needs="place"),
    Rule("filings.referral_for", READERS, needs="place"),
    Rule("filings.filed", LISTS),
    Rule("filings.counts", COUNTS),
    Rule("filings.export", LISTS),
)
