"""Taking a settlement back: once, with what later bills get instead, to the fen.

By the Liuzhi policy a bill of 30,000 of which 27,000 are in scope, at a county hospital: basic pays 70 % of 26,700,
that is 18,690; 8,310 are left, of which the first 6,000 of the year are a deductible and the rest is paid at 60 %. So
the first bill of a year gets 1,386 from the catastrophic insurance, every later one 4,986.
"""

import pytest
from django.db import connection

from doudi.server.kernel.errors import Conflict, Forbidden, NotFound, Refused
from doudi.server.kernel.scope import scoped
from doudi.server.settlement import api
from support import actors, replaying, settling
from support.replaying import faults, reversed_, rows, shares

pytestmark = pytest.mark.django_db

FIRST = {"basic": 18_690_00, "catastrophic": 1_386_00, "patient": 9_924_00}
LATER = {"basic": 18_690_00, "catastrophic": 4_986_00, "patient": 6_324_00}


def three() -> tuple[settling.County, int, list[int]]:
    county = settling.county()
    person = county.person()
    made = [settling.settled(county.first, settling.bill(person)).settlement for _ in range(3)]
    assert [shares(one) for one in made] == [FIRST, LATER, LATER]
    return county, person, made


def test_later_bills_get_what_the_reversed_one_had_used():
    county, _, (one, two, three_) = three()
    shown = api.reversal_preview(viewer=county.first, settlement=one)
    assert [(found.settlement, found.payers, found.patient_fen) for found in shown.cascade] == [
        (two, {"catastrophic": -3_600_00}, 3_600_00)
    ]
    assert shown.undone.patient_fen == 9_924_00
    assert [words.zh for words in shown.cascade[0].why] == ["此前的结算或累计有变"]
    done = reversed_(county.first, one)
    assert done.reversed.payers == {"basic": -18_690_00, "catastrophic": -1_386_00}
    assert done.reversed.patient_fen == -9_924_00
    assert [(found.settlement, found.payers, found.patient_fen) for found in done.cascade] == [
        (two, {"catastrophic": -3_600_00}, 3_600_00)
    ]
    assert [shares(found) for found in (one, two, three_)] == [{"patient": 0}, FIRST, LATER]
    assert faults() == []
    assert rows("SELECT back_id FROM ledger_entry WHERE id = %s", done.cascade[0].entry) == [
        (rows("SELECT entry_id FROM settlement_settlement WHERE id = %s", two)[0][0],)
    ]


def test_a_settlement_is_reversed_once_and_says_when():
    county, _, (one, _, _) = three()
    done = reversed_(county.first, one, serial="R-A")
    assert reversed_(county.first, one, serial="R-A") == done  # the answer was lost; nothing happens twice
    for words in ({"serial": "R-B"}, {"serial": "R-A", "reason": "另一原因"}):
        with pytest.raises(Conflict) as refusal:
            reversed_(county.first, one, **words)
        assert refusal.value.code == "already_reversed"
        assert str(settling.TODAY) in refusal.value.words.zh
    with pytest.raises(Conflict, match="already_reversed"):
        reversed_(county.officer, one)
    with pytest.raises(Conflict, match="already_reversed"):
        api.reversal_preview(viewer=county.first, settlement=one)
    assert rows("SELECT count(*) FROM settlement_settlement WHERE kind = 'reversed'") == [(1,)]


def test_a_serial_is_of_one_reversal():
    county, _, (one, two, _) = three()
    reversed_(county.first, one, serial="R-A")
    with pytest.raises(Conflict, match="reversal_serial_taken"):
        reversed_(county.first, two, serial="R-A")


def test_reversing_all_leaves_nothing_used_and_nothing_owed():
    county, person, made = three()
    for one in (made[1], made[0], made[2]):
        reversed_(county.first, one)
    assert [shares(one) for one in made] == [{"patient": 0}] * 3
    assert rows("SELECT sum(used_fen) FROM settlement_accumulator") == [(0,)]
    assert faults() == []
    again = settling.settled(county.first, settling.bill(person))
    assert shares(again.settlement) == FIRST
    assert again.posted_no == 4  # places are never given twice


