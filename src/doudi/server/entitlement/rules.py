"""Who may see the card, put a policy in force, confirm what it assumes, and set opening balances."""

from __future__ import annotations

from doudi.server.access.api import Role, Rule

DESKS = frozenset({Role.WINDOW, Role.COUNTY, Role.COUNTY_APPROVER, Role.HEALTH, Role.FAMILY_DOCTOR})
READERS = DESKS | {Role.OVERSIGHT, Role.POLICY, Role.AUDIT, Role.SYSTEM}

RULES = (
    Rule("entitlement.card", DESKS, needs="place"),
    Rule("entitlement.cards", DESKS - {Role.WINDOW}),
    Rule("entitlement.policies_in_force", READERS, needs="place"),
    Rule("entitlement.assumptions", READERS, needs="place"),
    Rule("entitlement.policy_page", READERS, needs="place"),
    Rule("entitlement.opening_balances", frozenset({Role.COUNTY, Role.COUNTY_APPROVER, Role.AUDIT})),
    Rule("entitlement.put_in_force", frozenset({Role.COUNTY_APPROVER, Role.SYSTEM})),
    Rule("entitlement.end_policy", frozenset({Role.COUNTY_APPROVER, Role.SYSTEM})),
    Rule("entitlement.confirm_assumption", frozenset({Role.COUNTY, Role.COUNTY_APPROVER, Role.SYSTEM})),
    Rule("entitlement.set_opening_balance", frozenset({Role.COUNTY, Role.SYSTEM})),
)
