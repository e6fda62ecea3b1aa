"""Settling again where the law differs: the uninsured, what it refuses now, bills that stand, households, a new law."""

from datetime import timedelta

import pytest

from doudi.server.enrolment import api as enrolment
from doudi.server.entitlement import api as entitlement
from doudi.server.kernel.errors import Conflict
from doudi.server.people import api as people
from doudi.server.settlement import api
from support import actors, replaying, settling
from support.policies import one_benefit, written
from support.replaying import faults, preview, readjudicated, reversed_, rows, shares

pytestmark = pytest.mark.django_db


def unenrolled(county: settling.County, person: int) -> None:
    for held in enrolment.periods_of_many(viewer=county.officer, persons=[person])[person]:
        if held.year == settling.TODAY.year:
            enrolment.refund(
                actor=county.officer, now=settling.NOW, key=None, enrolment=held.id, reason="重复参保"
            )


def test_who_was_not_insured_bears_the_whole_bill_where_the_law_knows_the_uninsured():
    county = settling.county()
    person = county.person(insured_from=settling.TODAY - timedelta(days=40))
    made = [settling.settled(county.first, settling.bill(person)).settlement for _ in range(2)]
    unenrolled(county, person)
    shown = preview(county, person)
    assert [one.patient_fen for one in shown.differences] == [20_076_00, 23_676_00]
    assert {words.zh for words in shown.differences[0].why} >= {"参保记录有变"}
    readjudicated(county, person)
    assert [shares(one) for one in made] == [{"patient": 30_000_00}] * 2
    assert faults() == []


def test_a_bill_that_the_law_refuses_now_stands_and_stops_until_it_is_reversed(tmp_path, monkeypatch):
    monkeypatch.setenv("DOUDI_POLICIES", str(tmp_path))
    written(tmp_path, one_benefit("rate: 60%, cap: {per: year, amount: 20000}"), name="insured-only")
    county = settling.county("insured-only")
    person = county.person(insured_from=settling.TODAY - timedelta(days=40))
    made = [settling.settled(county.first, settling.bill(person)).settlement for _ in range(2)]
    unenrolled(county, person)
    shown = preview(county, person)
    assert [one.after for one in shown.differences] == [None, None]
    assert all(one.refused is not None and "参保" in one.refused.zh for one in shown.differences)
    with pytest.raises(Conflict, match="readjudication_stopped") as refusal:
        replaying.approved(county, shown)
    assert "参保" in refusal.value.words.zh
    for one in made:
        reversed_(county.officer, one)
    assert preview(county, person).differences == ()
    assert faults() == []


def test_where_the_law_says_so_later_bills_stand(tmp_path, monkeypatch):
    monkeypatch.setenv("DOUDI_POLICIES", str(tmp_path))
    body = one_benefit("rate: 60%, cap: {per: year, amount: 20000}")
    written(tmp_path, body, name="standing", head="reversal: stand\n")
    county = settling.county("standing")
    person = county.person()
    made = [settling.settled(county.first, settling.bill(person)).settlement for _ in range(2)]
    assert [shares(one).get("aid", 0) for one in made] == [16_200_00, 3_800_00]
    assert api.reversal_preview(viewer=county.first, settlement=made[0]).later_bills_stand
    assert reversed_(county.first, made[0]).cascade == ()
    assert [shares(one).get("aid", 0) for one in made] == [0, 3_800_00]
    assert shares(settling.settled(county.first, settling.bill(person)).settlement)["aid"] == 16_200_00
    assert faults() == []


HOUSEHOLD = """payers:
  - payer: aid
    assumed: 测试用
    covers: in_scope
    benefits:
      - benefit: share
        deductible: {amount: 1000, per: household_year}
        rate: 50%
        cap: {per: household_year, amount: 5000}
"""


def test_what_a_household_shares_follows_over_all_its_members(tmp_path, monkeypatch):
    """Bills of 6,300 in scope: 50 % of 5,300 = 2,650 for the first, then 2,350 are left of 5,000, then nothing."""
    monkeypatch.setenv("DOUDI_POLICIES", str(tmp_path))
    written(tmp_path, HOUSEHOLD, name="family")
    county = settling.county("family")
    members = [county.person() for _ in range(3)]
    home = people.form_household(
        actor=county.officer, now=settling.NOW, key=None, region=actors.LIUZHI_TOWN, head=members[0]
    ).household
    for member, relation in ((members[1], "配偶"), (members[2], "长子")):
        people.join_household(
            actor=county.officer, now=settling.NOW, key=None, household=home, person=member, relation=relation
        )
    alone = county.person()
    bills = [settling.bill(one, 7_000_00) for one in (*members, alone)]
    made = [settling.settled(county.first, one).settlement for one in bills]
    assert [shares(one).get("aid", 0) for one in made] == [2_650_00, 2_350_00, 0, 2_650_00]
    second = settling.settled(county.first, bills[3])
    assert (
        shares(second.settlement).get("aid") == 2_350_00
    )  # who has no household is one alone, and capped too
    done = reversed_(county.first, made[0])
    assert [(one.settlement, one.payers) for one in done.cascade] == [
        (made[1], {"aid": 300_00}),
        (made[2], {"aid": 2_350_00}),
    ]
    assert faults() == []
    people.leave_household(actor=county.officer, now=settling.NOW, key=None, person=members[1], reason="分户")
    assert preview(county, members[2]).differences == ()  # nothing follows who leaves
    reversed_(county.officer, made[1])
    assert shares(made[2])["aid"] == 2_650_00
    assert faults() == []


def test_a_law_put_in_force_for_days_gone_by_settles_them_again(tmp_path, monkeypatch):
    monkeypatch.setenv("DOUDI_POLICIES", str(tmp_path))
    for name, rate in (("before", 60), ("after", 80)):
        written(tmp_path, one_benefit(f"rate: {rate}%, cap: {{per: year, amount: 30000}}"), name=name)
    county = settling.county("before")
    person = county.person()
    made = [settling.settled(county.first, settling.bill(person)).settlement for _ in range(2)]
    assert [shares(one)["aid"] for one in made] == [16_200_00, 13_800_00]
    since = settling.TODAY - timedelta(days=5)
    ((in_force,),) = rows("SELECT id FROM entitlement_policyinforce")
    approver = county.approver
    entitlement.end_policy(
        actor=approver, now=settling.NOW, key=None, in_force=in_force, until_date=since, reason="新办法施行"
    )
    settling.in_force("after", 520203000, since)
    shown = preview(county, person)
    assert [one.payers for one in shown.differences] == [
        {"aid": 5_400_00},
        {"aid": -5_400_00},
    ]  # the cap is one
    assert [words.zh for words in shown.differences[0].why] == ["适用的政策有变"]
    readjudicated(county, person)
    assert [shares(one)["aid"] for one in made] == [21_600_00, 8_400_00]
    assert rows("SELECT DISTINCT policy FROM settlement_settlement WHERE superseded_at IS NULL") == [
        ("after",)
    ]
    assert faults() == []
