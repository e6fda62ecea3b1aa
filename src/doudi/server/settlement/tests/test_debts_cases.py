"""个案处理: two people, papers, a named fund, the policy's own cap; what a reversal or a lower share means."""

from datetime import date

import pytest

from doudi.server.access.roles import Role
from doudi.server.kernel.actor import SYSTEM
from doudi.server.kernel.errors import Conflict, Forbidden, NotFound, Refused
from doudi.server.kernel.scope import scoped
from doudi.server.ledger.api import entries_of, trial_balance
from doudi.server.reference.api import set_fund
from doudi.server.settlement import api
from doudi.server.settlement.debts_limits import CASE_AT_MOST
from doudi.server.settlement.models import Settlement
from doudi.server.settlement.ports import AFTER_REPLACEMENT, BEFORE_REVERSAL
from support import actors, debts, settling
from support.debts import Deciders
from support.settling import NOW, TODAY

pytestmark = pytest.mark.django_db
RONGJIANG_POLICY = "guizhou/rongjiang/medical-assistance-2017-whole"
CAP = 20_000_00
WHY = "本人患尿毒症，家庭无劳动力"


def fund() -> str:
    set_fund(
        actor=SYSTEM, now=NOW, key=None, region=actors.LIUZHI // 1000, code="county_relief", name="县救助金",
        department="民政局", from_date=date(2017, 1, 1),
    )  # fmt: skip
    return "county_relief"


def handled(two: Deciders, settlement: int, fen: int, **words: object) -> object:
    given = {"to": "debt", "fund": "county_relief", "reason": WHY, "papers": [two.paper(settlement)]} | words
    return two.decided("settlement.handle_case", settlement=settlement, sum_fen=fen, **given)


def code_of(call: object, *words: object, **more: object) -> str:
    with pytest.raises(Refused) as refusal:
        call(*words, **more)  # type: ignore[operator]
    return refusal.value.code


def test_a_case_meets_the_debt_from_a_named_fund():
    county, two = settling.county(), Deciders()
    fund()
    done = debts.owing(county)
    owed, number = done.patient_fen, done.settlement
    handled(two, number, owed - 100)
    found = debts.debt(county.first, number)
    assert (found.sums.individual_fen, found.row.open_fen) == (owed - 100, 100)
    (case,) = found.cases
    assert (case.fund, case.fen, case.reason, case.approved_login) == (
        "county_relief", owed - 100, WHY, two.approver.login,
    )  # fmt: skip
    paper = api.open_case_paper(viewer=two.approver, paper=case.papers[0])
    assert paper.content == debts.PDF
    listed = api.cases(viewer=two.officer)
    assert [one.id for one in listed.items] == [case.id]
    assert [(one.fund, one.count, one.fen) for one in api.case_sums(viewer=two.officer)] == [
        ("county_relief", 1, owed - 100)
    ]
    lines = trial_balance(viewer=county.officer, region=actors.LIUZHI_TOWN, month=TODAY).lines
    due = [
        one.closing_fen for one in lines if one.account.kind == "due" and one.account.fund == "county_relief"
    ]
    assert due == [owed - 100]
    entries = entries_of(viewer=county.officer, source_kind="settlement", source_id=number)
    assert [one.template for one in entries] == ["settle", "individual"]
    assert api.prove_debts(viewer=county.officer, region=actors.LIUZHI_TOWN).holds


def test_never_more_than_is_owed_or_the_patient_has_paid():
    county, two = settling.county(), Deciders()
    fund()
    done = debts.owing(county)
    owed, number = done.patient_fen, done.settlement
    assert code_of(handled, two, number, owed + 1) == "more_than_owed"
    assert code_of(handled, two, number, 1, to="patient") == "more_than_paid"
    debts.paid(county.first, number, owed)
    assert code_of(handled, two, number, 1) == "debt_settled"
    handled(two, number, owed - 100, to="patient")
    assert code_of(handled, two, number, 101, to="patient") == "more_than_paid"
    found = debts.debt(county.first, number)
    assert (found.row.open_fen, found.sums.given_fen, found.refundable_fen) == (0, owed - 100, 100)
    assert api.prove_debts(viewer=county.officer, region=actors.LIUZHI_TOWN).holds


