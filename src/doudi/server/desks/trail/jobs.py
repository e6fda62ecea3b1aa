"""Verifying the whole trail, as a job: millions of events take minutes, and the result is kept with the job."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from doudi.server.audit import api as audit
from doudi.server.audit.api import Finding
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.jobs import JobContext, job
from doudi.words import Words

KIND = "trail.verify"
TOLD = 200
"""Findings kept with the job; beyond, they are counted."""


@job(KIND, Words("核验审计轨迹", "Verify the audit trail"), attempts=2, longest=timedelta(hours=12))
def verify_job(context: JobContext) -> dict[str, Any]:
    """Go through all of it. Whoever asked is told the findings of their own region; of others only how many."""
    head = audit.head()
    total = head.events if head else 0
    found = audit.verify(
        witnesses=audit.read(context.payload["witnesses"]),
        progress=lambda events: context.progress(events, total),
    )
    mine = [one for one in found.findings if concerns(context.actor, one)]
    return {
        "seals": found.seals,
        "events": found.events,
        "days": found.days,
        "unsealed": found.unsealed,
        "witnesses": found.witnesses,
        "found": found.found,
        "elsewhere": len(found.findings) - len(mine),
        "findings": [asdict(one) for one in mine[:TOLD]],
    }


def concerns(actor: Actor, finding: Finding) -> bool:
    """Whether a finding lies in the actor's region, or in the seals that stand for everybody's."""
    county, slash, _ = finding.chain.partition("/")
    return not slash or int(county) * 1000 in actor.ranges
