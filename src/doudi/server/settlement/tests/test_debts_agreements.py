"""先诊疗后付费、分期: who has the right, parts that are the debt, the oldest met first, a guarantor kept covered."""

from datetime import date, timedelta

import pytest
from django.db import connection

from doudi.server.kernel.errors import Conflict, Refused
from doudi.server.kernel.scope import scoped
from doudi.server.settlement import api
from support import actors, debts, settling
from support.settling import NOW, TODAY

pytestmark = pytest.mark.django_db
CHONGQING, WANZHOU = "chongqing/five-layers-2017", 500101000000
GUARANTOR = api.Guarantor("李建国", "儿子", "13812345678")


def deferred(county: settling.County, settlement: int, **words: object) -> api.Agreed:
    return api.defer(actor=county.first, now=NOW, key=None, settlement=settlement, **words)


def parts_of(total: int, *days: int) -> tuple[api.DuePart, ...]:
    fens = [one.fen for one in api.equal_parts(total, len(days), TODAY)]
    return tuple(api.DuePart(TODAY + timedelta(days=day), fen) for day, fen in zip(days, fens, strict=True))


def test_the_policy_gives_the_right_to_pay_later_and_parts_where_it_says_so():
    county = settling.county(CHONGQING, WANZHOU)

    def settled(**words: bool) -> api.Settled:
        person = county.person("registered_poor", region=WANZHOU // 1000 + 101)
        return settling.settled(county.first, settling.bill(person, **words))

    poor = settled()
    found = debts.debt(county.first, poor.settlement)
    assert [(one.name, one.instalments) for one in found.rights] == [("treat_first", False)]
    later = deferred(county, poor.settlement, due_on=TODAY + timedelta(days=60))
    assert (later.sum_fen, later.instalments, later.replaced) == (poor.patient_fen, 1, None)
    row = debts.debt(county.first, poor.settlement)
    assert row.row.due_on == TODAY + timedelta(days=60)
    assert row.agreement.entitled == "treat_first"
    with pytest.raises(Conflict) as refusal:
        deferred(county, poor.settlement, instalments=parts_of(poor.patient_fen, 30, 60))
    assert refusal.value.code == "not_entitled_to_defer"
    assessed = settled(assessed=True)
    rights = debts.debt(county.first, assessed.settlement).rights
    assert [one.name for one in rights] == ["treat_first", "instalments"]
    deferred(county, assessed.settlement, instalments=parts_of(assessed.patient_fen, 30, 60, 90))
    assert debts.debt(county.first, assessed.settlement).agreement.entitled == "instalments"


def test_for_all_others_the_hospital_decides_and_says_why():
    county = settling.county()
    done = debts.owing(county)
    assert debts.debt(county.first, done.settlement).rights == ()
    with pytest.raises(Conflict) as refusal:
        deferred(county, done.settlement, due_on=TODAY)
    assert refusal.value.code == "not_entitled_to_defer"
    with pytest.raises(Refused) as missing:
        deferred(county, done.settlement, due_on=TODAY, hospital_agrees=True)
    assert missing.value.where == "reason"
    deferred(county, done.settlement, due_on=TODAY, hospital_agrees=True, reason="家属外出筹款")
    found = debts.debt(county.first, done.settlement).agreement
    assert (found.entitled, found.reason) == ("", "家属外出筹款")


def test_parts_must_be_the_debt_in_the_order_of_their_days():
    county = settling.county()
    done = debts.owing(county)
    owed = done.patient_fen
    soon, later = TODAY + timedelta(days=10), TODAY + timedelta(days=40)
    for parts, code in (
        (((soon, owed - 1),), "instalments_differ"),
        (((soon, owed), (later, 1)), "instalments_differ"),
        (((later, owed - 1), (soon, 1)), "instalments_wrong"),
        (((soon, owed), (later, 0)), "instalments_wrong"),
        (((soon, owed + 1), (later, -1)), "instalments_wrong"),
        ((), "instalments_wrong"),
        (tuple((soon, 1) for _ in range(37)), "instalments_wrong"),
        (((TODAY - timedelta(days=1), owed),), "due_day_wrong"),
        (((TODAY + timedelta(days=4 * 366), owed),), "due_day_wrong"),
    ):
        given = tuple(api.DuePart(*part) for part in parts)
        with pytest.raises(Refused) as refusal:
            deferred(county, done.settlement, instalments=given, hospital_agrees=True, reason="家庭困难")
        assert refusal.value.code == code, parts
    debts.paid(county.first, done.settlement, owed)
    with pytest.raises(Conflict) as settled:
        deferred(county, done.settlement, due_on=soon, hospital_agrees=True, reason="家庭困难")
    assert settled.value.code == "debt_settled"


def test_the_oldest_part_is_met_first_and_a_new_agreement_replaces_it():
    county = settling.county()
    done = debts.owing(county)
    days = [TODAY + timedelta(days=30 * place) for place in (1, 2, 3)]
    words = {"hospital_agrees": True, "reason": "家庭困难"}
    parts = parts_of(done.patient_fen, 30, 60, 90)
    first = deferred(county, done.settlement, instalments=parts, **words)
    one, two, three = (part.fen for part in parts)

    def standing() -> tuple[date, list[int]]:
        found = debts.debt(county.first, done.settlement)
        return found.row.due_on, [part.met_fen for part in found.agreement.instalments]

    assert standing() == (days[0], [0, 0, 0])
    debts.paid(county.first, done.settlement, one - 1)
    assert standing() == (days[0], [one - 1, 0, 0])
    debts.paid(county.first, done.settlement, 2)
    assert standing() == (days[1], [one, 1, 0])
    again = deferred(county, done.settlement, due_on=days[2], **words)
    assert (again.replaced, again.sum_fen) == (first.agreement, done.patient_fen - one - 1)
    found = debts.debt(county.first, done.settlement)
    assert (found.row.due_on, [part.met_fen for part in found.agreement.instalments]) == (days[2], [0])
    assert [old.id for old in found.earlier] == [first.agreement]
    debts.paid(county.first, done.settlement, two + three - 1)
    assert standing()[1] == [two + three - 1]


def test_a_guarantor_is_sealed_and_shown_masked():
    county = settling.county()
    done = debts.owing(county)
    words = {"hospital_agrees": True, "reason": "家庭困难", "due_on": TODAY, "paper_number": "协-2026-001"}
    deferred(county, done.settlement, guarantor=GUARANTOR, **words)
    found = debts.debt(county.officer, done.settlement).agreement
    assert (found.guarantor_name, found.guarantor_relation, found.guarantor_phone) == (
        "李**", "儿子", "138****5678",
    )  # fmt: skip
    assert found.paper_number == "协-2026-001"
    with scoped(county.officer.scope), connection.cursor() as cursor:
        for table in ("settlement_agreement", "audit_auditevent"):
            cursor.execute(f"SELECT string_agg(one::text, ' ') FROM {table} one")
            (kept,) = cursor.fetchone()
            assert not any(word in kept for word in ("李建国", "13812345678")), table
    with pytest.raises(Refused) as refusal:
        deferred(county, done.settlement, guarantor=api.Guarantor("李建国", "儿子", " "), **words)
    assert refusal.value.where == "guarantor_phone"


def test_only_the_hospital_whose_debt_it_is_agrees():
    county = settling.county()
    done = debts.owing(county)
    words = {"hospital_agrees": True, "reason": "家庭困难", "due_on": TODAY}
    with pytest.raises(Conflict) as refusal:
        api.defer(actor=county.second, now=NOW, key=None, settlement=done.settlement, **words)
    assert refusal.value.code == "debt_elsewhere"
    with pytest.raises(Refused):
        api.defer(actor=actors.officer(), now=NOW, key=None, settlement=done.settlement, **words)