def test_a_fund_beside_the_policy_has_a_limit_a_year():
    county, two = settling.county(), Deciders()
    fund()
    person = county.person("subsistence_allowance")
    first, second = (
        settling.settled(county.first, settling.bill(person, total)) for total in (300_000_00, 200_000_00)
    )
    handled(two, first.settlement, CASE_AT_MOST - 1)
    assert code_of(handled, two, second.settlement, 2) == "case_over_limit"
    handled(two, second.settlement, 1)
    (limit,) = [
        one for one in api.case_limits(viewer=two.officer, settlement=second.settlement) if not one.payer
    ]
    assert (limit.given_fen, limit.left_fen) == (CASE_AT_MOST, 0)
    assert code_of(handled, two, second.settlement, 1, fund="nowhere") == "case_fund_unknown"


def test_a_payer_of_the_policy_gives_within_its_own_cap():
    """The last resort of Rongjiang: 20,000 yuan a year, whatever bills it is given for."""
    county = settling.county(RONGJIANG_POLICY, actors.RONGJIANG)
    two = Deciders(actors.RONGJIANG)
    person = county.person("subsistence_allowance", region=actors.RONGJIANG_TOWN)
    bills = [settling.bill(person, 600_000_00), settling.bill(person, 500_000_00)]
    first, second = (settling.settled(county.first, bill) for bill in bills)
    limits = api.case_limits(viewer=two.officer, settlement=first.settlement)
    (limit,) = [one for one in limits if one.payer]
    assert (limit.payer, limit.fund, limit.left_fen) == ("last_resort", "county_relief", CAP)
    assert limit.approver == "县医疗救助精准扶贫工作领导小组"

    def given(settlement: int, fen: int) -> object:
        return handled(two, settlement, fen, payer="last_resort", fund="")

    assert code_of(given, first.settlement, CAP + 1) == "case_over_limit"
    given(first.settlement, CAP - 5_000_00)
    (limit,) = [one for one in api.case_limits(viewer=two.officer, settlement=second.settlement) if one.payer]
    assert (limit.given_fen, limit.left_fen) == (CAP - 5_000_00, 5_000_00)
    assert code_of(given, second.settlement, 5_000_01) == "case_over_limit"
    given(second.settlement, 5_000_00)
    assert code_of(given, first.settlement, 1) == "case_over_limit"
    (case, _) = api.cases(viewer=two.officer).items
    assert (case.payer, case.fund) == ("last_resort", "county_relief")
    assert code_of(handled, two, first.settlement, 1, payer="charity", fund="") == "case_payer_unknown"


def test_two_people_and_papers_of_a_case():
    county, two = settling.county(), Deciders()
    fund()
    done = debts.owing(county)
    number = done.settlement
    words = {"settlement": number, "sum_fen": 100, "to": "debt", "fund": "county_relief", "reason": WHY}
    paper = two.paper(number)
    with pytest.raises(Refused):
        api.handle_case(actor=two.officer, now=NOW, key=None, papers=(paper,), **words)
    with pytest.raises(Forbidden):
        api.handle_case(actor=county.first, now=NOW, key=None, papers=(paper,), **words)
    proposal = two.proposed("settlement.handle_case", papers=[paper], **words)
    assert code_of(two.approve, proposal, two.officer) in ("forbidden", "not_allowed", "not_by_oneself")
    assert debts.debt(county.officer, number).cases == ()
    for papers in ([], [debts.other_paper(two.officer)], [paper, paper]):
        assert code_of(handled, two, number, 100, papers=papers) == "case_papers_wrong"
    assert code_of(handled, two, number, 100, papers=[999_999]) == "paper_not_found"
    two.approve(proposal)
    assert len(debts.debt(county.officer, number).cases) == 1


def test_a_paper_is_what_it_says_it_is():
    county, two = settling.county(), Deciders()
    done = debts.owing(county)
    for media_type, content in (
        ("application/pdf", b"<html>"), ("image/png", debts.PDF), ("text/html", b"<html>"), ("application/pdf", b""),
    ):  # fmt: skip
        with pytest.raises(Refused) as refusal:
            api.keep_case_paper(
                actor=two.officer, now=NOW, key=None, settlement=done.settlement, name="x", media_type=media_type,
                content=content,
            )  # fmt: skip
        assert refusal.value.code == "case_paper_wrong"
    other = actors.actor(Role.COUNTY, actors.RONGJIANG)
    paper = two.paper(done.settlement)
    with pytest.raises(NotFound):
        api.open_case_paper(viewer=other, paper=paper)
    with pytest.raises(NotFound):
        api.open_case_paper(viewer=two.officer, paper=debts.other_paper(two.officer))


