"""Recognising: what is entered, what is refused, and what stays when it is changed."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from doudi.engine.data import Holding, Span
from doudi.server.access.api import Role
from doudi.server.audit.models import AuditEvent
from doudi.server.kernel.errors import Conflict, Forbidden, NotFound, Refused
from doudi.server.kernel.scope import scoped
from doudi.server.recognition import api
from doudi.server.recognition.models import Recognition as Row
from support.standing import (
    FAR_TOWN,
    NOW,
    RONGJIANG,
    TODAY,
    TOWN,
    officer,
    opened,
    person,
    recognition,
    window,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def recognise(number, terms=None, actor=None, now=NOW, key=None, **other):
    return api.recognise(
        actor=actor or officer(), now=now, key=key, person=number, terms=terms or recognition(), **other
    )


def on(number, day=TODAY, viewer=None, **other):
    found = api.categories_on(viewer=viewer or officer(), person=number, day=day, **other)
    return [one.category for one in found]


def test_a_person_has_a_category_from_its_first_day_until_before_its_end():
    who = person()
    made = recognise(who, recognition(until_date=TODAY + 30 * DAY))
    assert (made.region, made.known_since, made.source_department) == (TOWN, TODAY, "民政部门")
    assert made.words.zh == "最低生活保障对象"
    days = {TODAY - DAY: [], TODAY: [made.category], TODAY + 29 * DAY: [made.category], TODAY + 30 * DAY: []}
    assert {day: on(who, day) for day in days} == days


def test_the_trail_tells_who_recognised_whom():
    who = person()
    made = recognise(who)
    with scoped(officer().scope):
        event = AuditEvent.objects.get(event="recognition.entered", person_id=who)
    assert (event.user_id, event.region, event.object_id) == (1, TOWN, str(made.id))
    assert event.detail == {"category": made.category, "from_date": "2017-09-01", "late": False}


def test_the_same_key_answers_the_same_and_enters_once():
    who = person()
    first = recognise(who, key="k1")
    assert recognise(who, key="k1") == first
    with scoped(officer().scope):
        assert Row.objects.filter(person_id=who).count() == 1


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"category": "subsistence"}, "category_unknown"),
        ({"until_date": TODAY}, "period_reversed"),
        ({"evidence": "  "}, "text_missing"),
        ({"evidence": "号" * 201}, "text_too_long"),
        ({"source_department": "局" * 81}, "text_too_long"),
        ({"from_date": TODAY - 31 * DAY}, "late_change"),
    ],
)
def test_what_cannot_be_is_refused(terms, code):
    who = person()
    with pytest.raises(Refused) as refused:
        recognise(who, recognition(**terms))
    assert refused.value.code == code
    assert refused.value.remedy is not None
    assert on(who) == []


def test_knowing_it_tomorrow_is_refused():
    with pytest.raises(Refused, match="known_in_future"):
        recognise(person(), known_since=TODAY + DAY)


def test_one_category_once_a_day():
    who = person()
    recognise(who, recognition(until_date=TODAY + 30 * DAY))
    with pytest.raises(Conflict) as refused:
        recognise(who, recognition(from_date=TODAY + 29 * DAY))
    assert refused.value.code == "already_recognised"
    recognise(who, recognition(from_date=TODAY + 30 * DAY))
    assert on(who, TODAY + 30 * DAY) == ["subsistence_allowance"]


@pytest.mark.parametrize(
    ("first", "second"),
    [(one.first, one.second) for one in api.EXCLUSIONS] + [(one.second, one.first) for one in api.EXCLUSIONS],
)
def test_categories_that_exclude_each_other(first, second):
    who = person()
    recognise(who, recognition(first))
    with pytest.raises(Conflict) as refused:
        recognise(who, recognition(second))
    assert refused.value.code == "categories_exclude_each_other"


def test_every_exclusion_is_of_two_known_categories_and_tells_why():
    known = set(api.known_categories())
    assert {code for one in api.EXCLUSIONS for code in (one.first, one.second)} <= known
    assert all(one.basis and one.first != one.second for one in api.EXCLUSIONS)
    assert len({frozenset({one.first, one.second}) for one in api.EXCLUSIONS}) == len(api.EXCLUSIONS)


def test_the_database_keeps_it_once_a_day_whoever_writes():
    who = person()
    made = recognise(who)
    with scoped(officer().scope):
        row = Row.objects.get(pk=made.id)
        row.pk, row.from_date = None, TODAY + DAY
        with pytest.raises(IntegrityError, match="recognition_once_a_day"), transaction.atomic():
            row.save(force_insert=True)


def test_nothing_is_deleted():
    made = recognise(person())
    with (
        scoped(officer().scope),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        Row.objects.filter(pk=made.id).delete()


def test_ended_is_not_there_from_the_day_on_and_was_before():
    who = person()
    made = recognise(who)
    later = NOW + 10 * DAY
    ended = api.end(
        actor=officer(),
        now=later,
        key=None,
        recognition=made.id,
        until_date=TODAY + 10 * DAY,
        reason="收入超标",
    )
    assert (ended.until_date, ended.ended_reason, ended.replaces) == (TODAY + 10 * DAY, "收入超标", made.id)
    assert (on(who, TODAY + 9 * DAY), on(who, TODAY + 10 * DAY)) == (["subsistence_allowance"], [])
    assert on(who, TODAY + 10 * DAY, known_by=TODAY + 9 * DAY) == [
        "subsistence_allowance"
    ]  # not known to end
    assert on(who, TODAY, known_by=TODAY - DAY) == []  # not known at all


@pytest.mark.parametrize(
    ("until", "reason", "code"),
    [
        (TODAY, "原因", "period_reversed"),
        (TODAY + 40 * DAY, "原因", "already_ended"),
        (TODAY + 5 * DAY, " ", "text_missing"),
        (date(2017, 1, 1), "原因", "late_change"),
    ],
)
def test_ends_that_cannot_be_are_refused(until, reason, code):
    made = recognise(person(), recognition(until_date=TODAY + 30 * DAY))
    with pytest.raises(Refused) as refused:
        api.end(actor=officer(), now=NOW, key=None, recognition=made.id, until_date=until, reason=reason)
    assert refused.value.code == code


def test_corrected_is_void_and_replaced_and_both_stay_in_the_history():
    who = person()
    made = recognise(who)
    right = recognition("low_income_margin")
    fixed = api.correct(
        actor=officer(), now=NOW + DAY, key=None, recognition=made.id, terms=right, reason="录错类别"
    )
    assert on(who) == ["low_income_margin"]
    assert on(who, known_by=TODAY) == ["subsistence_allowance"]
    history = api.category_history(viewer=officer(), person=who)
    assert [(one.id, one.state, one.retired_reason) for one in history] == [
        (fixed.id, "valid", ""),
        (made.id, "void", "录错类别"),
    ]


def test_corrected_to_nothing_is_void():
    who = person()
    made = recognise(who)
    void = api.correct(actor=officer(), now=NOW, key=None, recognition=made.id, terms=None, reason="录错人")
    assert (void.id, void.state, on(who)) == (made.id, "void", [])
    with pytest.raises(Conflict, match="recognition_not_valid"):
        api.correct(actor=officer(), now=NOW, key=None, recognition=made.id, terms=None, reason="再一次")


def test_a_correction_of_words_alone_reaches_back_nowhere():
    who = person()
    made = recognise(who)
    much_later = NOW + 400 * DAY

    def put(number, terms):
        return api.correct(
            actor=officer(), now=much_later, key=None, recognition=number, terms=terms, reason="有误"
        )

    fixed = put(made.id, recognition(evidence="六枝民发〔2017〕13号"))
    with pytest.raises(Refused, match="late_change"):
        put(fixed.id, recognition(from_date=TODAY + DAY))


def test_late_changes_are_not_run_by_one_person():
    who = person()
    with pytest.raises(Refused) as refused:
        api.recognise_late(
            actor=officer(), now=NOW, key=None, person=who, terms=recognition(from_date=date(2016, 1, 1))
        )
    assert refused.value.code != "late_change"
    assert on(who) == []


def test_who_has_no_business_here_is_refused():
    who = person()
    for actor in (officer(Role.AUDIT), officer(Role.SYSTEM_ADMIN), officer(Role.OVERSIGHT), window()):
        with pytest.raises(Forbidden):
            recognise(who, actor=actor)


def test_another_county_finds_nobody():
    who = person()
    made = recognise(who)
    there = officer(region=RONGJIANG)
    with pytest.raises(NotFound):
        recognise(who, actor=there)
    with pytest.raises(NotFound):
        api.end(actor=there, now=NOW, key=None, recognition=made.id, until_date=TODAY + DAY, reason="原因")
    assert on(who, viewer=there) == []
    assert api.category_history(viewer=there, person=who) == ()
    assert api.counts(viewer=there, day=TODAY) == ()
    assert api.export(viewer=there, wanted=api.Filter()) == ()
    assert api.recognised(viewer=there, wanted=api.Filter()).total == 0


def test_a_facility_sees_whom_it_opened():
    who = person()
    recognise(who)
    assert on(who, viewer=window()) == []
    opened(who)
    assert on(who, viewer=window()) == ["subsistence_allowance"]
    assert on(who, viewer=window(facility=8)) == []


def test_rows_move_with_their_person():
    who = person()
    recognise(who)
    from doudi.server.kernel.scope import EVERYWHERE, Scope
    from doudi.server.people.models import Person

    with scoped(Scope(EVERYWHERE)):
        Person.objects.filter(pk=who).update(region=FAR_TOWN)
    assert on(who, viewer=officer(region=RONGJIANG)) == ["subsistence_allowance"]
    assert on(who) == []


def test_the_engine_gets_every_period_ended_ones_too():
    who, nobody = person(), person()
    made = recognise(who)
    api.end(actor=officer(), now=NOW, key=None, recognition=made.id, until_date=TODAY + DAY, reason="原因")
    found = api.periods_of_many(viewer=officer(), persons=[who, nobody])
    assert api.holdings(found[who]) == (Holding("subsistence_allowance", Span(TODAY, TODAY + DAY)),)
    assert found[nobody] == ()
