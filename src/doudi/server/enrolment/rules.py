"""Who may do what with enrolments; how far back one clerk alone may reach."""

from __future__ import annotations

from doudi.server.access.api import Role, Rule

LATE_DAYS = 90
"""Further back than this needs four eyes. Assumed from the usual rule that a newborn enrolled within 90 days is insured
from birth; no other ordinary enrolment reaches back further."""

CLERKS = frozenset({Role.COUNTY})
READERS = frozenset({Role.COUNTY, Role.COUNTY_APPROVER, Role.HEALTH, Role.FAMILY_DOCTOR, Role.WINDOW})
LISTS = frozenset({Role.COUNTY, Role.COUNTY_APPROVER})
COUNTS = LISTS | {Role.HEALTH, Role.OVERSIGHT, Role.POLICY}

VERBS = ("enrol", "pay", "lapse", "refund", "correct")

RULES = (
    *(Rule(f"enrolment.{verb}", CLERKS) for verb in VERBS),
    *(Rule(f"enrolment.{verb}_late", CLERKS, four_eyes=True) for verb in VERBS),
    Rule("enrolment.enrolments_on", READERS, needs="place"),
    Rule("enrolment.enrolments_of_many", READERS, needs="place"),
    Rule("enrolment.periods_of_many", READERS, needs="place"),
    Rule("enrolment.enrolment_history", READERS, needs="place"),
    Rule("enrolment.enrolled", LISTS),
    Rule("enrolment.counts", COUNTS),
    Rule("enrolment.export", LISTS),
)
