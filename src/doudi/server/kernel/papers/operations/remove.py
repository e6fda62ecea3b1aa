"""Removing the bytes of papers: one that is no longer wanted, and all whose time is over. The rows stay as a trace."""

from __future__ import annotations

from datetime import datetime

from doudi.server.kernel.actor import Actor
from doudi.server.kernel.papers.models import StoredPaper
from doudi.server.kernel.regions import in_ranges


def remove(*, actor: Actor, paper: int, now: datetime) -> bool:
    """Delete a paper's bytes; False where it has none any more or does not exist in the scope."""
    rows = StoredPaper.objects.filter(in_ranges(actor.ranges), pk=paper, removed_at__isnull=True)
    return rows.update(sealed=None, removed_at=now) == 1


def remove_expired(*, actor: Actor, now: datetime) -> int:
    """Delete the bytes of every paper in the scope whose time is over: how many."""
    rows = StoredPaper.objects.filter(in_ranges(actor.ranges), until_at__lte=now, removed_at__isnull=True)
    return rows.update(sealed=None, removed_at=now)
