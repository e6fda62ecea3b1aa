"""What comes round by itself: counting the journal every quarter of an hour, proving it every night."""

from __future__ import annotations

from doudi.server.kernel.jobs import JobContext, every, job
from doudi.server.ledger.operations.prove import prove
from doudi.server.ledger.operations.sum_days import sum_days
from doudi.words import Words


@job("ledger.sum_days", Words("汇总每日账户发生额", "Sum the journal by day"))
def sum_days_job(context: JobContext) -> dict[str, int]:
    """The sums that balances are read from; what was counted is never counted twice."""
    return {"lines": sum_days(actor=context.actor, now=context.now()).lines}


@job("ledger.prove", Words("核对账簿", "Prove the books"))
def prove_job(context: JobContext) -> dict[str, int]:
    """Every entry, every sum, every closing."""
    proved = prove(actor=context.actor, now=context.now())
    return {"entries": proved.entries, "broken": len(proved.broken)}


every("ledger.sum_days", minutes=15)
every("ledger.prove", minutes=24 * 60)

JOBS = ("ledger.sum_days", "ledger.prove")
"""The door re-exports it, so that whoever loads the door knows the jobs."""
