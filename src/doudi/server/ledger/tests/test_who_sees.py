"""A county sees its own books, a facility what concerns it and the persons it opened; nobody posts for others."""

import pytest
from django.db import ProgrammingError, transaction

from doudi.server.access.api import break_glass, open_person
from doudi.server.kernel import clock
from doudi.server.kernel.actor import SYSTEM, Actor
from doudi.server.kernel.errors import Forbidden, NotFound
from doudi.server.kernel.scope import scoped
from doudi.server.ledger.api import account_lines, entries_of, entry, owed_to, trial_balance
from doudi.server.ledger.models import Account, Entry, Line
from support import actors
from support.ledger import COUNTY, DAY, HOSPITAL, THERE, TOWN, TOWN_THERE, bill, write

pytestmark = pytest.mark.django_db
OFFICER, CLERK, ELSEWHERE = actors.officer(), actors.clerk(HOSPITAL), actors.clerk(actors.RONGJIANG_HOSPITAL)


def opened(clerk: Actor, person: int, region: int) -> None:
    with scoped(clerk.scope):
        open_person(
            actor=clerk,
            person=person,
            region=region,
            kind="find",
            now=actors.NOW,
            until=actors.NOW + 900 * actors.DAY,
        )


def seen(who: Actor) -> set[int]:
    with scoped(who.scope):
        entries = set(Entry.objects.values_list("pk", flat=True))
        assert set(Line.objects.values_list("entry", flat=True)) == entries
        return entries


def test_each_sees_its_own() -> None:
    here = write()
    there = write(region=TOWN_THERE)
    other = write(facility=actors.RONGJIANG_HOSPITAL, person=8)
    deposit = write(template="float_deposit", facility=0, person=None, region=COUNTY, amounts=[_sum()])
    assert seen(OFFICER) == {here, other, deposit}
    assert seen(actors.officer(actors.RONGJIANG)) == {there}
    assert seen(CLERK) == {here, there}, "its bills of patients insured anywhere"
    assert seen(ELSEWHERE) == {other}
    assert seen(actors.nowhere(actors.Role.COUNTY)) == set()
    assert seen(actors.clerk(12345)) == set()
    opened(ELSEWHERE, 7, TOWN)
    assert seen(ELSEWHERE) == {other, here, there}


def _sum() -> object:
    from doudi.server.ledger.api import Amount

    return Amount("sum", "civil_affairs", 5)


def test_queries_answer_within_the_scope() -> None:
    here = write()
    write(region=TOWN_THERE, source_id=2)
    with pytest.raises(NotFound):
        entry(viewer=actors.officer(actors.RONGJIANG), entry=here)
    with pytest.raises(NotFound):
        entry(viewer=ELSEWHERE, entry=here)
    assert entry(viewer=CLERK, entry=here).id == here
    assert entries_of(viewer=OFFICER, source_kind="settlement", source_id=2) == ()
    assert {one.region for one in owed_to(viewer=OFFICER, facility=HOSPITAL)} == {COUNTY}
    assert {one.region for one in owed_to(viewer=CLERK, facility=HOSPITAL)} == {COUNTY, THERE}
    assert owed_to(viewer=ELSEWHERE, facility=HOSPITAL) == ()
    with pytest.raises(Forbidden):
        trial_balance(viewer=OFFICER, region=THERE, month=DAY)
    town = actors.actor(actors.Role.OVERSIGHT, actors.LIUZHI_TOWN * 1000)
    with pytest.raises(Forbidden):
        trial_balance(viewer=town, region=COUNTY, month=DAY)
    with pytest.raises(NotFound):
        entry(viewer=town, entry=here)
    assert owed_to(viewer=town, facility=HOSPITAL) == ()
    with pytest.raises(Forbidden):
        trial_balance(viewer=CLERK, region=COUNTY, month=DAY)


def test_a_facility_sees_its_lines_of_an_account_that_others_share() -> None:
    from doudi.server.ledger.api import Amount

    for facility in (HOSPITAL, 5):
        write(
            template="hospital_paid",
            person=None,
            facility=facility,
            amounts=[Amount("from_float", "nrcms", facility)],
        )
    with scoped(SYSTEM.scope):
        account = Account.objects.get(kind="received", facility=HOSPITAL)
        bank = Account.objects.get(kind="bank")
    assert [one.fen for one in account_lines(viewer=CLERK, account=account.pk).page.items] == [HOSPITAL]
    with pytest.raises(NotFound):
        account_lines(viewer=CLERK, account=bank.pk)
    assert len(account_lines(viewer=OFFICER, account=bank.pk).page.items) == 2


def test_a_window_posts_for_whom_it_opened_and_for_nobody_else() -> None:
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        write(actor=CLERK)
    opened(CLERK, 7, TOWN)
    number = write(actor=CLERK)
    assert entry(viewer=OFFICER, entry=number).by_user == CLERK.user
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        write(actor=CLERK, person=8)
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        write(actor=CLERK, facility=5, person=8)
    elsewhere = write(
        actor=CLERK, facility=5
    )  # a reversal here changes a later bill of the same person there
    assert entry(viewer=OFFICER, entry=elsewhere).facility == 5
    with scoped(CLERK.scope):
        assert not Account.objects.filter(facility=5).exists()
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        write(actor=OFFICER, region=TOWN_THERE)


def test_broken_glass_lets_read_and_not_write() -> None:
    number = write(region=TOWN_THERE)
    third = actors.officer(520526000000)
    with scoped(third.scope):
        break_glass(
            actor=third,
            person=7,
            region=TOWN_THERE,
            reason="车祸昏迷，急需查阅",
            ticket="120-1",
            now=clock.now(),
        )
    assert number in seen(third)
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        write(bill(region=TOWN_THERE), actor=third)
