"""What only the operator at the server's machine does, in the name of the server: keys of the data, first accounts."""

from __future__ import annotations

from doudi.server.access.api import Role, Rule

SERVER = frozenset({Role.SYSTEM})

RULES = (
    Rule("keys.add_master", SERVER),
    Rule("keys.seal_again", SERVER),
    Rule("keys.retire_master", SERVER),
    Rule("keys.begin_next_index", SERVER),
    Rule("keys.record", SERVER),
    Rule("site.record_account_step", SERVER),
)
