"""`make bench-server`: pages over HTTP with 500,000 people, one after the other, medians in milliseconds.

The county is filled once into `var/bench-server` and kept. The server is `doudi serve` with one worker process. Each row
is a page of a desk as its user opens it: a different person each time, every third page of a list. The tables go to the
screen and to `var/bench-server.json`. After it: what a settlement costs (`settle.py`), and slips (`slips.py`).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.machine import machine, sentence
from benchmarks.report import Section, aligned
from benchmarks.server.visitor import Visitor

ROOT = Path(__file__).resolve().parents[2]
RESULT = ROOT / "var" / "bench-server.json"
ROUNDS = 60
"""Fewer than the budget of exact finds of one clerk in an hour."""


PARTS = (("settle", "--write", "--people", "{people}"), ("slips",))
"""What is measured after the pages, each by a program of its own."""


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.server", description=__doc__)
    parser.add_argument("--people", type=int, default=500_000)
    parser.add_argument("--port", type=int, default=8790)
    return parser.parse_args()


@contextmanager
def served(var: Path, people: int, port: int) -> Iterator[list[dict[str, str]]]:
    """The county, filled where it is not, and served: its accounts."""
    environment = os.environ | {"DOUDI_VAR": str(var), "DOUDI_SECOND_FACTOR": "none"}
    doudi = str(Path(sys.executable).parent / "doudi")
    subprocess.run([doudi, "demo", "--people", str(people)], env=environment, check=True)
    accounts = json.loads((var / "demo.json").read_text("utf-8"))
    command = [doudi, "serve", "--port", str(port), "--workers", "1"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            Visitor(port).wait_until_ready()
            yield accounts
        finally:
            server.terminate()
            server.wait(30)


def whole_numbers(var: Path, count: int) -> list[str]:
    """Whole ID numbers of persons spread over the county, as people carry them in their pockets."""
    script = ROOT / "benchmarks" / "server" / "pockets.py"
    environment = os.environ | {"DOUDI_VAR": str(var)}
    read = subprocess.run(
        [sys.executable, str(script), str(count)], env=environment, check=True, capture_output=True, text=True
    )
    return read.stdout.split()


def timed(act: Callable[[int], object]) -> tuple[float, float, float]:
    """Median, ninth decile and slowest of `ROUNDS` acts, in milliseconds; three before them to warm up."""
    for turn in range(3):
        act(turn)
    taken = []
    for turn in range(3, ROUNDS + 3):
        start = time.perf_counter()
        act(turn)
        taken.append((time.perf_counter() - start) * 1000)
    ordered = sorted(taken)
    return statistics.median(ordered), ordered[len(ordered) * 9 // 10], ordered[-1]


LISTS = {
    "inbox": "/county/inbox/",
    "people": "/county/people/?page={page}",
    "people of one township": "/county/people/?region=520203100000&page={page}",
    "men of 80 to 85": "/county/people/?age_from=80&age_to=85&sex=1&page={turn}",
    "households": "/county/households/?page={page}",
    "recognition": "/county/recognitions/?page={page}",
    "enrolment": "/county/enrolments/?page={page}",
    "enrolment, unpaid": "/county/enrolments/?status=unpaid&page={page}",
    "filings": "/county/filings/?page={page}",
    "imports": "/county/imports/",
    "facilities": "/county/facilities/",
    "funds and payers": "/county/funds/",
    "policies in force": "/county/policies/",
}
"""Lists of the county's desk, with every third page, or every one, of what is long."""
NAMES = ("张伟", "王芳", "李", "陈秀", "杨")


def measure(port: int, accounts: list[dict[str, str]], numbers: list[str]) -> Section:
    section = Section(
        "server", "Pages with the whole county behind them (ms)", ["page", "median", "p90", "worst"]
    )

    def row(name: str, act: Callable[[int], object]) -> None:
        section.rows.append([name, *timed(act)])

    clerk = Visitor(port, *sign_in_facts(accounts, "window"))
    found: list[str] = []
    row("window: find by ID", lambda turn: found.append(clerk.post("/window/find/", number=numbers[turn])))
    row("window: person with card", lambda turn: clerk.get(found[turn]))
    row("window: who is open here", lambda _: clerk.get("/window/"))
    officer = Visitor(port, *sign_in_facts(accounts, "county"))
    row("my account (floor)", lambda _: officer.get("/account/"))
    persons = [address.replace("/window/person/", "/county/people/") for address in found]
    row("county: person with card, standing, household", lambda turn: officer.get(persons[turn]))
    search = "/county/people/search/"
    row("county: search by name", lambda turn: officer.post(search, asked=NAMES[turn % len(NAMES)]))

    def list_row(name: str, address: str) -> None:
        row(f"county: {name}", lambda turn: officer.get(address.format(page=turn * 3, turn=turn)))

    for name, address in LISTS.items():
        list_row(name, address)
    auditor = Visitor(port, *sign_in_facts(accounts, "audit"))
    row("audit: trail", lambda _: auditor.get("/trail/events/"))
    return section


def sign_in_facts(accounts: list[dict[str, str]], role: str) -> tuple[str, str]:
    account = next(one for one in accounts if role in one["login"])
    return account["login"], account["password"]


def main() -> None:
    given = options()
    var = ROOT / "var" / "bench-server"
    var.mkdir(parents=True, exist_ok=True)
    with served(var, given.people, given.port) as accounts:
        section = measure(given.port, accounts, whole_numbers(var, ROUNDS + 3))
    section.notes.append(f"{given.people:,} people; one worker, one request at a time, over HTTP on loopback")
    print(aligned(section))
    print(sentence(machine()))
    RESULT.write_text(
        json.dumps({"people": given.people, "rows": section.rows}, ensure_ascii=False, indent=1)
    )
    for name, *words in PARTS:
        told = [word.format(people=given.people) for word in words]
        subprocess.run([sys.executable, "-m", f"benchmarks.server.{name}", *told], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
