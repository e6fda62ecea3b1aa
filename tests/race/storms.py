"""Many at once, in no order: two hospitals against one limit; every settlement taken back twice at the same time."""

import random
import threading
import time
from collections import Counter
from typing import Any

from django.db import connection

from doudi.server.access.api import GUARDED
from doudi.server.kernel.errors import Refused
from race.every_order import unlocked_subjects
from race.pairs import LIMIT_FEN, over_the_limit
from support import settling
from support.evidence import Evidence
from support.ground import Ground, in_fork

THREADS = 8


def one_limit(here: Ground, county: settling.County, evidence: Evidence, persons: int, bills: int) -> None:
    """All threads settle bills of the same few persons, half of them at either hospital."""
    known = in_fork(here, _persons, county, persons)
    seconds, outcomes = in_fork(here, _settling, county, known, bills, False)
    evidence.say(
        threads=THREADS, hospitals=2, persons=persons, bills=persons * bills,
        settled=outcomes.get("done", 0),
        limits_reached=_reached(here, known),
        per_second=f"{persons * bills / seconds:.0f}",
        breaches=over_the_limit(here),
        faults=persons * bills - outcomes.get("done", 0),
        differences=len(here.audited()),
    )  # fmt: skip


def without_lock(here: Ground, county: settling.County, evidence: Evidence, persons: int, bills: int) -> None:
    """The same with the lock and the second net taken away (the database is thrown away afterwards)."""
    with here.connect() as admin:
        admin.execute("DROP INDEX IF EXISTS settlement_place_once")
    before = over_the_limit(here)
    known = in_fork(here, _persons, county, persons)
    _, outcomes = in_fork(here, _settling, county, known, bills, True)
    evidence.say(
        without="the lock and UNIQUE (person, year, place)", threads=THREADS, persons=persons, bills=persons * bills,
        settled=outcomes.get("done", 0), persons_over_the_limit=over_the_limit(here) - before,
    )  # fmt: skip


def twice_back(here: Ground, county: settling.County, evidence: Evidence, settlements: int) -> None:
    """Each settlement is reversed by two at once, under two numbers: exactly one of them is refused."""
    made = in_fork(here, _settled, county, settlements)
    outcomes = in_fork(here, _reversing, county, made)
    done, refused = outcomes.pop("done", 0), outcomes.pop("already_reversed", 0)
    evidence.say(
        settlements=settlements, reversals_asked=2 * settlements, done=done, refused=refused,
        faults=abs(done - settlements) + abs(refused - settlements) + sum(outcomes.values()),
        not_once=here.counted(
            "SELECT count(*) FROM (SELECT root_id FROM settlement_settlement WHERE kind = 'reversed'"
            " GROUP BY 1 HAVING count(*) > 1) x"
        ),
        differences=len(here.audited()),
    )  # fmt: skip


def _persons(_: Ground, county: settling.County, many: int) -> list[int]:
    return [county.person("subsistence_allowance") for _ in range(many)]


def _settled(_: Ground, county: settling.County, many: int) -> list[int]:
    persons = [county.person() for _ in range(many // 2)]
    return [
        settling.settled(county.first, settling.bill(person, 50_000_00 + 10 * turn)).settlement
        for turn in range(2)
        for person in persons
    ]


def _settling(
    _: Ground, county: settling.County, persons: list[int], bills: int, unlocked: bool
) -> tuple[float, dict[str, int]]:
    wanted = [(person, 600_000_00 + 10 * turn) for turn in range(bills) for person in persons]
    if unlocked:
        wanted.sort()  # the bills of one person at the same time
    else:
        random.Random(8).shuffle(wanted)
    serials = iter([settling.serial() for _ in wanted])

    def settle(asked: tuple[int, int]) -> Any:
        clerk = county.first if asked[1] % 20 else county.second
        return settling.settled(clerk, settling.bill(*asked), serial=next(serials))

    start = time.perf_counter()
    if unlocked:
        with unlocked_subjects():
            outcomes = at_once(settle, wanted)
    else:
        outcomes = at_once(settle, wanted)
    return time.perf_counter() - start, outcomes


def _reversing(_: Ground, county: settling.County, made: list[int]) -> dict[str, int]:
    run = GUARDED["settlement.reverse"][1]

    def reverse(asked: tuple[int, str]) -> Any:
        return run(
            actor=county.first,
            now=settling.NOW,
            key=None,
            settlement=asked[0],
            serial=asked[1],
            reason="录入错误",
        )

    wanted = [(number, f"R{number}-{turn}") for number in made for turn in range(2)]
    return at_once(reverse, wanted)


def at_once(act: Any, wanted: list[Any]) -> dict[str, int]:
    """All of it by `THREADS` threads that take the next as they come: outcome → how often."""
    outcomes: Counter[str] = Counter()
    left, lock = iter(wanted), threading.Lock()

    def thread() -> None:
        while True:
            with lock:
                asked = next(left, None)
            if asked is None:
                connection.close()
                return
            try:
                act(asked)
                told = "done"
            except Refused as refusal:
                told = refusal.code
            except Exception as fault:  # noqa: BLE001 - counted, and must not be
                told = type(fault).__name__
            with lock:
                outcomes[told] += 1

    threads = [threading.Thread(target=thread) for _ in range(THREADS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return dict(outcomes)


def _reached(here: Ground, persons: list[int]) -> int:
    return int(
        here.counted(
            "SELECT count(*) FROM settlement_accumulator WHERE subject_id = ANY(%s) AND scope = 'person'"
            " AND name = 'catastrophic_paid' AND used_fen = %s",
            persons, LIMIT_FEN,
        )
    )  # fmt: skip
