"""What comes round every day: parked reversals that nobody's original meets, and bills to be settled again."""

from __future__ import annotations

from django.db import connection

from doudi.server.access.api import Role
from doudi.server.kernel.actor import SYSTEM, Actor
from doudi.server.kernel.jobs import JobContext, every, job
from doudi.server.kernel.regions import Ranges
from doudi.server.kernel.scope import scoped
from doudi.server.settlement.operations.look_for_stale import look_for_stale
from doudi.server.settlement.operations.reverse_by_serial import tell_parked
from doudi.words import Words

_COUNTIES = """
WITH RECURSIVE found AS (
    SELECT (SELECT min(region) FROM settlement_settlement WHERE superseded_at IS NULL) AS region
     UNION ALL
    SELECT (SELECT min(s.region) FROM settlement_settlement s
             WHERE s.superseded_at IS NULL AND s.region >= (f.region / 1000 + 1) * 1000)
      FROM found f WHERE f.region IS NOT NULL)
SELECT region / 1000 FROM found WHERE region IS NOT NULL
"""


@job("settlement.tell_parked", Words("提醒待冲正", "Tell of parked reversals"))
def tell_parked_job(context: JobContext) -> dict[str, int]:
    """The alarm of each day."""
    return {"waiting": tell_parked(actor=context.actor, now=context.now())}


@job("settlement.look_for_stale", Words("检查需重新结算的人员", "Look for bills to be settled again"))
def look_for_stale_job(context: JobContext) -> dict[str, int]:
    """County by county, as an officer of that county would look: the server sees no more than they for this."""
    looked = stale = 0
    for county in counties():
        officer = Actor(
            user=SYSTEM.user, login=SYSTEM.login, roles=frozenset({Role.COUNTY}),
            ranges=Ranges.of([county * 1_000_000]),
        )  # fmt: skip
        after: int | None = 0
        while after is not None:
            context.check_cancelled()
            done = look_for_stale(actor=officer, now=context.now(), after=after)
            looked, stale, after = looked + done.looked, stale + done.stale, done.next_after
            context.progress(looked)
    return {"looked": looked, "stale": stale}


def counties() -> list[int]:
    """Codes (six digits) of the counties that have standing settlements: one step through the index each."""
    with scoped(SYSTEM.scope), connection.cursor() as cursor:
        cursor.execute(_COUNTIES)
        return [county for (county,) in cursor.fetchall()]


every("settlement.tell_parked", minutes=24 * 60)
every("settlement.look_for_stale", minutes=24 * 60)

REVERSAL_JOBS = ("settlement.tell_parked", "settlement.look_for_stale")
"""The door re-exports it, so that whoever loads the door knows the jobs."""
