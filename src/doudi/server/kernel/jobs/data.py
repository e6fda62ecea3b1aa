"""What crosses the border of background jobs: a kind, how a job stands, what it hands back, who works."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from doudi.words import Words

State = Literal["waiting", "running", "done", "failed", "cancelled"]

STATE_NAMES: dict[State, Words] = {
    "waiting": Words("等待中", "Waiting"),
    "running": Words("进行中", "Running"),
    "done": Words("已完成", "Done"),
    "failed": Words("未完成", "Failed"),
    "cancelled": Words("已取消", "Cancelled"),
}


@dataclass(frozen=True, slots=True)
class Done:
    """What a handler hands back: counts and numbers of rows (never personal data), and the stored paper made, if any."""

    result: Mapping[str, Any] = field(default_factory=dict)
    paper: int | None = None


@dataclass(frozen=True, slots=True)
class JobError:
    """Why a job failed: a stable code, a sentence for its owner, and a number to quote when asking for help."""

    code: str
    words: Words
    reference: str


@dataclass(frozen=True, slots=True)
class JobState:
    """How a job stands. `total` 0 means not known yet; `what` is the step, or the kind's name."""

    id: int
    kind: str
    name: Words
    state: State
    user: int
    region: int
    done: int
    total: int
    what: Words
    enqueued_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    attempt: int
    cancel_asked: bool
    result: dict[str, Any] | None
    paper: int | None
    error: JobError | None

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.state in ("done", "failed", "cancelled")

    @property
    def percent(self) -> int:
        """Whole percent done, 0 where the total is not known."""
        if self.state == "done":
            return 100
        return min(99, 100 * self.done // self.total) if self.total > 0 else 0


@dataclass(frozen=True, slots=True)
class WorkerSeen:
    """A worker process and how long ago its heart beat."""

    name: str
    started_at: datetime
    seen_at: datetime
    quiet: timedelta
