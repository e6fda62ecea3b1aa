"""Who may import and who may see imports. Which kinds a role may import, each kind says itself (`Kind.roles`)."""

from __future__ import annotations

from doudi.server.access.api import Role, Rule

IMPORTERS = frozenset({Role.COUNTY, Role.HEALTH, Role.OVERSIGHT, Role.POLICY, Role.SYSTEM})
READERS = IMPORTERS | {Role.COUNTY_APPROVER, Role.AUDIT}
"""See that something was imported and what it changed; the rows themselves only who may import the kind."""

RULES = (
    Rule("imports.upload", IMPORTERS),
    Rule("imports.map", IMPORTERS),
    Rule("imports.examine", IMPORTERS),
    Rule("imports.choose", IMPORTERS),
    Rule("imports.decide", IMPORTERS),
    Rule("imports.apply", IMPORTERS),
    Rule("imports.undo", IMPORTERS),
    Rule("imports.discard", IMPORTERS),
    Rule("imports.make_refused_file", IMPORTERS),
    Rule("imports.rows", IMPORTERS),
    Rule("imports.file", IMPORTERS),
    Rule("imports.list", READERS),
    Rule("imports.detail", READERS),
    Rule("imports.changes", READERS),
    Rule("imports.of_object", READERS),
    # The worker's halves, run in the name of whoever asked.
    Rule("imports.examine_now", IMPORTERS),
    Rule("imports.apply_now", IMPORTERS),
    Rule("imports.undo_now", IMPORTERS),
    Rule("imports.put_back", IMPORTERS),
    Rule("imports.remove_expired", frozenset({Role.SYSTEM})),
)
