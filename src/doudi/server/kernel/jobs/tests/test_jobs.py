"""Jobs without processes: asking, owning, failing, trying again, leases that end, and whose rights count."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from doudi.server.kernel import jobs
from doudi.server.kernel.actor import SYSTEM, Actor
from doudi.server.kernel.errors import Conflict, Forbidden, InvariantBroken, NotFound, Refused
from doudi.server.kernel.jobs import actors, queue, running, schedule
from doudi.server.kernel.jobs.context import JobContext, Pulse
from doudi.server.kernel.jobs.errors import JobLost
from doudi.server.kernel.jobs.models import Job
from doudi.server.kernel.regions import Ranges
from doudi.server.kernel.scope import NOTHING, scoped
from doudi.words import Words

pytestmark = pytest.mark.django_db

LIUZHI = Actor(7, "clerk", frozenset({"county"}), Ranges.of([520203000000]))
COLLEAGUE = Actor(8, "colleague", frozenset({"county"}), Ranges.of([520203000000]))
RONGJIANG = Actor(9, "elsewhere", frozenset({"county"}), Ranges.of([522632000000]))
NOW = datetime(2026, 3, 1, tzinfo=UTC)
ID_NUMBER = "520203198001011234"


@pytest.fixture
def kind() -> Iterator[dict[str, object]]:
    """A kind whose behaviour the test chooses."""
    does: dict[str, object] = {"run": lambda context: {"worked": context.attempt}}

    @jobs.job("test.kind", Words("试一试", "Try"), attempts=3)
    def handler(context: JobContext) -> object:
        return does["run"](context)  # type: ignore[operator]

    yield does
    jobs.forget("test.kind")


def ask(**options: object) -> int:
    values = {"actor": LIUZHI, "payload": {"n": 1}, "now": NOW, "region": 520203000} | options
    return jobs.enqueue("test.kind", **values)  # type: ignore[arg-type]


def row(job: int) -> Job:
    with scoped(queue.QUEUE):
        return Job.objects.get(pk=job)


def lapse(job: int) -> None:
    """The lease of a job ends."""
    with scoped(queue.QUEUE):
        Job.objects.filter(pk=job).update(lease_until=datetime(2020, 1, 1, tzinfo=UTC))


def due(job: int) -> None:
    """The wait of a job is over."""
    with scoped(queue.QUEUE):
        Job.objects.filter(pk=job).update(run_at=datetime(2020, 1, 1, tzinfo=UTC))


def test_a_job_is_done_in_the_name_of_its_originator(kind: dict[str, object]) -> None:
    seen: list[JobContext] = []

    def run(context: JobContext) -> jobs.Done:
        seen.append(context)
        context.progress(3, 4, Words("写入", "Writing"))
        return jobs.Done({"rows": 4}, paper=12)

    kind["run"] = run
    job = ask()
    waiting = jobs.job_state(LIUZHI, job)
    assert (waiting.state, waiting.percent, waiting.what) == ("waiting", 0, Words("试一试", "Try"))
    assert jobs.work_off() == 1
    done = jobs.job_state(LIUZHI, job)
    assert (done.state, done.result, done.paper, done.percent, done.done) == ("done", {"rows": 4}, 12, 100, 3)
    assert done.what.en == "Writing"
    assert seen[0].actor == LIUZHI
    assert seen[0].key("apply") == f"job:{job}:apply"
    assert jobs.work_off() == 0


def test_the_same_key_is_the_same_job_and_other_content_is_refused(kind: dict[str, object]) -> None:
    first = ask(key="batch-1")
    assert ask(key="batch-1") == first
    assert ask(key="batch-1", actor=COLLEAGUE) != first
    with pytest.raises(Conflict) as refused:
        ask(key="batch-1", payload={"n": 2})
    assert refused.value.code == "job_key_taken"
    assert jobs.work_off() == 2


def test_an_unknown_kind_and_inexact_numbers_are_faults(kind: dict[str, object]) -> None:
    with pytest.raises(InvariantBroken):
        jobs.enqueue("test.unheard_of", actor=LIUZHI, payload={}, now=NOW)
    with pytest.raises(TypeError):
        ask(payload={"share": 0.5})


def test_who_sees_a_job(kind: dict[str, object]) -> None:
    job = ask()
    assert jobs.job_state(COLLEAGUE, job).user == 7
    assert jobs.my_jobs(COLLEAGUE).items == ()
    assert [one.id for one in jobs.my_jobs(LIUZHI, kinds=["test.kind"], live=True).items] == [job]
    assert jobs.my_jobs(LIUZHI, kinds=["other"]).items == ()
    with pytest.raises(NotFound):
        jobs.job_state(RONGJIANG, job)
    with scoped(NOTHING):
        assert Job.objects.count() == 0


def test_the_servers_own_jobs_are_seen_by_nobody_without_a_scope(kind: dict[str, object]) -> None:
    ask(actor=SYSTEM, region=0)
    with scoped(NOTHING):
        assert Job.objects.count() == 0
    assert Job.objects.count() == 0


def test_only_the_owner_cancels_and_repeats(kind: dict[str, object]) -> None:
    job = ask()
    with pytest.raises(Forbidden):
        jobs.cancel(actor=COLLEAGUE, now=NOW, job=job)
    with pytest.raises(NotFound):
        jobs.cancel(actor=RONGJIANG, now=NOW, job=job)
    with pytest.raises(Conflict):
        jobs.retry(actor=LIUZHI, now=NOW, job=job)
    assert jobs.cancel(actor=LIUZHI, now=NOW, job=job).state == "cancelled"
    with pytest.raises(Conflict):
        jobs.cancel(actor=LIUZHI, now=NOW, job=job)
    assert jobs.work_off() == 0
    again = jobs.retry(actor=LIUZHI, now=NOW, job=job)
    assert (again.state, again.cancel_asked) == ("waiting", False)
    assert jobs.work_off() == 1
    assert jobs.job_state(LIUZHI, job).state == "done"


def test_a_fault_is_tried_again_with_growing_waits_up_to_the_limit(
    kind: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    def run(context: JobContext) -> None:
        raise RuntimeError(f"no row of {ID_NUMBER}")

    kind["run"] = run
    job = ask()
    with caplog.at_level(logging.DEBUG):
        for attempt in (1, 2, 3):
            assert jobs.work_off() == 1
            assert jobs.work_off() == 0  # it waits
            assert row(job).attempt == attempt
            due(job)
    failed = jobs.job_state(LIUZHI, job)
    assert (failed.state, failed.attempt) == ("failed", 3)
    assert failed.error is not None
    assert failed.error.code == "job_broke"
    assert failed.error.reference in failed.error.words.zh
    assert failed.error.reference in failed.error.words.en
    spoken = caplog.text + "".join(
        str(vars(record)) for record in caplog.records if record.name == "doudi.jobs"
    )
    assert ID_NUMBER not in spoken
    assert failed.error.reference in spoken
    assert ID_NUMBER not in str(failed)
    assert jobs.work_off() == 0
    kind["run"] = lambda context: {"attempt": context.attempt}
    jobs.retry(actor=LIUZHI, now=NOW, job=job)
    assert jobs.work_off() == 1
    healed = jobs.job_state(LIUZHI, job)
    assert (healed.state, healed.error, healed.result) == ("done", None, {"attempt": 4})


def test_waits_grow_to_an_hour() -> None:
    seconds = [int(running.wait_before(attempt).total_seconds()) for attempt in (1, 2, 3, 5, 6, 100)]
    assert seconds == [10, 40, 160, 2560, 3600, 3600]


def test_a_refusal_is_an_answer_and_not_tried_again(kind: dict[str, object]) -> None:
    def run(context: JobContext) -> None:
        raise Refused("sheet_empty", Words("表中没有数据。", "The sheet is empty."))

    kind["run"] = run
    job = ask()
    jobs.work_off()
    failed = jobs.job_state(LIUZHI, job)
    assert (failed.state, failed.attempt) == ("failed", 1)
    assert failed.error is not None
    assert (failed.error.code, failed.error.words.zh) == ("sheet_empty", "表中没有数据。")


def test_a_broken_promise_is_not_tried_again(kind: dict[str, object]) -> None:
    def run(context: JobContext) -> None:
        raise InvariantBroken("money.lost")

    kind["run"] = run
    job = ask()
    jobs.work_off()
    assert row(job).state == "failed"


def test_a_job_whose_workers_keep_dying_is_buried(kind: dict[str, object]) -> None:
    job = ask()
    for attempt in (1, 2, 3):
        claimed = queue.claim("doomed", ["test.kind"])
        assert claimed is not None
        assert claimed.attempt == attempt
        assert queue.claim("other", ["test.kind"]) is None  # leased
        lapse(job)
    assert queue.claim("other", ["test.kind"]) is None
    buried = jobs.job_state(LIUZHI, job)
    assert buried.state == "failed"
    assert buried.error is not None
    assert (buried.error.code, buried.error.reference[:2]) == ("job_worker_died", "J-")


def test_a_job_cancelled_while_its_worker_was_dead_does_not_start_again(kind: dict[str, object]) -> None:
    job = ask()
    queue.claim("doomed", ["test.kind"])
    assert jobs.cancel(actor=LIUZHI, now=NOW, job=job).state == "running"
    lapse(job)
    assert jobs.work_off() == 0
    assert (row(job).state, row(job).error_code) == ("cancelled", "")


def test_every_late_write_of_a_former_holder_is_refused(kind: dict[str, object]) -> None:
    job = ask()
    former = queue.claim("former", ["test.kind"])
    assert former is not None
    lapse(job)
    heir = queue.claim("heir", ["test.kind"])
    assert heir is not None
    assert heir.attempt == 2
    before = vars(row(job))
    late = queue.Progress(99, 100)
    assert queue.beat(former, late) is None
    assert not queue.finish(former, "done", late, done=jobs.Done({"stolen": 1}))
    assert not queue.again(former, wait=timedelta(), error=None)
    context = JobContext(LIUZHI, {}, Pulse(former, 60.0), _beats_itself=True)
    with pytest.raises(JobLost):
        context.progress(1)
    with scoped(LIUZHI.scope), pytest.raises(JobLost):
        JobContext(LIUZHI, {}, Pulse(former, 60.0)).hold()
    after = vars(row(job))
    assert {k: v for k, v in after.items() if k != "_state"} == {
        k: v for k, v in before.items() if k != "_state"
    }
    assert queue.beat(heir, late) is False
    assert queue.finish(heir, "done", late)


def test_a_job_that_runs_longer_than_its_kind_may_is_let_go(kind: dict[str, object]) -> None:
    ask()
    claimed = queue.claim("slow", ["test.kind"])
    assert claimed is not None
    pulse = Pulse(claimed, longest=-1.0)
    pulse.beat()
    assert pulse.lost


def test_the_rights_that_count_are_those_of_the_day_it_runs(
    kind: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    narrower = Actor(7, "clerk", frozenset({"county"}), Ranges.of([520203101000]))
    acted: list[Actor] = []
    kind["run"] = lambda context: acted.append(context.actor)
    monkeypatch.setattr(actors, "_builder", [])
    jobs.set_actor_builder(lambda stored, now: narrower if stored == LIUZHI else None)
    job = ask()
    gone = ask(actor=COLLEAGUE)
    own = ask(actor=SYSTEM)
    assert jobs.work_off() == 3
    assert acted == [narrower, SYSTEM]
    assert [row(one).state for one in (job, gone, own)] == ["done", "failed", "done"]
    assert row(gone).error_code == "job_right_ended"


def test_what_comes_round_is_enqueued_once_a_period(kind: dict[str, object]) -> None:
    jobs.every("test.kind", minutes=1_000_000)  # one period for the whole test
    schedule.enqueue_due()
    assert states() == ["waiting"]
    assert jobs.work_off() >= 1
    schedule.enqueue_due()  # done, and still the same period
    assert states() == ["done"]
    rename("period:0")  # an earlier period's
    schedule.enqueue_due()
    schedule.enqueue_due()
    assert states() == ["done", "waiting"]
    rename("period:1", state="waiting")  # the next period comes and the last still waits
    schedule.enqueue_due()
    assert states() == ["done", "waiting"]


def states() -> list[str]:
    with scoped(queue.QUEUE):
        return list(Job.objects.filter(kind="test.kind").order_by("id").values_list("state", flat=True))


def rename(key: str, **which: str) -> None:
    with scoped(queue.QUEUE):
        Job.objects.filter(kind="test.kind", **which).update(key=key)


def test_old_jobs_of_the_server_are_swept_and_those_of_people_kept(kind: dict[str, object]) -> None:
    kept, old = ask(key="mine"), ask(actor=SYSTEM, key="period:1")
    with scoped(queue.QUEUE):
        Job.objects.update(state="done", ended_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert schedule.sweep(None) == {"jobs": 1, "workers": 0}
    with scoped(queue.QUEUE):
        assert list(Job.objects.values_list("pk", flat=True)) == [kept]
    assert old != kept


def test_a_rolled_back_caller_asked_for_nothing(kind: dict[str, object]) -> None:
    class Undone(Exception):
        pass

    def caller() -> None:
        with scoped(LIUZHI.scope):
            ask()
            raise Undone

    with pytest.raises(Undone):
        caller()
    assert jobs.my_jobs(LIUZHI).total == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kernel_job")
        assert cursor.fetchone() == (0,)
