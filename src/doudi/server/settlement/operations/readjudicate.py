"""重新结算: a person's bills settle again on what is known now, corrections included, and the differences are posted.

Proposed by one person with the fingerprint of what the preview showed, approved by another; the approval settles again
under the lock, and posts only if the result is still the same. Bills that come out as before get no version.
"""

from __future__ import annotations

from datetime import datetime

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.reading import reading
from doudi.server.people.api import person_facts
from doudi.server.recognition.api import needed
from doudi.server.settlement import reversal_errors as errors
from doudi.server.settlement.differences import Correction, Readjudicated, totals_of
from doudi.server.settlement.models import Staleness
from doudi.server.settlement.operations.reverse import again_next
from doudi.server.settlement.posting import post_versions, used_after
from doudi.server.settlement.queries.bills import locked
from doudi.server.settlement.readjudging import readjudged
from doudi.words import Words

REASON = Words("重新结算的原因", "The reason for settling again")


@operation("settlement.readjudicate", remembered=False)
def readjudicate(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    person: int,
    fingerprint: str,
    reason: str,
    corrections: tuple[Correction, ...] = (),
) -> Readjudicated:
    """Post what `readjudication_preview` showed; it is proposed for the preview's region.

    Lock: the rows of all whose bills are counted together. Refused: a bill that the law refuses now
    (`readjudication_stopped`), another result than was approved (`readjudication_changed`), bills out of sight.
    """
    del key
    reason = needed(reason, REASON, "reason")
    with reading(actor.scope):
        home = person_facts(viewer=actor, person=person).region
        group, bills = locked(actor, person)
        found = readjudged(actor, clock.business_date(now), group, bills, corrections)
        if found.stopped:
            raise errors.nothing_may_be_posted(found.stopped[0])
        if found.fingerprint != fingerprint:
            raise errors.fingerprint_differs()
        following = [again_next(one, "readjudication") for one in found.changed]
        changed = post_versions(actor, now, following, used_after(bills, following), reason=reason)
    Staleness.objects.filter(person_id__in=group.persons).delete()
    where = bills[0].row["region"] if bills else home
    append(
        "settlement.readjudicated", actor=actor, at=now, region=where, person=person, object_kind="person",
        object_id=person, detail={"bills": len(changed), "fingerprint": fingerprint},
    )  # fmt: skip
    return Readjudicated(person, fingerprint, changed, totals_of(changed))
