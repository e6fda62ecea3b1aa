"""Making, starting and stopping one cluster; called by one process at a time (`running.py` holds the lock)."""

from __future__ import annotations

import contextlib
import os
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

from doudi.server.kernel.cluster import errors
from doudi.server.kernel.cluster.configuration import ACCESS, main_file, map_file
from doudi.server.kernel.cluster.places import Place
from doudi.server.kernel.cluster.programs import Programs
from doudi.server.kernel.cluster.roles import SUPERUSER

PATIENCE = 300
"""Seconds for a start: recovery after a power cut replays what was written since the last checkpoint."""
AFTERLIFE = 20
"""Seconds in which the backends of a killed postmaster notice and leave; until then PostgreSQL refuses to start."""


@dataclass(frozen=True, slots=True)
class Control:
    """One cluster: where, by which programs, with which changed settings; `lasting` data is flushed to disk."""

    place: Place
    programs: Programs
    settings: dict[str, str]
    lasting: bool = True

    @property
    def socket(self) -> Path:
        """The folder of the socket: of the cluster that runs, else where one would put it."""
        with contextlib.suppress(OSError, IndexError):
            if said := (self.place.data / "postmaster.pid").read_text("utf-8").splitlines()[4].strip():
                return Path(said)
        return self.place.socket()

    def initialise(self) -> None:
        """Make the data folder: complete, or not at all."""
        place, making = self.place, self.place.folder / "data.making"
        place.account.run(["rm", "-rf", making])
        command: list[str | Path] = [self.programs["initdb"], "-D", making, "-U", SUPERUSER, "-A", "peer"]
        command += ["-E", "UTF8", "--locale=C", "-T", "simple", "--data-checksums"]
        if self.programs.major >= 17:
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if not self.lasting:
            command.append("--no-sync")
        self._run("initdb", command)
        self._run("mv", ["mv", "-T" if os.uname().sysname == "Linux" else "-n", making, place.data])

    def start(self) -> None:
        """Start it, whatever the last one left behind. Refused with PostgreSQL's own last words."""
        place, account = self.place, self.place.account
        if self.process() is not None:  # it is starting, or recovers
            self._wait_for_answer()
            return
        self._remove_a_stranger_s_number()
        account.write(place.data / "postgresql.conf", main_file(place.socket(), self.settings))
        account.write(place.data / "pg_hba.conf", ACCESS)
        account.write(place.data / "pg_ident.conf", map_file())
        log = place.folder / "start.log"
        account.run(["rm", "-f", log])
        command: list[str | Path] = [self.programs["pg_ctl"], "-D", place.data, "-w", "-t", str(PATIENCE)]
        command += ["-s", "-l", log, "start"]
        until = time.monotonic() + AFTERLIFE
        while account.run(command, environment=self.programs.environment()).returncode:
            said = account.tail("start.log data/log/*.log", place.folder)
            if "shared memory block" not in said or time.monotonic() > until:
                raise errors.failed("pg_ctl start", said, place.data / "log")
            account.run(["rm", "-f", log])
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop it: running transactions are rolled back, all is flushed. Nothing is left behind."""
        if self.process() is None:
            return
        for mode in ("fast", "immediate") if self.lasting else ("immediate",):
            command: list[str | Path] = [self.programs["pg_ctl"], "-D", self.place.data]
            command += ["-m", mode, "-w", "-s", "stop"]
            if self.place.account.run(command).returncode == 0:
                return

    def answers(self) -> bool:
        """Whether the superuser can enter now."""
        try:
            with psycopg.connect(host=str(self.socket), dbname="postgres", user=SUPERUSER, connect_timeout=5):
                return True
        except psycopg.OperationalError:
            return False

    def process(self) -> int | None:
        """The number of the living postmaster of this data, or None.

        A number left in `postmaster.pid` may be another program's by now (after a restart of a container it often is).
        The postmaster's working folder is its data, which Linux tells.
        """
        number = self._written_number()
        if number is None or not _lives(number):
            return None
        works_in = _working_folder(number)
        return number if works_in is None or works_in == self.place.data.resolve() else None

    def _written_number(self) -> int | None:
        try:
            return int((self.place.data / "postmaster.pid").read_text("utf-8").split()[0])
        except (OSError, ValueError, IndexError):
            return None

    def _remove_a_stranger_s_number(self) -> None:
        """PostgreSQL refuses to start while *any* program has the number in `postmaster.pid`.

        The file is removed only when that program is known to be another one and no process works in the data.
        """
        number = self._written_number()
        if number is None or not _lives(number) or _working_folder(number) is None:
            return
        data = self.place.data.resolve()
        if not any(
            _working_folder(int(entry.name)) == data
            for entry in Path("/proc").iterdir()
            if entry.name.isdigit()
        ):
            self.place.account.run(["rm", "-f", self.place.data / "postmaster.pid"])

    def _wait_for_answer(self) -> None:
        until = time.monotonic() + PATIENCE
        while not self.answers():
            if self.process() is None or time.monotonic() > until:
                said = self.place.account.tail("start.log data/log/*.log", self.place.folder)
                raise errors.failed("postgres", said, self.place.data / "log")
            time.sleep(0.1)

    def _run(self, name: str, command: list[str | Path]) -> None:
        done = self.place.account.run(command, environment=self.programs.environment())
        if done.returncode:
            raise errors.failed(name, done.stdout.strip(), self.place.folder)


def _lives(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _working_folder(number: int) -> Path | None:
    """The working folder of a process; None where the system does not tell."""
    try:
        return Path(f"/proc/{number}/cwd").readlink()
    except OSError:
        return None
