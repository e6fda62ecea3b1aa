"""Two at once on real connections: of the last fen one payment wins, of one limit one case, and nothing is lost."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from doudi.server.kernel.errors import Refused
from doudi.server.settlement import api
from support import actors, debts, settling
from support.settling import NOW


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run them in threads of their own, begun together; answers or refusals, in order."""
    start, answers = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place: int, call: Callable[[], Any]) -> None:
        start.wait()
        try:
            answers[place] = call()
        except Refused as refusal:
            answers[place] = refusal.code
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.usefixtures("fresh_database")
def test_of_the_last_fen_one_payment_wins() -> None:
    county = settling.county()
    done = debts.owing(county)
    number = done.settlement
    debts.paid(county.first, number, done.patient_fen - 1)
    answers = at_once(
        *(lambda serial=f"L{place}": debts.paid(county.first, number, 1, serial=serial) for place in range(4))
    )
    assert sorted(one for one in answers if isinstance(one, str)) == ["debt_settled"] * 3
    assert sum(isinstance(one, api.DebtMoved) for one in answers) == 1
    assert debts.debt(county.first, number).row.open_fen == 0
    assert api.prove_debts(viewer=county.officer, region=actors.LIUZHI_TOWN).holds


@pytest.mark.usefixtures("fresh_database")
def test_the_same_receipt_sent_twice_at_once_is_one_payment() -> None:
    county = settling.county()
    one, other = debts.owing(county), debts.owing(county)
    same = at_once(*(lambda: debts.paid(county.first, one.settlement, 100, serial="S1") for _ in range(3)))
    assert same[0] == same[1] == same[2]
    differing = at_once(
        *(
            lambda number=number: debts.paid(county.first, number, 100, serial="S2")
            for number in (one.settlement, other.settlement)
        )
    )
    assert sorted(isinstance(answer, api.DebtMoved) for answer in differing) == [False, True]
    assert "payment_serial_taken" in differing
    assert api.prove_debts(viewer=county.officer, region=actors.LIUZHI_TOWN).holds


@pytest.mark.usefixtures("fresh_database")
def test_a_payment_and_a_write_off_of_the_same_debt_follow_each_other() -> None:
    county, two = settling.county(), debts.Deciders()
    done = debts.owing(county)
    number, owed = done.settlement, done.patient_fen
    debts.paid(county.first, number, owed - 100_00)
    proposal = two.proposed("settlement.write_off", settlement=number, sum_fen=100_00, reason="无力偿还")
    answers = at_once(
        lambda: debts.paid(county.first, number, 100_00), lambda: two.approve(proposal),
        lambda: api.refund(
            actor=county.first, now=NOW, key=None, settlement=number, sum_fen=owed - 100_00, channel="cash",
            serial=settling.serial(), reason="撤销",
        ),
    )  # fmt: skip
    assert not isinstance(answers[2], str)
    found = debts.debt(county.first, number).sums
    assert found.open_fen >= 0
    assert found.open_fen == owed - found.paid_fen - found.written_off_fen
    assert api.prove_debts(viewer=county.officer, region=actors.LIUZHI_TOWN).holds
