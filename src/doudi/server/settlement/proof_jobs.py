"""The proof of every night (`operations/prove.py`)."""

from __future__ import annotations

from doudi.server.kernel.jobs import JobContext, every, job
from doudi.server.settlement.operations.prove import prove
from doudi.words import Words


@job("settlement.prove", Words("核对结算与账簿", "Prove settlements against the books"))
def prove_job(context: JobContext) -> dict[str, int]:
    """All counties."""
    proved = prove(actor=context.actor, now=context.now())
    return {"bills": proved.bills, "broken": len(proved.broken) + proved.accumulators + proved.totals}


every("settlement.prove", minutes=24 * 60)

PROOF_JOBS = ("settlement.prove",)
"""What the server does by itself."""
