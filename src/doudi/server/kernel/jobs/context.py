"""What a handler is given: in whose name it acts, what was asked, and a way to say how far it is.

The pulse of a running job is shared by the handler and the worker's heart, a thread with a connection of its own: so
progress is seen and cancelling is noticed also while the handler is deep inside one long transaction.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import invariant
from doudi.server.kernel.jobs import queue
from doudi.server.kernel.jobs.errors import JobCancelled, JobInterrupted, JobLost
from doudi.server.kernel.scope import active_scope
from doudi.words import Words


@dataclass(slots=True)
class Pulse:
    """How far a running job is, and what it was told."""

    job: queue.Claimed
    longest: float
    progress: queue.Progress = field(default_factory=queue.Progress)
    cancelled: bool = False
    lost: bool = False
    interrupted: bool = False
    began: float = field(default_factory=time.monotonic)

    def beat(self) -> None:
        """Lengthen the lease, unless the job has run longer than its kind ever may: then let it be taken over."""
        if self.lost:
            return
        if time.monotonic() - self.began > self.longest:
            self.lost = True
            return
        told = queue.beat(self.job, self.progress)
        self.lost, self.cancelled = told is None, self.cancelled or bool(told)


@dataclass(frozen=True, slots=True)
class JobContext:
    """A handler's view of its job. `attempt` is 1 at the first run."""

    actor: Actor
    payload: dict[str, Any]
    _pulse: Pulse
    _beats_itself: bool = False

    @property
    def id(self) -> int:
        """The number of the job."""
        return self._pulse.job.id

    @property
    def attempt(self) -> int:
        """Which run this is, from 1."""
        return self._pulse.job.attempt

    def now(self) -> datetime:
        """The instant, for the operations the handler calls."""
        return clock.now()

    def key(self, step: str) -> str:
        """The key of one step, the same at every attempt: an operation called with it counts once."""
        return f"job:{self.id}:{step}"

    def progress(self, done: int, total: int = 0, what: Words | None = None) -> None:
        """Say how far the job is: `done` of `total` (0: not known), at which step. Also checks whether to stop."""
        kept = self._pulse.progress
        self._pulse.progress = queue.Progress(done, total or kept.total, what or kept.what)
        self.check_cancelled()

    def check_cancelled(self) -> None:
        """Leave the handler where the job was cancelled, lost or interrupted. Cheap: call it in every loop."""
        pulse = self._pulse
        if self._beats_itself and active_scope() is None:
            pulse.beat()
        if pulse.lost:
            raise JobLost
        if pulse.cancelled:
            raise JobCancelled
        if pulse.interrupted:
            raise JobInterrupted

    def hold(self) -> None:
        """As the last line of a transaction that no key protects: commit only if the job is still ours (`JobLost`)."""
        invariant(active_scope() is not None, "jobs.hold_outside_transaction")
        if not queue.hold(self._pulse.job):
            self._pulse.lost = True
            raise JobLost
