"""Rules of what desks ask beyond the apps below: lists that leave as files, and the audit trail, whose own functions sit
under access and carry none.

Auditors read and verify the trail of their region and change nothing. The audit administrator reads no person (三权分立):
only who sees persons may turn a number into the one the trail knows. Oversight sees how much happens, not what.
"""

from __future__ import annotations

from doudi.server.access.api import Role, Rule

AUDITORS = frozenset({Role.AUDIT, Role.AUDIT_ADMIN})
LISTS = frozenset({Role.COUNTY, Role.COUNTY_APPROVER, Role.HEALTH})
"""Who takes a list out of the house (`exports.py`); each list's own rule is asked besides."""

RULES = (
    Rule("desks.export", LISTS),
    Rule("trail.events", AUDITORS),
    Rule("trail.event", AUDITORS),
    Rule("trail.who_saw", AUDITORS),
    Rule("trail.counts", AUDITORS | {Role.OVERSIGHT}),
    Rule("trail.verification", AUDITORS),
    Rule("trail.verify", AUDITORS),
    Rule("trail.export", AUDITORS),
    Rule("trail.find_person", frozenset({Role.AUDIT}), budget="people.find"),
)
