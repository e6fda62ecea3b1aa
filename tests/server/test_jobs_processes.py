"""Background jobs with real worker processes: killed, stopped, several at once, and one that comes back from the dead."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from doudi.server.audit.models import AuditEvent
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.jobs import JobState, cancel, enqueue, job_state, workers_alive
from doudi.server.kernel.regions import Ranges
from doudi.server.kernel.scope import scoped
from support import jobs

CLERK = Actor(7, "clerk", frozenset({"county"}), Ranges.of([520203000000]))
NOW = datetime(2026, 3, 1, tzinfo=UTC)
PATIENCE = 60.0


@pytest.fixture
def worker(fresh_database: str, database_cluster: Path) -> Iterator[Callable[[str], subprocess.Popen[bytes]]]:
    jobs.kinds()
    started: list[subprocess.Popen[bytes]] = []

    def start(name: str) -> subprocess.Popen[bytes]:
        started.append(jobs.start(fresh_database, database_cluster, name))
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)
            process.kill()
        process.wait()


def until(holds: Callable[[], bool]) -> None:
    """Wait for an event in another process; patience is a limit against hanging, not a measurement."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "the other process did not get there"
        time.sleep(0.02)


def events(event: str, job: int) -> int:
    with scoped(CLERK.scope):
        return AuditEvent.objects.filter(event=event, object_id=str(job)).count()


def state(job: int) -> JobState:
    return job_state(CLERK, job)


@contextmanager
def stopped(process: subprocess.Popen[bytes]) -> Iterator[None]:
    process.send_signal(signal.SIGSTOP)
    yield
    process.send_signal(signal.SIGCONT)


def test_a_killed_workers_job_is_taken_over_once(
    worker: Callable[[str], subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    job = enqueue("test.hang_once", actor=CLERK, payload={"go": str(tmp_path / "never")}, now=NOW)
    first = worker("first")
    until(lambda: events("test.begun.1", job) == 1)
    assert state(job).state == "running"
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    worker("second"), worker("third")
    until(lambda: state(job).ended)
    ended = state(job)
    assert (ended.state, ended.attempt, ended.result) == ("done", 2, {"attempt": 2})
    assert [events(f"test.begun.{attempt}", job) for attempt in (1, 2, 3)] == [1, 1, 0]
    assert events("test.worked", job) == 1


def test_a_worker_back_from_the_dead_changes_nothing(
    worker: Callable[[str], subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    go = tmp_path / "go"
    job = enqueue("test.hang_once", actor=CLERK, payload={"go": str(go)}, now=NOW)
    zombie = worker("zombie")
    until(lambda: events("test.begun.1", job) == 1)
    with stopped(zombie):
        worker("heir")
        until(lambda: state(job).ended)
        ended = state(job)
        go.touch()
    zombie.send_signal(signal.SIGTERM)
    assert zombie.wait(PATIENCE) == 0  # it went through to the end of its handler and left
    assert events("test.worked", job) == 1
    assert state(job) == ended
    assert ended.attempt == 2


def test_two_workers_do_two_hundred_jobs_once_each(worker: Callable[[str], subprocess.Popen[bytes]]) -> None:
    with scoped(CLERK.scope):
        numbers = [enqueue("test.count", actor=CLERK, payload={"n": n}, now=NOW) for n in range(200)]
    worker("left"), worker("right")
    until(lambda: all(state(job).ended for job in numbers[-5:]))
    until(lambda: all(state(job).ended for job in numbers))
    assert {(state(job).state, state(job).attempt) for job in numbers} == {("done", 1)}
    with scoped(CLERK.scope):
        counted = list(AuditEvent.objects.filter(event="test.counted").values_list("object_id", flat=True))
    assert sorted(counted, key=int) == [str(job) for job in numbers]
    assert {"left", "right"} <= {seen.name for seen in workers_alive()}


def test_a_running_job_is_cancelled(worker: Callable[[str], subprocess.Popen[bytes]]) -> None:
    job = enqueue("test.until_cancelled", actor=CLERK, payload={}, now=NOW)
    worker("only")
    until(lambda: state(job).done > 0)
    assert state(job).what.zh == "数数"
    assert cancel(actor=CLERK, now=NOW, job=job).cancel_asked
    until(lambda: state(job).ended)
    assert (state(job).state, state(job).attempt) == ("cancelled", 1)


def test_a_stopped_worker_gives_its_job_back(worker: Callable[[str], subprocess.Popen[bytes]]) -> None:
    job = enqueue("test.until_cancelled", actor=CLERK, payload={}, now=NOW)
    only = worker("leaving")
    until(lambda: state(job).done > 0)
    only.send_signal(signal.SIGTERM)
    assert only.wait(PATIENCE) == 0
    given_back = state(job)
    assert (given_back.state, given_back.attempt) == ("waiting", 1)
    assert not [seen for seen in workers_alive() if seen.name == "leaving"]
