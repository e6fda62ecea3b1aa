"""One bill at a time, and whole commands from the shell.

The reference is the three-payer policy written by hand in plain Python integers (`three_payer.py`); every result is
compared with it to the fen before a time is shown.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import laws
from benchmarks.harness import Differs, Job, interleave
from benchmarks.report import Cell, Section
from benchmarks.three_payer import Year, years
from doudi.engine.explain import explain

HERE = Path(__file__).parent
PEOPLE = 1_000


def one_bill(rounds: int) -> Section:
    """Microseconds a bill: by hand, by the engine, with the full explanation."""
    policy, settler = laws.policy(laws.THREE_PAYER), laws.settler(laws.THREE_PAYER)
    sample = years(PEOPLE)
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

    right = by_hand()

    def same(found: object) -> None:
        if found != right:
            raise Differs("the engine and the hand-written policy differ")

    jobs = [
        Job("the policy by hand in Python", by_hand, same, bills),
        Job("the engine, one bill at a time", engine, same, bills),
        Job("the engine with the full explanation", explained, items=bills),
    ]
    interleave(jobs, rounds)
    title = f"One bill at a time, {bills:,} bills, equal to the fen"
    rows: list[list[Cell]] = [
        [job.name, job.median / bills * 1e6, job.median / jobs[0].median] for job in jobs
    ]
    return Section("one-bill", title, ["", "µs a bill", "ratio"], rows)


def shell(rounds: int) -> Section:
    """Whole commands from the shell, against starting Python alone."""
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "doudi --version": [sys.executable, "-m", "doudi.cli.main", "--version"],
        "doudi settle": [sys.executable, "-m", "doudi.cli.main", "settle", str(HERE / "bill.json"), "--json"],
    }

    def run(command: list[str]) -> Callable[[], object]:
        return lambda: subprocess.run(command, check=True, capture_output=True)

    jobs = [Job(name, run(command)) for name, command in commands.items()]
    interleave(jobs, rounds)
    rows: list[list[Cell]] = [[job.name, job.median, job.median / jobs[0].median] for job in jobs]
    return Section("shell", "From the shell", ["", "seconds", "ratio"], rows)
