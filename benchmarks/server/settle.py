"""`python -m benchmarks.server.settle`: what a settlement costs beside its own SQL sent by hand, and over HTTP.

The operation settles bills of people with standing on a cluster with the settings of a real one (every commit on disk).
The *bare* script sends the same statements with the same parameters over psycopg, written down from the operation
beforehand on a copy of the database: what is left of the operation when nothing is thought. Each is run in turn on a copy
of its own.
"""

from __future__ import annotations

import argparse
import dataclasses
import http.client
import itertools
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from support.ground import Ground, ground, in_fork, load  # noqa: E402 - found by the line above

load()

import psycopg  # noqa: E402

from benchmarks.server import crowd  # noqa: E402
from benchmarks.server.clients import Took, together  # noqa: E402
from support import settling  # noqa: E402
from support.evidence import Evidence  # noqa: E402
from support.web import bill_words, served, token  # noqa: E402

BASE = 10_000
CLIENTS = {1: 250, 8: 60, 32: 20}
"""How many clients, and how many bills each settles in a run."""
TURNS = 2
WARM = 8
UNCOVERED = """
One machine, whose two cores also run the clients, the web processes and PostgreSQL; a network between them would cost
both sides the same. Read the ratios, measured in turn, and not the rates: where other work runs, the rates halve.

The cost hangs on how many persons a hospital has open: each statement reads that list. By hand, one client, the fifteen
statements took 22 ms with 30 persons open, 23 with 300, 40 with 2,000.
"""
_persons = itertools.count(1)


def a_county(_: Ground) -> tuple[settling.County, crowd.Template]:
    """With one settlement at each hospital, so that all accounts are open."""
    county = settling.county()
    person = county.person("subsistence_allowance")
    done = settling.settled(county.first, settling.bill(person))
    settling.settled(county.second, settling.bill(county.person("subsistence_allowance")))
    return county, crowd.Template(person, done.settlement, done.entry)


