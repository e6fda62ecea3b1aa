"""Speed, measured side by side in one run and reported as ratios: `make bench`.

The reference is the three-payer policy written by hand in plain Python integers (`three_payer.py`); every result is
compared with it to the fen before a time is printed.
"""

from __future__ import annotations

import platform
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks.three_payer import Year, years
from doudi.engine.explain import explain
from doudi.engine.settle import Settler
from doudi.policy.library import Library

HERE = Path(__file__).parent
ROUNDS = 5


def timed(work: Callable[[], object]) -> float:
    """Median seconds of a few rounds."""
    seconds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return median(seconds)


def main() -> None:
    policy = Library([HERE / "policies"], shipped=False).load("three-payer")
    settler = Settler(policy)
    sample = years(1_000)
    bills = sum(len(made) for _, made in sample)

    def by_hand() -> list[tuple[int, int, int]]:
        answers = []
        for person, made in sample:
            year, poor = Year(), bool(person.categories)
            answers += [year.settle(bill.parts["in_scope"], str(bill.facility.level), poor) for bill in made]
        return answers

    def engine() -> list[tuple[int, ...]]:
        found = (settler.settle(person, made) for person, made in sample)
        return [tuple(decision.shares.values()) for settled in found for decision in settled.decisions]

    def explained() -> None:
        for person, made in sample:
            for decision in settler.settle(person, made).decisions:
                explain(decision, policy)

    if by_hand() != engine():
        sys.exit("the engine and the hand-written policy differ")
    reference, plain, told = timed(by_hand), timed(engine), timed(explained)
    rows = [
        ("the policy by hand in Python", reference),
        ("the engine, one bill at a time", plain),
        ("the engine with the full explanation", told),
    ]
    print(f"{platform.machine()}, Python {platform.python_version()}, {bills:,} bills, equal to the fen")
    print(f"{'':40}{'µs a bill':>12}{'ratio':>8}")
    for name, seconds in rows:
        print(f"{name:40}{seconds / bills * 1e6:12.1f}{seconds / reference:8.1f}")
    shell()


def shell() -> None:
    """Whole commands from the shell, against starting Python alone."""
    example = str(HERE / "bill.json")
    start = [sys.executable, "-c", "pass"]
    settle = [sys.executable, "-m", "doudi.cli.main", "settle", example, "--json"]
    version = [sys.executable, "-m", "doudi.cli.main", "--version"]

    def run(command: list[str]) -> Callable[[], object]:
        return lambda: subprocess.run(command, check=True, capture_output=True)

    bare = timed(run(start))
    print(f"\n{'from the shell':40}{'seconds':>12}{'ratio':>8}")
    for name, command in (("python -c pass", start), ("doudi --version", version), ("doudi settle", settle)):
        seconds = timed(run(command))
        print(f"{name:40}{seconds:12.3f}{seconds / bare:8.1f}")


if __name__ == "__main__":
    main()
