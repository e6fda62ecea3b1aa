"""Background jobs under rules: stopping or repeating one's own job is an act like others, and with whose rights one runs.

A job runs in the name of whoever asked for it, in the post they asked from, if they still hold it when it runs: an
account that was closed, a post that ended, a token that was revoked has no jobs any more.
"""

from __future__ import annotations

from datetime import datetime

from doudi.server.access.guard import operation
from doudi.server.access.models import Grant, Token
from doudi.server.access.posts import actor_of, valid_on
from doudi.server.access.rules import MACHINE
from doudi.server.audit.api import append
from doudi.server.kernel import jobs
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.clock import business_date
from doudi.server.kernel.jobs import JobState
from doudi.server.kernel.scope import NOTHING, scoped


@operation("access.cancel_job")
def cancel_job(*, actor: Actor, now: datetime, key: str | None = None, job: int) -> JobState:
    """Stop one of one's own jobs: a waiting one never starts, a running one stops at its next check."""
    del key
    state = jobs.cancel(actor=actor, now=now, job=job)
    _append("access.job_cancelled", state, actor, now)
    return state


@operation("access.retry_job")
def retry_job(*, actor: Actor, now: datetime, key: str | None = None, job: int) -> JobState:
    """Run one of one's own failed or cancelled jobs again from its beginning."""
    del key
    state = jobs.retry(actor=actor, now=now, job=job)
    _append("access.job_retried", state, actor, now)
    return state


def _append(event: str, state: JobState, actor: Actor, now: datetime) -> None:
    append(
        event, actor=actor, at=now, region=state.region, object_kind="job", object_id=state.id,
        detail={"kind": state.kind},
    )  # fmt: skip


def actor_of_job(stored: Actor, now: datetime) -> Actor | None:
    """The actor a job runs as now: the same user in the same post, or None where they no longer hold it."""
    with scoped(NOTHING):
        grants = Grant.objects.select_related("user").filter(
            valid_on(business_date(now)), user_id=stored.user, user__is_active=True, role__in=[*stored.roles]
        )
        token = stored.session.removeprefix(MACHINE)
        if token != stored.session:
            living = Token.objects.filter(ended_at__isnull=True, until_at__gt=now, pk=int(token))
            grants = grants.filter(pk__in=living.values("grant_id"))
        for grant in grants.order_by("pk"):
            actor = actor_of(grant.user, grant, session=stored.session)
            if (actor.roles, actor.scope) == (stored.roles, stored.scope):
                return actor
    return None
