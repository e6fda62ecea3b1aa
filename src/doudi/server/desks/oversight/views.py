"""The pages of oversight."""

from __future__ import annotations

from doudi.server.desks.oversight import home, sheets

__all__ = ["home", "sheets"]
