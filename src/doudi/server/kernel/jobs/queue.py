"""What a worker says to the table: claim, beat, hold, finish. Every write names the attempt it was given.

All times of leases are the database's (`statement_timestamp()`), so that workers on several machines agree. A claim takes
the oldest job that is due, or whose lease has ended, with `FOR UPDATE SKIP LOCKED`: one worker gets it. It raises
`attempt`, the fencing token; from that moment whatever the former holder writes changes no row.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection

from doudi.server.kernel.jobs.data import Done, JobError, State
from doudi.server.kernel.jobs.errors import WORKER_DIED
from doudi.server.kernel.jobs.registry import kind_of
from doudi.server.kernel.scope import EVERYWHERE, Scope, scoped
from doudi.words import Words

QUEUE = Scope(EVERYWHERE)
"""The scope of claiming; handlers run under their actor's own."""

CHANNEL = "doudi_jobs"

_EXPIRED = """
SELECT id FROM kernel_job
 WHERE state = 'running' AND lease_until < statement_timestamp() AND kind = ANY(%s)
   AND (attempt >= attempt_limit OR cancel_asked_at IS NOT NULL)
 FOR UPDATE SKIP LOCKED"""
_BURY = """
UPDATE kernel_job
   SET state = CASE WHEN cancel_asked_at IS NULL THEN 'failed' ELSE 'cancelled' END, ended_at = statement_timestamp(),
       lease_until = NULL, error_code = CASE WHEN cancel_asked_at IS NULL THEN 'job_worker_died' ELSE '' END,
       error_zh = %s, error_en = %s, error_reference = %s
 WHERE id = %s"""
_CLAIM = """
UPDATE kernel_job
   SET state = 'running', attempt = attempt + 1, worker = %s, lease_until = statement_timestamp() + %s,
       started_at = coalesce(started_at, statement_timestamp()), progress_done = 0, progress_total = 0,
       progress_zh = '', progress_en = ''
 WHERE id = (SELECT id FROM kernel_job
              WHERE state IN ('waiting', 'running') AND kind = ANY(%s) AND run_at <= statement_timestamp()
                AND (state = 'waiting' OR lease_until < statement_timestamp())
              ORDER BY run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, kind, attempt, attempt_limit, actor::text, payload::text"""
_LEASE = "UPDATE kernel_job SET lease_until = statement_timestamp() + %s WHERE id = %s AND attempt = %s"
_MINE = "id = %s AND attempt = %s AND state = 'running'"
_BEAT = f"""
UPDATE kernel_job SET lease_until = statement_timestamp() + %s, progress_done = %s, progress_total = %s,
       progress_zh = %s, progress_en = %s
 WHERE id = (SELECT id FROM kernel_job WHERE {_MINE} FOR NO KEY UPDATE SKIP LOCKED)
RETURNING cancel_asked_at IS NOT NULL"""  # noqa: S608 - no input in the text
_FINISH = f"""
UPDATE kernel_job SET state = %s, ended_at = statement_timestamp(), lease_until = NULL, progress_done = %s,
       progress_total = %s, progress_zh = %s, progress_en = %s, result = %s::jsonb, result_paper = %s,
       error_code = %s, error_zh = %s, error_en = %s, error_reference = %s
 WHERE {_MINE}"""  # noqa: S608 - no input in the text
_AGAIN = f"""
UPDATE kernel_job SET state = 'waiting', lease_until = NULL, run_at = statement_timestamp() + %s,
       attempt_limit = attempt_limit + %s, error_code = %s, error_zh = %s, error_en = %s, error_reference = %s
 WHERE {_MINE}"""  # noqa: S608 - no input in the text


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job in one worker's hands: `attempt` is what makes its writes count."""

    id: int
    kind: str
    attempt: int
    attempt_limit: int
    lease: timedelta
    actor: Any
    payload: dict[str, Any]


NO_STEP = Words("", "")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is; `total` 0 is not known."""

    done: int = 0
    total: int = 0
    what: Words = NO_STEP


def reference() -> str:
    """A number to quote: it stands in the job and in the log, and means nothing by itself."""
    return f"J-{secrets.token_hex(4).upper()}"


def claim(worker: str, kinds: Sequence[str]) -> Claimed | None:
    """The next job for this worker, leased; None where nothing is due."""
    with scoped(QUEUE), connection.cursor() as cursor:
        cursor.execute(_EXPIRED, [list(kinds)])
        for (number,) in cursor.fetchall():
            quoted = reference()
            said = WORKER_DIED.filled(reference=quoted)
            cursor.execute(_BURY, [said.zh, said.en, quoted, number])
        _run(cursor, _CLAIM, worker, timedelta(minutes=1), list(kinds))
        row = cursor.fetchone()
        if row is None:
            return None
        kind = kind_of(row[1])
        lease = kind.lease if kind is not None else timedelta(minutes=1)
        _run(cursor, _LEASE, lease, row[0], row[2])
    return Claimed(row[0], row[1], row[2], row[3], lease, json.loads(row[4]), json.loads(row[5]))


def beat(job: Claimed, progress: Progress) -> bool | None:
    """Lengthen the lease and write the progress: whether cancelling was asked for; None where the job is not ours.

    A row that our own transaction holds (`hold`) is passed over, not waited for.
    """
    with scoped(QUEUE), connection.cursor() as cursor:
        _run(cursor, _BEAT, job.lease, *_progress(progress), job.id, job.attempt)
        row = cursor.fetchone()
        if row is not None:
            return bool(row[0])
        cursor.execute(f"SELECT 1 FROM kernel_job WHERE {_MINE}", [job.id, job.attempt])  # noqa: S608
        return None if cursor.fetchone() is None else False


def hold(job: Claimed) -> bool:
    """Inside a transaction of the work: keep the job ours until it commits. False where it is not ours any more."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM kernel_job WHERE {_MINE} FOR SHARE", [job.id, job.attempt])  # noqa: S608
        return cursor.fetchone() is not None


def finish(
    job: Claimed, state: State, progress: Progress, *, done: Done | None = None, error: JobError | None = None
) -> bool:
    """Write how the job ended. False where it was taken over: then nothing is written."""
    result = None if done is None else json.dumps(dict(done.result), ensure_ascii=False)
    paper = None if done is None else done.paper
    values = [state, *_progress(progress), result, paper, *_error(error), job.id, job.attempt]
    with scoped(QUEUE), connection.cursor() as cursor:
        cursor.execute(_FINISH, values)
        return bool(cursor.rowcount == 1)


def again(job: Claimed, *, wait: timedelta, error: JobError | None, counts: bool = True) -> bool:
    """Put the job back to be begun again after `wait`; an interruption does not count against its attempts."""
    with scoped(QUEUE), connection.cursor() as cursor:
        _run(cursor, _AGAIN, wait, 0 if counts else 1, *_error(error), job.id, job.attempt)
        return bool(cursor.rowcount == 1)


def _run(cursor: Any, statement: str, *values: Any) -> None:
    """Bound parameters of any type that psycopg adapts; intervals are not among those Django's types name."""
    cursor.execute(statement, values)


def _progress(progress: Progress) -> list[Any]:
    return [progress.done, progress.total, progress.what.zh[:200], progress.what.en[:200]]


def _error(error: JobError | None) -> list[str]:
    if error is None:
        return ["", "", "", ""]
    return [error.code[:80], error.words.zh[:400], error.words.en[:400], error.reference]
