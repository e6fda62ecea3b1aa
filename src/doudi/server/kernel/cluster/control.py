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
from doudi.server.kernel.cluster.places import SOCKET_NAME, Place
from doudi.server.kernel.cluster.programs import Programs
from doudi.server.kernel.cluster.roles import SUPERUSER

PATIENCE = 300
"""Seconds for a start: recovery after a power cut replays what was written since the last checkpoint."""
AFTERLIFE = 20
"""Seconds in which the backends of a killed postmaster notice and leave; until then PostgreSQL refuses to start."""
AFTERLIFE_SIGNS = ("shared memory block", "lock file")
DOORSTEP = 10
"""Seconds in which we must get in once it says that it is ready; else something is wrong with the door."""


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
        self.place.account.write(making / "local.conf", "# Your own settings; they come last.\n")
        self._run("mv", ["mv", "-T" if os.uname().sysname == "Linux" else "-n", making, place.data])

    def start(self) -> None:
        """Start it, whatever the last one left behind. Refused with PostgreSQL's own last words."""
        place, account = self.place, self.place.account
        if (process := self.process()) is not None:  # it is starting, or recovers
            if (said := self._wait_for_answer(process)) is not None:
                raise errors.failed("postgres", said, place.data / "log")
            return
        account.write(place.data / "postgresql.conf", main_file(place.socket(), self.settings))
        account.write(place.data / "pg_hba.conf", ACCESS)
        account.write(place.data / "pg_ident.conf", map_file())
        until = time.monotonic() + AFTERLIFE
        self._forget_who_is_gone()
        while (said := self._wait_for_answer(self._launch())) is not None:
            if not any(sign in said for sign in AFTERLIFE_SIGNS) or time.monotonic() > until:
                raise errors.failed("postgres", said, place.data / "log")
            time.sleep(0.2)
            self._forget_who_is_gone()

    def _launch(self) -> int:
        """Begin the postmaster as nobody's child and answer its number; `pg_ctl` would pass our paths to a shell."""
        script = 'cd "$2" && { "$1" -D "$2" >../start.log 2>&1 </dev/null & echo $!; }'
        command: list[str | Path] = [
            "/bin/sh",
            "-c",
            script,
            "sh",
            self.programs["postgres"],
            self.place.data,
        ]
        done = self.place.account.run(command, environment=self.programs.environment())
        if done.returncode:
            raise errors.failed("postgres", done.stdout.strip(), self.place.data)
        return int(done.stdout)

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
        if number is None or not self._lives(number):
            return None
        works_in = self._working_folder(number)
        return number if works_in is None or works_in == self.place.data.resolve() else None

    def _written_number(self) -> int | None:
        try:
            return int((self.place.data / "postmaster.pid").read_text("utf-8").split()[0])
        except (OSError, ValueError, IndexError):
            return None

    def _forget_who_is_gone(self) -> None:
        """PostgreSQL refuses to start while *any* program, even a dead one, has the number in `postmaster.pid`.

        The file is removed only when that program is known to be dead or another one, and no process works in the data.
        """
        number, account = self._written_number(), self.place.account
        if number is None or not Path(f"/proc/{number}").exists():
            return
        if self._lives(number) and self._working_folder(number) in (None, self.place.data.resolve()):
            return
        working = account.run(["/bin/sh", "-c", "readlink /proc/[0-9]*/cwd 2>/dev/null"]).stdout.splitlines()
        if str(self.place.data.resolve()) not in working:
            lock = self.socket / f"{SOCKET_NAME}.lock"
            account.run(["rm", "-f", lock, self.place.data / "postmaster.pid"])

    def _wait_for_answer(self, process: int) -> str | None:
        """None when the database answers; PostgreSQL's last words when it will not."""
        until, entered = time.monotonic() + PATIENCE, time.monotonic()
        while not self.answers():
            if not self._says_ready():
                entered = time.monotonic()
            if not self._lives(process) or time.monotonic() > until or time.monotonic() > entered + DOORSTEP:
                return self.place.account.tail("start.log data/log/*.log", self.place.folder) or "?"
            time.sleep(0.02)
        return None

    def _says_ready(self) -> bool:
        """Whether the postmaster itself says that it lets people in."""
        with contextlib.suppress(OSError, IndexError):
            return (self.place.data / "postmaster.pid").read_text("utf-8").splitlines()[7].strip() == "ready"
        return False

    def _lives(self, number: int) -> bool:
        """Whether there is such a process, and not only what is left of one that nobody fetched."""
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            pass
        try:
            state = (
                Path(f"/proc/{number}/stat")
                .read_text("utf-8", errors="replace")
                .rpartition(")")[2]
                .split()[0]
            )
        except (OSError, IndexError):
            return True
        return state not in ("Z", "X")

    def _working_folder(self, number: int) -> Path | None:
        """The working folder of a process; None where the system does not tell."""
        link = f"/proc/{number}/cwd"
        try:
            return Path(link).readlink()
        except PermissionError:  # in containers even root is not told, but the user itself is
            done = self.place.account.run(["readlink", link])
            return Path(done.stdout.strip()) if done.returncode == 0 else None
        except OSError:
            return None

    def _run(self, name: str, command: list[str | Path]) -> None:
        done = self.place.account.run(command, environment=self.programs.environment())
        if done.returncode:
            raise errors.failed(name, done.stdout.strip(), self.place.folder)