def test_the_original_is_answered_as_ever_and_settled_anew_under_another_serial():
    county = settling.county()
    bill = settling.bill(county.person())
    first = settling.settled(county.first, bill, serial="A-1")
    reversed_(county.first, first.settlement)
    assert settling.settled(county.first, bill, serial="A-1") == first
    assert shares(first.settlement) == {"patient": 0}
    anew = settling.settled(county.first, bill, serial="A-2")
    assert shares(anew.settlement) == FIRST
    assert faults() == []


def test_an_interim_bill_is_reversed_and_the_stay_goes_on():
    county = settling.county()
    person = county.person()
    bill = settling.bill(person)
    stay = api.register(
        actor=county.first, now=settling.NOW, key=None, person=person, serial="Z-1", care="inpatient",
        admitted_on=bill.admitted_on,
    ).registration  # fmt: skip
    interim = settling.settled(county.first, settling.bill(person, registration=stay), interim=True)
    final = settling.settled(county.first, settling.bill(person, registration=stay))
    assert shares(final.settlement)["basic"] == 18_900_00  # the deductible of the stay was taken before
    state = "SELECT state, discharged_on FROM settlement_registration WHERE id = %s"
    assert rows(state, stay)[0][0] == "discharged"
    done = reversed_(county.first, interim.settlement)
    assert done.cascade[0].payers == {"basic": -210_00, "catastrophic": -3_474_00}
    assert shares(final.settlement) == FIRST
    assert rows(state, stay) == [("open", None)]
    again = settling.settled(county.first, settling.bill(person, registration=stay))
    assert shares(again.settlement)["basic"] == 18_900_00
    assert rows(state, stay)[0][0] == "discharged"
    assert faults() == []


def test_who_may_reverse():
    county, _, (one, *_) = three()
    with pytest.raises(Forbidden, match="settled_elsewhere"):
        reversed_(county.second, one)
    with pytest.raises(NotFound):
        reversed_(actors.officer(actors.RONGJIANG), one)
    with pytest.raises(NotFound):
        reversed_(county.first, 999_999)
    with pytest.raises(Forbidden):
        reversed_(county.approver, one)
    with pytest.raises(Refused, match="text_missing"):
        reversed_(county.first, one, reason=" ")
    for door in (api.reversal_preview, api.submitted):
        with pytest.raises(NotFound):
            door(viewer=actors.officer(actors.RONGJIANG), settlement=one)
    assert reversed_(county.officer, one).cascade


def test_a_window_that_has_not_found_the_person_is_told_so():
    county, _, (one, *_) = three()
    with scoped(county.first.scope), connection.cursor() as cursor:
        cursor.execute("UPDATE access_opening SET until_at = opened_at")
        assert cursor.rowcount
    with pytest.raises(Conflict, match="person_not_open") as refusal:
        reversed_(county.first, one)
    assert refusal.value.remedy is not None


def test_money_that_moved_is_refunded_first():
    county = settling.county()
    done = settling.settled(county.first, settling.bill(county.person()))
    paid = {
        "actor": county.first,
        "now": settling.NOW,
        "key": None,
        "settlement": done.settlement,
        "channel": "cash",
    }
    api.pay(**paid, sum_fen=100_00, serial=settling.serial())
    with pytest.raises(Conflict, match="refund_first"):
        reversed_(county.first, done.settlement)
    api.refund(**paid, sum_fen=100_00, serial=settling.serial(), reason="撤销结算")
    reversed_(county.first, done.settlement)
    assert api.prove_debts(viewer=county.officer, region=actors.LIUZHI_TOWN).holds
    assert faults() == []


# --- a reversal before its original


