"""Who may try, settle and read bills."""

from __future__ import annotations

from doudi.server.access.api import Role, Rule
from doudi.server.settlement.debts_rules import DEBT_RULES
from doudi.server.settlement.oversight_rules import OVERSIGHT_RULES
from doudi.server.settlement.reversal_rules import REVERSAL_RULES

WINDOW = frozenset({Role.WINDOW})
COUNTY = frozenset({Role.COUNTY, Role.COUNTY_APPROVER})
READERS = WINDOW | COUNTY | {Role.OVERSIGHT}
"""A window sees its own facility's bills, a county and those above it the bills of their insured."""

RULES = (
    Rule("settlement.trial", WINDOW | COUNTY, needs="place"),
    Rule("settlement.settle", WINDOW, needs="facility"),
    Rule("settlement.register", WINDOW, needs="facility"),
    Rule("settlement.amend_registration", WINDOW, needs="facility"),
    Rule("settlement.cancel_registration", WINDOW, needs="facility"),
    Rule("settlement.discharge", WINDOW, needs="facility"),
    Rule("settlement.registrations", WINDOW, needs="facility"),
    Rule("settlement.hold", WINDOW, needs="facility"),
    Rule("settlement.release_hold", WINDOW | COUNTY, needs="place"),
    Rule("settlement.expire_holds", frozenset({Role.SYSTEM})),
    Rule("settlement.holds", READERS, needs="place"),
    Rule("settlement.limit_rooms", WINDOW | COUNTY, needs="place"),
    Rule("settlement.ask_look", COUNTY),
    Rule("settlement.history", COUNTY | {Role.OVERSIGHT}),
    Rule("settlement.verify", COUNTY | {Role.OVERSIGHT}),
    Rule("settlement.settlements", READERS, needs="place"),
    Rule("settlement.sums", READERS, needs="place"),
    Rule("settlement.settlement", READERS, needs="place"),
    Rule("settlement.slip", WINDOW | COUNTY, needs="place"),
    Rule("settlement.export", READERS, needs="place"),
    Rule("settlement.registrations_of", WINDOW | COUNTY, needs="place"),
    *DEBT_RULES,
    *OVERSIGHT_RULES,
    *REVERSAL_RULES,
)
