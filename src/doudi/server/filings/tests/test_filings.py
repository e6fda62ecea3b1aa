"""Filing and withdrawing: what a bill takes from it, and never from a tick at the window."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from doudi.server.access.api import Role
from doudi.server.filings import api
from doudi.server.filings.data import Terms
from doudi.server.filings.models import Filing as Row
from doudi.server.kernel.errors import Conflict, Forbidden, NotFound, Refused
from doudi.server.kernel.scope import scoped
from support.standing import (
    HOSPITAL,
    NOW,
    OTHER_HOSPITAL,
    OTHER_TOWN,
    RONGJIANG,
    TODAY,
    TOWN,
    officer,
    opened,
    person,
    referral,
    window,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SPECIAL = Terms("special_outpatient", TODAY, disease_code="i10")
CHOSEN = Terms("chosen_institution", TODAY, target_facility=HOSPITAL)
ACCIDENT = Terms("accident", TODAY, TODAY + 90 * DAY, third_party_bp=3000, reason="交通事故")
EMERGENCY = Terms("emergency", TODAY, facility=HOSPITAL, reason="急性心梗")


def file(number, terms=None, actor=None, now=NOW, key=None):
    return api.file(actor=actor or officer(), now=now, key=key, person=number, terms=terms or referral())


def facts(number, facility=OTHER_HOSPITAL, level="city", day=TODAY, viewer=None):
    found = api.filings_on(viewer=viewer or officer(), person=number, day=day)
    return api.bill_facts(found, admitted_on=day, facility=facility, level=level)


def test_referred_comes_from_a_filing_for_that_hospital_on_the_day_of_admission():
    who = person()
    assert not facts(who).referred
    file(who)
    assert facts(who).referred
    assert not facts(who, facility=HOSPITAL).referred
    assert [facts(who, day=TODAY + n * DAY).referred for n in (29, 30)] == [True, False]
    found = api.referral_for(
        viewer=officer(), person=who, facility=OTHER_HOSPITAL, level="city", admitted_on=TODAY
    )
    assert found is not None
    assert found.words.zh == "转诊备案"
    assert (found.shown(TODAY), found.shown(TODAY + 30 * DAY)) == ("valid", "expired")


def test_a_referral_to_a_level_leads_to_every_hospital_of_it():
    who = person()
    wide = file(who, referral(target_facility=None, target_level="city"))
    ask = {"viewer": officer(), "person": who, "admitted_on": TODAY}
    assert facts(who, facility=99, level="city").referred
    assert not facts(who, facility=99, level="province").referred
    assert not facts(who, facility=99, level=None).referred
    assert api.referral_for(facility=OTHER_HOSPITAL, level="city", **ask) == wide
    named = file(who)
    assert api.referral_for(facility=OTHER_HOSPITAL, level="city", **ask) == named
    assert api.referral_for(facility=99, level="county", **ask) is None


def test_special_disease_and_chosen_institution_are_the_engines_filings():
    who = person()
    file(who, SPECIAL)
    file(who, CHOSEN)
    assert sorted(one.kind for one in facts(who).filings) == ["chosen_institution", "special_outpatient"]
    found = facts(who)
    assert [found.referred, found.accident, found.emergency] == [False] * 3


def test_an_accident_counts_where_a_third_party_is_liable():
    liable, alone = person(), person()
    file(liable, ACCIDENT)
    file(alone, Terms("accident", TODAY, TODAY + DAY, third_party_bp=0, reason="自己摔伤"))
    assert (facts(liable).accident, facts(alone).accident) == (True, False)


def test_an_emergency_is_the_hospitals_word_for_one_day_of_admission():
    who = person()
    opened(who)
    made = file(who, Terms("emergency", TODAY, reason="急性心梗"), actor=window())
    assert (made.facility, made.until_date) == (HOSPITAL, TODAY + DAY)
    assert facts(who, facility=HOSPITAL).emergency
    assert not facts(who, facility=OTHER_HOSPITAL).emergency
    assert not facts(who, facility=HOSPITAL, day=TODAY + DAY).emergency


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        (referral(kind="holiday"), "filing_kind_unknown"),
        (referral(target_facility=None), "filing_fact_missing"),
        (referral(target_level="city"), "filing_fact_missing"),
        (referral(target_facility=None, target_level="heaven"), "level_unknown"),
        (referral(reason=" "), "filing_fact_missing"),
        (referral(reason="长" * 201), "text_too_long"),
        (referral(target_facility=4_000), "facility_unknown"),
        (referral(until_date=TODAY), "period_reversed"),
        (referral(from_date=TODAY - 8 * DAY), "late_change"),
        (Terms("special_outpatient", TODAY), "filing_fact_missing"),
        (Terms("chosen_institution", TODAY), "filing_fact_missing"),
        (Terms("accident", TODAY, TODAY + DAY, reason="摔伤"), "filing_fact_missing"),
        (Terms("accident", TODAY, third_party_bp=0, reason="摔伤"), "filing_fact_missing"),
        (
            Terms("accident", TODAY, TODAY + DAY, third_party_bp=10_001, reason="摔伤"),
            "third_party_out_of_range",
        ),
        (Terms("emergency", TODAY, reason="急性心梗"), "filing_fact_missing"),
        (Terms("emergency", TODAY, facility=HOSPITAL), "filing_fact_missing"),
    ],
)
def test_what_cannot_be_is_refused(terms, code):
    who = person()
    with pytest.raises(Refused) as refused:
        file(who, terms)
    assert refused.value.code == code
    assert api.filing_history(viewer=officer(), person=who) == ()


@pytest.mark.parametrize("terms", [referral(), SPECIAL, CHOSEN, ACCIDENT, EMERGENCY])
def test_the_same_thing_once_a_day(terms):
    who = person()
    file(who, terms)
    with pytest.raises(Conflict) as refused:
        file(who, terms)
    assert refused.value.code == "filed_already"


def test_another_disease_another_target_another_hospital_are_other_things():
    who = person()
    for terms in (
        SPECIAL,
        Terms("special_outpatient", TODAY, disease_code="E11"),
        referral(),
        referral(target_facility=99),
        EMERGENCY,
        Terms("emergency", TODAY, facility=OTHER_HOSPITAL, reason="转院急救"),
    ):
        file(who, terms)
    assert len(api.filings_on(viewer=officer(), person=who, day=TODAY)) == 6
    assert len(api.filings_on(viewer=officer(), person=who, day=TODAY, kind="referral")) == 2


def test_a_disease_in_small_letters_is_the_same_disease():
    who = person()
    file(who, SPECIAL)
    with pytest.raises(Conflict):
        file(who, Terms("special_outpatient", TODAY, disease_code=" I10 "))


def test_the_database_keeps_it_whoever_writes():
    made = file(person())
    with scoped(officer().scope):
        row = Row.objects.get(pk=made.id)
        row.pk = None
        with pytest.raises(IntegrityError, match="filing_once_a_day"), transaction.atomic():
            row.save(force_insert=True)


def test_withdrawn_never_was_and_stays_in_the_history():
    who = person()
    made = file(who)
    gone = api.withdraw(actor=officer(), now=NOW, key=None, filing=made.id, reason="病人未转院")
    assert (gone.state, facts(who).referred) == ("withdrawn", False)
    assert [one.retired_reason for one in api.filing_history(viewer=officer(), person=who)] == ["病人未转院"]
    with pytest.raises(Conflict, match="filing_not_valid"):
        api.withdraw(actor=officer(), now=NOW, key=None, filing=made.id, reason="再一次")
    file(who)


def test_ended_holds_until_the_day():
    who = person()
    made = file(who, SPECIAL)
    end = {"actor": officer(), "now": NOW, "key": None, "reason": "治愈"}
    ended = api.withdraw(filing=made.id, until_date=TODAY + 10 * DAY, **end)
    assert [bool(facts(who, day=TODAY + n * DAY).filings) for n in (9, 10)] == [True, False]
    with pytest.raises(Conflict, match="filing_ends_before"):
        api.withdraw(filing=ended.id, until_date=TODAY + 20 * DAY, **end)
    with pytest.raises(Refused, match="late_change"):
        api.withdraw(filing=ended.id, **{**end, "now": NOW + 60 * DAY})


def test_a_facility_files_for_whom_it_opened_and_for_itself_only():
    who = person()
    with pytest.raises(NotFound):
        file(who, actor=window())
    opened(who)
    made = file(who, actor=window())
    assert (made.facility, made.region) == (HOSPITAL, TOWN)
    assert api.filings_on(viewer=officer(), person=who, day=TODAY) == (made,)
    with pytest.raises(Forbidden, match="not_your_facility"):
        file(who, referral(facility=OTHER_HOSPITAL, target_facility=99), actor=window())
    with pytest.raises(Forbidden, match="filing_by_county_only"):
        file(who, SPECIAL, actor=window())


def test_a_facility_withdraws_its_own_only():
    who = person()
    by_county = file(who)
    opened(who)
    with pytest.raises(Forbidden, match="not_your_facility"):
        api.withdraw(actor=window(), now=NOW, key=None, filing=by_county.id, reason="原因")


def test_late_filings_are_not_run_by_one_person():
    who = person()
    with pytest.raises(Refused):
        api.file_late(
            actor=officer(), now=NOW, key=None, person=who, terms=referral(from_date=TODAY - 60 * DAY)
        )
    assert api.filing_history(viewer=officer(), person=who) == ()


def test_who_has_no_business_here_is_refused():
    who = person()
    for actor in (officer(Role.HEALTH), officer(Role.AUDIT), officer(Role.OVERSIGHT)):
        with pytest.raises(Forbidden):
            file(who, actor=actor)


def test_another_county_sees_nothing():
    who = person()
    made = file(who)
    there = officer(region=RONGJIANG)
    with pytest.raises(NotFound):
        api.withdraw(actor=there, now=NOW, key=None, filing=made.id, reason="原因")
    assert api.filing_history(viewer=there, person=who) == ()
    assert api.filed(viewer=there, wanted=api.Filter()).total == 0
    assert api.counts(viewer=there, day=TODAY) == ()
    assert api.export(viewer=there, wanted=api.Filter()) == ()


def test_lists_and_counts():
    for region in (TOWN, TOWN, OTHER_TOWN):
        file(person(region))
    file(person(), SPECIAL)
    found = api.counts(viewer=officer(), day=TODAY)
    assert [(one.kind, one.region, one.persons) for one in found] == [
        ("referral", TOWN, 2),
        ("referral", OTHER_TOWN, 1),
        ("special_outpatient", TOWN, 1),
    ]
    assert api.filed(viewer=officer(), wanted=api.Filter(kind="referral")).total == 3
    assert api.filed(viewer=officer(), wanted=api.Filter(region=520203102000)).total == 1
    assert api.filed(viewer=officer(), wanted=api.Filter(valid_on=TODAY + 40 * DAY)).total == 1


def test_many_at_once_in_one_query(django_assert_num_queries):
    people = [person() for _ in range(5)]
    for who in people[:3]:
        file(who)
    with scoped(officer().scope), django_assert_num_queries(2):
        found = api.filings_of_many(viewer=officer(), persons=people, day=TODAY)
    assert [len(found[who]) for who in people] == [1, 1, 1, 0, 0]
