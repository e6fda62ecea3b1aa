"""Who reads sums of settlements: whoever watches over a region. A facility has no region, and reads its own lists."""

from __future__ import annotations

from doudi.server.access.api import Role, Rule

OVERSEERS = frozenset({Role.OVERSIGHT, Role.COUNTY, Role.COUNTY_APPROVER, Role.HEALTH, Role.AUDIT})

OVERSIGHT_RULES = (
    Rule("settlement.oversight", OVERSEERS),
    Rule("settlement.oversight_today", OVERSEERS),
    Rule("settlement.oversight_diseases", OVERSEERS),
    Rule("settlement.oversight_persons", OVERSEERS),
    Rule("settlement.prove_totals", OVERSEERS | {Role.SYSTEM}),
)
