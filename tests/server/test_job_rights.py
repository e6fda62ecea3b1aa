"""A job runs with the rights of the day it runs: who lost the post, the account or the token has no jobs any more."""

from collections.abc import Iterator
from typing import Any

import pytest

from doudi.server.access import api as access
from doudi.server.access.api import Role
from doudi.server.kernel import jobs
from doudi.server.kernel.actor import SYSTEM, Actor
from doudi.server.kernel.errors import Conflict, Forbidden, NotFound
from doudi.server.kernel.jobs import actors as job_actors
from doudi.server.kernel.scope import scoped
from doudi.words import Words
from support import actors
from support.actors import DAY, LIUZHI, NOW, RONGJIANG, TODAY, actor

pytestmark = pytest.mark.django_db
SECURITY, KEEPER = actor(Role.SECURITY_ADMIN), actor(Role.SYSTEM_ADMIN)


@pytest.fixture(autouse=True)
def two_hospitals() -> Iterator[None]:
    with actors.two_hospitals():
        yield


@pytest.fixture
def acted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Actor]]:
    """A kind of job that keeps as whom it ran, and the builder of the real server."""
    seen: list[Actor] = []
    monkeypatch.setattr(job_actors, "_builder", [access.actor_of_job])
    jobs.job("test.rights", Words("试", "try"))(lambda context: seen.append(context.actor))
    yield seen
    jobs.forget("test.rights")


def ask(who: Actor) -> int:
    return jobs.enqueue("test.rights", actor=who, payload={}, now=NOW, region=520203000)


def code(who: Actor, job: int) -> tuple[str, str]:
    state = jobs.job_state(who, job)
    return state.state, state.error.code if state.error else ""


def test_who_still_holds_the_post_acts_in_it(acted: list[Actor]) -> None:
    number = actors.account("officer", Role.COUNTY, Role.HEALTH)
    for post in (0, 1):
        who = actors.acting(number, post=post)
        job = ask(who)
        jobs.work_off()
        assert code(who, job) == ("done", "")
        assert acted[-1] == who
    ask(SYSTEM)
    jobs.work_off()
    assert acted[-1] == SYSTEM


def test_a_post_an_account_and_a_token_that_ended_have_no_jobs(acted: list[Actor]) -> None:
    def ended() -> Iterator[tuple[Actor, Any]]:
        one = actors.acting(actors.account("post.ends", Role.COUNTY))
        grant = access.posts_of(one.user, NOW)[0].number
        yield one, lambda: access.end_grant(actor=SECURITY, now=NOW, grant=grant, reason="调离")
        two = actors.acting(actors.account("account.closes", Role.COUNTY))
        yield two, lambda: access.close_user(actor=KEEPER, now=NOW, user=two.user, reason="退休")
        number = actors.account("machine", Role.COUNTY)
        grant = access.posts_of(number, NOW)[0].number
        token = access.issue_token(
            actor=SECURITY, now=NOW, grant=grant, name="接口", until_at=NOW + 900 * DAY / 3
        )
        three = access.actor_of_token(token.secret, NOW)
        assert three is not None
        yield three, lambda: access.end_token(actor=SECURITY, now=NOW, token=token.token, reason="停用")

    for who, end in ended():
        job = ask(who)
        end()
        jobs.work_off()
        assert code(who, job) == ("failed", "job_right_ended")
    assert acted == []


def test_another_post_of_the_same_person_does_not_stand_in(acted: list[Actor]) -> None:
    number = actors.account("moved", Role.COUNTY)
    was = actors.acting(number)
    job = ask(was)
    access.end_grant(actor=SECURITY, now=NOW, grant=access.posts_of(number, NOW)[0].number, reason="调往邻县")
    access.grant(
        actor=actor(Role.SECURITY_ADMIN, RONGJIANG), now=NOW, user=number, role=Role.COUNTY,
        region_code=RONGJIANG, from_date=TODAY,
    )  # fmt: skip
    jobs.work_off()
    assert code(was, job) == ("failed", "job_right_ended")
    assert acted == []


def test_stopping_and_repeating_one_s_own_job_is_in_the_trail(acted: list[Actor]) -> None:
    from doudi.server.audit.api import TrailFilter, trail

    who = actors.acting(actors.account("officer", Role.COUNTY))
    job = ask(who)
    assert access.cancel_job(actor=who, now=NOW, job=job).state == "cancelled"
    assert jobs.work_off() == 0
    with pytest.raises(Conflict):
        access.cancel_job(actor=who, now=NOW, job=job)
    assert access.retry_job(actor=who, now=NOW, job=job).state == "waiting"
    jobs.work_off()
    assert acted == [who]
    events = trail(who, TrailFilter(object_kind="job", object_id=str(job))).items
    assert [one.event for one in events] == ["access.job_retried", "access.job_cancelled"]
    assert {one.region for one in events} == {520203000}


def test_nobody_stops_another_s_job_and_elsewhere_it_is_not_there(acted: list[Actor]) -> None:
    job = ask(actors.officer(LIUZHI))
    for run in (access.cancel_job, access.retry_job):
        with pytest.raises(Forbidden):
            run(actor=actors.officer(LIUZHI), now=NOW, job=job)
        with pytest.raises(NotFound):
            run(actor=actors.officer(RONGJIANG), now=NOW, job=job)
    with scoped(SYSTEM.scope):
        assert jobs.job_state(SYSTEM, job).state == "waiting"
    assert acted == []
