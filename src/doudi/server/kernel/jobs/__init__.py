"""Background work: claimed for a lease, taken over once where a worker died, fenced against the dead coming back."""

from __future__ import annotations

from doudi.server.kernel.jobs.actors import ActorBuilder, set_actor_builder
from doudi.server.kernel.jobs.context import JobContext
from doudi.server.kernel.jobs.data import STATE_NAMES, Done, JobError, JobState, WorkerSeen
from doudi.server.kernel.jobs.operations.cancel import cancel
from doudi.server.kernel.jobs.operations.enqueue import enqueue
from doudi.server.kernel.jobs.operations.retry import retry
from doudi.server.kernel.jobs.queries import job_state, my_jobs, workers_alive
from doudi.server.kernel.jobs.registry import every, forget, job, known_kinds
from doudi.server.kernel.jobs.schedule import enqueue_due
from doudi.server.kernel.jobs.worker import run_worker, work_off

__all__ = [
    "STATE_NAMES",
    "ActorBuilder",
    "Done",
    "JobContext",
    "JobError",
    "JobState",
    "WorkerSeen",
    "cancel",
    "enqueue",
    "enqueue_due",
    "every",
    "forget",
    "job",
    "job_state",
    "known_kinds",
    "my_jobs",
    "retry",
    "run_worker",
    "set_actor_builder",
    "work_off",
    "workers_alive",
]
