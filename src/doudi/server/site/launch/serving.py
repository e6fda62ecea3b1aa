"""`doudi serve`: the processes of the server held up until somebody asks to stop; none of them outlives this one."""

from __future__ import annotations

import http.client
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from doudi.server.kernel.errors import Refused
from doudi.server.site.launch import errors
from doudi.server.site.launch.preparation import Installation
from doudi.words import Words

log = logging.getLogger("doudi.serve")

FIRST_PORT, PORTS = 8000, 20
GRACE = 20
"""Seconds a process has to finish what it does when asked to stop."""
SHORT_LIFE, SHORT_LIVES = 10, 3
"""Seconds; and how often in a row a process may live no longer before we give up."""


@dataclass(slots=True)
class Child:
    """One process: its name, its arguments, and how its last lives went."""

    name: str
    arguments: list[str]
    pipe: int
    process: subprocess.Popen[bytes] | None = None
    born: float = 0
    short_lives: int = 0
    environment: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        """Begin a life, in a session of its own so that Ctrl-C reaches only the parent."""
        command = [sys.executable, "-m", "doudi.server.site.launch.children", str(self.pipe), *self.arguments]
        self.process = subprocess.Popen(  # noqa: S603  # our own module
            command,
            pass_fds=[self.pipe],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.born = time.monotonic()

    def ended(self) -> int | None:
        """The exit code of a life that is over."""
        return self.process.poll() if self.process else None

    def again(self, logs: str) -> None:
        """Begin another life, with nothing left of the last. Refused where they are all short."""
        code = self.ended()
        log.error("process ended", extra={"name_of_process": self.name, "exit": code})
        self.short_lives = self.short_lives + 1 if time.monotonic() - self.born < SHORT_LIFE else 0
        if self.short_lives >= SHORT_LIVES:
            raise errors.child_fails(self.name, logs)
        self.kill()
        time.sleep(self.short_lives)
        self.start()

    def ask_to_stop(self) -> None:
        """Let it finish."""
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def kill(self) -> None:
        """End it and whatever it began."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def choose_port(host: str, port: int | None) -> int:
    """The port asked for, or the first free one from 8000. Refused where it is taken."""
    for candidate in [port] if port is not None else range(FIRST_PORT, FIRST_PORT + PORTS):
        if _free(host, candidate):
            return candidate
    raise errors.port_taken(host, port if port is not None else FIRST_PORT)


def _free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def worker_count(asked: int | None) -> int:
    """One process a processor we may use, at least two (one long request must not close the window), at most eight."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2
    return asked if asked is not None else min(max(usable, 2), 8)


def serve(
    installation: Installation, host: str, port: int, workers: int, ready: Callable[[str], None]
) -> None:
    """Hold the processes up; `ready` is told the address.

    Ends by KeyboardInterrupt, or Refused where a process keeps failing.
    """
    reading, writing = os.pipe()
    environment = dict(os.environ)
    environment.pop("DATABASE_OWNER_URL", None)  # whoever answers requests does not need the owner
    kept = {"pipe": reading, "environment": environment}
    web = Child("web", ["web", host, str(port), str(workers)], **kept)  # type: ignore[arg-type]
    worker = Child("worker", ["worker"], **kept)  # type: ignore[arg-type]
    try:
        with ended_with_us([web, worker]):
            _wait_for_answer(web, host, port, installation.logs)
            ready(address_of(host, port))
            while True:
                time.sleep(0.5)
                _look_after(installation, [web, worker])
    finally:
        os.close(reading)
        os.close(writing)


def _look_after(installation: Installation, children: list[Child]) -> None:
    if installation.cluster and not installation.cluster.alive():
        log.error("database ended; starting it again")
        try:
            installation.cluster.revive()
        except Refused as refused:
            log.error("database does not start", extra={"code": refused.code})
            raise
    for child in children:
        if child.ended() is not None:
            child.again(installation.logs)


@contextmanager
def ended_with_us(children: list[Child]) -> Iterator[None]:
    """The children live as long as the block."""
    try:
        for child in children:
            child.start()
        yield
    finally:
        for child in children:
            child.ask_to_stop()
        until = time.monotonic() + GRACE
        for child in children:
            with suppress(subprocess.TimeoutExpired):
                if child.process:
                    child.process.wait(max(until - time.monotonic(), 0.1))
            child.kill()


def _wait_for_answer(web: Child, host: str, port: int, logs: str) -> None:
    """Until it answers that it lives; a process that cannot begin is noticed here."""
    until, wrong = time.monotonic() + 60, 0
    while time.monotonic() < until and wrong < 20:
        if web.ended() is not None:
            web.again(logs)
        with suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection(_reachable(host), port, timeout=5)
            connection.request("GET", "/health/live", headers={"Host": "localhost"})
            if connection.getresponse().status == 200:
                return
            wrong += 1  # it runs, and cannot answer even that
        time.sleep(0.05)
    raise errors.no_answer(logs)


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def address_of(host: str, port: int) -> str:
    """The address a browser on this machine opens."""
    shown = _reachable(host)
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"


def hosts_warning(host: str) -> Words | None:
    """Listening for others while answering only to this machine's own name is a mistake people make."""
    if host in ("127.0.0.1", "localhost", "::1") or os.environ.get("DOUDI_HOSTS"):
        return None
    return Words(
        "别的机器要访问，请把访问用的主机名或地址写进 DOUDI_HOSTS（空格分开），并在前面放 HTTPS。",
        "For other machines, name the hosts they will ask for in DOUDI_HOSTS (parted by spaces), and put HTTPS in front.",
    )
