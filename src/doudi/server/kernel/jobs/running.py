"""Running one claimed job: the handler, then how it ended. What went wrong becomes a code and a number, never a trace."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping
from datetime import timedelta

from django.db import connection

from doudi.server.kernel import clock
from doudi.server.kernel.errors import InvariantBroken, Refused, invariant
from doudi.server.kernel.jobs import queue
from doudi.server.kernel.jobs.actors import rebuilt
from doudi.server.kernel.jobs.context import JobContext, Pulse
from doudi.server.kernel.jobs.data import Done, JobError
from doudi.server.kernel.jobs.errors import BROKE, RIGHT_ENDED, JobCancelled, JobInterrupted, JobLost
from doudi.server.kernel.jobs.registry import Kind
from doudi.server.kernel.scope import active_scope

log = logging.getLogger("doudi.jobs")

FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=1)


def wait_before(attempt: int) -> timedelta:
    """How long a job waits after its `attempt`-th failed run: 10 s, 40 s, 160 s … at most an hour."""
    factor: int = 4 ** min(attempt - 1, 10)
    return min(FIRST_WAIT * factor, LONGEST_WAIT)


def run_claimed(kind: Kind, job: queue.Claimed, pulse: Pulse, *, beats_itself: bool = False) -> None:
    """Run the handler outside any transaction and write how the job ended, if it is still ours."""
    invariant(active_scope() is None, "jobs.run_inside_scope")
    try:
        done = _handled(kind, job, pulse, beats_itself=beats_itself)
    except JobLost:
        log.warning("job taken over", extra={"job": job.id, "attempt": job.attempt})
    except JobCancelled:
        queue.finish(job, "cancelled", pulse.progress)
    except JobInterrupted:
        queue.again(job, wait=timedelta(), error=None, counts=False)
    except Refused as refused:
        error = JobError(refused.code, refused.said(), queue.reference())
        queue.finish(job, "failed", pulse.progress, error=error)
    except Exception as fault:  # noqa: BLE001 - the last line: whatever it is, the job must not stay running
        _broke(job, pulse, fault)
    else:
        if not queue.finish(job, "done", pulse.progress, done=done):
            log.warning("job finished too late", extra={"job": job.id, "attempt": job.attempt})


def _handled(kind: Kind, job: queue.Claimed, pulse: Pulse, *, beats_itself: bool) -> Done:
    actor = rebuilt(job.actor, clock.now())
    if actor is None:
        raise Refused("job_right_ended", RIGHT_ENDED)
    answer = kind.handler(JobContext(actor, job.payload, pulse, beats_itself))
    invariant(active_scope() is None, "jobs.scope_left_open")
    if isinstance(answer, Done):
        return answer
    return Done(dict(answer) if isinstance(answer, Mapping) else {})


def _broke(job: queue.Claimed, pulse: Pulse, fault: Exception) -> None:
    """A fault: tried again after a while, up to the limit; one of our own promises broken is not tried again."""
    quoted = queue.reference()
    error = JobError("job_broke", BROKE.filled(reference=quoted), quoted)
    log.error(
        "job broke",
        extra={"job": job.id, "attempt": job.attempt, "reference": quoted, "fault": type(fault).__name__}
        | {"code": str(fault) if isinstance(fault, InvariantBroken) else "", "where": _where(fault)},
    )
    if not connection.in_atomic_block:  # the fault may have been the connection's
        connection.close_if_unusable_or_obsolete()
    if job.attempt >= job.attempt_limit or isinstance(fault, InvariantBroken):
        queue.finish(job, "failed", pulse.progress, error=error)
    else:
        queue.again(job, wait=wait_before(job.attempt), error=error)


def _where(fault: Exception) -> str:
    """Files, lines and names of the last frames: enough to find it, and no value of any variable."""
    frames = traceback.extract_tb(fault.__traceback__)[-4:]
    return " < ".join(
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in reversed(frames)
    )
