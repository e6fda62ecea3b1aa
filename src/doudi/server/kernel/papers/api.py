"""The door of stored papers for the apps."""

from __future__ import annotations

from doudi.server.kernel.papers.data import Paper, PaperEntry
from doudi.server.kernel.papers.operations.keep import keep
from doudi.server.kernel.papers.operations.remove import remove, remove_expired
from doudi.server.kernel.papers.queries import entry_of, fetch

__all__ = ["Paper", "PaperEntry", "entry_of", "fetch", "keep", "remove", "remove_expired"]
