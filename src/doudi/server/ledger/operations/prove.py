"""The nightly proof: every entry sums to zero and is whole, the sums by day and the closings are those of the journal.

The triggers refuse all of this beforehand; the proof is for what goes round them (a restored backup, a superuser's hand,
a mistake of ours). What it found is kept for each county and shown beside its periods; what does not agree raises an
alarm. That decisions and accumulators agree with the journal is proved by settlement.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db import connection

from doudi.server.access.api import operation
from doudi.server.audit import api as audit
from doudi.server.kernel.actor import Actor
from doudi.server.ledger.data import Proved
from doudi.server.ledger.models import Proof

log = logging.getLogger("doudi.ledger")
NAMED = 20
"""How many rows that do not agree are named."""

_ENTRIES = """
SELECT e.region / 1000 * 1000, count(*), coalesce(sum(l.lines), 0),
       (array_agg(e.id ORDER BY e.id) FILTER (WHERE l.lines IS DISTINCT FROM e.line_count OR l.fen <> 0))[1:%(named)s]
  FROM ledger_entry e
  LEFT JOIN (SELECT entry_id, count(*) AS lines, sum(fen) AS fen FROM ledger_line GROUP BY entry_id) l
    ON l.entry_id = e.id
 GROUP BY 1
"""
_DAYS = """
SELECT a.region, a.id, posted_on
  FROM (
    SELECT account_id, posted_on, sum(debit_fen) AS debit, sum(credit_fen) AS credit
      FROM ledger_daysum GROUP BY 1, 2
     UNION ALL
    SELECT account_id, posted_on, -sum(greatest(fen, 0)), -sum(greatest(-fen, 0))
      FROM ledger_line WHERE entry_id <= (SELECT coalesce(max(until_entry), 0) FROM ledger_count) GROUP BY 1, 2
  ) both_sides JOIN ledger_account a ON a.id = account_id
 GROUP BY 1, 2, 3 HAVING sum(debit) <> 0 OR sum(credit) <> 0
 ORDER BY 1, 2, 3 LIMIT %(named)s
"""
_CLOSINGS = """
SELECT a.region, a.id, p.month
  FROM ledger_period p
  JOIN ledger_account a ON a.region = p.region
  LEFT JOIN ledger_closing c ON c.period_id = p.id AND c.account_id = a.id
 CROSS JOIN LATERAL (
    SELECT coalesce(sum(fen) FILTER (WHERE posted_on < p.month), 0) AS opening,
           coalesce(sum(greatest(fen, 0)) FILTER (WHERE posted_on >= p.month), 0) AS debit,
           coalesce(sum(greatest(-fen, 0)) FILTER (WHERE posted_on >= p.month), 0) AS credit
      FROM ledger_line WHERE account_id = a.id AND posted_on < (p.month + interval '1 month')::date
 ) j
 WHERE p.state = 'closed'
   AND (coalesce(c.opening_fen, 0), coalesce(c.debit_fen, 0), coalesce(c.credit_fen, 0)) <> (j.opening, j.debit, j.credit)
 ORDER BY 1, 2, 3 LIMIT %(named)s
"""


@operation("ledger.prove")
def prove(*, actor: Actor, now: datetime, key: None = None) -> Proved:
    """Prove the books of every county. What does not agree is found, kept and told; nothing is mended."""
    del key
    found: dict[int, list[str]] = defaultdict(list)
    sizes: dict[int, tuple[int, int]] = {}
    for county, entries, lines, wrong in _rows(_ENTRIES):
        sizes[county] = (entries, int(lines))
        found[county] += [f"entry {number}: does not sum to zero or is not whole" for number in wrong or ()]
    for county, account, day in _rows(_DAYS):
        found[county].append(f"account {account}: sum of {day} is not that of the journal")
    for county, account, month in _rows(_CLOSINGS):
        found[county].append(f"account {account}: closing of {month:%Y-%m} is not that of the journal")
    Proof.objects.bulk_create(
        [
            Proof(
                region=county,
                at=now,
                entries=size[0],
                lines=size[1],
                holds=not found[county],
                found=found[county],
            )
            for county, size in sorted(sizes.items())
        ]
    )
    broken = tuple(sorted(county for county, wrong in found.items() if wrong))
    for county in broken:
        log.error("ledger does not agree", extra={"region": county, "found": len(found[county])})
        _tell("ledger.proof_failed", actor, now, county, {"found": len(found[county])})
    total = sum(size[0] for size in sizes.values()), sum(size[1] for size in sizes.values())
    _tell("ledger.proved", actor, now, None, {"entries": total[0], "lines": total[1], "broken": len(broken)})
    return Proved(len(sizes), *total, broken)


def _rows(statement: str) -> list[Any]:
    with connection.cursor() as cursor:
        return list(cursor.execute(statement, {"named": NAMED}).fetchall())


def _tell(event: str, actor: Actor, now: datetime, county: int | None, detail: dict[str, int]) -> None:
    audit.append(event, actor=actor, at=now, region=county, object_kind="ledger", detail=detail)
