"""What comes round by itself: once in each period, whoever of the workers is first.

The key of a scheduled job is the number of its period on the database's clock, and (kind, user, key) is unique: a second
worker's row meets the first's. A period in which the former job still waits or runs is passed over.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.db import connection

from doudi.server.kernel.actor import SYSTEM
from doudi.server.kernel.jobs import queue
from doudi.server.kernel.jobs.actors import stored
from doudi.server.kernel.jobs.registry import every, job, kind_of, periods
from doudi.server.kernel.scope import scoped
from doudi.words import Words

_ENQUEUE = """
INSERT INTO kernel_job (kind, key, user_id, region, actor, payload, state, attempt, attempt_limit, enqueued_at, run_at,
                        worker, progress_done, progress_total, progress_zh, progress_en,
                        error_code, error_zh, error_en, error_reference)
SELECT %(kind)s, 'period:' || floor(extract(epoch FROM statement_timestamp()) / %(seconds)s), 0, 0, %(actor)s::jsonb,
       '{}', 'waiting', 0, %(attempts)s, statement_timestamp(), statement_timestamp(), '', 0, 0, '', '', '', '', '', ''
 WHERE NOT EXISTS (SELECT FROM kernel_job WHERE kind = %(kind)s AND user_id = 0 AND state IN ('waiting', 'running'))
ON CONFLICT (kind, user_id, key) DO NOTHING"""
_SWEEP_JOBS = """
DELETE FROM kernel_job WHERE user_id = 0 AND key LIKE 'period:%%' AND ended_at < statement_timestamp() - %s"""
_SWEEP_WORKERS = "DELETE FROM kernel_worker WHERE seen_at < statement_timestamp() - %s"

KEPT = timedelta(days=30)
"""How long ended jobs of the server itself are kept; jobs of people are kept for ever, with their keys."""


def enqueue_due() -> int:
    """Enqueue what this period still lacks; answers how many."""
    added = 0
    for name, period in periods().items():
        kind = kind_of(name)
        if kind is None:
            continue
        values: dict[str, Any] = {
            "kind": name,
            "seconds": int(period.total_seconds()),
            "actor": json.dumps(stored(SYSTEM)),
            "attempts": kind.attempts,
        }
        with scoped(queue.QUEUE), connection.cursor() as cursor:
            cursor.execute(_ENQUEUE, values)
            added += cursor.rowcount
    return added


@job("jobs.sweep", Words("清理后台任务记录", "Clear out old rows of background jobs"))
def sweep(_context: object) -> dict[str, int]:
    """Remove the server's own ended jobs and workers long gone."""
    values: list[Any] = [KEPT]
    with scoped(queue.QUEUE), connection.cursor() as cursor:
        cursor.execute(_SWEEP_JOBS, values)
        jobs = cursor.rowcount
        cursor.execute(_SWEEP_WORKERS, values)
        return {"jobs": jobs, "workers": cursor.rowcount}


every("jobs.sweep", minutes=24 * 60)
