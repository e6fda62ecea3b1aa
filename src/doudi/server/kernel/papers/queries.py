"""Reading stored papers, in the scope that is open: what lies outside does not exist."""

from __future__ import annotations

from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import invariant
from doudi.server.kernel.papers.data import Paper, PaperEntry
from doudi.server.kernel.papers.errors import no_such_paper, paper_removed
from doudi.server.kernel.papers.models import StoredPaper
from doudi.server.kernel.regions import in_ranges
from doudi.server.kernel.scope import active_scope
from doudi.server.kernel.sealing import unseal


def fetch(*, viewer: Actor, paper: int) -> Paper:
    """A paper with its bytes, whose hash is compared. For a query of an app, which asks its own rule first."""
    row = _row(viewer, paper)
    if row.sealed is None:
        raise paper_removed()
    content = unseal(bytes(row.sealed), purpose=purpose_of(row.purpose))
    return Paper(entry(row), content)


def entry_of(*, viewer: Actor, paper: int) -> PaperEntry:
    """A paper without its bytes."""
    return entry(_row(viewer, paper, bytes_too=False))


def purpose_of(purpose: str) -> str:
    """What the bytes are sealed for: papers of one purpose cannot be passed off as those of another."""
    return f"paper:{purpose}"


def entry(row: StoredPaper) -> PaperEntry:
    """The row without its bytes."""
    return PaperEntry(
        row.pk,
        row.region,
        row.purpose,
        row.name,
        row.media_type,
        row.size,
        row.content_sm3,
        row.kept_by,
        row.kept_at,
        row.until_at,
        row.removed_at,
    )


def _row(viewer: Actor, paper: int, *, bytes_too: bool = True) -> StoredPaper:
    invariant(active_scope() is not None, "papers.outside_scope")
    rows = StoredPaper.objects.filter(in_ranges(viewer.ranges), pk=paper)
    row = (rows if bytes_too else rows.defer("sealed")).first()
    if row is None:
        raise no_such_paper()
    return row
