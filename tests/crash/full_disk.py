"""The disk fills up under load: nothing acknowledged is lost, the user is told, and work goes on when there is room.

The cluster lies on a file system of its own in memory, which only root may make; elsewhere this is said not to have run.
"""

import os
import random
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from crash.killed import answered
from crash.load import PROCESSES, judged, loaded
from support import settling
from support.evidence import Evidence
from support.ground import Ground, ground, in_fork, tried_in_fork
from support.web import asked, bill_words, served, token

SIZE = "420m"
SMALL = {"max_wal_size": "64MB", "min_wal_size": "32MB", "shared_buffers": "64MB"}


def run(evidence: Evidence, folder: Path, bills: int) -> None:
    """On a cluster of its own."""
    place = Path(tempfile.mkdtemp(prefix="doudi-full-"))
    mounted = (
        os.geteuid() == 0
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=755", "tmpfs", place],
            check=False,
            stderr=subprocess.DEVNULL,
        ).returncode
    )
    if not mounted:
        place.rmdir()
        evidence.say(not_run="only root may mount a small file system")
        return
    try:
        (place / "here").mkdir()
        with ground(SMALL, place / "here") as here:
            filled(
                here, in_fork(here, lambda _: settling.county()), evidence, folder, bills, place / "ballast"
            )
    finally:
        subprocess.run(["umount", "--lazy", place], check=False)
        place.rmdir()


def filled(here: Ground, county: Any, evidence: Evidence, folder: Path, bills: int, ballast: Path) -> None:
    """Fill it while four processes settle; look at what a user is told; make room; let the load finish."""
    load = loaded(here, county, folder / "full", bills, random.Random(4))
    person = in_fork(here, lambda _: county.person())
    secret = in_fork(here, token, county.first.facility)
    with served(here) as port:
        for part in range(PROCESSES):
            load.start(here, part)
        while len(load.heard()) < bills // 4:
            time.sleep(0.02)
        before = len(load.heard())
        _fill(ballast)
        while not _failed(load):
            time.sleep(0.02)
            _fill(ballast)
        status, body = asked(
            port, "POST", "/api/operations/settlement.settle", bill_words(person, 100_000, "U1"), secret
        )
        time.sleep(3)
        ballast.unlink()
        freed = time.perf_counter()
        heard = len(load.heard())
        if not here.running.alive():
            here.running.revive()
        answered(here)
        while len(load.heard()) == heard:
            time.sleep(0.002)
        first = time.perf_counter() - freed
        load.finish()
    again = tried_in_fork(
        here, lambda _: settling.settled(county.first, settling.bill(person, 100_000), serial="U1")
    )
    evidence.say(
        failures=",".join(f"{code}×{count}" for code, count in sorted(Counter(_failed(load)).items())),
        acknowledged_before=before,
        first_after_room_s=f"{first:.2f}",
        user_status=status,
        user_told_later="settled" if again[0] == 0 else "not settled",
        **judged(here, load),
    )
    evidence.parts[-1][2].append("user_was_told: " + body.decode())


def _fill(ballast: Path) -> None:
    """Take all the room there is."""
    with ballast.open("ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue


def _failed(load: Any) -> list[str]:
    return [code for path in load.folder.glob("failed-*") for code in path.read_text("ascii").split()]
