"""Half a million people with three million past bills: a trial's time, and what a settlement costs as the past grows.

The database is made once into `var/bench-settle` (about 20 GB) and kept; what is measured on it stays on it.
"""

from __future__ import annotations

import itertools
import pickle
import random
import statistics
import subprocess
import sys
import time

from benchmarks.server import crowd
from benchmarks.server.settle import BASE, ROOT, a_county
from support import settling
from support.curve import curve
from support.evidence import Evidence
from support.ground import Ground, ground, in_fork

PAST = (10_000, 100_000, 1_000_000, 3_000_000)
MEASURED = 200
LOADING = {"max_wal_size": "8GB", "checkpoint_timeout": "30min"}
PLACE = ROOT / "var" / "bench-settle"


def run(evidence: Evidence, people: int) -> None:
    """Grow the past step by step, measuring at each; then trials, and the auditor over all of it."""
    PLACE.mkdir(parents=True, exist_ok=True)
    with ground(LOADING, PLACE, database=f"years{people}") as here:
        kept = PLACE / f"county-{people}"
        if not kept.exists():
            made = in_fork(here, a_county)
            grown(here, made[1], people, 0)
            kept.write_bytes(pickle.dumps(made))
        county, template = pickle.loads(kept.read_bytes())
        evidence.begin(
            "As the past grows",
            "One client, people with six past bills each; milliseconds of one settlement.",
        )
        costs: dict[str, list[tuple[int, float]]] = {"p99": [], "median": []}
        for past in (one for one in PAST if one <= people * crowd.BILLS):
            grown(here, template, 0, past)
            median, high = in_fork(here, settled, county, template, past)
            evidence.say(past_settlements=past, median_ms=f"{median:.1f}", p99_ms=f"{high:.1f}")
            costs["median"].append((past, median))
            costs["p99"].append((past, high))
        evidence.show(
            "past",
            "Milliseconds of one settlement over the number of past settlements: flat",
            curve(costs, across="past settlements", up="ms of one settlement"),
        )
        evidence.begin(
            "A trial among them",
            f"{people:,} people. Half load: as many a second as half of what one process can.",
        )
        for load in (0.0, 0.5):
            median, high = in_fork(here, tried, county, template, people, load)
            evidence.say(load=load, median_ms=f"{median:.1f}", p99_ms=f"{high:.1f}")
        audited(here, evidence)


def grown(here: Ground, template: crowd.Template, people: int, past: int) -> None:
    """Add people, or past bills up to a number; nothing where they are there."""
    with here.connect() as admin:
        admin.execute("SET session_replication_role = replica")
        there = admin.execute("SELECT max(id) FROM people_person").fetchone()[0]
        if people and there < BASE + people:
            crowd.people(admin, template, BASE, 1, people)
            admin.execute("VACUUM ANALYZE")
        done = admin.execute(
            "SELECT count(*) FROM settlement_subject WHERE subject_id > %s", [BASE]
        ).fetchone()[0]
        wanted = past // crowd.BILLS
        if done >= wanted:
            return
        for low in range(done + 1, wanted + 1, 50_000):
            crowd.history(admin, template, BASE, low, min(low + 49_999, wanted))
        for table, *_ in (*crowd.HISTORY, *crowd.JOURNAL, *crowd.COUNTED):
            admin.execute(f"VACUUM ANALYZE {table}")
        admin.execute("CHECKPOINT")


def open_some(here: Ground, template: crowd.Template, chance: random.Random, below: int) -> list[int]:
    """Persons spread over all up to `below`, open at the hospitals."""
    chosen = [BASE + chance.randrange(1, below) for _ in range(MEASURED)]
    with here.connect() as admin:
        crowd.opened(admin, template, sorted(set(chosen)))
    return chosen


def settled(
    here: Ground, county: settling.County, template: crowd.Template, past: int
) -> tuple[float, float]:
    """Milliseconds of a settlement: median and 99th percentile, of people spread over those who have a past."""
    chance, taken = random.Random(past), []
    for place, person in enumerate(open_some(here, template, chance, past // crowd.BILLS)):
        start = time.perf_counter()
        settling.settled(county.first, settling.bill(person), serial=f"Y{past}-{time.monotonic_ns()}")
        taken.append((time.perf_counter() - start) * 1000)
        if place == 19:
            taken.clear()
    return _shown(taken)


def tried(
    here: Ground, county: settling.County, template: crowd.Template, people: int, load: float
) -> tuple[float, float]:
    """Milliseconds from when a trial was asked for to its answer; with `load`, asked for at random times."""
    chance, taken = random.Random(people), []
    chosen = itertools.cycle(open_some(here, template, chance, people))

    def one() -> None:
        person = next(chosen)
        settling.settlement.trial(viewer=county.first, bill=settling.bill(person))

    for _ in range(30):
        one()
    start = time.perf_counter()
    for _ in range(100):
        one()
    each = (time.perf_counter() - start) / 100
    due = time.perf_counter()
    for _ in range(500):
        due = due + chance.expovariate(load / each) if load else time.perf_counter()
        time.sleep(max(0.0, due - time.perf_counter()))
        one()
        taken.append((time.perf_counter() - due) * 1000)
    return _shown(taken)


def _shown(taken: list[float]) -> tuple[float, float]:
    ordered = sorted(taken)
    return statistics.median(ordered), ordered[len(ordered) * 99 // 100]


def audited(here: Ground, evidence: Evidence) -> None:
    """The independent auditor over everything."""
    evidence.begin(
        "The auditor over all of it", "`scripts/auditor.py`, one process, every record read and hashed again."
    )
    start = time.perf_counter()
    run = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "auditor.py"), here.address("doudi_auditor")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    took = time.perf_counter() - start
    figures = dict(word.split("=") for word in run.stdout.splitlines()[0].split() if "=" in word)
    evidence.say(seconds=f"{took:.0f}", **figures)
    print(run.stdout[:2000])


__all__ = ["run"]