def test_a_reversal_waits_for_the_money_and_takes_back_what_is_only_booked():
    county, two = settling.county(), Deciders()
    fund()
    done = debts.owing(county)
    owed, number = done.patient_fen, done.settlement
    debts.paid(county.first, number, 100)
    two.decided("settlement.write_off", settlement=number, sum_fen=200_00, reason="无力偿还")
    handled(two, number, 300_00)

    def before() -> None:
        with scoped(county.first.scope):
            version = Settlement.objects.get(pk=number)
            for listener in BEFORE_REVERSAL:
                listener(county.first, NOW, version)

    with pytest.raises(Conflict) as refusal:
        before()
    assert refusal.value.code == "refund_first"
    assert "1.00" in refusal.value.words.zh
    api.refund(
        actor=county.first, now=NOW, key=None, settlement=number, sum_fen=100, channel="cash",
        serial=settling.serial(), reason="撤销结算",
    )  # fmt: skip
    before()
    sums = debts.debt(county.first, number).sums
    assert (sums.paid_fen, sums.written_off_fen, sums.individual_fen, sums.open_fen) == (0, 0, 0, owed)
    assert api.prove_debts(viewer=county.officer, region=actors.LIUZHI_TOWN).holds
    before()
    with scoped(county.first.scope):
        assert api.debts_of_settlement(number).open_fen == owed


def test_a_lower_share_gives_back_write_offs_then_aid_then_shows_a_refund():
    county, two = settling.county(), Deciders()
    fund()
    done = debts.owing(county)
    owed, number = done.patient_fen, done.settlement
    two.decided("settlement.write_off", settlement=number, sum_fen=200_00, reason="无力偿还")
    handled(two, number, 300_00)
    debts.paid(county.first, number, owed - 500_00)

    def replaced(by: int, patient: int) -> None:
        """A later version, as a re-adjudication writes it: the patient bears `by` less, the first fund more."""
        from django.utils import timezone

        from doudi.server.ledger.api import Amount, post

        with scoped(county.officer.scope):
            row = Settlement.objects.filter(root_id=number).order_by("-version").first()
            before, fund_name = row.pk, row.funds[0][1]
            Settlement.objects.filter(pk=before).update(superseded_at=timezone.now())
            row.pk, row.version, row.kind, row.replaces_id = None, row.version + 1, "replaced", before
            row.paid_fen, row.patient_fen = row.paid_fen + by, patient
            row.save(force_insert=True)
            post(
                actor=county.officer, now=NOW, posted_on=TODAY, region=row.region, template="settle",
                amounts=[Amount("share", fund_name, by), Amount("patient", "", -by)], facility=row.facility_id,
                person=row.person_id, source_kind="settlement", source_id=row.pk,
            )  # fmt: skip
            for listener in AFTER_REPLACEMENT:
                listener(county.officer, NOW, row)

    def sums() -> tuple[int, int, int]:
        found = debts.debt(county.officer, number).sums
        return found.written_off_fen, found.individual_fen, found.open_fen

    assert sums() == (200_00, 300_00, 0)
    replaced(150_00, owed - 150_00)
    assert sums() == (50_00, 300_00, 0)
    replaced(100_00, owed - 250_00)
    assert sums() == (0, 250_00, 0)
    replaced(300_00, owed - 550_00)
    assert sums() == (0, 0, -50_00)
    found = debts.debt(county.officer, number)
    assert found.row.bucket == "to_refund"
    assert api.prove_debts(viewer=county.officer, region=actors.LIUZHI_TOWN).holds
    api.refund(
        actor=county.first, now=NOW, key=None, settlement=number, sum_fen=50_00, channel="cash",
        serial=settling.serial(), reason="重新结算后应退",
    )  # fmt: skip
    assert sums() == (0, 0, 0)
