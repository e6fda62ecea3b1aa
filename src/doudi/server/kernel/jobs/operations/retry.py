"""Running a failed or cancelled job again, from its beginning, with as many attempts as at first."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from doudi.server.kernel.actor import Actor
from doudi.server.kernel.jobs.data import JobState
from doudi.server.kernel.jobs.errors import job_not_failed
from doudi.server.kernel.jobs.queries import own_row, state_of
from doudi.server.kernel.jobs.queue import CHANNEL
from doudi.server.kernel.jobs.registry import kind_of
from doudi.server.kernel.scope import scoped


def retry(*, actor: Actor, now: datetime, job: int) -> JobState:
    """Put one of the actor's own jobs back. Lock: its row. The attempts go on counting: they are the fencing token."""
    with scoped(actor.scope):
        row = own_row(actor, job)
        if row.state not in ("failed", "cancelled"):
            raise job_not_failed()
        kind = kind_of(row.kind)
        row.state, row.run_at, row.ended_at, row.cancel_asked_at = "waiting", min(now, row.run_at), None, None
        row.attempt_limit = row.attempt + (kind.attempts if kind is not None else 1)
        row.error_code = row.error_zh = row.error_en = row.error_reference = ""
        row.save()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
        return state_of(row)
