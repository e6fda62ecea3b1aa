"""Once a day, and when a worker starts: holds that ran out come free."""

from __future__ import annotations

from doudi.server.kernel.jobs import JobContext, every, job
from doudi.server.settlement.operations.expire_holds import expire_holds
from doudi.words import Words


@job("settlement.expire_holds", Words("释放到期的额度占用", "Release holds that ran out"))
def expire_holds_job(context: JobContext) -> dict[str, int]:
    """Some at a time, until none is left."""
    holds = fen = 0
    more = True
    while more:
        done = expire_holds(actor=context.actor, now=context.now())
        holds, fen, more = holds + done.holds, fen + done.fen, done.more
        context.progress(holds)
    return {"holds": holds, "fen": fen}


every("settlement.expire_holds", minutes=24 * 60)
HOLD_JOBS = ("settlement.expire_holds",)
"""The door re-exports it, so that whoever loads the door knows the job."""
