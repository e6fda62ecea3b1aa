"""Settlement against a model that keeps its own books (`support/books.py`): whatever is done, in whatever order.

After every step: every bill's shares are the model's, the accumulators are what standing bills moved, the ledger of
every bill and fund is its current version, entries sum to zero, shares and patient are the bill (P4, P6, P8, P10).
Settling again ends where it would have ended had everything been known from the start.
"""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from doudi.server.kernel.errors import Conflict
from doudi.server.recognition import api as recognition
from doudi.server.recognition.data import Terms
from doudi.server.settlement import api
from support import replaying, settling
from support.books import Books, bill_of, holding, insurance
from support.settlement_ground import CATEGORIES, SINCE, Ground
from support.two_counties import undone

pytestmark = pytest.mark.django_db

DEEP = bool(os.environ.get("DOUDI_DEEP"))
GROUND: list[Ground] = []
days = st.integers(2, 60)
fens = st.integers(1, 15_000_00)


class Settlements(RuleBasedStateMachine):
    """One example: what is asked of the server, and the model beside it."""

    bills = Bundle("bills")
    held = Bundle("held")

    def __init__(self) -> None:
        super().__init__()
        self.ground = GROUND[0]
        self.undo = undone()
        self.undo.__enter__()
        self.books = Books(self.ground.settler, (insurance(date(SINCE.year, 1, 1)),), self.ground.homes)
        self.asked: dict[int, tuple[str, api.BillInput, api.Settled]] = {}
        self.reversals: dict[int, tuple[str, api.Reversed]] = {}

    def teardown(self) -> None:
        self.undo.__exit__(None, None, None)

    @rule(
        target=bills,
        who=st.integers(0, 2),
        ago=days,
        in_scope=fens,
        own=st.integers(0, 5_000_00),
        second=st.booleans(),
    )
    def settle(self, who: int, ago: int, in_scope: int, own: int, second: bool) -> Any:
        person, serial = self.ground.persons[who], settling.serial()
        admitted, discharged = settling.TODAY - timedelta(days=ago), settling.TODAY - timedelta(days=ago // 2)
        bill = settling.bill(
            person,
            in_scope + own,
            admitted_on=admitted,
            discharged_on=discharged,
            in_scope_fen=in_scope,
            own_pay_fen=own,
        )
        clerk = self.ground.county.second if second else self.ground.county.first
        done = settling.settled(clerk, bill, serial=serial)
        entry = self.books.settle(
            done.settlement,
            person,
            bill_of(_name(serial, second=second), admitted, discharged, settling.TODAY, in_scope, own),
        )
        assert (done.shares, done.hospital_fen, done.patient_fen) == (
            entry.shares,
            entry.hospital,
            entry.patient,
        )
        self.asked[done.settlement] = (serial, bill, done)
        return multiple() if second else done.settlement

    @rule(number=bills)
    def resend(self, number: int) -> None:
        serial, bill, done = self.asked[number]
        assert settling.settled(self.ground.county.first, bill, serial=serial) == done

    @rule(number=bills, more=st.integers(1, 100))
    def resend_otherwise(self, number: int, more: int) -> None:
        serial, bill, _ = self.asked[number]
        with pytest.raises(Conflict, match="serial_taken"):
            settling.settled(
                self.ground.county.first, replace(bill, own_pay_fen=bill.own_pay_fen + more), serial=serial
            )

    @rule(number=bills, by_county=st.booleans())
    def reverse(self, number: int, by_county: bool) -> None:
        county = self.ground.county
        who = county.officer if by_county or number % 2 else county.first
        if number in self.reversals:
            with pytest.raises(Conflict, match="already_reversed"):
                replaying.reversed_(who, number)
            return
        serial = f"R{settling.serial()}"
        done = replaying.reversed_(who, number, serial=serial)
        assert [one.settlement for one in done.cascade] == self.books.reverse(number)
        assert replaying.reversed_(who, number, serial=serial) == done
        self.reversals[number] = serial, done

    @rule(target=held, who=st.integers(0, 2), category=st.sampled_from(CATEGORIES), since=st.integers(0, 80))
    def recognise(self, who: int, category: str, since: int) -> Any:
        person, begins = self.ground.persons[who], settling.TODAY - timedelta(days=since)
        if any(one.code == category for one in self.books.known.get(person, ())):
            return multiple()
        number = self._recognised(person, category, begins)
        self.books.known.setdefault(person, []).append(holding(category, begins, None))
        return number, person, category, begins

    def _recognised(self, person: int, category: str, begins: date) -> int:
        terms = Terms(category, begins, None, "", "民发〔2026〕1号")
        return recognition.recognise(
            actor=self.ground.county.officer, now=settling.at(begins), key=None, person=person, terms=terms
        ).id

    @rule(one=consumes(held), after=st.integers(1, 80))
    def end(self, one: tuple[int, int, str, date], after: int) -> None:
        number, person, category, begins = one
        ends = begins + timedelta(days=after)
        recognition.end(
            actor=self.ground.county.officer, now=settling.at(ends), key=None, recognition=number, until_date=ends,
            reason="核查退出",
        )  # fmt: skip
        known = self.books.known[person]
        known[:] = [holding(category, begins, ends) if held.code == category else held for held in known]

    @precondition(lambda self: self.asked)
    @rule(who=st.integers(0, 2))
    def readjudicate(self, who: int) -> None:
        person, county = self.ground.persons[who], self.ground.county
        shown = replaying.preview(county, person)
        changed = self.books.readjudicate(person)
        assert [one.settlement for one in shown.differences] == changed
        done = replaying.approved(county, shown)
        assert [one.settlement for one in done.changed] == changed
        assert replaying.preview(county, person).differences == ()

    @precondition(lambda self: len(self.asked) < 12)
    @rule(who=st.integers(0, 2), in_scope=fens)
    def reversal_before_its_original(self, who: int, in_scope: int) -> None:
        person, serial, clerk = self.ground.persons[who], settling.serial(), self.ground.county.first
        asked = {
            "actor": clerk,
            "now": settling.NOW,
            "key": None,
            "original_serial": serial,
            "serial": f"P{serial}",
        }
        assert api.reverse_by_serial(**asked, reason="先到的冲正").parked
        bill = settling.bill(person, in_scope, in_scope_fen=in_scope, own_pay_fen=0)
        done = settling.settled(clerk, bill, serial=serial)
        again = api.reverse_by_serial(**asked, reason="先到的冲正").done
        assert again is not None
        assert again.cascade == ()
        self.books.settle(
            done.settlement, person,
            bill_of(_name(serial), bill.admitted_on, bill.discharged_on, settling.TODAY, in_scope, 0),
        )  # fmt: skip
        assert self.books.reverse(done.settlement) == []
        self.asked[done.settlement] = serial, bill, done

    @invariant()
    def the_books_agree(self) -> None:
        assert replaying.faults() == []
        rows = replaying.rows(
            "SELECT root_id, shares, hospital_fen, patient_fen FROM settlement_settlement WHERE superseded_at IS NULL"
        )
        found = {root: (_json(shares), hospital, patient) for root, shares, hospital, patient in rows}
        assert found == {one.number: (one.shares, one.hospital, one.patient) for one in self.books.entries}
        used = replaying.rows("SELECT scope, subject_id, name, period, used_fen FROM settlement_accumulator")
        assert {tuple(row[:4]): row[4] for row in used if row[4]} == self.books.used()


def _name(serial: str, *, second: bool = False) -> str:
    """What a bill is called in its facts: the hospital and its own number."""
    return f"H5202030000{2 if second else 1}-{serial}"


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    monkeypatch.setenv("DOUDI_POLICIES", str(tmp_path))
    GROUND[:] = [Ground(tmp_path)]
    return GROUND.clear


def test_whatever_is_done_the_books_agree_with_the_model(ground: Callable[[], None]):
    run_state_machine_as_test(
        Settlements,
        settings=settings(
            max_examples=150 if DEEP else 10,
            stateful_step_count=40 if DEEP else 14,
            deadline=None,
            phases=[Phase.generate, *([Phase.shrink] if DEEP else [])],
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
    ground()
