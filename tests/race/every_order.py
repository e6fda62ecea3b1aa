"""All orders of every pair, and the same without the lock: the test can fail."""

import contextlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

from race.merges import Merges, Two, different, meets, orders, tables, watch_commits, written
from race.pairs import PAIRS, Pair, over_the_limit
from support import settling
from support.evidence import Evidence
from support.ground import Ground, in_fork


def run(here: Ground, county: settling.County, evidence: Evidence, pair: Pair, most: int = 0) -> None:
    found, breaches, differences, wrong = in_fork(here, tried, county, pair.name, False, most)
    evidence.say(
        pair=f'"{pair.name}"',
        statements=f"{found.statements[0]}+{found.statements[1]}",
        orders=found.all_of_statements,
        meeting_steps=f"{found.steps[0]}+{found.steps[1]}",
        pruned=found.all_of_statements - found.different,
        different=found.different,
        tried=found.tried,
        impossible=found.impossible,
        waited=found.waited,
        breaches=breaches,
        differences=differences,
        faults=wrong,
        outcomes=",".join(f"{what}×{count}" for what, count in sorted(found.outcomes.items())),
    )


def can_fail(here: Ground, county: settling.County, evidence: Evidence, most: int = 0) -> None:
    """The first pair with the lock taken away; then also without the second net, the place in the person-year."""
    pair = PAIRS[0]
    for net in (True, False):
        if not net:
            with here.connect() as admin:
                admin.execute("DROP INDEX settlement_place_once")
        found, breaches, differences, _ = in_fork(here, tried, county, pair.name, True, most)
        evidence.say(
            pair=f'"{pair.name}"',
            without="the lock" if net else "the lock and UNIQUE (person, year, place)",
            orders_tried=found.tried,
            of=found.different,
            persons_over_the_limit=breaches,
            told_by_the_auditor=differences,
            outcomes=",".join(f"{what}×{count}" for what, count in sorted(found.outcomes.items())),
        )


@contextlib.contextmanager
def unlocked_subjects() -> Iterator[None]:
    from doudi.server.settlement import subjects

    real = subjects.lock
    subjects.lock = lambda *_, **__: {}  # type: ignore[assignment]
    try:
        yield
    finally:
        subjects.lock = real


def tried(
    here: Ground, county: settling.County, name: str, unlocked: bool, most: int
) -> tuple[Merges, int, int, int]:
    """All orders of a pair: what became of them, persons over the limit, differences, outcomes that may not be."""
    pair = next(one for one in PAIRS if one.name == name)
    watch_commits()
    two, found, wrong = Two(here), Merges(), 0
    with unlocked_subjects() if unlocked else contextlib.nullcontext():
        for _ in range(2):  # the second time all is remembered that a process remembers
            left, right = (two.alone(_acts(pair, county)[which], which) for which in (0, 1))
        shared = written(left) & _named(right) | written(right) & _named(left)
        found.statements = len(left) + 1, len(right) + 1  # BEGIN
        meeting = [[one for one in side if meets(one, shared)] for side in (left, right)]
        found.steps, found.different = (len(meeting[0]), len(meeting[1])), different(*meeting, shared)
        outcomes: Counter[str] = Counter()
        over, differences = over_the_limit(here), len(here.audited())

        def perform(schedule: list[int]) -> list[tuple[int, list[int]]]:
            made, waited = two.perform(_acts(pair, county), shared, schedule)
            told = two.sides[0].outcome[0], two.sides[1].outcome[0]
            outcomes["/".join(told)] += 1
            nonlocal wrong
            answers = [side.outcome[1] for side in two.sides]
            if not unlocked and (told not in pair.allowed or (pair.alike and answers[0] != answers[1])):
                wrong += 1
                print("    ", told, [side.outcome[1] for side in two.sides if side.outcome[0] != "done"])
            found.tried += 1
            found.waited += waited
            return made

        for _ in orders(perform):
            if most and found.tried >= most:
                break
        two.end()
    found.impossible = max(0, found.different - found.tried)
    found.outcomes = dict(outcomes)
    return found, over_the_limit(here) - over, len(here.audited()) - differences, wrong


def _acts(pair: Pair, county: settling.County) -> tuple[Any, Any]:
    asked = pair.ready(county)
    return (lambda: pair.left(county, asked)), (lambda: pair.right(county, asked))


def _named(statements: list[str]) -> set[str]:
    return {name for one in statements for name in tables(one)}
