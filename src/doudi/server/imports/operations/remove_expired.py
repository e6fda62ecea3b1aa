"""Removing what is past its time: files, rows and what they said. Run by the server each day."""

from __future__ import annotations

from datetime import datetime

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.imports.data_imports import Removed
from doudi.server.imports.models import StagedImport
from doudi.server.imports.operations.discard import clear
from doudi.server.imports.states import WORKING
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.papers.api import remove_expired as remove_papers
from doudi.server.kernel.regions import in_ranges

AT_ONCE = 200


@operation("imports.remove_expired")
def remove_expired(*, actor: Actor, now: datetime) -> Removed:
    """At most `AT_ONCE` imports a run; the next run goes on. Imports in work are left alone."""
    rows = StagedImport.objects.select_for_update(skip_locked=True).filter(
        in_ranges(actor.ranges), until_at__lte=now, removed_at__isnull=True
    )
    count = 0
    for row in rows.exclude(state__in=[str(state) for state in WORKING]).order_by("pk")[:AT_ONCE]:
        clear(row, actor, now)
        row.save(update_fields=["removed_at"])
        count += 1
    papers = remove_papers(actor=actor, now=now)
    append("imports.expired_removed", actor=actor, at=now, detail={"imports": count, "papers": papers})
    return Removed(count, papers)
