"""The pages of the county's desk, one module a subject."""

from __future__ import annotations

from doudi.server.desks.county import (
    facilities,
    funds,
    imports,
    imports_rows,
    imports_steps,
    inbox,
    inbox_proposals,
    people,
    policies,
)

__all__ = [
    "facilities",
    "funds",
    "imports",
    "imports_rows",
    "imports_steps",
    "inbox",
    "inbox_proposals",
    "people",
    "policies",
]
