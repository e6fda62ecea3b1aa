"""The three apps of standing together: four eyes, merged persons, two clerks at once, words for everything."""

from datetime import date, timedelta
from threading import Thread

import pytest
from django.db import connection

from doudi.server.access import api as access
from doudi.server.access.api import Role, all_rules
from doudi.server.audit.api import known_events
from doudi.server.audit.models import AuditEvent
from doudi.server.enrolment import api as enrolments
from doudi.server.filings import api as filings
from doudi.server.kernel.errors import Conflict
from doudi.server.kernel.scope import EVERYWHERE, Scope, scoped
from doudi.server.people.models import Person
from doudi.server.recognition import api as recognitions
from support import actors
from support.actors import account
from support.standing import NOW, TODAY, TOWN, enrolment, officer, person, recognition, referral

DAY = timedelta(days=1)
APPS = ("recognition", "enrolment", "filings")


def merge(absorbed: int, kept: int) -> None:
    with scoped(Scope(EVERYWHERE)):
        Person.objects.filter(pk=absorbed).update(merged_into=kept)


@pytest.mark.django_db
def test_a_late_change_is_made_by_two():
    who = person()
    clerk = officer(user=account("clerk", Role.COUNTY))
    approver = officer(Role.COUNTY_APPROVER, user=account("approver", Role.COUNTY_APPROVER))
    terms = {
        "category": "subsistence_allowance", "from_date": "2016-01-01", "until_date": None,
        "source_department": "", "evidence": "补录2016年名单",
    }  # fmt: skip
    number = access.propose(
        actor=clerk,
        now=actors.NOW,
        name="recognition.recognise_late",
        content={"person": who, "terms": terms},
        region=TOWN,
        summary="追溯认定",
    ).proposal
    assert recognitions.category_history(viewer=clerk, person=who) == ()
    seen = access.proposal(viewer=approver, now=actors.NOW, number=number)
    access.approve(actor=approver, now=actors.NOW, proposal=number, content_sm3=seen.summary.content_sm3)
    (made,) = recognitions.categories_on(viewer=clerk, person=who, day=date(2016, 1, 1))
    assert (made.known_since, made.entered_by) == (actors.TODAY, approver.user)
    with scoped(clerk.scope):
        event = AuditEvent.objects.get(event="recognition.entered", person_id=who)
    assert event.detail["late"] is True


@pytest.mark.django_db
def test_what_stands_under_a_merged_record_is_the_persons():
    kept, absorbed = person(), person()
    recognitions.recognise(actor=officer(), now=NOW, key=None, person=absorbed, terms=recognition())
    enrolments.enrol(actor=officer(), now=NOW, key=None, person=absorbed, terms=enrolment())
    filings.file(actor=officer(), now=NOW, key=None, person=absorbed, terms=referral())
    merge(absorbed, kept)
    for record in (kept, absorbed):
        ask = {"viewer": officer(), "person": record, "day": TODAY}
        assert len(recognitions.categories_on(**ask)) == 1
        assert len(enrolments.enrolments_on(**ask)) == 1
        assert len(filings.filings_on(**ask)) == 1
    with pytest.raises(Conflict, match="already_recognised"):
        recognitions.recognise(actor=officer(), now=NOW, key=None, person=kept, terms=recognition())
    with pytest.raises(Conflict, match="enrolled_already"):
        enrolments.enrol(actor=officer(), now=NOW, key=None, person=kept, terms=enrolment())
    with pytest.raises(Conflict, match="filed_already"):
        filings.file(actor=officer(), now=NOW, key=None, person=kept, terms=referral())


@pytest.mark.django_db
def test_a_page_of_a_person_takes_two_queries_an_app(django_assert_num_queries):
    who = person()
    with scoped(officer().scope), django_assert_num_queries(6):
        recognitions.category_history(viewer=officer(), person=who)
        enrolments.enrolment_history(viewer=officer(), person=who)
        filings.filing_history(viewer=officer(), person=who)


def _at_once(attempts):
    """Each in a thread and connection of its own; their results, refusals as their codes."""
    results = []

    def run(attempt):
        try:
            results.append(attempt())
        except Conflict as refused:
            results.append(refused.code)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[attempt]) for attempt in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_clerks_at_one_person(fresh_database):
    """Different categories that exclude each other: no constraint sees them; the lock on the person does."""
    who = person()

    def recognise(category, user):
        return lambda: recognitions.recognise(
            actor=officer(user=user), now=NOW, key=None, person=who, terms=recognition(category)
        )

    results = _at_once([recognise("destitute", 1), recognise("subsistence_allowance", 2)] * 3)
    assert sum(not isinstance(result, str) for result in results) == 1
    assert len(recognitions.categories_on(viewer=officer(), person=who, day=TODAY)) == 1


def test_two_clerks_at_two_records_of_one_person(fresh_database):
    kept, absorbed = person(), person()
    merge(absorbed, kept)

    def enrol(record, user):
        return lambda: enrolments.enrol(
            actor=officer(user=user), now=NOW, key=None, person=record, terms=enrolment()
        )

    results = _at_once([enrol(kept, 1), enrol(absorbed, 2)] * 3)
    assert sorted(map(type, results), key=str) == sorted([enrolments.Enrolment, *[str] * 5], key=str)


@pytest.mark.django_db
def test_the_trail_has_words_for_every_event_and_door():
    from doudi.server.enrolment.events import EVENTS as OF_ENROLMENT
    from doudi.server.filings.events import EVENTS as OF_FILINGS
    from doudi.server.recognition.events import EVENTS as OF_RECOGNITION

    doors = {name for name in all_rules() if name.split(".")[0] in APPS}
    assert doors <= set(known_events())
    assert not doors & set(OF_RECOGNITION | OF_ENROLMENT | OF_FILINGS)


@pytest.mark.django_db
def test_events_that_are_written_have_words():
    who = person()
    made = recognitions.recognise(actor=officer(), now=NOW, key=None, person=who, terms=recognition())
    recognitions.end(
        actor=officer(), now=NOW, key=None, recognition=made.id, until_date=TODAY + DAY, reason="收入超标"
    )
    entered = enrolments.enrol(actor=officer(), now=NOW, key=None, person=who, terms=enrolment())
    enrolments.refund(actor=officer(), now=NOW, key=None, enrolment=entered.id, reason="重复")
    filed = filings.file(actor=officer(), now=NOW, key=None, person=who, terms=referral())
    filings.withdraw(actor=officer(), now=NOW, key=None, filing=filed.id, reason="未转院")
    with scoped(officer().scope):
        written = set(AuditEvent.objects.filter(person_id=who).values_list("event", flat=True))
    assert len(written) == 6
    assert written <= set(known_events())
