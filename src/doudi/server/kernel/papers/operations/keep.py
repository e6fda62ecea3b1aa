"""Keeping a file: sealed with the key of its region, counted and hashed, in the transaction of the act."""

from __future__ import annotations

from datetime import datetime

from doudi.server.kernel.actor import Actor
from doudi.server.kernel.canonical import sm3
from doudi.server.kernel.errors import invariant
from doudi.server.kernel.papers.errors import paper_too_large
from doudi.server.kernel.papers.models import StoredPaper
from doudi.server.kernel.papers.queries import purpose_of
from doudi.server.kernel.scope import active_scope
from doudi.server.kernel.sealing import seal

LARGEST = 64 * 2**20
"""Bytes of a paper; as many as an upload may have (settings)."""


def keep(
    *,
    actor: Actor,
    region: int,
    name: str,
    media_type: str,
    content: bytes,
    now: datetime,
    purpose: str = "file",
    until: datetime | None = None,
) -> int:
    """Store a file of `region` (a region key in the actor's scope): its number. `until`: when its bytes may be removed.

    `purpose` is a word of the app that keeps it (`import`, `export`); it is bound into the seal.
    """
    invariant(active_scope() is not None, "papers.outside_scope")
    if len(content) > LARGEST:
        raise paper_too_large(LARGEST)
    row = StoredPaper(
        region=region,
        purpose=purpose,
        name=name[-200:],
        media_type=media_type,
        size=len(content),
        content_sm3=sm3(content).hex(),
        sealed=seal(content, region=region, purpose=purpose_of(purpose)),
        kept_by=actor.user,
        kept_at=now,
        until_at=until,
    )
    row.save(force_insert=True)
    return int(row.pk)
