"""`make race`, or `python -m race [SUITE …]` with `tests` on the path."""

import argparse
import sys

from doudi.server.access.api import GUARDED
from race import every_order, merges, storms
from race.pairs import PAIRS
from support import settling
from support.evidence import Evidence
from support.ground import Ground, ground, in_fork

UNCOVERED = """
Orders are those of whole statements of two operations; within one statement PostgreSQL's own locks are trusted, and
more than two at once meet in the storms alone, in no enumerated order. Which statements meet is read from their
text. The level is READ COMMITTED, as the server has it. The impossible orders are those that no run could take: they
are counted, not shown one by one.
"""


def a_county(_: Ground) -> settling.County:
    return settling.county()


def meetings(here: Ground, county: settling.County, evidence: Evidence, given: argparse.Namespace) -> None:
    evidence.begin("Every order of two", merges.__doc__ or "")
    for pair in PAIRS:
        if pair.there and given.only in ("", pair.name):
            every_order.run(here, county, evidence, pair, given.quick)


def unlocked(here: Ground, county: settling.County, evidence: Evidence, given: argparse.Namespace) -> None:
    evidence.begin("The same without the lock", every_order.can_fail.__doc__ or "")
    every_order.can_fail(here, county, evidence, given.quick)
    storms.without_lock(here, county, evidence, 60, 3)


def storm(here: Ground, county: settling.County, evidence: Evidence, given: argparse.Namespace) -> None:
    evidence.begin("Storms", storms.__doc__ or "")
    storms.one_limit(here, county, evidence, 4, given.quick or 50)
    storms.one_limit(here, county, evidence, 60, 3)
    if "settlement.reverse" in GUARDED:
        storms.twice_back(here, county, evidence, given.quick * 2 or 200)


SUITES = {"meetings": meetings, "storm": storm, "unlocked": unlocked}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m race", description=__doc__)
    parser.add_argument("suites", nargs="*", choices=[*SUITES, []], default=[])
    parser.add_argument("--quick", type=int, default=0, help="so many orders of each pair only")
    parser.add_argument("--only", default="", help="this pair alone")
    parser.add_argument("--write", action="store_true", help="renew docs/evidence/race.md")
    given = parser.parse_args()
    evidence = Evidence("race", "Two at one person", "make race")
    with ground({"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}) as here:
        county = in_fork(here, a_county)
        for name in given.suites or SUITES:
            SUITES[name](here, county, evidence, given)
    if given.write:
        evidence.write(UNCOVERED)
    print(f"\nills={evidence.ills}")
    return 1 if evidence.ills else 0


if __name__ == "__main__":
    sys.exit(main())
