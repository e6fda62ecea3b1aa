"""The departments' floats: what was paid in, what is left, how long it lasts (document 003: 300,000 and 800,000 yuan)."""

from datetime import date
from typing import Any

import pytest

from doudi.server.kernel.actor import SYSTEM
from doudi.server.kernel.errors import Forbidden, Refused
from doudi.server.ledger.api import (
    Amount,
    FloatView,
    deposit_float,
    entries_of,
    float_movements,
    floats,
    return_float,
    set_float_level,
    sum_days,
)
from support import actors
from support.ledger import COUNTY, THERE, shares, write

pytestmark = pytest.mark.django_db
OFFICER, APPROVER = actors.officer(), actors.approver()
YUAN = 100
DAY = date(2026, 7, 3)


def moved(verb: Any = deposit_float, **changed: Any) -> Any:
    words = {
        "region": COUNTY, "fund": "civil_affairs", "sum_fen": 800_000 * YUAN, "on_date": DAY, "voucher": "农信0703-1",
    }  # fmt: skip
    return verb(actor=changed.pop("actor", OFFICER), now=actors.NOW, key=None, **(words | changed))


def agreed(**changed: Any) -> Any:
    words = {
        "region": COUNTY, "fund": "civil_affairs", "agreed_fen": 800_000 * YUAN, "warning_fen": 160_000 * YUAN,
        "source": "六枝特区三重医疗保障实施方案",
    }  # fmt: skip
    return set_float_level(
        actor=changed.pop("actor", APPROVER), now=actors.NOW, key=None, **(words | changed)
    )


def seen(today: date = actors.TODAY) -> dict[str, FloatView]:
    return {one.fund: one for one in floats(viewer=OFFICER, region=COUNTY, today=today)}


def paid(fen: int, day: date, fund: str = "civil_affairs") -> None:
    write(posted_on=day, template="hospital_paid", person=None, amounts=[Amount("from_float", fund, fen)])


def test_a_deposit_is_an_entry_with_its_paper() -> None:
    made = moved()
    (entry,) = entries_of(viewer=OFFICER, source_kind="float", source_id=made.movement)
    assert entry.id == made.entry
    assert {line.account.kind: line.fen for line in entry.lines} == {"bank": 80_000_000, "float": -80_000_000}
    (movement,) = float_movements(viewer=OFFICER, region=COUNTY).items
    assert (movement.voucher, movement.fen, movement.by_login) == ("农信0703-1", 80_000_000, OFFICER.login)
    assert float_movements(viewer=OFFICER, region=COUNTY, fund="nrcms").items == ()


def test_what_is_left_and_how_long_it_lasts() -> None:
    agreed()
    moved()
    for month in (7, 8, 9, 10):
        write(posted_on=date(2026, month, 9), amounts=shares(civil_affairs=100_000 * YUAN, nrcms=7))
        paid(60_000 * YUAN, date(2026, month, 20))
    sum_days(actor=SYSTEM, now=actors.NOW)
    write(posted_on=date(2026, 11, 3), amounts=shares(civil_affairs=50_000 * YUAN))
    one = seen()["civil_affairs"]
    assert (one.agreed_fen, one.warning_fen) == (800_000 * YUAN, 160_000 * YUAN)
    assert one.balance_fen == (800_000 - 4 * 60_000) * YUAN
    assert one.outstanding_fen == (4 * 40_000 + 50_000) * YUAN
    assert one.available_fen == 350_000 * YUAN
    assert (one.use_fen, one.months) == (100_000 * YUAN, 4)
    assert one.exhausted == date(2027, 2, 1)  # 350,000 last November, December and January; not February
    assert not one.low
    assert set(seen()) == {"civil_affairs"}, "a fund without a float is none"


def test_a_return_is_no_use_and_at_most_what_is_there() -> None:
    agreed()
    moved()
    moved(return_float, sum_fen=300_000 * YUAN, on_date=date(2026, 8, 1))
    one = seen()["civil_affairs"]
    assert (one.balance_fen, one.use_fen, one.exhausted) == (500_000 * YUAN, 0, None)
    with pytest.raises(Refused) as caught:
        moved(return_float, sum_fen=500_000 * YUAN + 1)
    assert caught.value.code == "more_than_balance"
    assert "500000.00" in caught.value.words.zh
    moved(return_float, sum_fen=500_000 * YUAN)
    assert seen()["civil_affairs"].balance_fen == 0
    with pytest.raises(Refused):
        moved(return_float, fund="nrcms", sum_fen=1)


def test_the_warning_is_of_what_can_still_be_promised() -> None:
    agreed()
    moved()
    write(posted_on=date(2026, 11, 1), amounts=shares(civil_affairs=640_000 * YUAN))
    assert not seen()["civil_affairs"].low
    write(posted_on=date(2026, 11, 1), amounts=shares(civil_affairs=1))
    assert seen()["civil_affairs"].low
    paid(640_000 * YUAN, date(2026, 11, 2))
    assert seen()["civil_affairs"].low, "paying what is owed changes nothing"
    moved(sum_fen=200_000 * YUAN, on_date=date(2026, 11, 4))
    assert not seen()["civil_affairs"].low


def test_what_is_spent_on_a_patient_directly_is_use() -> None:
    moved()
    write(
        posted_on=date(2026, 10, 1),
        template="individual",
        amounts=[Amount("to_patient_from_float", "civil_affairs", 400)],
    )
    one = seen()["civil_affairs"]
    assert (one.balance_fen, one.months, one.use_fen) == (80_000_000 - 400, 4, 100)
    assert (one.agreed_fen, one.source) == (0, "")


def test_overdrawn_is_exhausted_now() -> None:
    moved(sum_fen=100, on_date=date(2026, 10, 1))
    write(posted_on=date(2026, 10, 2), amounts=shares(civil_affairs=500))
    one = seen()["civil_affairs"]
    assert (one.available_fen, one.exhausted, one.low) == (-400, date(2026, 11, 1), True)


def test_the_last_level_holds_and_levels_are_in_order() -> None:
    agreed()
    agreed(agreed_fen=10, warning_fen=10)
    assert seen()["civil_affairs"].agreed_fen == 10
    for wrong in ({"warning_fen": 80_000_001}, {"warning_fen": -1}, {"source": " "}, {"fund": ""}):
        with pytest.raises(Refused):
            agreed(**wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"sum_fen": 0}, {"sum_fen": -5}, {"voucher": "  "}, {"fund": ""}, {"on_date": date(2026, 11, 26)},
        {"region": THERE}, {"region": 0},
    ],
)  # fmt: skip
@pytest.mark.parametrize("verb", [deposit_float, return_float])
def test_a_movement_that_makes_no_sense_is_refused(verb: Any, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        moved(verb, **wrong)
    assert float_movements(viewer=OFFICER, region=COUNTY).items == ()


def test_each_role_does_its_own() -> None:
    with pytest.raises(Forbidden):
        moved(actor=APPROVER)
    with pytest.raises(Forbidden):
        agreed(actor=OFFICER)
    with pytest.raises(Forbidden):
        floats(viewer=actors.clerk(), region=COUNTY, today=actors.TODAY)
    with pytest.raises(Forbidden):
        floats(viewer=OFFICER, region=THERE, today=actors.TODAY)
    with pytest.raises(Forbidden):
        float_movements(viewer=OFFICER, region=THERE)
