"""`make crash`, or `python -m crash [SUITE …]` with `tests` on the path."""

import argparse
import sys
import tempfile
from pathlib import Path

from crash import every_statement, full_disk, killed, lost_answers, proxy
from crash.scenarios import SCENARIOS
from doudi.server.access.roles import Role
from support import actors, settling
from support.evidence import Evidence
from support.ground import Ground, ground, in_fork

UNCOVERED = """
A killed process and a killed PostgreSQL leave the kernel's page cache as it is: this is not a power cut, and not a
disk that lies about what it has flushed. One machine and one database: no standby, no change-over. The proxy cuts
connections; single packets are not lost, delayed or turned round. The disk that fills up is a file system in memory
that holds data and WAL together. Clocks are right. Operations that are not in the table have their own tests, and
die nowhere here.
"""


WORDS = {
    "workers": """Four processes settle; every bill is given to two of them. One is killed at random every few moments and
another takes its part, asking again for whatever was not acknowledged.""",
    "postgres": """The same load; the postmaster and all processes below it are killed and PostgreSQL is started again.
What was not answered is asked again. `up_again_s`: shortest, median and longest time until it answered, in seconds.""",
}


def a_county(_: Ground) -> settling.County:
    """With an officer whose post is on file, as proposals need."""
    county = settling.county()
    county.officer = actors.acting(actors.account("officer.again", Role.COUNTY), now=settling.NOW)
    return county


def statements(here: Ground, county: settling.County, evidence: Evidence, given: argparse.Namespace) -> None:
    evidence.begin("Died before and after every statement", every_statement.__doc__ or "")
    for scenario in (one for one in SCENARIOS.values() if given.only in ("", one.name)):
        for warm in (False, True):
            every_statement.run(here, county, evidence, scenario, warm=warm, most=given.quick)


def workers(here: Ground, county: settling.County, evidence: Evidence, given: argparse.Namespace) -> None:
    evidence.begin("SIGKILL of processes that settle", WORDS["workers"])
    killed.processes(here, county, evidence, given.folder, given.quick or 72, 100 if given.quick else 900)


def postgres(here: Ground, county: settling.County, evidence: Evidence, given: argparse.Namespace) -> None:
    evidence.begin("SIGKILL of PostgreSQL", WORDS["postgres"])
    killed.database(here, county, evidence, given.folder, given.quick or 15, 100 if given.quick else 900)


def disk(_: Ground, __: settling.County, evidence: Evidence, given: argparse.Namespace) -> None:
    evidence.begin("The disk is full", full_disk.__doc__ or "")
    full_disk.run(evidence, given.folder, 200 if given.quick else 900)


def answers(here: Ground, county: settling.County, evidence: Evidence, given: argparse.Namespace) -> None:
    evidence.begin("Answers lost, cut and doubled", f"{lost_answers.__doc__}\n\n{proxy.__doc__}")
    lost_answers.run(here, county, evidence, given.folder, 60 if given.quick else 900)


SUITES = {
    "statements": statements,
    "workers": workers,
    "postgres": postgres,
    "disk": disk,
    "answers": answers,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m crash", description=__doc__)
    parser.add_argument("suites", nargs="*", choices=[*SUITES, []], default=[])
    parser.add_argument("--quick", type=int, default=0, help="so many kill points of each scenario only")
    parser.add_argument("--only", default="", help="this scenario alone")
    parser.add_argument("--write", action="store_true", help="renew docs/evidence/crash.md")
    given = parser.parse_args()
    evidence = Evidence("crash", "What survives a crash", "make crash")
    with tempfile.TemporaryDirectory(prefix="doudi-crash-") as folder, ground() as here:
        given.folder = Path(folder)
        county = in_fork(here, a_county)
        for name in given.suites or SUITES:
            SUITES[name](here, county, evidence, given)
    if given.write:
        evidence.write(UNCOVERED)
    print(f"\nills={evidence.ills}")
    return 1 if evidence.ills else 0


if __name__ == "__main__":
    sys.exit(main())
