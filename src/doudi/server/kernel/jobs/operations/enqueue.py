"""Asking for a job, in the transaction of whoever asks: if that is rolled back, nothing was asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from doudi.server.kernel.actor import Actor
from doudi.server.kernel.canonical import canonical
from doudi.server.kernel.errors import invariant
from doudi.server.kernel.jobs.actors import stored
from doudi.server.kernel.jobs.errors import job_key_taken
from doudi.server.kernel.jobs.models import Job
from doudi.server.kernel.jobs.queue import CHANNEL
from doudi.server.kernel.jobs.registry import kind_of
from doudi.server.kernel.scope import scoped

_ENQUEUE = """
INSERT INTO kernel_job (kind, key, user_id, region, actor, payload, state, attempt, attempt_limit, enqueued_at, run_at,
                        worker, progress_done, progress_total, progress_zh, progress_en,
                        error_code, error_zh, error_en, error_reference)
VALUES (%s, %s, %s, %s, %s::jsonb, %s::jsonb, 'waiting', 0, %s, %s, statement_timestamp() + %s,
        '', 0, 0, '', '', '', '', '', '')
ON CONFLICT (kind, user_id, key) DO NOTHING RETURNING id"""


def enqueue(
    kind: str,
    *,
    actor: Actor,
    payload: Mapping[str, Any],
    now: datetime,
    key: str | None = None,
    region: int = 0,
    wait: timedelta = timedelta(),
) -> int:
    """Ask for a job: its number. It starts after the caller's commit, at the earliest after `wait`.

    `payload`: numbers of rows and choices as JSON, no personal data. `region`: the region key it concerns; who has
    that region in scope may see how it stands. The same `key` of the same user and kind: the same job, or `Conflict`
    where the payload differs.
    """
    known = kind_of(kind)
    invariant(known is not None, f"jobs.unknown_kind:{kind}")
    assert known is not None  # noqa: S101 - for the type checker
    text = canonical(dict(payload)).decode()
    values: list[Any] = [
        kind,
        key,
        actor.user,
        region,
        json.dumps(stored(actor)),
        text,
        known.attempts,
        now,
        wait,
    ]
    with scoped(actor.scope), connection.cursor() as cursor:
        cursor.execute(_ENQUEUE, values)
        row = cursor.fetchone()
        if row is not None:
            cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
            return int(row[0])
        former = Job.objects.get(kind=kind, user_id=actor.user, key=key)
        if canonical(former.payload).decode() != text:
            raise job_key_taken(key or "")
        return int(former.pk)