def by_serial(county: settling.County, original: str, **words: str) -> api.ReversedOrParked:
    given = {"serial": "R-1", "reason": "网络中断后撤销"} | words
    return api.reverse_by_serial(
        actor=county.first, now=settling.NOW, key=None, original_serial=original, **given
    )


def test_a_reversal_before_its_original_waits_and_is_applied_with_it():
    county = settling.county()
    bill = settling.bill(county.person())
    waiting = by_serial(county, "A-1")
    assert waiting.done is None
    assert by_serial(county, "A-1") == waiting
    with pytest.raises(Conflict, match="reversal_serial_taken"):
        by_serial(county, "A-1", serial="R-2")
    (seen,) = api.parked(viewer=county.first)
    assert (seen.parked, seen.serial, seen.days) == (waiting.parked, "A-1", 0)
    assert api.parked(viewer=county.officer) == (seen,)
    assert api.parked(viewer=county.second) == ()
    assert api.parked(viewer=actors.officer(actors.RONGJIANG)) == ()
    settled = settling.settled(county.first, bill, serial="A-1")
    assert settled.patient_fen == FIRST["patient"]
    assert shares(settled.settlement) == {"patient": 0}
    assert api.parked(viewer=county.first) == ()
    assert rows("SELECT state, settlement_id FROM settlement_parkedreversal") == [
        ("applied", settled.settlement)
    ]
    assert rows("SELECT cause, reversal_serial FROM settlement_settlement WHERE kind = 'reversed'") == [
        ("parked", "R-1")
    ]
    assert faults() == []
    again = by_serial(county, "A-1")
    assert again.done is not None
    assert again.done.reversed.patient_fen == -FIRST["patient"]
    assert shares(settling.settled(county.first, bill).settlement) == FIRST


def test_a_reversal_by_serial_of_what_is_known_is_done_at_once():
    county = settling.county()
    done = settling.settled(county.first, settling.bill(county.person()), serial="A-1")
    found = by_serial(county, "A-1")
    assert found.done is not None
    assert found.done.settlement == done.settlement
    assert by_serial(county, "A-1") == found
    with pytest.raises(Conflict, match="already_reversed"):
        by_serial(county, "A-1", serial="R-2")


def test_a_waiting_reversal_is_withdrawn_and_told_of():
    from datetime import timedelta

    from doudi.server.kernel.actor import SYSTEM

    county = settling.county()
    waiting = by_serial(county, "A-1").parked
    assert waiting is not None
    assert api.tell_parked(actor=SYSTEM, now=settling.NOW + timedelta(hours=23)) == 0
    assert api.tell_parked(actor=SYSTEM, now=settling.NOW + timedelta(days=3)) == 1
    told = rows(
        "SELECT region / 1000, detail ->> 'days' FROM audit_auditevent WHERE event = 'settlement.reversal_waits'"
    )
    assert told == [(520203, "3")]
    words = {"now": settling.NOW, "key": None, "parked": waiting, "reason": "原结算不会再来"}
    with pytest.raises(NotFound):
        api.withdraw_parked(actor=county.second, **words)
    assert api.withdraw_parked(actor=county.officer, **words) == waiting
    with pytest.raises(Conflict, match="reversal_not_parked"):
        api.withdraw_parked(actor=county.first, **words)
    settled = settling.settled(county.first, settling.bill(county.person()), serial="A-1")
    assert shares(settled.settlement) == FIRST
    assert replaying.faults() == []


def test_a_later_bill_of_another_hospital_is_changed_though_its_accounts_are_out_of_sight():
    county = settling.county()
    person = county.person("subsistence_allowance")
    first = settling.settled(county.first, settling.bill(person, 400_000_00)).settlement
    later = settling.settled(county.second, settling.bill(person, 400_000_10)).settlement
    done = reversed_(county.first, first)
    assert [found.settlement for found in done.cascade] == [later]
    assert faults() == []
