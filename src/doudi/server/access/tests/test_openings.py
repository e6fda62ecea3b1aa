"""What is opened ends by itself, for whom it was opened alone; broken glass lets read, is told at once and reviewed."""

from datetime import timedelta

import pytest
from django.db import Error, IntegrityError, transaction

from doudi.server.access import api
from doudi.server.access.models import Glass, Opening
from doudi.server.access.roles import Role
from doudi.server.kernel import clock
from doudi.server.kernel.actor import SYSTEM
from doudi.server.kernel.errors import Conflict, Forbidden, InvariantBroken, NotFound, Refused
from doudi.server.kernel.scope import NOTHING, scoped
from doudi.server.people.models import Person
from support.actors import (
    HOUR,
    LIUZHI,
    LIUZHI_TOWN,
    RONGJIANG,
    RONGJIANG_HOSPITAL,
    RONGJIANG_TOWN,
    actor,
    clerk,
    officer,
)

pytestmark = pytest.mark.django_db
NOW = clock.now()  # openings end by the clock of the database


@pytest.fixture
def person():
    with scoped(SYSTEM.scope):
        return Person.objects.create(
            region=RONGJIANG_TOWN, name="吴某", sex="2", birth_date="1956-01-01", number_kind="none"
        ).pk


def seen(who):
    with scoped(who.scope):
        return set(Person.objects.values_list("pk", flat=True))


def open_for(who, person, *, until=NOW + HOUR, now=NOW):
    with scoped(who.scope):
        return api.open_person(
            actor=who, person=person, region=RONGJIANG_TOWN, kind="find", now=now, until=until
        )


def smash(who, person, *, reason="车祸昏迷，核对身份", ticket="120-0077", region=RONGJIANG_TOWN):
    with scoped(who.scope):
        return api.break_glass(actor=who, person=person, region=region, reason=reason, ticket=ticket, now=NOW)


def test_a_facility_sees_what_it_opened_and_no_other_facility_does(person):
    here, colleague, there = clerk(), clerk(), clerk(RONGJIANG_HOSPITAL)
    assert seen(here) == set()
    open_for(here, person)
    assert seen(here) == seen(colleague) == {person}
    assert seen(there) == seen(officer()) == set()
    assert seen(officer(RONGJIANG)) == {person}


def test_an_opening_ends_by_itself_and_is_extended_not_doubled(person):
    here = clerk()
    open_for(here, person, now=NOW - 2 * HOUR, until=NOW - HOUR)
    assert seen(here) == set()
    first = open_for(here, person)
    longer = open_for(here, person, until=NOW + 2 * HOUR)
    shorter = open_for(here, person, until=NOW + HOUR / 2)
    assert first.opening == longer.opening == shorter.opening
    assert shorter.until == NOW + 2 * HOUR


@pytest.mark.parametrize("who", [officer(), SYSTEM])
def test_only_a_facility_opens_by_finding(person, who):
    with pytest.raises(InvariantBroken):
        open_for(who, person)
    with pytest.raises(InvariantBroken):
        api.open_person(actor=clerk(), person=1, region=1, kind="find", now=NOW, until=NOW + HOUR)


def test_openings_without_a_facility_open_nothing_for_those_without_one(person):
    me = officer()
    with scoped(me.scope), pytest.raises(IntegrityError), transaction.atomic():
        Opening.objects.bulk_create(
            [
                Opening(
                    person_id=person, region=RONGJIANG_TOWN, facility_id=0, user_id=me.user,
                    kind="find", opened_at=NOW, until_at=NOW + HOUR,
                )
            ]
        )  # fmt: skip


def test_broken_glass_lets_its_user_read_and_nobody_else(person):
    me, colleague = officer(), officer()
    opened = smash(me, person)
    assert opened.until == NOW + timedelta(minutes=60)
    assert seen(me) == {person}
    assert seen(colleague) == set()
    with scoped(NOTHING):
        assert Person.objects.count() == 0
    with scoped(me.scope), pytest.raises(Error), transaction.atomic():
        Person.objects.filter(pk=person).update(name="改")


def test_glass_is_broken_with_a_reason_by_few_and_only_for_elsewhere(person):
    for facts in ({"reason": "急"}, {"ticket": " "}):
        with pytest.raises(Refused, match="glass_reason"):
            smash(officer(), person, **facts)
    with pytest.raises(Conflict, match="glass_in_scope"):
        smash(officer(), person, region=LIUZHI_TOWN)
    for who in (clerk(), actor(Role.AUDIT), actor(Role.SYSTEM_ADMIN), actor(Role.OVERSIGHT), SYSTEM):
        with pytest.raises(Forbidden):
            smash(who, person)


def test_supervisors_on_both_sides_are_told_at_once_and_others_are_not(person):
    me = officer()
    smash(me, person)
    for role in (Role.AUDIT, Role.SECURITY_ADMIN, Role.COUNTY_APPROVER, Role.AUDIT_ADMIN, Role.OVERSIGHT):
        for code in (LIUZHI, RONGJIANG):
            [row] = api.broken_glass(viewer=actor(role, code)).items
            assert (row.login, row.person, row.ticket) == (me.login, person, "120-0077")
            assert row.review_due_at == NOW + timedelta(hours=72)
    assert api.broken_glass(viewer=actor(Role.AUDIT, 530000000000)).items == ()
    with pytest.raises(Forbidden):
        api.broken_glass(viewer=officer())


def test_a_review_is_by_another_once_and_in_scope(person):
    me = officer()
    smash(me, person)
    with scoped(me.scope):
        number = Glass.objects.get().pk
    auditor = actor(Role.AUDIT, RONGJIANG)
    with pytest.raises(NotFound):
        api.review_glass(actor=actor(Role.AUDIT, 530000000000), now=NOW, glass=number, verdict="justified")
    with pytest.raises(Refused, match="not_by_oneself"):
        api.review_glass(actor=actor(Role.AUDIT, user=me.user), now=NOW, glass=number, verdict="justified")
    with pytest.raises(Forbidden):
        api.review_glass(actor=actor(Role.COUNTY_APPROVER), now=NOW, glass=number, verdict="justified")
    api.review_glass(actor=auditor, now=NOW, glass=number, verdict="unjustified", note="无工单")
    with pytest.raises(Conflict, match="glass_reviewed"):
        api.review_glass(actor=auditor, now=NOW, glass=number, verdict="justified")
    assert api.broken_glass(viewer=auditor).items == ()
    [row] = api.broken_glass(viewer=auditor, waiting=False).items
    assert (row.verdict, row.reviewer, row.note) == ("unjustified", auditor.login, "无工单")
    with scoped(SYSTEM.scope), pytest.raises(IntegrityError), transaction.atomic():
        Glass.objects.update(reviewed_by=me.user)
