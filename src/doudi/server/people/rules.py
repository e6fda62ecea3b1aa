"""Who may read and change the vault. Administrators read no person (三权分立); facilities see whom they opened."""

from __future__ import annotations

from doudi.server.access.api import Role, Rule

WRITERS = frozenset({Role.COUNTY, Role.SYSTEM})
OFFICERS = frozenset({Role.COUNTY, Role.COUNTY_APPROVER, Role.HEALTH, Role.FAMILY_DOCTOR, Role.SYSTEM})
READERS = OFFICERS | {Role.OVERSIGHT, Role.AUDIT}
WINDOW = frozenset({Role.WINDOW})
SERVER = frozenset({Role.SYSTEM})

RULES = (
    Rule("people.register", WRITERS, budget="people.register"),
    Rule("people.correct", WRITERS, budget="people.register"),
    Rule("people.move", WRITERS),
    Rule("people.set_status", WRITERS),
    Rule("people.merge", WRITERS),
    Rule("people.split", WRITERS),
    Rule("people.form_household", WRITERS),
    Rule("people.join_household", WRITERS),
    Rule("people.leave_household", WRITERS),
    Rule("people.add_card", WRITERS),
    Rule("people.add_contact", WRITERS | {Role.FAMILY_DOCTOR}),
    Rule("people.end_contact", WRITERS | {Role.FAMILY_DOCTOR}),
    Rule("people.export", WRITERS | {Role.COUNTY_APPROVER}),
    Rule("people.unmask", OFFICERS | WINDOW, needs="place", budget="people.unmask"),
    Rule("people.find_at_facility", WINDOW, needs="facility", budget="people.find"),
    Rule(
        "people.break_glass",
        frozenset({Role.COUNTY, Role.COUNTY_APPROVER, Role.HEALTH}),
        budget="access.break_glass",
    ),
    Rule("people.opened_here", WINDOW, needs="facility"),
    Rule("people.person", READERS | WINDOW, needs="place"),
    Rule("people.facts", READERS | WINDOW, needs="place"),
    Rule("people.facts_many", READERS),
    Rule("people.summaries", READERS),
    Rule("people.history", READERS),
    Rule("people.persons", READERS),
    Rule("people.search", OFFICERS, budget="people.search"),
    Rule("people.household", READERS),
    Rule("people.households", READERS),
    Rule("people.match_numbers", OFFICERS),
    Rule("people.duplicates", WRITERS | {Role.COUNTY_APPROVER}),
    Rule("people.load", SERVER),
    Rule("people.reseal", SERVER),
    Rule("people.fill_next_index", SERVER),
    Rule("people.switch_index", SERVER),
)
