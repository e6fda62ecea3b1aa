"""Random SIGKILL under load: of the processes that settle, and of PostgreSQL with all its children."""

import os
import random
import signal
import statistics
import time
from contextlib import suppress
from pathlib import Path

import psycopg

from crash.load import PROCESSES, judged, loaded
from support.evidence import Evidence
from support.ground import Ground


def processes(here: Ground, county: object, evidence: Evidence, folder: Path, kills: int, bills: int) -> None:
    """Kill a process of the load every few moments."""
    chance = random.Random(9)
    load = loaded(here, county, folder / "workers", bills, chance)  # type: ignore[arg-type]
    for part in range(PROCESSES):
        load.start(here, part)
    for _ in range(kills):
        time.sleep(chance.uniform(0.02, 0.4))
        load.kill_one(here, chance)
    load.finish()
    evidence.say(killed=kills, processes=PROCESSES, **judged(here, load))


def database(here: Ground, county: object, evidence: Evidence, folder: Path, kills: int, bills: int) -> None:
    """Kill the postmaster and every process below it, and start it again, while the load goes on."""
    chance = random.Random(3)
    load = loaded(here, county, folder / "postgres", bills, chance)  # type: ignore[arg-type]
    for part in range(PROCESSES):
        load.start(here, part)
    took = []
    for _ in range(kills):
        time.sleep(chance.uniform(0.3, 1.2))
        load.reap(here)
        kill_postgres(here)
        start = time.perf_counter()
        here.running.revive()
        answered(here)
        took.append(time.perf_counter() - start)
    load.finish()
    low, middle, high = min(took), statistics.median(took), max(took)
    evidence.say(
        killed=kills,
        up_again_s=f"{low:.2f}/{middle:.2f}/{high:.2f}",
        processes=PROCESSES,
        **judged(here, load),
    )


def kill_postgres(here: Ground) -> None:
    """SIGKILL the postmaster first, so that it cannot tidy up, then everything it had begun."""
    postmaster = here.running.control.process()
    assert postmaster
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text("ascii").split()
    for number in (postmaster, *map(int, children)):
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
    until = time.monotonic() + 30
    while here.running.alive() and time.monotonic() < until:
        time.sleep(0.005)


def answered(here: Ground) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(psycopg.OperationalError), here.connect() as admin:
            admin.execute("SELECT 1 FROM settlement_settlement LIMIT 1")
            return
        time.sleep(0.01)
    raise SystemExit("PostgreSQL does not answer again")
