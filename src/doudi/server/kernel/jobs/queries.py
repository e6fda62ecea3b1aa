"""How jobs stand, for whoever asked for them and for whoever has their region in scope; and which workers are alive."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, cast

from django.db import connection

from doudi.server.kernel.actor import Actor
from doudi.server.kernel.jobs.data import JobError, JobState, State, WorkerSeen
from doudi.server.kernel.jobs.errors import job_of_another, no_such_job
from doudi.server.kernel.jobs.models import Job
from doudi.server.kernel.jobs.registry import kind_of
from doudi.server.kernel.paging import SIZE, Page, page_of
from doudi.server.kernel.scope import scoped
from doudi.words import Words


def job_state(viewer: Actor, job: int) -> JobState:
    """How one job stands. `NotFound` where it is neither the viewer's own nor of a region in scope."""
    with scoped(viewer.scope):
        row = Job.objects.filter(pk=job).first()
        if row is None:
            raise no_such_job()
        return state_of(row)


def my_jobs(
    viewer: Actor, *, kinds: Iterable[str] = (), live: bool = False, number: int = 0, size: int = SIZE
) -> Page[JobState]:
    """The viewer's own jobs, newest first; of some kinds; only those that wait or run where `live`."""
    with scoped(viewer.scope):
        rows = Job.objects.filter(user_id=viewer.user).order_by("-id")
        if wanted := list(kinds):
            rows = rows.filter(kind__in=wanted)
        if live:
            rows = rows.filter(state__in=["waiting", "running"])
        return page_of(rows, state_of, number=number, size=size)


def workers_alive(*, within: timedelta = timedelta(seconds=30)) -> tuple[WorkerSeen, ...]:
    """Workers whose heart beat lately, by the database's clock: for readiness. Needs no scope."""
    values: list[Any] = [within]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, started_at, seen_at, statement_timestamp() - seen_at FROM kernel_worker"
            " WHERE ended_at IS NULL AND seen_at > statement_timestamp() - %s ORDER BY name",
            values,
        )
        return tuple(WorkerSeen(*row) for row in cursor.fetchall())


def own_row(actor: Actor, job: int) -> Job:
    """The locked row of one of the actor's own jobs, inside an open scope."""
    row = Job.objects.select_for_update().filter(pk=job).first()
    if row is None:
        raise no_such_job()
    if row.user_id != actor.user:
        raise job_of_another()
    return row


def state_of(row: Job) -> JobState:
    """The row as it crosses the border."""
    kind = kind_of(row.kind)
    name = kind.words if kind is not None else Words(row.kind, row.kind)
    error = None
    if row.error_code:
        error = JobError(row.error_code, Words(row.error_zh, row.error_en), row.error_reference)
    return JobState(
        id=row.pk,
        kind=row.kind,
        name=name,
        state=cast("State", row.state),
        user=row.user_id,
        region=row.region,
        done=row.progress_done,
        total=row.progress_total,
        what=Words(row.progress_zh, row.progress_en) if row.progress_zh else name,
        enqueued_at=row.enqueued_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        attempt=row.attempt,
        cancel_asked=row.cancel_asked_at is not None,
        result=row.result,
        paper=row.result_paper,
        error=error,
    )
