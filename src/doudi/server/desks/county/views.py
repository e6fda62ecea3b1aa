"""The pages of the county's desk, one module a subject."""

from __future__ import annotations

from doudi.server.desks.county import people

__all__ = ["people"]
