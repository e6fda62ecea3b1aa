"""What patients owe: paid exactly, once, never more than is owed; written off by two; proved against the books."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.server.kernel.errors import Conflict, NotFound, Refused
from doudi.server.kernel.scope import scoped
from doudi.server.settlement import api
from doudi.server.settlement.debts_plan import equal_parts
from doudi.server.settlement.models import Debt, DebtMove
from doudi.server.settlement.queries.debts import bucket_of
from support import actors, debts, settling
from support.settling import NOW, TODAY

pytestmark = pytest.mark.django_db


def test_a_bill_leaves_a_debt_that_is_its_patients_share():
    county = settling.county()
    done = debts.owing(county)
    found = debts.debt(county.first, done.settlement)
    assert (found.sums.charged_fen, found.row.open_fen) == (done.patient_fen, done.patient_fen)
    assert found.row.due_on == TODAY
    assert found.row.number == done.number
    assert found.row.name == "王**"
    assert "*" in found.row.masked_number
    assert [one.id for one in api.debts(viewer=county.first).items] == [done.settlement]
    proof = api.prove_debts(viewer=county.officer, region=actors.LIUZHI_TOWN)
    assert proof.holds
    assert proof.ledger_fen == proof.bills_fen == proof.listed_fen == done.patient_fen


def test_payments_meet_it_to_the_fen_and_no_further():
    county = settling.county()
    done = debts.owing(county)
    number, owed = done.settlement, done.patient_fen
    first = debts.paid(county.first, number, owed - 1)
    assert first.open_fen == 1
    with pytest.raises(Conflict) as refusal:
        debts.paid(county.first, number, 2)
    assert refusal.value.code == "more_than_owed"
    assert debts.paid(county.first, number, 1, channel="card").open_fen == 0
    with pytest.raises(Conflict) as refusal:
        debts.paid(county.first, number, 1)
    assert refusal.value.code == "debt_settled"
    for nothing in (0, -1):
        with pytest.raises(Refused) as wrong:
            debts.paid(county.first, number, nothing)
        assert wrong.value.code == "sum_not_positive"
    assert api.debts(viewer=county.first).items == ()
    assert api.debts(viewer=county.first, wanted=api.DebtFilter(open=False)).total == 1
    proof = api.prove_debts(viewer=county.officer, region=actors.LIUZHI_TOWN)
    assert (proof.holds, proof.ledger_fen) == (True, 0)


def test_a_receipt_number_is_the_key_for_ever():
    county = settling.county()
    done, other = debts.owing(county), debts.owing(county)
    first = debts.paid(county.first, done.settlement, 100, serial="R1")
    debts.paid(county.first, done.settlement, 50)
    assert debts.paid(county.first, done.settlement, 100, serial="R1") == first
    for words in ({"fen": 101}, {"channel": "card"}, {"settlement": other.settlement}):
        call = {"settlement": done.settlement, "fen": 100, "serial": "R1"} | words
        with pytest.raises(Conflict) as refusal:
            debts.paid(county.first, **call)
        assert refusal.value.code == "payment_serial_taken"
    with pytest.raises(Conflict) as refusal:
        api.refund(
            actor=county.first, now=NOW, key=None, settlement=done.settlement, sum_fen=100, channel="cash",
            serial="R1", reason="多收",
        )  # fmt: skip
    assert refusal.value.code == "payment_serial_taken"
    assert debts.debt(county.first, done.settlement).sums.paid_fen == 150


def test_a_refund_gives_back_what_was_paid_and_opens_the_debt_again():
    county = settling.county()
    done = debts.owing(county)
    debts.paid(county.first, done.settlement, 500)

    def refunded(fen: int) -> api.DebtMoved:
        return api.refund(
            actor=county.first, now=NOW, key=None, settlement=done.settlement, sum_fen=fen, channel="cash",
            serial=settling.serial(), reason="结算要撤销",
        )  # fmt: skip

    with pytest.raises(Conflict) as refusal:
        refunded(501)
    assert refusal.value.code == "more_than_paid"
    assert refunded(500).open_fen == done.patient_fen
    moves = debts.debt(county.first, done.settlement).moves
    assert [(one.words.zh, one.fen, one.open_after_fen) for one in moves] == [
        ("付款", 500, done.patient_fen - 500), ("退款", -500, done.patient_fen),
    ]  # fmt: skip
    assert api.prove_debts(viewer=county.officer, region=actors.LIUZHI_TOWN).holds


def test_a_debtor_who_is_not_open_any_more_can_still_pay():
    """Who transfers money years later is not at the window; the clerk sees no more of the person by that."""
    county = settling.county()
    done = debts.owing(county)
    with scoped(county.officer.scope):
        from doudi.server.access.models import Opening

        assert Opening.objects.count() == 2
    closed = actors.clerk(county.first.facility)
    with scoped(closed.scope):
        Opening.objects.update(until_at=NOW - timedelta(days=1))
    assert debts.paid(closed, done.settlement, 100, channel="transfer").open_fen == done.patient_fen - 100
    with scoped(closed.scope):
        from doudi.server.people.models import Person

        assert not Person.objects.filter(pk=debts.debt(closed, done.settlement).row.person).exists()


def test_only_the_facility_that_settled_takes_money_and_sees_it():
    county = settling.county()
    done = debts.owing(county)
    with pytest.raises(Conflict) as refusal:
        debts.paid(county.second, done.settlement, 100)
    assert refusal.value.code == "debt_elsewhere"
    assert api.debts(viewer=county.second).items == ()
    with pytest.raises(NotFound):
        debts.debt(county.second, done.settlement)
    stranger = actors.officer(actors.RONGJIANG)
    assert api.debts(viewer=stranger).items == ()
    with pytest.raises(NotFound):
        debts.debt(stranger, done.settlement)
    assert api.debts(viewer=county.officer).items[0].name == "王**"


def test_nobody_writes_the_list_of_debts_and_no_movement_is_changed():
    from django.db import DatabaseError, transaction

    county = settling.county()
    done = debts.owing(county)
    debts.paid(county.first, done.settlement, 100)
    with scoped(county.first.scope):
        for act in (
            lambda: Debt.objects.update(paid_fen=0),
            lambda: Debt.objects.all().delete(),
            lambda: DebtMove.objects.update(fen=1),
            lambda: DebtMove.objects.all().delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                act()


def test_a_small_rest_is_written_off_alone_a_larger_one_by_two():
    county, two = settling.county(), debts.Deciders()
    done = debts.owing(county)
    words = {"settlement": done.settlement, "reason": "五保户去世，无继承人"}
    api.write_off(actor=two.officer, now=NOW, key=None, sum_fen=49_99, **words)
    with pytest.raises(Refused):
        api.write_off(actor=two.officer, now=NOW, key=None, sum_fen=50_00, **words)
    number = two.proposed("settlement.write_off", sum_fen=50_00, **words)
    with pytest.raises(Refused):
        two.approve(number, two.officer)
    assert debts.debt(county.officer, done.settlement).sums.written_off_fen == 49_99
    two.approve(number)
    found = debts.debt(county.officer, done.settlement)
    assert found.sums.written_off_fen == 99_99
    assert found.row.open_fen == done.patient_fen - 99_99
    assert found.moves[-1].by_login == two.approver.login
    assert api.prove_debts(viewer=county.officer, region=actors.LIUZHI_TOWN).holds


def test_what_is_written_off_is_owed_and_within_the_limit():
    county, two = settling.county(), debts.Deciders()
    done = debts.owing(county, total=400_000_00)
    assert done.patient_fen > 20_000_00
    for fen, code in ((done.patient_fen + 1, "more_than_owed"), (20_000_01, "write_off_too_large")):
        with pytest.raises(Conflict) as refusal:
            two.decided("settlement.write_off", settlement=done.settlement, sum_fen=fen, reason="无力偿还")
        assert refusal.value.code == code


def test_a_hospital_asks_and_the_county_answers():
    county, two = settling.county(), debts.Deciders()
    done = debts.owing(county)

    def asked() -> api.Asked:
        return api.ask(
            actor=county.first, now=NOW, key=None, settlement=done.settlement, kind="write_off", sum_fen=60_00,
            reason="多次催收未果",
        )  # fmt: skip

    first = asked()
    with pytest.raises(Conflict) as refusal:
        asked()
    assert refusal.value.code == "asked_already"
    assert [one.fen for one in api.asks(viewer=two.officer).items] == [60_00]
    api.decline_ask(actor=two.officer, now=NOW, key=None, ask=first.ask, answer="请继续催收")
    assert debts.debt(county.first, done.settlement).asks[0].answer == "请继续催收"
    second = asked()
    with pytest.raises(NotFound):
        api.withdraw_ask(actor=county.second, now=NOW, key=None, ask=second.ask)
    api.withdraw_ask(actor=county.first, now=NOW, key=None, ask=second.ask)
    asked()
    two.decided("settlement.write_off", settlement=done.settlement, sum_fen=60_00, reason="多次催收未果")
    assert [one.state for one in debts.debt(county.first, done.settlement).asks] == [
        "granted", "withdrawn", "declined",
    ]  # fmt: skip
    assert api.asks(viewer=two.officer).items == ()


@pytest.mark.parametrize(
    ("days", "bucket"),
    [(0, "not_due"), (1, "to_30"), (30, "to_30"), (31, "to_90"), (90, "to_90"), (91, "to_180"), (180, "to_180"),
     (181, "over_180")],
)  # fmt: skip
def test_buckets_begin_the_day_after_the_due_day(days: int, bucket: str):
    assert bucket_of(1, TODAY - timedelta(days=days), TODAY) == bucket
    assert bucket_of(-1, TODAY - timedelta(days=days), TODAY) == "to_refund"
    assert bucket_of(0, TODAY - timedelta(days=days), TODAY) == "not_due"


def test_buckets_by_hospital_are_the_list():
    county = settling.county()
    sums = [debts.owing(county).patient_fen for _ in range(2)]
    (one,) = api.debt_buckets(viewer=county.officer)
    assert (one.facility, one.count, one.fen, one.overdue_fen) == (county.first.facility, 2, sum(sums), 0)
    wanted = api.DebtFilter(bucket="not_due")
    assert api.debts(viewer=county.officer, wanted=wanted).total == 2
    assert api.debts(viewer=county.officer, wanted=api.DebtFilter(bucket="to_30")).total == 0
    assert [one.open_fen for one in api.export_debts(viewer=county.officer, wanted=wanted)] == sums


@given(st.integers(1, 10**9), st.integers(1, 36), st.dates(), st.integers(1, 6))
def test_equal_parts_sum_exactly_and_differ_by_a_fen(total, count, first_on, months):
    if first_on.year > 9900:
        return
    parts = equal_parts(total, count, first_on, months)
    fens, days = [one.fen for one in parts], [one.due_on for one in parts]
    assert sum(fens) == total
    assert max(fens) - min(fens) <= 1
    assert fens == sorted(fens, reverse=True)
    assert days == sorted(days)
    assert len(parts) == min(count, total)
    assert all(day.day == first_on.day or (day + timedelta(days=1)).day == 1 for day in days)
