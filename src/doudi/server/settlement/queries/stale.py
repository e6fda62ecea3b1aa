"""Whose bills would be decided otherwise now: candidates found by what became known after they were settled.

A candidate is a person with a standing bill for whom something was entered since it was decided, and since somebody last
looked: a category, an enrolment, a filing, an opening balance, a correction of the person, a policy put in force for the
bill's day, a bill taken back. Whether it makes a difference only settling again shows (`operations/look_for_stale.py`).
"""

from __future__ import annotations

from django.db import connection

from doudi.server.access.api import query
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.regions import in_ranges
from doudi.server.settlement.differences import StalePerson
from doudi.server.settlement.models import Staleness

_CANDIDATES = """
WITH standing AS (
    SELECT s.person_id, min(s.settled_at) AS decided
      FROM settlement_settlement s
     WHERE s.superseded_at IS NULL AND s.region <@ %(scope)s::int4multirange
     GROUP BY s.person_id),
known AS (
    SELECT person_id, max(entered_at) AS at FROM recognition_recognition GROUP BY 1 UNION ALL
    SELECT person_id, max(entered_at) FROM enrolment_enrolment GROUP BY 1 UNION ALL
    SELECT person_id, max(entered_at) FROM filings_filing GROUP BY 1 UNION ALL
    SELECT person_id, max(set_at) FROM entitlement_openingbalance GROUP BY 1 UNION ALL
    SELECT id, changed_at FROM people_person UNION ALL
    SELECT merged_into_id, changed_at FROM people_person WHERE merged_into_id IS NOT NULL UNION ALL
    SELECT person_id, max(settled_at) FROM settlement_settlement WHERE kind = 'reversed' GROUP BY 1 UNION ALL
    SELECT s.person_id, max(greatest(p.put_at, p.ended_at)) FROM settlement_settlement s
      JOIN entitlement_policyinforce p
        ON p.region IN (0, s.region / 10000000 * 10000000, s.region / 100000 * 100000, s.region / 1000 * 1000, s.region)
       AND s.discharged_on >= p.from_date AND (p.ended_at IS NOT NULL OR p.put_at > s.settled_at)
     WHERE s.superseded_at IS NULL GROUP BY 1)
SELECT s.person_id FROM standing s JOIN known k ON k.person_id = s.person_id
  LEFT JOIN settlement_staleness l ON l.person_id = s.person_id
 WHERE k.at > s.decided AND k.at > coalesce(l.looked_at, '-infinity') AND s.person_id > %(after)s
 GROUP BY s.person_id ORDER BY s.person_id LIMIT %(most)s
"""


def candidates(actor: Actor, after: int, most: int) -> list[int]:
    """Persons to look at, in the order of number, in the open scope. One read."""
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, {"scope": actor.ranges.multirange(), "after": after, "most": most})
        return [person for (person,) in cursor.fetchall()]


@query("settlement.stale")
def stale(*, viewer: Actor, after: int = 0, most: int = 200) -> tuple[StalePerson, ...]:
    """Persons of the viewer's regions whose bills a look found to come out otherwise, by number after `after`."""
    rows = Staleness.objects.filter(in_ranges(viewer.ranges), bills__gt=0, pk__gt=after)
    return tuple(
        StalePerson(
            row.pk, row.person_id, row.region, row.looked_at, row.bills, row.refused, row.paid_delta_fen,
            row.patient_delta_fen,
        )
        for row in rows.order_by("pk")[: max(1, min(most, 1000))]
    )  # fmt: skip
