"""The door of access for other apps."""

from __future__ import annotations

from doudi.server.access.guard import GUARDED, operation, permit, query
from doudi.server.access.roles import ROLE_NAMES, Role
from doudi.server.access.rules import Rule, all_rules, allowed, register, rule_of

__all__ = [
    "GUARDED",
    "ROLE_NAMES",
    "Role",
    "Rule",
    "all_rules",
    "allowed",
    "operation",
    "permit",
    "query",
    "register",
    "rule_of",
]
