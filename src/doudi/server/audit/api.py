"""The door of the audit trail for other apps."""

from __future__ import annotations

from doudi.server.audit.append import append, appended_in

__all__ = ["append", "appended_in"]
