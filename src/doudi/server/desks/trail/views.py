"""The pages of the audit desk, one module a subject."""

from __future__ import annotations

from doudi.server.desks.trail import events, verify, who

__all__ = ["events", "verify", "who"]
