"""Processes that settle as fast as they can, keep what was acknowledged, and ask again for what was not.

Every bill is given to two processes, which meet at it in different order: the serial must stand once and both must hear
the same. What is acknowledged is written to a file before anything else happens; the file is what must not be lost.
"""

import os
import random
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from django.db import DatabaseError, InterfaceError, connection

from support import settling
from support.ground import Ground, in_fork, started

PROCESSES = 4
PATIENCE = 120.0
Bill = tuple[str, int, int]
"""Serial, person, total in fen."""


@dataclass
class Load:
    """What is to be settled, by whom, and where it is written down."""

    county: settling.County
    bills: list[Bill]
    folder: Path
    processes: dict[int, int] = field(default_factory=dict)
    """Which process does which part: number of the process → part."""
    begun: int = 0

    def start(self, here: Ground, part: int) -> None:
        number, told = started(here, settle_all, self, part, name=f"part-{part}")
        os.close(told)
        self.processes[number] = part
        self.begun += 1

    def kill_one(self, here: Ground, chance: random.Random) -> None:
        """End a process where it stands; another takes its part."""
        self.reap(here)
        number = chance.choice(sorted(self.processes))
        os.kill(number, signal.SIGKILL)
        os.waitpid(number, 0)
        self.start(here, self.processes.pop(number))

    def reap(self, here: Ground) -> None:
        """Processes that are done begin again while the suite lasts: there is always load."""
        for number, part in list(self.processes.items()):
            ended, status = os.waitpid(number, os.WNOHANG)
            if ended:
                if status:
                    raise SystemExit(f"a process of the load ended with {os.waitstatus_to_exitcode(status)}")
                del self.processes[number]
                self.start(here, part)

    def finish(self) -> None:
        """Let every process come to its end."""
        for number in list(self.processes):
            _, status = os.waitpid(number, 0)
            if status:
                raise SystemExit(f"a process of the load ended with {os.waitstatus_to_exitcode(status)}")
        self.processes.clear()

    def heard(self) -> list[tuple[str, str]]:
        """Every acknowledgement: serial and what was answered."""
        lines = [path.read_text("ascii").splitlines() for path in sorted(self.folder.glob("heard-*"))]
        return [(words[0], words[1]) for part in lines for line in part if len(words := line.split()) == 2]

    def tried(self) -> int:
        return sum(path.stat().st_size for path in self.folder.glob("tried-*"))


def loaded(here: Ground, county: settling.County, folder: Path, bills: int, chance: random.Random) -> Load:
    """A load of so many bills of a few dozen persons."""
    folder.mkdir()
    persons = in_fork(here, _persons, county, 40)
    made = [
        (f"L{folder.name}-{place:06d}", chance.choice(persons), chance.randrange(500_00, 90_000_00, 10))
        for place in range(bills)
    ]
    return Load(county, made, folder)


def _persons(_: Ground, county: settling.County, many: int) -> list[int]:
    return [county.person("subsistence_allowance") for _ in range(many)]


def settle_all(_: Ground, load: Load, part: int) -> None:
    """Settle all bills of a part that nobody acknowledged to it yet, in an order of its own."""
    heard = load.folder / f"heard-{part}"
    done = (
        {line.split()[0] for line in heard.read_text("ascii").splitlines() if line}
        if heard.exists()
        else set()
    )
    mine = [
        bill for place, bill in enumerate(load.bills) if part in (place % PROCESSES, (place + 1) % PROCESSES)
    ]
    random.Random(part).shuffle(mine)
    with heard.open("a", buffering=1) as hearing:
        if heard.stat().st_size:
            hearing.write("\n")  # the last line may have been cut
        for serial, person, total in mine:
            if serial not in done:
                answer = until_answered(load, part, serial, person, total)
                hearing.write(f"{serial} {answer.settlement}/{answer.decision_sha256}/{answer.entry}\n")


def one(load: Load, serial: str, person: int, total: int) -> Any:
    clerk = load.county.first if person % 2 else load.county.second
    return settling.settled(clerk, settling.bill(person, total), serial=serial)


def until_answered(load: Load, part: int, serial: str, person: int, total: int) -> Any:
    """Ask until there is an answer, as a hospital's program does: what failed by itself is asked again unchanged."""
    until = time.monotonic() + PATIENCE
    with (load.folder / f"tried-{part}").open("ab", buffering=0) as trying:
        while True:
            trying.write(b".")
            try:
                return one(load, serial, person, total)
            except (DatabaseError, InterfaceError, psycopg.OperationalError) as fault:
                with (load.folder / f"failed-{part}").open("a") as failing:
                    failing.write(f"{getattr(fault.__cause__, 'sqlstate', None) or 'lost'}\n")
                with suppress(Exception):
                    connection.close()
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)


def judged(here: Ground, load: Load) -> dict[str, int]:
    """What must hold when all is over."""
    heard = load.heard()
    first = dict(heard)
    prefix = f"L{load.folder.name}-%"
    with here.connect() as admin:
        rows = admin.execute(
            "SELECT serial, id || '/' || decision_sha256 || '/' || entry_id FROM settlement_settlement"
            " WHERE serial LIKE %s",
            [prefix],
        ).fetchall()
    there = dict(rows)
    return {
        "attempts": load.tried(),
        "acknowledged": len(heard),
        "bills": len(load.bills),
        "settlements": len(rows),
        "missing": len(first.keys() - there.keys()) + len(load.bills) - len(first),
        "duplicates": len(rows) - len(there),
        "unequal": sum(there.get(serial) != answer for serial, answer in heard),
        "half_written": len(here.audited()),
    }
