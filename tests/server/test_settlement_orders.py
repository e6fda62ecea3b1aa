"""P10: what becomes known in any order ends in the same books as if it had been known from the start.

Each scenario is played twice on the same ground. Straight: every category is recognised first, every bill is settled as
it should be, in its place. Shuffled: bills in the same order, some with wrong costs, some that are taken back later;
categories, ends, corrections and reversals arrive in between and after, in any order, with re-adjudications now and then
and at the end.
"""

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from doudi.server.recognition import api as recognition
from doudi.server.recognition.data import Terms
from doudi.server.settlement import api
from support import replaying, settling
from support.settlement_ground import CATEGORIES, Ground
from support.two_counties import undone

pytestmark = pytest.mark.django_db

SEEDS = [*range(4), *(pytest.param(seed, marks=pytest.mark.deep) for seed in range(4, 60))]


@dataclass(frozen=True)
class Category:
    who: int
    code: str
    since: date
    until: date | None


@dataclass(frozen=True)
class Scenario:
    """`wrong`: bills (by place) first settled with other costs; `undone`: bills that are taken back."""

    bills: tuple[tuple[int, api.BillInput], ...]
    categories: tuple[Category, ...]
    wrong: frozenset[int]
    undone: frozenset[int]


def scenario(ground: Ground, dice: random.Random) -> Scenario:
    bills = []
    for _ in range(dice.randint(4, 7)):
        who, ago = dice.randrange(3), dice.randint(2, 60)
        total = dice.randint(1, 14_000_00)
        days = {
            "admitted_on": settling.TODAY - timedelta(days=ago),
            "discharged_on": settling.TODAY - timedelta(days=ago // 2),
        }
        bills.append((who, settling.bill(ground.persons[who], total, **days)))
    categories = []
    for who in range(3):
        for code in dice.sample(CATEGORIES, dice.randint(0, 2)):
            since = settling.TODAY - timedelta(days=dice.randint(1, 80))
            until = since + timedelta(days=dice.randint(1, 60)) if dice.random() < 0.4 else None
            categories.append(Category(who, code, since, until))
    places = range(len(bills))
    undone_ = frozenset(place for place in places if dice.random() < 0.25)
    wrong = frozenset(place for place in places if dice.random() < 0.3) - undone_
    return Scenario(tuple(bills), tuple(categories), wrong, undone_)


@dataclass
class Play:
    """One way through a scenario. `made`: place of a bill → its settlement."""

    ground: Ground
    played: Scenario
    made: dict[int, int]

    def settle(self, place: int, *, wrong: bool) -> None:
        _, bill = self.played.bills[place]
        if wrong:
            bill = replace(
                bill, in_scope_fen=bill.in_scope_fen // 2 + 7, own_pay_fen=bill.own_pay_fen + 500_00
            )
        clerk = self.ground.county.first
        self.made[place] = settling.settled(clerk, bill, serial=f"B{place}").settlement

    def recognise(self, one: Category) -> int:
        terms = Terms(one.code, one.since, None, "", "民发〔2026〕1号")
        return recognition.recognise(
            actor=self.ground.county.officer, now=settling.at(one.since), key=None,
            person=self.ground.persons[one.who], terms=terms,
        ).id  # fmt: skip

    def end(self, number: int, until: date) -> None:
        recognition.end(
            actor=self.ground.county.officer, now=settling.at(until), key=None, recognition=number, until_date=until,
            reason="核查退出",
        )  # fmt: skip

    def reverse(self, place: int) -> None:
        replaying.reversed_(self.ground.county.officer, self.made[place])

    def correct(self, place: int) -> None:
        who, bill = self.played.bills[place]
        correction = api.Correction(self.made[place], bill)
        replaying.readjudicated(self.ground.county, self.ground.persons[who], correction)

    def readjudicate(self, who: int) -> None:
        replaying.readjudicated(self.ground.county, self.ground.persons[who])

    def outcome(self) -> tuple[Any, ...]:
        """Shares by place of a bill, accumulators, the ledger by account: without numbers of rows."""
        assert replaying.faults() == []
        shares = {
            place: replaying.shares(number)
            for place, number in self.made.items()
            if place not in self.played.undone
        }
        used = replaying.rows(
            "SELECT scope, subject_id, name, period, used_fen FROM settlement_accumulator WHERE used_fen <> 0"
            " ORDER BY 1, 2, 3, 4"
        )
        ledger = replaying.rows(
            "SELECT a.kind, a.fund, sum(l.fen) FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id"
            " GROUP BY 1, 2 HAVING sum(l.fen) <> 0 ORDER BY 1, 2"
        )
        return shares, used, ledger


def straight(play: Play) -> None:
    for one in play.played.categories:
        number = play.recognise(one)
        if one.until is not None:
            play.end(number, one.until)
    for place in range(len(play.played.bills)):
        if place not in play.played.undone:
            play.settle(place, wrong=False)


def shuffled(play: Play, dice: random.Random) -> None:
    """Bills keep their order; everything else comes when it comes, after what it needs."""
    numbers: dict[Category, int] = {}
    played = play.played
    waiting: list[tuple[str, Any]] = [("recognise", one) for one in played.categories]
    bills = list(range(len(played.bills)))
    while bills or waiting:
        if bills and (not waiting or dice.random() < 0.5):
            place = bills.pop(0)
            play.settle(place, wrong=place in played.wrong)
            waiting += [("reverse", place)] if place in played.undone else []
            waiting += [("correct", place)] if place in played.wrong else []
        else:
            what, which = waiting.pop(dice.randrange(len(waiting)))
            if what == "recognise":
                numbers[which] = play.recognise(which)
                waiting += [("end", which)] if which.until is not None else []
            elif what == "end":
                play.end(numbers[which], which.until)
            else:
                getattr(play, what)(which)
        if dice.random() < 0.2:
            play.readjudicate(dice.randrange(3))
    for who in range(3):
        play.readjudicate(who)


@pytest.mark.parametrize("seed", SEEDS)
def test_facts_in_any_order_end_in_the_same_books(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DOUDI_POLICIES", str(tmp_path))
    ground = Ground(tmp_path)
    played = scenario(ground, random.Random(seed))
    with undone():
        play = Play(ground, played, {})
        straight(play)
        wanted = play.outcome()
    with undone():
        play = Play(ground, played, {})
        shuffled(play, random.Random(f"shuffle {seed}"))
        assert play.outcome() == wanted
        counts = "SELECT (SELECT count(*) FROM settlement_settlement), (SELECT count(*) FROM ledger_entry)"
        before = replaying.rows(counts)
        for who in range(3):
            play.readjudicate(who)
        assert replaying.rows(counts) == before
