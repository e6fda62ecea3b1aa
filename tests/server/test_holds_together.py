"""Holds on real connections: whatever happens at the same moment, what is used and what is held never pass the cap."""

import random
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from doudi.server.kernel.actor import SYSTEM
from doudi.server.kernel.errors import Refused
from doudi.server.kernel.scope import scoped
from doudi.server.settlement import api
from doudi.server.settlement.models import Accumulator, Hold
from support import settling
from support.settling import NOW, TODAY

pytestmark = pytest.mark.usefixtures("fresh_database")
LIMIT = "catastrophic_paid"
ADMITTED = TODAY - timedelta(days=5)
TOMORROW = NOW + timedelta(days=1)


def together(*works: Callable[[], object]) -> list[object]:
    """At the same moment, each on a connection of its own; what they answer, or the codes of their refusals."""
    answers: list[object] = [None] * len(works)
    gate = threading.Barrier(len(works))

    def run(place: int) -> None:
        gate.wait()
        try:
            answers[place] = works[place]()
        except Refused as refused:
            answers[place] = refused.code
        except Exception as error:  # noqa: BLE001 - shown by the assertion
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not [one for one in answers if isinstance(one, Exception)], answers
    return answers


def stay(clerk: settling.Actor, person: int) -> int:
    return api.register(
        actor=clerk, now=NOW, key=None, person=person, care="inpatient", admitted_on=ADMITTED, serial=settling.serial()
    ).registration  # fmt: skip


def hold(clerk: settling.Actor, registration: int, fen: int, **words: object) -> Callable[[], object]:
    given = {"serial": settling.serial(), "expires_on": TODAY} | words
    return lambda: api.hold(
        actor=clerk, now=NOW, key=None, registration=registration, name=LIMIT, fen=fen, **given
    )


def discharge(
    clerk: settling.Actor, person: int, registration: int | None, total: int
) -> Callable[[], object]:
    bill = settling.bill(person, total, admitted_on=ADMITTED, discharged_on=TODAY, registration=registration)
    return lambda: settling.settled(clerk, bill)


def expire() -> object:
    return api.expire_holds(actor=SYSTEM, now=TOMORROW)


def stands(county: settling.County, person: int) -> tuple[int, int]:
    """Used, and held besides."""
    with scoped(county.officer.scope):
        used = sum(one.used_fen for one in Accumulator.objects.filter(subject_id=person, name=LIMIT))
        holds = Hold.objects.filter(person_id=person, state="held")
        return used, sum(one.held_fen - one.posted_fen for one in holds)


def cap(county: settling.County, registration: int) -> int:
    rooms = api.limit_rooms(viewer=county.first, registration=registration)
    return next(one.limit_fen for one in rooms if one.name == LIMIT)


def test_two_hospitals_cannot_hold_the_same_money_twice() -> None:
    county = settling.county()
    for _ in range(6):
        person = county.person()
        mine, theirs = stay(county.first, person), stay(county.second, person)
        limit = cap(county, mine)
        answers = together(
            hold(county.first, mine, limit * 2 // 3), hold(county.second, theirs, limit * 2 // 3)
        )
        assert answers.count("hold_exceeds_limit") == 1
        assert stands(county, person) == (0, limit * 2 // 3)


def test_a_double_click_holds_once() -> None:
    county = settling.county()
    person = county.person()
    mine = stay(county.first, person)
    same = hold(county.first, mine, 1_000_00, serial="H1")
    answers = together(same, same, same)
    assert answers[0] == answers[1] == answers[2]
    assert stands(county, person) == (0, 1_000_00)


def test_a_bill_elsewhere_and_a_hold_share_what_is_left() -> None:
    county = settling.county()
    for _ in range(6):
        person = county.person()
        mine = stay(county.first, person)
        limit = cap(county, mine)
        first, second = together(
            hold(county.first, mine, limit), discharge(county.second, person, None, 900_000_00)
        )
        used, held = stands(county, person)
        assert used + held <= limit
        assert (first == "hold_exceeds_limit") == (used > 0)
        assert isinstance(second, api.Settled)


def test_a_hold_that_runs_out_while_its_bill_posts_is_ended_once() -> None:
    county = settling.county()
    seen = set()
    for _ in range(8):
        person = county.person()
        mine = stay(county.first, person)
        limit = cap(county, mine)
        hold(county.first, mine, limit)()
        done, _, other = together(
            discharge(county.first, person, mine, 60_000_00), expire, discharge(county.second, person, None, 900_000_00)
        )  # fmt: skip
        assert isinstance(done, api.Settled)
        assert isinstance(other, api.Settled)
        with scoped(county.officer.scope):
            row = Hold.objects.get(person_id=person)
        seen.add(row.state)
        assert row.state in {"posted", "expired"}
        assert row.posted_fen <= (done.shares.get("catastrophic", 0) if row.state == "posted" else 0)
        used, held = stands(county, person)
        assert held == 0
        assert used == done.shares.get("catastrophic", 0) + other.shares.get("catastrophic", 0) <= limit
        expire()
    assert seen


@pytest.mark.parametrize("seed", range(4))
def test_any_mix_at_two_hospitals_stays_within_the_cap(seed: int) -> None:
    chance = random.Random(seed)
    county = settling.county()
    person = county.person()
    stays = {clerk: stay(clerk, person) for clerk in (county.first, county.second)}
    limit = cap(county, stays[county.first])
    for _ in range(6):
        works: list[Callable[[], object]] = []
        for _ in range(4):
            clerk = chance.choice(list(stays))
            fen = chance.randrange(1, limit // 2)
            works.append(
                chance.choice(
                    [
                        hold(clerk, stays[clerk], fen),
                        hold(clerk, stays[clerk], fen, expires_on=TODAY + timedelta(days=9)),
                        discharge(clerk, person, None, fen),
                        expire,
                    ]
                )
            )
        together(*works)
        used, held = stands(county, person)
        assert used + held <= limit
    for clerk, registration in stays.items():
        discharge(clerk, person, registration, 9_000_000_00)()  # enough to use up whatever is left
    used, held = stands(county, person)
    assert (used, held) == (limit, 0)
