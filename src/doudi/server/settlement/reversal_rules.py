"""Who may reverse, and settle again."""

from __future__ import annotations

from doudi.server.access.api import Role, Rule

WINDOW = frozenset({Role.WINDOW})
COUNTY = frozenset({Role.COUNTY, Role.COUNTY_APPROVER})

REVERSAL_RULES = (
    Rule("settlement.reverse", WINDOW | {Role.COUNTY}, needs="place"),
    Rule("settlement.reverse_by_serial", WINDOW, needs="facility"),
    Rule("settlement.withdraw_parked", WINDOW | {Role.COUNTY}, needs="place"),
    Rule("settlement.tell_parked", frozenset({Role.SYSTEM})),
    Rule("settlement.prove", frozenset({Role.SYSTEM})),
    Rule("settlement.reversal_preview", WINDOW | COUNTY, needs="place"),
    Rule("settlement.parked", WINDOW | COUNTY, needs="place"),
    Rule("settlement.readjudication_preview", COUNTY),
    Rule("settlement.readjudicate", frozenset({Role.COUNTY}), four_eyes=True),
    Rule("settlement.submitted", WINDOW | COUNTY, needs="place"),
    Rule("settlement.look_for_stale", COUNTY),
    Rule("settlement.stale", COUNTY),
)
