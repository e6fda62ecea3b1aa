"""Who may read and change reference data. It is about no person: everybody who works here reads it."""

from __future__ import annotations

from doudi.server.access.api import Role, Rule

EVERYBODY = frozenset(Role) - {Role.NEWCOMER}
READS = (
    "region",
    "region_history",
    "region_changes",
    "region_now",
    "regions",
    "facility",
    "facility_by_code",
    "facilities",
    "facility_history",
    "funds",
    "payers",
    "items",
    "price_of",
    "clinical_codes",
    "disease_lists",
)
COUNTY = frozenset({Role.COUNTY, Role.SYSTEM})
DIVISIONS = frozenset({Role.SYSTEM_ADMIN, Role.SYSTEM})

RULES = (
    *(Rule(f"reference.{name}", EVERYBODY, needs="nothing") for name in READS),
    Rule("reference.add_facility", COUNTY),
    Rule("reference.restand_facility", COUNTY),
    Rule("reference.close_facility", COUNTY),
    Rule("reference.designate", COUNTY),
    Rule("reference.end_designation", COUNTY),
    Rule("reference.set_fund", COUNTY),
    Rule("reference.end_fund", COUNTY),
    Rule("reference.set_payer", COUNTY),
    Rule("reference.end_payer", COUNTY),
    Rule("reference.add_regions", DIVISIONS, needs="nothing"),
    Rule("reference.reorganise", DIVISIONS, needs="nothing"),
    Rule("reference.load_starting_data", frozenset({Role.SYSTEM})),
    Rule("reference.load_demo", frozenset({Role.SYSTEM})),
)
