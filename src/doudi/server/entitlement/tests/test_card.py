"""The card of a person: the insured region's policy, whoever asks; nothing of anybody else; as many reads for many."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from doudi.server.access.api import Role
from doudi.server.enrolment.api import enrol
from doudi.server.entitlement import api
from doudi.server.entitlement.data import PersonCard
from doudi.server.filings.api import file
from doudi.server.kernel.actor import SYSTEM, Actor
from doudi.server.kernel.errors import Forbidden, NotFound, Refused
from doudi.server.kernel.scope import scoped
from doudi.server.people.api import form_household, join_household, person_facts
from doudi.server.recognition.api import recognise
from support.standing import (
    FAR_TOWN,
    HOSPITAL,
    NOW,
    OTHER_HOSPITAL,
    RONGJIANG,
    TODAY,
    TOWN,
    enrolment,
    officer,
    opened,
    person,
    recognition,
    referral,
    window,
)

COUNTY, OTHER_COUNTY = 520203000, 522632000
TRIPLE, RONGJIANG_POLICY = "guizhou/liuzhi/triple-guarantee-2017", "guizhou/rongjiang/medical-assistance-2017"
DONE = {"now": NOW, "key": None}


def in_force() -> None:
    for region, policy in ((COUNTY, TRIPLE), (OTHER_COUNTY, RONGJIANG_POLICY)):
        api.put_in_force(actor=SYSTEM, region=region, policy=policy, from_date=date(2017, 6, 1), **DONE)


def insured(number: int, actor: Actor | None = None) -> int:
    enrol(actor=actor or officer(), person=number, terms=enrolment("rural"), **DONE)
    return number


def of(viewer: Actor, number: int, day: date = TODAY) -> PersonCard:
    return api.card(viewer=viewer, person=number, day=day)


@pytest.mark.django_db
def test_categories_insurance_and_filings_reach_the_law() -> None:
    in_force()
    number = insured(person())
    recognise(actor=officer(), person=number, terms=recognition(), **DONE)
    found = of(officer(), number)
    assert found.card is not None
    assert (found.card.policy, found.region, found.missing) == (TRIPLE, TOWN, None)
    assert found.card.participation.insured
    assert [(one.code, one.standing, one.counts_for) for one in found.card.categories] == [
        ("subsistence_allowance", "counts", ("assistance",))
    ]
    aid = found.card.payers[2]
    rate = next(line for line in aid.benefits[1].lines if line.kind == "rate")
    assert (aid.name, rate.text.zh) == ("assistance", "70%")
    assert any("未经本县确认" in words.zh for words in found.warnings)


@pytest.mark.django_db
def test_silence_is_never_insured() -> None:
    in_force()
    number = person()
    for status in (None, "unpaid"):
        if status is not None:
            enrol(actor=officer(), person=number, terms=enrolment("rural", status=status), **DONE)
        told = of(officer(), number).card
        assert told is not None
        assert told.participation.insured is False
        assert [payer.applies for payer in told.payers] == ["no", "no", "no"]
        assert ("uninsured", "已参保") in [(why.kind, why.wants.zh) for why in told.payers[0].because]


@pytest.mark.django_db
def test_without_a_policy_the_card_says_so() -> None:
    number = insured(person())
    found = of(officer(), number)
    assert (found.card, found.in_force) == (None, None)
    assert found.missing is not None
    in_force()
    assert of(officer(), number, date(2017, 5, 31)).card is None


@pytest.mark.django_db
def test_the_insured_region_s_policy_applies_whoever_asks() -> None:
    in_force()
    number = person(region=TOWN)
    enrol(actor=officer(), person=number, terms=enrolment("rural", insured_region=OTHER_COUNTY), **DONE)
    opened(number, OTHER_HOSPITAL)
    for viewer in (officer(), window(OTHER_HOSPITAL)):
        found = of(viewer, number)
        assert found.card is not None
        assert (found.card.policy, found.region) == (RONGJIANG_POLICY, OTHER_COUNTY)


@pytest.mark.django_db
def test_a_hospital_of_another_county_sees_the_card_of_whom_it_opened_and_of_nobody_else() -> None:
    in_force()
    mine, other = insured(person()), insured(person(name="李某"))
    recognise(actor=officer(), person=mine, terms=recognition(), **DONE)
    api.set_opening_balance(
        actor=officer(), person=mine, accumulator="catastrophic_paid", period="2017", used_fen=1_234_500,
        source="原系统", **DONE,
    )  # fmt: skip
    far = window(OTHER_HOSPITAL)
    with pytest.raises(NotFound):
        of(far, mine)
    opened(mine, OTHER_HOSPITAL)
    assert of(far, mine) == of(officer(), mine)
    for viewer, number in ((far, other), (window(HOSPITAL), mine), (officer(region=RONGJIANG), mine)):
        with pytest.raises(NotFound):
            of(viewer, number)
    assert api.cards(viewer=officer(region=RONGJIANG), persons=[mine, other], day=TODAY) == {}
    for viewer in (officer(Role.AUDIT), officer(Role.SYSTEM_ADMIN), officer(Role.POLICY)):
        with pytest.raises(Forbidden):
            of(viewer, mine)


@pytest.mark.django_db
def test_a_household_s_balance_is_seen_by_a_hospital_that_opened_any_member() -> None:
    api.put_in_force(actor=SYSTEM, region=500000000, policy="chongqing/five-layers-2017",
                     from_date=date(2017, 1, 1), **DONE)  # fmt: skip
    west = officer(region=500101000000)
    head, child = person(region=500101101), person(region=500101101, name="王小")
    home = form_household(actor=west, region=500101101, head=head, **DONE).household
    join_household(actor=west, household=home, person=child, relation="长子", **DONE)
    api.set_opening_balance(actor=west, person=head, accumulator="family_fund_owed_in_scope", period="2017",
                            used_fen=70_000, source="原系统", **DONE)  # fmt: skip
    opened(child, OTHER_HOSPITAL, 500101101)
    (row,) = api.opening_balances(viewer=west, person=child)
    assert (row.household, row.used_fen) == (home, 70_000)
    here = window(OTHER_HOSPITAL)
    with scoped(here.scope):
        found = api.gather(here, [person_facts(viewer=here, person=child)], TODAY)[child]
    assert found.opening.household == {"family_fund_owed_in_scope": {"2017": 70_000}}
    assert of(here, child) == of(west, child)


@pytest.mark.django_db
def test_what_the_year_has_used_stands_beside_its_limit() -> None:
    in_force()
    number = insured(person())
    setting = {"actor": officer(), "person": number, "source": "原系统", **DONE}
    first = api.set_opening_balance(
        **setting, accumulator="大病补充保险 · 累计已付", period="2017", used_fen=4_000_000
    )
    again = api.set_opening_balance(
        **setting, accumulator="catastrophic_paid", period="2017", used_fen=5_000_000
    )
    assert (first.balance, again.before_fen) == (again.balance, 4_000_000)
    told = of(officer(), number).card
    assert told is not None
    (cap,) = [one for one in told.options[0].meters if one.kind == "cap"]
    assert (cap.limit, cap.used, cap.opening, cap.left) == (10_000_000, 5_000_000, 5_000_000, 5_000_000)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"accumulator": "dental_paid"}, "accumulator_unknown"),
        ({"period": "2017-13"}, "period_wrong"),
        ({"period": "ever"}, "period_wrong"),
        ({"used_fen": -1}, "amount_wrong"),
        ({"used_fen": 10**15}, "amount_wrong"),
        ({"source": " "}, "text_missing"),
    ],
)
def test_a_balance_that_no_policy_counts_is_refused(change: dict[str, object], code: str) -> None:
    in_force()
    number = insured(person())
    right = {"accumulator": "catastrophic_paid", "period": "2017", "used_fen": 1, "source": "原系统"}
    with pytest.raises(Refused) as refused:
        api.set_opening_balance(actor=officer(), person=number, **DONE, **{**right, **change})  # type: ignore[arg-type]
    assert refused.value.code == code


@pytest.mark.django_db
def test_balances_of_others_cannot_be_set_or_read() -> None:
    in_force()
    number = person()
    right = {"accumulator": "catastrophic_paid", "period": "2017", "used_fen": 1, "source": "原系统", **DONE}
    with pytest.raises(NotFound):
        api.set_opening_balance(actor=officer(region=RONGJIANG), person=number, **right)  # type: ignore[arg-type]
    for actor in (window(), officer(Role.COUNTY_APPROVER)):
        with pytest.raises(Forbidden):
            api.set_opening_balance(actor=actor, person=number, **right)  # type: ignore[arg-type]
    api.set_opening_balance(actor=officer(), person=number, **right)  # type: ignore[arg-type]
    assert api.opening_balances(viewer=officer(region=RONGJIANG), person=number) == ()
    with pytest.raises(Forbidden):
        api.opening_balances(viewer=window(), person=number)


@pytest.mark.django_db
def test_many_cards_take_as_many_reads_as_one() -> None:
    in_force()
    numbers = [insured(person(name=f"张{index}")) for index in range(6)]
    for number in numbers[:4]:
        recognise(actor=officer(), person=number, terms=recognition(), **DONE)
        file(actor=officer(), person=number, terms=referral(), **DONE)
    far = person(region=FAR_TOWN)
    of(officer(), numbers[0])
    with CaptureQueriesContext(connection) as one:
        single = of(officer(), numbers[0])
    with CaptureQueriesContext(connection) as many:
        found = api.cards(viewer=officer(), persons=[*numbers, far], day=TODAY)
    assert set(found) == set(numbers)
    assert found[numbers[0]] == single
    assert reads(many) == reads(one) == READS


READS = 10
"""The person, merged records, 认定, 参保, 备案, households, opening balances, policies, their checks, what bills used."""


def reads(captured: CaptureQueriesContext) -> int:
    return sum(" FROM " in query["sql"] for query in captured.captured_queries)


@pytest.mark.django_db
def test_the_same_facts_give_the_same_card() -> None:
    in_force()
    numbers = [insured(person()), insured(person())]
    first, second = (of(officer(), number) for number in numbers)
    assert first.card == second.card
    assert repr(of(officer(), numbers[0])) == repr(first)
