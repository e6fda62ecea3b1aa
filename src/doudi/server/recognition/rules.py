"""Who may do what with recognitions; how far back one clerk alone may reach."""

from __future__ import annotations

from doudi.server.access.api import Role, Rule

LATE_DAYS = 30
"""Further back than this needs four eyes. Assumed: departments send their lists monthly, so what a list brings lies
within a month; a county may want it shorter."""

CLERKS = frozenset({Role.COUNTY})
READERS = frozenset({Role.COUNTY, Role.COUNTY_APPROVER, Role.HEALTH, Role.FAMILY_DOCTOR, Role.WINDOW})
LISTS = frozenset({Role.COUNTY, Role.COUNTY_APPROVER, Role.HEALTH})
COUNTS = LISTS | {Role.OVERSIGHT, Role.POLICY}

RULES = (
    Rule("recognition.recognise", CLERKS),
    Rule("recognition.end", CLERKS),
    Rule("recognition.correct", CLERKS),
    Rule("recognition.recognise_late", CLERKS, four_eyes=True),
    Rule("recognition.end_late", CLERKS, four_eyes=True),
    Rule("recognition.correct_late", CLERKS, four_eyes=True),
    Rule("recognition.categories_on", READERS, needs="place"),
    Rule("recognition.categories_of_many", READERS, needs="place"),
    Rule("recognition.periods_of_many", READERS, needs="place"),
    Rule("recognition.category_history", READERS, needs="place"),
    Rule("recognition.recognised", LISTS),
    Rule("recognition.counts", COUNTS),
    Rule("recognition.export", LISTS),
)