def copied(here: Ground, name: str) -> Ground:
    """A copy of the database as it is now."""
    with psycopg.connect(host=str(here.socket), dbname="postgres", user="postgres", autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {name} OWNER doudi_owner TEMPLATE {here.database}")
    return dataclasses.replace(here, database=name)


def persons(count: int) -> list[int]:
    """People who have not been settled yet."""
    return [BASE + next(_persons) for _ in range(count)]


def settle(county: settling.County, person: int, serial: str = "") -> settling.settlement.Settled:
    clerk = county.first if person % 2 else county.second
    return settling.settled(clerk, settling.bill(person), serial=serial or f"B{person}")


def operation(here: Ground, county: settling.County, people: list[list[int]]) -> Took:
    """The operation, by as many clients as there are lists."""

    def ready(_: Ground, number: int) -> list[Any]:
        mine = people[number]
        for person in mine[:WARM]:
            settle(county, person)
        return [lambda person=person: settle(county, person) for person in mine[WARM:]]

    return together(here, len(people), ready)


def bare(here: Ground, recording: Ground, county: settling.County, people: list[list[int]]) -> Took:
    """The same SQL by hand: written down on `recording`, sent to `here`."""

    def ready(_: Ground, number: int) -> list[Any]:
        written = [statements(county, person) for person in people[number]]
        connection = psycopg.connect(
            here.address(), cursor_factory=psycopg.ClientCursor, prepare_threshold=None
        )
        acts = [lambda one=one: send(connection, one) for one in written]
        for act in acts[:WARM]:
            act()
        return acts[WARM:]

    return together(recording, len(people), ready)


def statements(county: settling.County, person: int, serial: str = "") -> list[tuple[str, Any]]:
    """What one settlement sends, in order, without BEGIN and COMMIT."""
    from django.db import connection

    sent: list[tuple[str, Any]] = []

    def note(run: Any, sql: str, words: Any, *rest: Any) -> Any:
        sent.append((sql, words))
        return run(sql, words, *rest)

    with connection.execute_wrapper(note):
        settle(county, person, serial)
    return sent


def send(connection: Any, written: list[tuple[str, Any]]) -> None:
    cursor = connection.cursor()
    for sql, words in written:
        cursor.execute(sql, words)
        if cursor.description:
            cursor.fetchall()
    connection.commit()


def over_http(here: Ground, people: list[list[int]], secrets: dict[int, str]) -> Took:
    """The same bills through the door, each client on a connection it keeps; as many web processes as cores."""
    with served(here, workers=os.cpu_count() or 1) as port:

        def ready(_: Ground, number: int) -> list[Any]:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            acts = [lambda person=person: ask(line, person, secrets[person % 2]) for person in people[number]]
            for act in acts[:WARM]:
                act()
            return acts[WARM:]

        return together(here, len(people), ready)


def ask(line: http.client.HTTPConnection, person: int, secret: str) -> None:
    words = json.dumps(bill_words(person, 30_000_00, f"B{person}"))
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {secret}"}
    line.request("POST", "/api/operations/settlement.settle", words, headers)
    answer = line.getresponse()
    if answer.read() and answer.status != 200:
        raise SystemExit(f"the door answered {answer.status}")


def pgbench(here: Ground, clients: int) -> float:
    """Transactions a second of PostgreSQL's own benchmark (TPC-B, scale 10) on the same cluster."""
    programs = Path(here.running.control.programs["pgbench"])
    words = [str(programs), "-h", str(here.socket), "-U", "postgres"]
    with psycopg.connect(host=str(here.socket), dbname="postgres", user="postgres", autocommit=True) as admin:
        there = admin.execute("SELECT 1 FROM pg_database WHERE datname = 'tpcb'").fetchone()
        if not there:
            admin.execute("CREATE DATABASE tpcb")
    environment = os.environ | here.running.control.programs.environment()
    if not there:
        subprocess.run(
            [*words, "-i", "-q", "-s", "10", "tpcb"], env=environment, check=True, capture_output=True
        )
    run = subprocess.run(
        [*words, "-c", str(clients), "-j", "2", "-T", "6", "tpcb"], env=environment, check=True, capture_output=True,
        text=True,
    )  # fmt: skip
    line = next(line for line in run.stdout.splitlines() if line.startswith("tps ="))
    return float(line.split()[2])


def best(runs: list[Took]) -> Took:
    """The quicker of the turns: what other programs on the machine took is not in it twice."""
    return max(runs, key=lambda one: one.rate)


def compared(here: Ground, county: settling.County, template: crowd.Template, evidence: Evidence) -> None:
    ours, theirs = copied(here, "ours"), copied(here, "theirs")
    recording, web = copied(here, "recording"), copied(here, "web")
    secrets = {1: in_fork(web, token, county.first.facility), 0: in_fork(web, token, county.second.facility)}
    sent = in_fork(
        recording, lambda _: [statements(county, template.person, f"S{turn}") for turn in range(2)][1]
    )
    for clients, bills in CLIENTS.items():
        runs: dict[str, list[Took]] = {"operation": [], "bare": [], "http": []}
        tpcb = []
        for _ in range(TURNS):
            people = [persons(bills + WARM) for _ in range(clients)]
            for place in (ours, theirs, recording, web):
                with place.connect() as admin:
                    crowd.opened(admin, template, [person for mine in people for person in mine])
            runs["operation"].append(operation(ours, county, people))
            runs["bare"].append(bare(theirs, recording, county, people))
            runs["http"].append(over_http(web, people, secrets))
            tpcb.append(pgbench(here, clients))
            shown = " ".join(f"{name} {one[-1].rate:.0f}" for name, one in runs.items())
            print(f"    {clients} clients, a second: {shown} tpcb {tpcb[-1]:.0f}", flush=True)
        found = {name: best(one) for name, one in runs.items()}
        evidence.say(
            clients=clients,
            operation_per_s=f"{found['operation'].rate:.0f}",
            median_ms=f"{found['operation'].median:.1f}",
            p99_ms=f"{found['operation'].p99:.1f}",
            bare_per_s=f"{found['bare'].rate:.0f}",
            of_bare=f"{found['operation'].rate / found['bare'].rate:.2f}",
            http_per_s=f"{found['http'].rate:.0f}",
            http_of_operation=f"{found['http'].rate / found['operation'].rate:.2f}",
            pgbench_tpcb_per_s=f"{max(tpcb):.0f}",
        )
    evidence.begin("What one settlement sends", f"{len(sent)} statements, and BEGIN and COMMIT.")
    evidence.parts[-1][2].extend(
        f"{place:2} {' '.join(sql.split())[:110]}" for place, (sql, _) in enumerate(sent, 1)
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.server.settle", description=__doc__)
    parser.add_argument("--write", action="store_true", help="renew docs/evidence/settle.md")
    parser.add_argument("--people", type=int, default=500_000)
    given = parser.parse_args()
    evidence = Evidence("settle", "What a settlement costs", "make bench-server")
    evidence.begin("Beside its own SQL, over HTTP, and beside TPC-B", __doc__ or "")
    with ground() as here:
        county, template = in_fork(here, a_county)
        with here.connect() as admin:
            admin.execute("SET session_replication_role = replica")
            crowd.people(admin, template, BASE, 1, 12_000)
            admin.execute("VACUUM ANALYZE")
        compared(here, county, template, evidence)
    from benchmarks.server import years

    years.run(evidence, given.people)
    if given.write:
        evidence.write(UNCOVERED)


if __name__ == "__main__":
    main()
