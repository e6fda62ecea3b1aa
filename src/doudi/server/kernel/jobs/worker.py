"""A worker: claims jobs one after the other; its heart, a thread beside it, says that it lives.

Enqueueing notifies (`NOTIFY`), so an idle worker starts at once; the short poll is for what nobody announces: jobs whose
time has come and leases that ended. Asked to stop, it puts back what can be interrupted, finishes what cannot, and goes.
"""

from __future__ import annotations

import gc
import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable

from django.db import Error, connection

from doudi.server.kernel.jobs import queue
from doudi.server.kernel.jobs.context import Pulse
from doudi.server.kernel.jobs.registry import kind_of, known_kinds
from doudi.server.kernel.jobs.running import run_claimed
from doudi.server.kernel.jobs.schedule import enqueue_due

log = logging.getLogger("doudi.jobs")

SCHEDULE_EVERY = 10.0
"""Seconds between two looks at what comes round by itself."""

_SEEN = "INSERT INTO kernel_worker (name) VALUES (%s) ON CONFLICT (name) DO UPDATE SET seen_at = statement_timestamp()"
_GONE = "UPDATE kernel_worker SET ended_at = statement_timestamp() WHERE name = %s"


class Heart(threading.Thread):
    """Beats for the worker and for the job in its hands, on a connection of its own."""

    def __init__(self, name: str, stop: Callable[[], bool], interval: float) -> None:
        super().__init__(name=f"heart of {name}", daemon=True)
        self._worker, self._stop_asked, self._interval = name, stop, interval
        self._end = threading.Event()
        self.pulse: Pulse | None = None

    def run(self) -> None:
        """Beat until told to end. A database that is away is tried again at the next beat."""
        try:
            while not self._end.is_set():
                pulse = self.pulse
                if pulse is not None and self._stop_asked():
                    pulse.interrupted = True
                try:
                    with connection.cursor() as cursor:
                        cursor.execute(_SEEN, [self._worker])
                    if pulse is not None:
                        pulse.beat()
                except Error as fault:
                    log.warning("heart missed a beat", extra={"fault": type(fault).__name__})
                    connection.close()
                self._end.wait(self._interval)
        finally:
            connection.close()

    def end(self) -> None:
        """Beat no more."""
        self._end.set()
        self.join()


def run_worker(
    *, stop: Callable[[], bool], name: str | None = None, poll: float = 1.0, beat: float = 1.0
) -> int:
    """Work until `stop()` is true (an `Event.is_set`); answers how many jobs were run.

    `poll`: seconds between looks when nothing is announced. `beat`: seconds between heartbeats; far below any lease.
    """
    _settle()
    name = name or f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(3)}"
    heart = Heart(name, stop, beat)
    heart.start()
    ran, scheduled = 0, -SCHEDULE_EVERY
    listening = _Listening()
    try:
        while not stop():
            try:
                if time.monotonic() - scheduled >= SCHEDULE_EVERY:
                    enqueue_due()
                    scheduled = time.monotonic()
                listening.begin()
                job = queue.claim(name, known_kinds())
                if job is None:
                    listening.wait(poll)
                    continue
                _run(job, heart)
                ran += 1
            except Error as fault:
                log.warning("worker lost the database", extra={"fault": type(fault).__name__})
                connection.close()
                time.sleep(poll)
    finally:
        heart.end()
        _say_gone(name)
    return ran


def _settle() -> None:
    """What is loaded by now stays: the collector need not look through it again and again, a sixth of a long import."""
    gc.collect()
    gc.freeze()


def work_off(*, limit: int = 1000) -> int:
    """Run what is due now, here, without a heart: for commands and tests. Answers how many jobs were run."""
    for ran in range(limit):
        job = queue.claim("here", known_kinds())
        if job is None:
            return ran
        _run(job, None)
    return limit


def _run(job: queue.Claimed, heart: Heart | None) -> None:
    kind = kind_of(job.kind)
    if kind is None:  # claimed by name, so known; a kind forgotten meanwhile is left to its lease
        return
    pulse = Pulse(job, kind.longest.total_seconds())
    if heart is None:
        run_claimed(kind, job, pulse, beats_itself=True)
        return
    heart.pulse = pulse
    try:
        run_claimed(kind, job, pulse)
    finally:
        heart.pulse = None


class _Listening:
    """LISTEN on the worker's own connection, again whenever that connection is a new one."""

    def __init__(self) -> None:
        self._on: object = None

    def begin(self) -> None:
        """Listen before looking, so that no job enqueued between the look and the wait is missed."""
        connection.ensure_connection()
        if connection.connection is not self._on:
            with connection.cursor() as cursor:
                cursor.execute(f"LISTEN {queue.CHANNEL}")
            self._on = connection.connection

    def wait(self, seconds: float) -> None:
        """Until something is announced, or the time is over."""
        for _ in connection.connection.notifies(timeout=seconds, stop_after=1):
            return


def _say_gone(name: str) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute(_GONE, [name])
    except Error:
        connection.close()  # its silence will tell
