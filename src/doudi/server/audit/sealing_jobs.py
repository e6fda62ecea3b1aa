"""Sealing comes round by itself, every five minutes, or when somebody asks for it now."""

from __future__ import annotations

from doudi.server.audit.data import Sealed
from doudi.server.audit.sealing import seal
from doudi.server.kernel import clock
from doudi.server.kernel.jobs import JobContext, every, job
from doudi.words import Words

EVERY_MINUTES = 5


@job("audit.seal", Words("封存审计轨迹", "Seal the audit trail"))
def sealing_job(context: JobContext) -> dict[str, int]:
    """Seal what is over. Beginning again is safe: what is sealed is never sealed twice."""
    sealed = seal(now=context.now())
    return {"seals": sealed.seals, "events": sealed.events}


def seal_now() -> Sealed:
    """What `doudi audit seal` does."""
    return seal(now=clock.now())


every("audit.seal", minutes=EVERY_MINUTES)
