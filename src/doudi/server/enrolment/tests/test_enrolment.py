"""Enrolling, paying, lapsing, refunding, correcting: what insures a person on which day."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from doudi.engine.data import Insurance, Span
from doudi.server.access.api import Role
from doudi.server.enrolment import api
from doudi.server.enrolment.models import Enrolment as Row
from doudi.server.kernel.errors import Conflict, Forbidden, NotFound, Refused
from doudi.server.kernel.scope import EVERYWHERE, Scope, scoped
from doudi.server.people.models import Person
from support.standing import FAR_TOWN, NOW, RONGJIANG, TODAY, enrolment, officer, opened, person, window

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NEW_YEAR = date(2018, 1, 1)


def enrol(number, terms=None, actor=None, now=NOW, key=None):
    return api.enrol(actor=actor or officer(), now=now, key=key, person=number, terms=terms or enrolment())


def insured(number, day=TODAY, viewer=None, **other):
    found = api.enrolments_on(viewer=viewer or officer(), person=number, day=day, **other)
    return [one.scheme for one in found if one.insures(day)]


def test_a_paid_enrolment_insures_from_its_first_day_until_before_its_end():
    who = person()
    made = enrol(who)
    days = {TODAY - DAY: [], TODAY: ["resident"], NEW_YEAR - DAY: ["resident"], NEW_YEAR: []}
    assert {day: insured(who, day) for day in days} == days
    assert (made.insured_region, made.basic, made.words.zh) == (520203000, True, "城乡居民基本医疗保险")


def test_an_unpaid_one_insures_nobody_until_it_is_paid():
    who = person()
    made = enrol(who, enrolment(status="unpaid"))
    assert insured(who) == []
    later = NOW + 10 * DAY
    paid = api.pay(
        actor=officer(),
        now=later,
        key=None,
        enrolment=made.id,
        paid_on=TODAY + 10 * DAY,
        from_date=TODAY + 10 * DAY,
    )
    assert (paid.status, paid.paid_on, paid.replaces) == ("insured", TODAY + 10 * DAY, made.id)
    assert (insured(who, TODAY + 9 * DAY), insured(who, TODAY + 10 * DAY)) == ([], ["resident"])
    assert insured(who, TODAY + 20 * DAY, known_by=TODAY + 9 * DAY) == []
    with pytest.raises(Conflict, match="wrong_status"):
        api.pay(actor=officer(), now=later, key=None, enrolment=paid.id, paid_on=TODAY)


def test_lapsed_insured_until_it_lapsed():
    who = person()
    made = enrol(who)
    lapsed = api.lapse(
        actor=officer(),
        now=NOW,
        key=None,
        enrolment=made.id,
        until_date=TODAY + 30 * DAY,
        reason="参加职工医保",
    )
    assert lapsed.status_words.zh == "已停保"
    assert (insured(who, TODAY + 29 * DAY), insured(who, TODAY + 30 * DAY)) == (["resident"], [])
    enrol(who, enrolment("employee", from_date=TODAY + 30 * DAY), now=NOW + 30 * DAY)
    assert insured(who, TODAY + 30 * DAY) == ["employee"]
    periods = api.periods_of_many(viewer=officer(), persons=[who])[who]
    assert api.insurances(periods) == (
        Insurance("resident", None, Span(TODAY, TODAY + 30 * DAY)),
        Insurance("employee", None, Span(TODAY + 30 * DAY, NEW_YEAR)),
    )


def test_refunded_never_insured_and_leaves_room_for_another():
    who = person()
    made = enrol(who)
    refunded = api.refund(actor=officer(), now=NOW, key=None, enrolment=made.id, reason="重复缴费")
    assert (refunded.status, refunded.changed_reason, insured(who)) == ("refunded", "重复缴费", [])
    enrol(who)
    assert insured(who) == ["resident"]


def test_once_a_scheme_and_year():
    who = person()
    enrol(who, enrolment(status="unpaid"))
    with pytest.raises(Conflict) as refused:
        enrol(who)
    assert refused.value.code == "enrolled_already"
    enrol(who, enrolment(year=2018, from_date=NEW_YEAR, until_date=date(2019, 1, 1)))


def test_not_in_two_basic_insurances_wherever_they_are():
    who = person()
    enrol(who, enrolment(insured_region=522632101))
    with pytest.raises(Conflict) as refused:
        enrol(who, enrolment("employee", from_date=TODAY + 60 * DAY))
    assert refused.value.code == "insured_elsewhere"
    assert "522632" in refused.value.words.zh
    unpaid = enrol(who, enrolment("rural", status="unpaid"))  # on a list, but not paid
    with pytest.raises(Conflict, match="insured_elsewhere"):
        api.pay(actor=officer(), now=NOW, key=None, enrolment=unpaid.id, paid_on=TODAY)
    enrol(who, enrolment("supplement"))
    assert insured(who) == ["resident", "supplement"]
    periods = api.periods_of_many(viewer=officer(), persons=[who])[who]
    assert [one.scheme for one in api.insurances(periods)] == ["resident"]


def test_the_database_keeps_both_whoever_writes():
    made = enrol(person())
    with scoped(officer().scope):
        row = Row.objects.get(pk=made.id)
        row.pk = None
        with pytest.raises(IntegrityError, match="enrolment_once_a_year"), transaction.atomic():
            row.save(force_insert=True)
        row.scheme = "employee"
        with pytest.raises(IntegrityError, match="enrolment_basic_once_a_day"), transaction.atomic():
            row.save(force_insert=True)


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"scheme": "nhs"}, "scheme_unknown"),
        ({"until_date": TODAY}, "period_reversed"),
        ({"until_date": TODAY + 367 * DAY}, "period_beside_year"),
        ({"year": 2016, "from_date": NEW_YEAR, "until_date": NEW_YEAR + DAY}, "period_beside_year"),
        ({"year": 2018, "from_date": TODAY, "until_date": NEW_YEAR}, "period_beside_year"),
        ({"premium_fen": -1}, "premium_wrong"),
        ({"premium_fen": 100_000_001}, "premium_wrong"),
        ({"tier": "档" * 41}, "text_too_long"),
        ({"subsidy_fen": 18_001, "subsidy_source": "civil_affairs"}, "premium_wrong"),
        ({"subsidy_fen": -1}, "premium_wrong"),
        ({"subsidy_fen": 100}, "subsidy_without_source"),
        ({"paid_on": TODAY + DAY}, "paid_in_future"),
        ({"from_date": TODAY - 91 * DAY}, "late_change"),
    ],
)
def test_what_cannot_be_is_refused(terms, code):
    who = person()
    with pytest.raises(Refused) as refused:
        enrol(who, enrolment(**terms))
    assert refused.value.code == code
    assert api.enrolment_history(viewer=officer(), person=who) == ()


def test_an_unpaid_year_long_past_reaches_back_nowhere():
    made = enrol(person(), enrolment(status="unpaid", from_date=date(2017, 1, 1)))
    with pytest.raises(Refused, match="late_change"):
        api.pay(actor=officer(), now=NOW, key=None, enrolment=made.id, paid_on=TODAY)
    assert (
        api.pay(actor=officer(), now=NOW, key=None, enrolment=made.id, paid_on=TODAY, from_date=TODAY).status
        == "insured"
    )


def test_subsidies_in_words():
    who = person()
    paid_whole = {"subsidy_fen": 18_000, "subsidy_source": "civil_affairs", "subsidy_category": "destitute"}
    whole = enrol(who, enrolment(**paid_whole))
    assert (whole.own_fen, whole.subsidised.zh) == (0, "全额资助")
    part = enrol(person(), enrolment(subsidy_fen=9_000, subsidy_source="civil_affairs"))
    assert (part.own_fen, part.subsidised.zh) == (9_000, "部分资助")
    assert enrol(person()).subsidised is None


def test_corrected_is_void_and_replaced():
    who = person()
    made = enrol(who)
    fixed = api.correct(
        actor=officer(), now=NOW, key=None, enrolment=made.id, terms=enrolment("rural"), reason="险种录错"
    )
    assert insured(who) == ["rural"]
    history = api.enrolment_history(viewer=officer(), person=who)
    assert {(one.id, one.state) for one in history} == {(fixed.id, "valid"), (made.id, "void")}
    void = api.correct(actor=officer(), now=NOW, key=None, enrolment=fixed.id, terms=None, reason="录错人")
    assert (void.state, insured(who)) == ("void", [])


@pytest.mark.parametrize(
    ("terms", "refused"),
    [
        (enrolment(premium_fen=20_000), False),
        (enrolment(until_date=TODAY + 200 * DAY, year=2018), True),
        (enrolment("rural"), True),
        (enrolment(tier="second"), True),
        (None, True),
    ],
)
def test_a_late_correction_is_one_that_changes_insured_days_long_past(terms, refused):
    made = enrol(person())
    then = NOW + 330 * DAY

    def correct():
        return api.correct(actor=officer(), now=then, key=None, enrolment=made.id, terms=terms, reason="有误")

    if refused:
        with pytest.raises(Refused, match="late_change"):
            correct()
    else:
        assert correct().premium_fen == 20_000


def test_who_has_no_business_here_is_refused():
    who = person()
    for actor in (officer(Role.HEALTH), officer(Role.AUDIT), window()):
        with pytest.raises(Forbidden):
            enrol(who, actor=actor)


def test_another_county_sees_nobody():
    who = person()
    made = enrol(who)
    there = officer(region=RONGJIANG)
    with pytest.raises(NotFound):
        enrol(who, actor=there)
    with pytest.raises(NotFound):
        api.refund(actor=there, now=NOW, key=None, enrolment=made.id, reason="原因")
    assert insured(who, viewer=there) == []
    assert api.counts(viewer=there, year=2017) == ()
    assert api.export(viewer=there, wanted=api.Filter(2017)) == ()
    assert api.enrolled(viewer=there, wanted=api.Filter(2017)).total == 0


def test_a_facility_sees_whom_it_opened():
    who = person()
    enrol(who)
    assert insured(who, viewer=window()) == []
    opened(who)
    assert insured(who, viewer=window()) == ["resident"]


def test_the_place_of_insurance_stays_when_the_person_moves():
    who = person()
    enrol(who)
    with scoped(Scope(EVERYWHERE)):
        Person.objects.filter(pk=who).update(region=FAR_TOWN)
    (found,) = api.enrolments_on(viewer=officer(region=RONGJIANG), person=who, day=TODAY)
    assert (found.region, found.insured_region) == (FAR_TOWN, 520203000)


def test_counts_and_lists_of_a_year():
    from support.standing import OTHER_TOWN, TOWN

    for region, status in ((TOWN, "insured"), (TOWN, "insured"), (TOWN, "unpaid"), (OTHER_TOWN, "insured")):
        enrol(person(region), enrolment(status=status))
    enrol(person(), enrolment(year=2018, from_date=NEW_YEAR, until_date=date(2019, 1, 1)))
    found = api.counts(viewer=officer(), year=2017)
    assert [(one.region, one.status, one.persons, one.premium_fen) for one in found] == [
        (TOWN, "insured", 2, 36_000),
        (TOWN, "unpaid", 1, 18_000),
        (OTHER_TOWN, "insured", 1, 18_000),
    ]
    unpaid = api.enrolled(viewer=officer(), wanted=api.Filter(2017, status="unpaid"))
    assert (unpaid.total, unpaid.items[0].region) == (1, TOWN)
    assert len(api.export(viewer=officer(), wanted=api.Filter(2017, region=520203101000))) == 3


@pytest.mark.parametrize(
    ("text", "code"), [("390", "resident"), ("新农合", "rural"), ("职工医保", "employee"), ("农保", None)]
)
def test_schemes_by_what_lists_call_them(text, code):
    found = api.scheme_named(text)
    assert (found.code if found else None) == code


def test_no_name_is_two_schemes():
    names = [name for one in api.SCHEMES.values() for name in (one.words.zh, one.words.en, *one.names)]
    assert len(names) == len(set(names))
