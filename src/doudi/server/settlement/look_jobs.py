"""A look for bills that come out otherwise, asked for by an officer, in the officer's own regions and name."""

from __future__ import annotations

from doudi.server.kernel.jobs import JobContext, job
from doudi.server.settlement.operations.ask_look import KIND
from doudi.server.settlement.operations.look_for_stale import look_for_stale
from doudi.words import Words


@job(KIND, Words("查找需重新结算的人员", "Look for bills that come out otherwise"))
def look_here_job(context: JobContext) -> dict[str, int]:
    """Some people at a time; what was looked at is not looked at again after a fault."""
    looked = stale = 0
    after: int | None = 0
    while after is not None:
        context.check_cancelled()
        done = look_for_stale(actor=context.actor, now=context.now(), after=after)
        looked, stale, after = looked + done.looked, stale + done.stale, done.next_after
        context.progress(looked)
    return {"looked": looked, "stale": stale}


LOOK_JOBS = (KIND,)
"""The door re-exports it, so that whoever loads the door knows the job."""
