"""The nightly proof that decisions, accumulators and the journal agree; the ledger proves the journal itself.

Four sums are held against each other: what current versions move against the accumulators; what they bill and what
hospitals bear of it against the ledger's accounts, hospital by hospital; what patients owe, three ways (`prove_debts`);
the sums kept for oversight against the rows of yesterday. Nothing is mended: what differs is in the trail and the log.
"""

from __future__ import annotations

import logging
from collections import Counter
from datetime import datetime, timedelta

from django.db import connection

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.clock import business_date
from doudi.server.ledger.api import trial_balance
from doudi.server.settlement.data_history import BooksProved
from doudi.server.settlement.queries.debts_proof import prove_debts
from doudi.server.settlement.queries.oversight_proof import prove_totals

log = logging.getLogger("doudi.settlement")

_ACCUMULATORS = """
SELECT count(*) FROM (
    SELECT scope, subject, name, period FROM (
        SELECT scope, subject_id AS subject, name, period, used_fen AS fen FROM settlement_accumulator
         UNION ALL
        SELECT m ->> 0, CASE m ->> 0 WHEN 'household' THEN coalesce(s.household_id, -s.person_id) ELSE s.person_id END,
               m ->> 1, m ->> 2, -(m ->> 3)::bigint
          FROM settlement_settlement s CROSS JOIN LATERAL jsonb_array_elements(s.moved) m
         WHERE s.superseded_at IS NULL) both_sides
     GROUP BY 1, 2, 3, 4 HAVING sum(fen) <> 0) differing
"""
_BILLED = """
SELECT region / 1000 * 1000, facility_id, sum(total_fen)::bigint, sum(hospital_fen)::bigint, count(*)
  FROM settlement_settlement WHERE superseded_at IS NULL GROUP BY 1, 2
"""


@operation("settlement.prove")
def prove(*, actor: Actor, now: datetime, key: None = None) -> BooksProved:
    """Prove every county's. What does not agree is told by county, never mended."""
    del key
    billed: dict[int, Counter[tuple[str, int]]] = {}
    bills = 0
    with connection.cursor() as cursor:
        cursor.execute(_ACCUMULATORS)
        accumulators = int(cursor.fetchone()[0])
        cursor.execute(_BILLED)
        for county, facility, total, hospital, count in cursor.fetchall():
            sums = billed.setdefault(county, Counter())
            sums["charges", facility] -= total
            sums["own", facility] += hospital
            bills += count
    broken = {county for county, sums in billed.items() if not _agrees(actor, now, county, sums)}
    day = business_date(now) - timedelta(days=1)
    totals = prove_totals(viewer=actor, day=day).differing
    for county in sorted(broken):
        log.error("settlements and books do not agree", extra={"region": county})
        append(
            "settlement.proof_failed",
            actor=actor,
            at=now,
            region=county,
            object_kind="settlement",
            detail={"county": county},
        )
    if accumulators or totals:
        log.error("sums do not agree", extra={"accumulators": accumulators, "totals": totals})
    append(
        "settlement.proved", actor=actor, at=now, object_kind="settlement",
        detail={"bills": bills, "accumulators": accumulators, "totals": totals, "broken": len(broken)},
    )  # fmt: skip
    return BooksProved(bills, accumulators, totals, tuple(sorted(broken)))


def _agrees(actor: Actor, now: datetime, county: int, sums: Counter[tuple[str, int]]) -> bool:
    """Whether the county's accounts are what its bills come to."""
    books: Counter[tuple[str, int]] = Counter()
    for line in trial_balance(viewer=actor, region=county, month=business_date(now)).lines:
        if line.account.kind in ("charges", "own"):
            books[line.account.kind, line.account.facility] += line.closing_fen
    same = all(books[place] == sums[place] for place in books.keys() | sums.keys())
    return same and not prove_debts(viewer=actor, region=county).broken
