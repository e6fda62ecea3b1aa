"""Every few minutes: sums of days that changed are made anew. Until then they are read from their rows."""

from __future__ import annotations

from doudi.server.kernel.jobs import JobContext, every, job
from doudi.server.settlement.operations.total_days import total_days
from doudi.words import Words


@job("settlement.total_days", Words("汇总每日结算", "Sum settlements by day"))
def total_days_job(context: JobContext) -> dict[str, int]:
    """A month of days at a time, until none is left."""
    days = 0
    while done := total_days(now=context.now()):
        days += done
        context.progress(days)
    return {"days": days}


every("settlement.total_days", minutes=5)
TOTAL_JOBS = ("settlement.total_days",)
"""The door re-exports it, so that whoever loads the door knows the job."""
